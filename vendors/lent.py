"""What only rooms above know of a vendor, lent to its list when the application starts.

The list asks for it here, so that the inventory imports nothing that stands above it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import Session

Decided = dict[UUID, tuple[str, date]]
"""The last decision of vendors: its outcome in the words of the field, and its day."""


class Standing(Protocol):
    """Where a vendor of a list stands, as the rooms above tell it."""

    @property
    def turn(self) -> Enum:
        """Who has the ball."""

    @property
    def is_late(self) -> bool:
        """Whether its answers or its review are past their day."""

    @property
    def band(self) -> Enum | None:
        """The remaining risk it was decided on; None is not known."""


Standings = Mapping[UUID, Standing]


@dataclass
class _Lent:
    unassessed: Callable[[], ColumnElement[bool]] = true
    decided: Callable[[Session, list[UUID]], Decided] = lambda _session, _ids: {}
    standings: Callable[[Session, list[UUID], date], Standings] = lambda _session, _ids, _on: {}


_lent = _Lent()


def lend(
    *,
    unassessed: Callable[[], ColumnElement[bool]],
    decided: Callable[[Session, list[UUID]], Decided],
    standings: Callable[[Session, list[UUID], date], Standings],
) -> None:
    """Take what the rooms above lend; called once, where rooms meet."""
    _lent.unassessed, _lent.decided, _lent.standings = unassessed, decided, standings


def unassessed() -> ColumnElement[bool]:
    """Return the condition under which a vendor was never sent a questionnaire."""
    return _lent.unassessed()


def decided(session: Session, vendor_ids: list[UUID]) -> Decided:
    """Return the last decision of those of the vendors that have one."""
    return _lent.decided(session, vendor_ids)


def standings(session: Session, vendor_ids: list[UUID], today: date) -> Standings:
    """Return where each of the vendors stands on a day."""
    return _lent.standings(session, vendor_ids, today)
