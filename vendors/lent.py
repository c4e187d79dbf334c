"""What only rooms above know of a vendor, lent to its list when the application starts.

The list asks for it here, so that the inventory imports nothing that stands above it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import Session

Decided = dict[UUID, tuple[str, date]]
"""The last decision of vendors: its outcome in the words of the field, and its day."""


@dataclass
class _Lent:
    unassessed: Callable[[], ColumnElement[bool]] = true
    decided: Callable[[Session, list[UUID]], Decided] = lambda _session, _ids: {}


_lent = _Lent()


def lend(
    *,
    unassessed: Callable[[], ColumnElement[bool]],
    decided: Callable[[Session, list[UUID]], Decided],
) -> None:
    """Take what the rooms above lend; called once, where rooms meet."""
    _lent.unassessed, _lent.decided = unassessed, decided


def unassessed() -> ColumnElement[bool]:
    """Return the condition under which a vendor was never sent a questionnaire."""
    return _lent.unassessed()


def decided(session: Session, vendor_ids: list[UUID]) -> Decided:
    """Return the last decision of those of the vendors that have one."""
    return _lent.decided(session, vendor_ids)
