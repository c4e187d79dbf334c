"""The identifiers of standards and laws that questions may name, with our own words for each."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import yaml

from questionnaires.bank import LIBRARY

TABLE = LIBRARY / "references.yaml"


@dataclass(frozen=True, slots=True)
class Framework:
    """One standard or law: its name in references, its full title, and topic by identifier."""

    name: str
    title: str
    topics: Mapping[str, str]

    @property
    def references(self) -> frozenset[str]:
        """Everything that may be written for this framework, such as "GDPR 32"."""
        return frozenset(f"{self.name} {identifier}" for identifier in self.topics)


@cache
def frameworks() -> tuple[Framework, ...]:
    """Return the frameworks in the order of the table."""
    read = yaml.load(TABLE.read_text("utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506  texts only
    return tuple(Framework(name, one["title"], one["topics"]) for name, one in read.items())


def known_references() -> frozenset[str]:
    """Return every reference that may be written."""
    return frozenset().union(*(one.references for one in frameworks()))


def framework_of(reference: str) -> Framework | None:
    """Return the framework a reference belongs to, or None."""
    return next((one for one in frameworks() if reference in one.references), None)
