"""Explaining a day: each mail that would be written, to whom, why, and by which rule."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from foundation.dates import day_in, moment_in
from foundation.errors import Refused
from mail.letters import day
from organisation.queries import day_of, time_zone_of_organisation
from reminders.attesting import ASKING, Asking, askings
from reminders.days_work import is_done
from reminders.digests import DIGEST, Digest, digests_of
from reminders.ladders import Span
from reminders.letters import digest_text
from reminders.queries import told_of
from reminders.readers import office_of
from reminders.rules import MORNING, PLEASANT, Step, next_step
from reminders.sweep import Plan, plan
from reminders.waiting import DEADLINE, NUDGE, Waiting, all_waiting
from reminders.wording import said

NUDGE_RULES = {
    Step.FIRST: "30 % of the time to answer has passed",
    Step.SECOND: "70 % of the time to answer has passed",
    Step.LAST_DAY: "it is the last day",
    Step.OVERDUE: "one day late",
}


@dataclass(frozen=True, slots=True)
class Why:
    """One reason for a mail: the rule, the thing, its date, and what the mail says of it."""

    rule: str
    thing: str
    due_on: date
    says: str


@dataclass(frozen=True, slots=True)
class Explained:
    """One mail that would be written."""

    kind: str
    name: str
    email: str
    subject: str
    why: tuple[Why, ...]


def explain_now(session: Session, at: datetime) -> list[Explained]:
    """Return the mails the next sweep would write."""
    today = day_of(session, at)
    asked = [] if is_done(session, today) else askings(session, today)
    return [*map(_asked, asked), *_of_plan(session, plan(session, at))]


def explain_day(session: Session, on: date, at: datetime) -> list[Explained]:
    """Return the mails of a day, today or later, if nothing changes and no sweep is missed.

    Raises Refused for a day that is over.
    """
    zone = time_zone_of_organisation(session)
    today = day_in(at, zone)
    if on < today:
        raise Refused(f"{on} is over. Name today or a later day; what was sent is in the outbox.")
    if on == today:
        midnight = moment_in(today + timedelta(days=1), MORNING.replace(hour=0), zone)
        return explain_now(session, midnight - timedelta(seconds=1))
    found = [
        each for one, step in _nudges_on(session, zone, on, today) for each in _nudged(one, step)
    ]
    office = office_of(session)
    everybody = [(reader, Span(on, on)) for reader in office.readers.values()]
    digests = digests_of(session, office, everybody, moment_in(on, MORNING, zone))
    found += [_asked(one) for one in askings(session, on) if one.on == on]
    return [*found, *(_digested(session, one) for one in digests if one.lines)]


def _of_plan(session: Session, due: Plan) -> Iterator[Explained]:
    for look in due.looks:
        if look.step is not None:
            yield from _nudged(look.waiting, look.step)
    for digest in due.digests:
        if digest.lines:
            yield _digested(session, digest)


def _nudges_on(
    session: Session, zone: str, on: date, today: date
) -> Iterator[tuple[Waiting, Step]]:
    """Yield the letters of a day to come, found by going there day by day."""
    waiting = all_waiting(session, zone)
    told = told_of(session, {one.subject_id for one in waiting})
    for one in waiting:
        letters = [each for each in told.get(one.subject_id, ()) if each.step in set(Step)]
        taken = {Step(each.step) for each in letters if each.due_on == one.window.due_on}
        moments = [each.at for each in letters]
        for number in range((on - today).days + 1):
            then = today + timedelta(days=number)
            now = moment_in(then, MORNING, zone).astimezone(one.window.sent_at.tzinfo)
            step = next_step(one.window, taken, moments, now)
            if step is not None:
                taken.add(step)
                moments.append(now)
                if then == on:
                    yield one, step


def _asked(one: Asking) -> Explained:
    says = f"Whether anything has changed since {day(one.since_on)}."
    why = Why("word: the tier's months have passed", one.vendor, one.due_on, says)
    subject = f"Has anything changed since {day(one.since_on)}?"
    return Explained(ASKING, one.speaker.name, one.speaker.email, subject, (why,))


def _nudged(one: Waiting, step: Step) -> Iterator[Explained]:
    due_on = one.window.due_on
    what, says, subject = _owed(one)
    why = Why(f"{what}: {NUDGE_RULES[step]}", f"{one.vendor}, {one.reference}", due_on, says)
    kind = NUDGE if step in PLEASANT else DEADLINE
    yield Explained(kind, one.name, one.email, subject, (why,))


def _owed(one: Waiting) -> tuple[str, str, str]:
    if one.since_on is None:
        subject = f"Your answers: {one.reference}"
        return "answers", f"The answers to {one.reference} are due.", subject
    asked = f"anything has changed since {day(one.since_on)}"
    return "word", f"The word whether {asked} is due.", f"Whether {asked}"


def _digested(session: Session, one: Digest) -> Explained:
    why = tuple(
        Why(
            rule=f"{line.due.kind}: {', '.join(line.steps)}",
            thing=f"{line.due.vendor}, {line.due.reference}",
            due_on=line.due.due_on,
            says=said([line], one.day)[0].what,
        )
        for line in one.lines
    )
    reader = one.reader
    return Explained(DIGEST, reader.name, reader.email, digest_text(session, one).subject, why)
