"""What two versions of the settings do not have in common."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FIELDS = (
    "name",
    "home_country",
    "time_zone",
    "currency",
    "weekend",
    "holidays",
    "regimes",
    "regime_facts",
    "thresholds",
    "retention_months",
    "page_size",
    "second_language",
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One field whose value is not the same in two versions."""

    field: str
    was: Any
    now: Any

    @property
    def added(self) -> list[Any]:
        """What a list gained; empty for anything else."""
        return _beyond(self.now, self.was)

    @property
    def removed(self) -> list[Any]:
        """What a list lost; empty for anything else."""
        return _beyond(self.was, self.now)


def differences(was: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return the fields that differ, in the order of the page; one that is missing differs not."""
    return tuple(
        Difference(field, was[field], now[field])
        for field in FIELDS
        if field in was and field in now and was[field] != now[field]
    )


def _beyond(one: Any, other: Any) -> list[Any]:  # noqa: ANN401  a value of any field
    if not isinstance(one, list) or not isinstance(other, list):
        return []
    return [item for item in one if item not in other]
