"""What goes out in a calendar: the dates somebody may see, told in few words."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from uuid import UUID, uuid5

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from foundation import settings
from foundation.labels import label
from reports.dates.gathering import gather
from reports.dates.row import DateKind, DateRow, Wanted, together
from reports.ics import DayEvent

BEHIND, AHEAD = timedelta(days=366), timedelta(days=731)
"""How far back what is still open is told, and how far ahead."""
MOST = 2000
"""Dates of one feed, the earliest first: a program reads no more, and none waits long for them."""
_NAMES = UUID("9a5f3c1e-52d4-5b0e-8a43-0c7d1f6be295")


def feed_events(
    session: Session,
    viewer_id: UUID,
    kinds: Iterable[DateKind],
    *,
    own: bool,
    today: date,
    href_of: Callable[[DateRow], str],
) -> list[DayEvent]:
    """Return what a feed tells, the earliest first."""
    wanted = Wanted(
        viewer_id=viewer_id,
        today=today,
        first=today - BEHIND,
        last=today + AHEAD,
        own=own,
        most=MOST,
    )
    rows = together(gather(session, wanted, kinds).rows)
    return [event_of(row, href_of(row)) for row in rows[:MOST]]


def one_event(
    session: Session, viewer_id: UUID, kind: DateKind, about: UUID, today: date
) -> DateRow | None:
    """Return one thing with a date that the person may see, or None."""
    wanted = Wanted(viewer_id=viewer_id, today=today, last=date.max, about=about)
    return next(iter(gather(session, wanted, [kind]).rows), None)


def event_of(row: DateRow, href: str) -> DayEvent:
    """Return a thing with a date as an event: who and what, but not the matter itself.

    A need-to-know vendor goes by its reference: other people's servers keep what a feed told them.
    """
    name = row.vendor_reference if row.is_need_to_know else row.vendor
    return DayEvent(
        uid=f"{uuid5(_NAMES, _thing(row))}@{settings.current().mail_domain}",
        on=row.on or date.max,
        summary=_("%(vendor)s: %(action)s", vendor=name, action=label(row.kind)),
        text=_(
            "%(reference)s. Open it in Duly: %(address)s", reference=row.reference, address=href
        ),
        url=href,
        sequence=row.times_moved,
        stamped_at=row.moved_at or row.made_at,
    )


def _thing(row: DateRow) -> str:
    """Return what an event is called by for good; files that end together are one thing."""
    about = f"{row.vendor_id}|{row.on}" if row.kind is DateKind.EVIDENCE else row.about
    return f"{row.kind.value}|{about}"
