"""What an answer said before it was changed: in the first round, or in the cycle before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from questionnaires.answer_rows import AnswerRow
from questionnaires.given import Given
from questionnaires.nodes import Question
from questionnaires.richtext import plain


class Since(StrEnum):
    """What an answer is compared with."""

    FIRST_ROUND = "first_round"
    LAST_CYCLE = "last_cycle"


@dataclass(frozen=True, slots=True)
class Said:
    """An answer in words."""

    chosen: tuple[str, ...]
    text: str
    is_not_applicable: bool
    reason: str

    @property
    def is_nothing(self) -> bool:
        """Whether nothing was answered."""
        return not (self.chosen or self.text or self.is_not_applicable)


@dataclass(frozen=True, slots=True)
class Earlier:
    """An answer as it was, from an assessment handed in at a moment, and as it is."""

    since: Since
    reference: str
    at: datetime
    before: Said
    now: Said


@dataclass(frozen=True, slots=True)
class Kept:
    """What was stored, the question it was asked with, and where it was handed in."""

    since: Since
    reference: str
    at: datetime
    question: Question | None
    given: Given


def given_in(kept: Mapping[str, object] | None) -> Given:
    """Return an answer as the history keeps it; nothing where there was none."""
    if kept is None:
        return Given()
    options = kept["options"]
    return Given(
        frozenset(options if isinstance(options, list) else ()),
        str(kept["text"]),
        bool(kept["not_applicable"]),
        str(kept["reason"]),
    )


def earlier(kept: Kept, question: Question, answer: AnswerRow | None) -> Earlier | None:
    """Return what changed, None where the answer is what it was; wording alone is no change."""
    now = answer.given if answer else Given()
    if kept.given == now:
        return None
    before = _said(kept.question or question, kept.given)
    return Earlier(kept.since, kept.reference, kept.at, before, _said(question, now))


def _said(question: Question, given: Given) -> Said:
    picked = () if given.not_applicable else given.options
    chosen = tuple(plain(option.text) for option in question.options if option.code in picked)
    return Said(chosen, given.text, given.not_applicable, given.reason)
