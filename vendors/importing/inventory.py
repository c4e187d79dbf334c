"""What is on record already, as an import compares it, and how companies are recognised. Pure."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from foundation.idnumbers import normalised
from vendors.duplicate_hosts import telling_host
from vendors.importing.fields import IDENTIFIERS, ImportField
from vendors.importing.outcome import Values
from vendors.naming import name_key

Past = tuple[str, date | None, str, str, str]
"""Decision, day, by whom, state and tier as they stood before Duly."""


@dataclass(slots=True, kw_only=True)
class KnownVendor:
    """A vendor on record."""

    vendor_id: UUID
    reference: str
    name: str
    name_key: str
    host: str
    values: Values
    """Fields with one value: what an import would overwrite."""
    aliases: set[str] = field(default_factory=set)
    """Keys of the other names."""
    tags: set[str] = field(default_factory=set)
    contacts: set[str] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)
    numbers: set[tuple[str, bytes]] = field(default_factory=set)
    past: set[Past] = field(default_factory=set)
    sub_processors: set[str] = field(default_factory=set)
    """Keys of their names."""
    cleared_on: date | None = None
    """When a review of ours cleared it; its next review is then not for a list to move."""

    @property
    def title(self) -> str:
        """How choices name it."""
        return f"{self.reference} {self.name}"


@dataclass(slots=True, kw_only=True)
class Inventory:
    """The vendors whoever imports may see."""

    index_of: Callable[[str, str], bytes]
    """The keyed index of an identifier: kind and normalised text."""
    vendors: dict[UUID, KnownVendor] = field(default_factory=dict)
    by_key: dict[str, set[UUID]] = field(default_factory=dict)
    by_host: dict[str, set[UUID]] = field(default_factory=dict)
    by_number: dict[tuple[str, bytes], UUID] = field(default_factory=dict)
    by_reference: dict[str, UUID] = field(default_factory=dict)
    parents: dict[UUID, UUID] = field(default_factory=dict)
    """Who stands directly above each vendor, hidden ones too: a circle through them is one."""
    hidden_numbers: frozenset[tuple[str, bytes]] = frozenset()
    """Numbers of vendors that whoever imports may not see."""
    shut_out: frozenset[str] = frozenset()
    """Mail addresses of people who were shut out."""

    def add(self, known: KnownVendor) -> None:
        """Put a vendor in, under everything it is recognised by."""
        self.vendors[known.vendor_id] = known
        for key in {known.name_key, *known.aliases}:
            self.by_key.setdefault(key, set()).add(known.vendor_id)
        host = telling_host(known.host)
        if host:
            self.by_host.setdefault(host, set()).add(known.vendor_id)
        for number in known.numbers:
            self.by_number[number] = known.vendor_id
        self.by_reference[known.reference.casefold()] = known.vendor_id

    def numbers_of(self, values: Values) -> list[tuple[ImportField, tuple[str, bytes]]]:
        """Return the identifiers of a row as they are compared."""
        return [
            (which, (kind, self.index_of(kind, normalised(str(values[which])))))
            for which, kind in IDENTIFIERS.items()
            if values.get(which)
        ]

    def named(self, text: str) -> set[UUID]:
        """Return the vendors a cell names, by reference or by name."""
        by_reference = self.by_reference.get(text.strip().casefold())
        return {by_reference} if by_reference else self.by_key.get(name_key(text), set())


_BRACKETED = re.compile(r"\([^()]*\)")


@dataclass(slots=True)
class Lookalikes:
    """Names that are not the same and could be: finds them in one step each, not pair by pair."""

    by_form: dict[str, str] = field(default_factory=dict)

    def add(self, name: str) -> str | None:
        """Remember a name, and return an earlier one that looks like it."""
        found = next((self.by_form[form] for form in _forms(name) if form in self.by_form), None)
        for form in _forms(name):
            self.by_form.setdefault(form, name)
        return None if found is None or name_key(found) == name_key(name) else found


def _forms(name: str) -> Iterable[str]:
    key = name_key(name)
    yield "joined " + key.replace(" ", "")
    words = key.split()
    if len(words) > 1:
        yield "sorted " + " ".join(sorted(words))
    bare = name_key(_BRACKETED.sub(" ", name))
    if bare and len(bare) > 3:
        yield "joined " + bare.replace(" ", "")
    skeleton = re.sub(r"(.)\1+", r"\1", key.replace(" ", ""))
    if len(skeleton) > 5:
        yield "single " + skeleton
