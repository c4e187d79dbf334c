"""The rows of the first page: what they are about, how urgent they are, none of them twice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum, StrEnum
from uuid import UUID

from foundation.dates import Calendar
from reminders.ladders import Kind
from reminders.snooze_queries import PutOff
from reviews.residual import Band
from reviews.turns import Turn

SOON = timedelta(days=7)
AHEAD = timedelta(days=90)
"""How far "Coming up" looks."""
SHOWN = 8
"""Rows of a group before "see all"."""


class Task(StrEnum):
    """One thing to do, or to wait for."""

    SIGN = "sign"
    TAKE = "take"
    START = "start"
    REVIEW = "review"
    READ_REPLIES = "read_replies"
    SENT_BACK = "sent_back"
    LATE_REVIEW = "late_review"
    SEND = "send"
    SEND_AGAIN = "send_again"
    CHASE = "chase"
    WAIT = "wait"
    SETTLE_CLAUSES = "settle_clauses"
    ACTIVATE = "activate"
    LEAVE = "leave"
    END_CONTRACT = "end_contract"
    GIVE_NOTICE = "give_notice"
    MEND = "mend"
    CHECK_MENDED = "check_mended"
    RENEW_PROOF = "renew_proof"
    MEET_CONDITION = "meet_condition"
    RENEW_EXEMPTION = "renew_exemption"
    REASSESS = "reassess"
    CHASE_WORD = "chase_word"
    JUDGE_CHANGE = "judge_change"
    UNDELIVERED = "undelivered"
    SECOND_FACTOR = "second_factor"
    SIGN_IN = "sign_in"
    LETTER = "letter"
    REPORT = "report"
    WORKER = "worker"
    SETTINGS = "settings"
    LEDGER = "ledger"


KIND_OF: Mapping[Task, Kind] = {
    Task.MEND: Kind.FINDING,
    Task.RENEW_PROOF: Kind.EVIDENCE,
    Task.MEET_CONDITION: Kind.CONDITION,
    Task.RENEW_EXEMPTION: Kind.EXEMPTION,
    Task.REASSESS: Kind.REVIEW,
    Task.GIVE_NOTICE: Kind.NOTICE,
    Task.CHASE_WORD: Kind.WORD,
    Task.JUDGE_CHANGE: Kind.CHANGE,
}


@dataclass(frozen=True, slots=True)
class Act:
    """Where the one next action is done; with `posts` it is done at once."""

    endpoint: str
    values: Mapping[str, object] = field(default_factory=dict)
    posts: Mapping[str, str] | None = None
    """What a button sends; None is a link."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One row; `about` is the thing, so that the union of several roles has it once."""

    task: Task
    about: UUID
    act: Act
    name: str = ""
    """The vendor, or what else the row is about."""
    vendor_id: UUID | None = None
    tier: int | None = None
    is_provisional: bool = False
    reference: str = ""
    detail: str = ""
    more: int = 0
    """How many others like it stand behind this row."""
    words: tuple[Enum, ...] = ()
    """Members shown as badges."""
    counts: tuple[int, int] | None = None
    """Done, and of how many."""
    due_on: date | None = None
    since: date | None = None
    turn: Turn | None = None
    band: Band | None = None
    """The remaining risk a decision rests on; None there is not low, it is unknown."""
    conditions: int = 0
    holder: str = ""
    """Who has the ball, by name, where a person is known."""
    put_off: PutOff | None = None
    """Who put its reminders off, until when and why."""

    @property
    def kind(self) -> Kind | None:
        """As what its reminders are put off; None for what has no date of its own."""
        return KIND_OF.get(self.task)

    def is_overdue(self, today: date) -> bool:
        """Say whether its day has passed."""
        return self.due_on is not None and self.due_on < today

    def place_ahead(self) -> tuple[int, date, str]:
        """Return what rows ahead are sorted by: their day, those without one last."""
        return (0, self.due_on or date.max, self.name)

    def urgency(self, today: date) -> tuple[int, date, str]:
        """Return what rows are sorted by: overdue, due soon, the longest waiting, then the rest.

        A proof that ended is asked for, not worked on: it never stands before work that waits. A
        last day to give notice cannot be caught up with, so it counts as soon however far it is.
        """
        if self.task is Task.RENEW_PROOF:
            return (3, self.due_on or date.max, self.name)
        is_soon = self.task is Task.GIVE_NOTICE
        if self.due_on is not None and (is_soon or self.due_on <= today + SOON):
            return (0 if self.due_on < today else 1, self.due_on, self.name)
        if self.since is not None:
            return (2, self.since, self.name)
        return (3, self.due_on or date.max, self.name)


@dataclass(frozen=True, slots=True)
class Group:
    """One group of the page: the rows shown, and how many there are."""

    items: tuple[Item, ...]
    count: int

    @property
    def is_cut(self) -> bool:
        """Whether some rows are not shown."""
        return self.count > len(self.items)


@dataclass(frozen=True, slots=True)
class Days:
    """What a group is laid out by."""

    today: date
    calendar: Calendar

    def waited(self, item: Item) -> int:
        """Count the working days somebody has had the ball."""
        return self.calendar.between(item.since, self.today) if item.since else 0


def grouped(
    groups: Mapping[str, Iterable[Item]], today: date, *, whole: str = "", by_date: str = ""
) -> dict[str, Group]:
    """Sort each group by urgency and cut it; what an earlier group has, no later one repeats.

    `by_date` names the group that lies ahead: it is read as a calendar, the nearest day first.
    """
    seen: set[UUID] = set()
    made = {}
    for name, items in groups.items():
        ordered = _in_order(items, today, is_ahead=name == by_date)
        kept = [item for item in _once(ordered) if item.about not in seen]
        seen |= {item.about for item in kept}
        shown = kept if name == whole else kept[:SHOWN]
        made[name] = Group(tuple(shown), len(kept))
    return made


def _in_order(items: Iterable[Item], today: date, *, is_ahead: bool) -> list[Item]:
    if is_ahead:
        return sorted(items, key=Item.place_ahead)
    return sorted(items, key=lambda item: item.urgency(today))


def _once(items: Iterable[Item]) -> Iterable[Item]:
    known: dict[UUID, Item] = {}
    for item in items:
        known.setdefault(item.about, item)
    return known.values()
