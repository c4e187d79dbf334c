"""The digest: what came near or late for each reader since their last one, and nothing else."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from mail.rules import Stoppable
from mail.stopping import stopped_by
from reminders.due_queries import Due, due_things
from reminders.ladders import DUTIES, Rung, Span, ladder_of, reached
from reminders.models import Snooze
from reminders.queries import Told, told_of
from reminders.readers import Office, Reader
from reminders.rules import is_too_soon
from vendors.tier_model import Pace
from vendors.tier_versions import model_in_force

LOOK_BACK = timedelta(days=3)
"""What the 48 hours held back is found again for this long."""
DIGEST = Stoppable.DIGEST.value
"""The kind of the letter; stopping it stops everything in it that is no duty."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing of a digest. `rung` is the latest reached; None: only its putting off has ended."""

    due: Due
    steps: tuple[str, ...]
    rung: Rung | None = None
    put_off: str = ""
    """Why it was put off until now."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What somebody is told on one day; without lines nothing is mailed."""

    reader: Reader
    day: date
    lines: tuple[Line, ...] = ()
    is_last: bool = True
    """Whether the day is done with it; what comes before it is told and noted all the same."""


@dataclass(frozen=True, slots=True)
class _Facts:
    """What was read for all readers at once."""

    office: Office
    pace: Pace
    told: Mapping[UUID, Sequence[Told]]
    snoozes: Mapping[tuple[UUID, UUID], Snooze]
    stops: Mapping[str, frozenset[str]]


def digests_due(session: Session, office: Office, at: datetime) -> list[Digest]:
    """Return the digests of everybody for whom it is past eight and whose day is not done."""
    days = [(each, each.day_due(at)) for each in office.readers.values()]
    wanted = [(each, Span(each.unseen_from(day) - LOOK_BACK, day)) for each, day in days if day]
    return digests_of(session, office, wanted, at)


def parts_of(digest: Digest, most: int) -> list[Digest]:
    """Divide what is told on one day into mails of so many lines, which are written one by one.

    The day is done with the last of them: where that is never written, the rest is told later.
    """
    starts = range(0, max(len(digest.lines), 1), most)
    parts = [replace(digest, lines=digest.lines[start : start + most]) for start in starts]
    return [*(replace(each, is_last=False) for each in parts[:-1]), parts[-1]]


def digests_of(
    session: Session, office: Office, wanted: Sequence[tuple[Reader, Span]], at: datetime
) -> list[Digest]:
    """Return what each reader is told of these days; as many statements for one as for all."""
    if not wanted:
        return []
    whole = Span(min(days.first for _, days in wanted), max(days.last for _, days in wanted))
    people = [reader.person_id for reader, _ in wanted]
    snoozes = _snoozes(session, people, whole.first)
    ended = defaultdict(set)
    for snooze in snoozes.values():
        if snooze.until_on <= whole.last:
            ended[snooze.kind].add(snooze.subject_id)
    pace = model_in_force(session).pace
    things = due_things(session, whole, pace, also=ended)
    facts = _Facts(
        office=office,
        pace=pace,
        told=told_of(session, {each.subject_id for each in things}),
        snoozes=snoozes,
        stops=stopped_by(session, [reader.email for reader, _ in wanted]),
    )
    lines = _by_reader(facts, things, {each.person_id: (each, days) for each, days in wanted}, at)
    return [Digest(reader, days.last, tuple(lines[reader.person_id])) for reader, days in wanted]


def _by_reader(
    facts: _Facts, things: Iterable[Due], wanted: Mapping[UUID, tuple[Reader, Span]], at: datetime
) -> Mapping[UUID, list[Line]]:
    lines: dict[UUID, list[Line]] = defaultdict(list)
    for due in sorted(things, key=_place):
        opens = facts.pace.opens_days.get(due.tier) if due.tier else None
        concerned = _concerned(facts.office, due, ladder_of(due.kind, opens))
        for person_id in concerned.keys() & wanted.keys():
            reader, days = wanted[person_id]
            line = _line(facts, due, concerned[person_id], (reader, days), at)
            if line is not None:
                lines[person_id].append(line)
    return lines


def _place(due: Due) -> tuple[object, ...]:
    return (due.due_on, due.vendor, due.kind, due.subject_id)


def _concerned(office: Office, due: Due, rungs: Iterable[Rung]) -> Mapping[UUID, list[Rung]]:
    """Return who hears of a thing at all, and at which rungs."""
    found: dict[UUID, list[Rung]] = defaultdict(list)
    by_audience = {}
    for rung in rungs:
        if rung.audience not in by_audience:
            by_audience[rung.audience] = office.recipients(due, rung.audience)
        for person_id in by_audience[rung.audience]:
            found[person_id].append(rung)
    return found


def _line(
    facts: _Facts, due: Due, rungs: Iterable[Rung], wanted: tuple[Reader, Span], at: datetime
) -> Line | None:
    reader, days = wanted
    stopped = facts.stops.get(reader.email, frozenset())
    if due.kind not in DUTIES and {due.kind.value, DIGEST} & stopped:
        return None
    snooze = facts.snoozes.get((due.subject_id, reader.person_id))
    if snooze is not None and (snooze.kind, snooze.due_on) != (due.kind, due.due_on):
        snooze = None
    if snooze is not None and snooze.until_on > days.last:
        return None
    about = (due.kind, reader.person_id)
    told = [t for t in facts.told.get(due.subject_id, ()) if (t.kind, t.recipient_id) == about]
    if is_too_soon((each.at for each in told), at):
        return None
    known = {each.step for each in told if each.due_on == due.due_on}
    ladder = [rung for rung in reached(rungs, due.due_on, days) if rung.step not in known]
    again = [f"put-off-{snooze.until_on}"] if snooze and snooze.until_on >= days.first else []
    again = [step for step in again if step not in known]
    if not ladder and not again:
        return None
    steps = (*(rung.step for rung in ladder), *again)
    reason = snooze.reason if snooze and again else ""
    return Line(due, steps, ladder[-1] if ladder else None, reason)


def _snoozes(
    session: Session, people: Iterable[UUID], first: date
) -> Mapping[tuple[UUID, UUID], Snooze]:
    """Return what these people put off: what is silent now, and what ended within the days."""
    chosen = select(Snooze).where(Snooze.until_on >= first, Snooze.person_id.in_(list(people)))
    return {(each.subject_id, each.person_id): each for each in session.scalars(chosen)}
