"""The parts of a dossier about the work itself: who looked, what was before, what has changed."""

from dataclasses import dataclass
from datetime import date, datetime

from reports.dossier_answers import AreaFacts
from reports.dossier_parts import Word


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """Somebody, and how many answers they gave or judged."""

    name: str
    answers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFacts:
    """The cycle the report tells of."""

    reference: str
    cycle: int
    kind: str
    state: Word
    opened_at: datetime
    decided_at: datetime | None = None
    reviewer: str = ""
    judged: int = 0
    """Answers with a verdict, of all that were asked."""
    by_rule: int = 0
    """Those of them the desk accepted at once, since nothing about them needed a look."""
    asked: int = 0
    respondents: tuple[PersonFacts, ...] = ()
    judges: tuple[PersonFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleFacts:
    """The cycle before, with the numbers of its decision as they were frozen."""

    reference: str
    cycle: int
    decided_at: datetime
    outcome: Word
    tier: int
    inherent: float
    claimed: float | None = None
    evidenced: float | None = None
    residual: float | None = None
    band: Word | None = None
    areas: tuple[AreaFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberFacts:
    """A number then and now; None where there was none."""

    name: str
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectFacts:
    """How many points of 100 a control area moved what is evidenced."""

    area: str
    points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFacts:
    """One thing that is not as it was; `points` of 100 where it moved what is evidenced."""

    kind: str
    what: str
    before: str
    after: str
    points: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesFacts:
    """Everything that changed since the last report, or else since the last cycle."""

    since: str
    """What it is compared with, as it stands in a sentence: "report D-0003"."""
    at: datetime
    numbers: tuple[NumberFacts, ...] = ()
    effects: tuple[EffectFacts, ...] = ()
    """By control area; they add up to the change of what is evidenced."""
    lines: tuple[ChangeFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFacts:
    """One number of our own rules, by the group it belongs to."""

    group: str
    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestationFacts:
    """One asking between reviews whether anything has changed, the word, and what followed."""

    asked_at: datetime
    since_on: date
    due_on: date
    state: Word
    is_overdue: bool = False
    """The vendor's word, or our judgement of it, should be there by now."""
    changes: tuple[tuple[Word, str], ...] = ()
    """Each kind of change that was reported, with the vendor's sentence."""
    declared_at: datetime | None = None
    declared_by: str = ""
    declared_role: str = ""
    judge_by: date | None = None
    judged_at: datetime | None = None
    judged_by: str = ""
    reason: str = ""
    review: str = ""
    """The reference of the review in which a reported change is looked at."""
