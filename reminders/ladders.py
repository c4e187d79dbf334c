"""The ladders of staff: on which days before and after a date who hears of it (domain.md B.4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from reminders.rules import Audience
from reviews.attestation_rules import JUDGE_DAYS, JUDGE_DAYS_OF_INCIDENT


class Kind(StrEnum):
    """The kinds of things that fall due; the values stand in the stamps and in the ledger."""

    ANSWERS = "assessment"
    REVIEW = "reassessment"
    EVIDENCE = "evidence"
    FINDING = "finding"
    CONDITION = "condition"
    EXEMPTION = "exemption"
    NOTICE = "contract"
    MATRIX = "matrix"
    WORD = "attestation"
    CHANGE = "change"


DUTIES = frozenset(
    {Kind.ANSWERS, Kind.REVIEW, Kind.FINDING, Kind.CONDITION, Kind.NOTICE, Kind.CHANGE}
)
"""What nobody stops: a date missed here binds us or leaves a weakness open."""
UNPLACED = frozenset({Kind.REVIEW, Kind.EXEMPTION, Kind.MATRIX, Kind.WORD, Kind.CHANGE})
"""Kinds whose steps are noted under their vendor in the ledger."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: how many days after the date (negative: before), and for whom."""

    days: int
    audience: Audience
    code: str = ""

    @property
    def step(self) -> str:
        """The word in the stamp, such as owner-30 or lead+8."""
        return self.code or f"{self.audience}{self.days:+d}"


def _owner(*days: int) -> tuple[Rung, ...]:
    return tuple(Rung(each, Audience.OWNER) for each in days)


def _lead(*days: int) -> tuple[Rung, ...]:
    return tuple(Rung(each, Audience.LEAD) for each in days)


OPENS = "opens"
LADDERS: Mapping[Kind, tuple[Rung, ...]] = {
    Kind.ANSWERS: (*_owner(4), *_lead(8)),
    Kind.REVIEW: (*_owner(-14, 0), *_lead(8)),
    Kind.EVIDENCE: _owner(-60, -30, -7, 0),
    Kind.FINDING: (*_owner(-30, -7, 0, 3), *_lead(8)),
    Kind.CONDITION: (*_owner(-30, -7, 0, 3), *_lead(1)),
    Kind.EXEMPTION: (
        *_owner(-60, -30, -7, 0),
        Rung(-30, Audience.APPROVER),
        Rung(0, Audience.APPROVER),
        *_lead(1),
    ),
    Kind.MATRIX: _owner(-60, -30, -7, 0),
    Kind.NOTICE: (*_owner(-90, -60, -30, -7), *_lead(-7)),
    Kind.WORD: (*_owner(4), *_lead(8)),
    Kind.CHANGE: (*_owner(-JUDGE_DAYS, -JUDGE_DAYS_OF_INCIDENT, 0), *_lead(1)),
}
"""Days from the date a thing carries: of a contract that is the last day to give notice, not its
end. A vendor's own letters are in reminders.rules. A review has one rung more: the day it opens."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`, both included."""

    first: date
    last: date


def ladder_of(kind: Kind, opens_days: int | None = None) -> tuple[Rung, ...]:
    """Return the rungs of a kind; `opens_days` is how long before its date a review opens."""
    if kind is Kind.REVIEW and opens_days is not None:
        return (Rung(-opens_days, Audience.OWNER, OPENS), *LADDERS[kind])
    return LADDERS[kind]


def reached(rungs: Iterable[Rung], due_on: date, days: Span) -> tuple[Rung, ...]:
    """Return the rungs whose day lies within these days, the latest last."""
    found = (
        rung for rung in rungs if days.first <= due_on + timedelta(days=rung.days) <= days.last
    )
    return tuple(sorted(found, key=lambda rung: rung.days))


def due_within(rungs: Iterable[Rung], days: Span) -> tuple[Span, ...]:
    """Return which dates reach a rung within these days: spans that do not touch, in order."""
    made: list[Span] = []
    for offset in sorted({rung.days for rung in rungs}, reverse=True):
        shift = timedelta(days=offset)
        span = Span(days.first - shift, days.last - shift)
        if made and span.first <= made[-1].last + timedelta(days=1):
            made[-1] = Span(made[-1].first, max(made[-1].last, span.last))
        else:
            made.append(span)
    return tuple(made)
