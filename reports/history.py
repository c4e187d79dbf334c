"""A vendor's history from the ledger: what was done, by whom, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from audit.actions import SYSTEM, Action
from audit.models import Entry
from foundation.dates import day_in
from identity.models import Person
from reports.ball import Event, Moved
from vendors.rules import VendorState

MOST_READ = 300
MOST_SHOWN = 25
PASSED_OVER = frozenset({Action.ASSESSMENT_ANSWER, Action.ACCESS_DENIED})
"""Too many to read here; the ledger has them."""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened."""

    at: datetime
    action: Action
    by: str
    about: str = ""
    """The reference of what it was done to; empty for the vendor itself, and for several."""
    times: int = 1


@dataclass(frozen=True, slots=True)
class Noted:
    """An entry about a vendor, as it stands in the ledger."""

    seq: int
    at: datetime
    action: str
    by: str
    subject_id: UUID
    detail: Mapping[str, object]


def entries_about(session: Session, subjects: Iterable[UUID]) -> list[Noted]:
    """Return the newest entries about these subjects, with names joined; one statement.

    What moves the ball comes before everything else when there are too many: a long review writes
    hundreds of entries, and a clock that misses the first ones would count from the wrong day.
    """
    is_a_move = Entry.action.in_([action.value for action in MOVING])
    chosen = (
        select(
            Entry.seq,
            Entry.at,
            Entry.action,
            Entry.actor_id,
            Person.name,
            Entry.subject_id,
            Entry.chained.label("detail"),
        )
        .outerjoin(Person, Person.actor_id == Entry.actor_id)
        .where(
            Entry.subject_id.in_(list(subjects)),
            Entry.action.not_in([action.value for action in PASSED_OVER]),
        )
        .order_by(case((is_a_move, 0), else_=1), Entry.seq.desc())
        .limit(MOST_READ)
    )
    found = [
        Noted(seq, at, action, "Duly" if actor_id == SYSTEM.id else name or "", about, detail)
        for seq, at, action, actor_id, name, about, detail in session.execute(chosen)
    ]
    # By the moment, then by the place in the ledger: what was written at one time stays in turn.
    return sorted(found, key=lambda one: (one.at, one.seq), reverse=True)


def told_of(
    entries: Iterable[Noted], zone: str, names: Mapping[UUID, str] | None = None
) -> list[Told]:
    """Return the entries as a history, the newest first: the same act again and again is one line.

    `zone` is that of our days, `names` are the references of what things are called by.
    """
    known = {action.value for action in Action}
    called = names or {}
    told = [
        Told(one.at, Action(one.action), one.by, called.get(one.subject_id, ""))
        for one in entries
        if one.action in known
    ]
    return _gathered(told, zone)[:MOST_SHOWN]


def archival_of(entries: Iterable[Noted]) -> Noted | None:
    """Return the newest act that put a vendor away."""
    acts = {Action.VENDOR_ARCHIVE.value, Action.VENDOR_IMPORT_UNDO.value}
    return next((one for one in entries if one.action in acts), None)


def moves_of(entries: Iterable[Noted], zone: str) -> list[Moved]:
    """Return what moved the ball, oldest first, on the days of our own zone."""
    found = []
    for one in entries:
        event = _event_of(one)
        if event is not None:
            found.append(Moved(day_in(one.at, zone), event, str(one.subject_id)))
    return found[::-1]


_EVENTS = {
    Action.VENDOR_ADD: Event.REGISTERED,
    Action.REVIEW_OPEN: Event.REOPENED,
    Action.ASSESSMENT_SEND: Event.SENT,
    Action.ASSESSMENT_OPEN: Event.OPENED,
    Action.ASSESSMENT_RETURN: Event.ASKED_BACK,
    Action.ASSESSMENT_WITHDRAW: Event.TAKEN_BACK,
    Action.ASSESSMENT_ACCEPT: Event.TAKEN_BACK,
    Action.DECISION_PROPOSE: Event.PROPOSED,
    Action.DECISION_WITHDRAW: Event.WITHDRAWN,
    Action.DECISION_SEND_BACK: Event.WITHDRAWN,
    Action.DECISION_FINAL: Event.SIGNED,
    Action.VENDOR_ACTIVATE: Event.ACTIVATED,
    Action.VENDOR_CLEAR: Event.ACTIVATED,
    Action.CONTRACT_ADD: Event.CONTRACT_ENTERED,
    Action.CONTRACT_ACTIVATE: Event.CONTRACT_IN_FORCE,
    Action.CONTRACT_TAKE_BACK_NOTICE: Event.CONTRACT_IN_FORCE,
    Action.CONTRACT_GIVE_NOTICE: Event.CONTRACT_OVER,
    Action.CONTRACT_END: Event.CONTRACT_OVER,
}
MOVING = frozenset({*_EVENTS, Action.ASSESSMENT_SUBMIT, Action.VENDOR_MOVE})
"""The acts that say whose move it is."""
_OF_STATE = {
    VendorState.DECLINED.value: Event.CLOSED,
    VendorState.ENDED.value: Event.CLOSED,
    VendorState.OFFBOARDING.value: Event.LEAVING,
    VendorState.ONBOARDING.value: Event.REOPENED,
}


def _event_of(one: Noted) -> Event | None:
    if one.action == Action.ASSESSMENT_SUBMIT:
        return Event.SUBMITTED if one.detail.get("round") == 1 else Event.CLARIFIED
    if one.action == Action.VENDOR_MOVE:
        return _OF_STATE.get(str(one.detail.get("after")))
    return next((event for action, event in _EVENTS.items() if action == one.action), None)


def _gathered(told: list[Told], zone: str) -> list[Told]:
    """Make one line of the same act by the same person, done again and again that day.

    Two acts that go in turns, such as adding files and citing them, are two lines.
    """
    found: list[Told] = []
    for one in told:
        for place in range(len(found) - 1, -1, -1):
            known = found[place]
            if known.by != one.by or day_in(known.at, zone) != day_in(one.at, zone):
                found.append(one)
                break
            if known.action == one.action:
                about = known.about if known.about == one.about else ""
                found[place] = replace(known, about=about, times=known.times + 1)
                break
        else:
            found.append(one)
    return found
