"""The parts of a dossier about questionnaires: what was asked, answered, asked back and summed."""

from dataclasses import dataclass
from datetime import date, datetime

from reports.dossier_parts import Word


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedFacts:
    """A file cited from an answer."""

    reference: str
    page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFacts:
    """A visible question with its answer; `answer` is empty while there is none."""

    code: str
    question: str
    is_required: bool = True
    answer: str = ""
    text: str = ""
    is_not_applicable: bool = False
    reason: str = ""
    by: str = ""
    at: datetime | None = None
    cited: tuple[CitedFacts, ...] = ()
    references: tuple[str, ...] = ()
    """The clauses of standards and laws the question is mapped to."""
    verdict: Word | None = None
    judged_by: str = ""
    judged_at: datetime | None = None
    judged_note: str = ""
    is_by_rule: bool = False
    """Accepted at once with others, since nothing about it needed a look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenFacts:
    """A question that was not asked, and the rule that left it out in words."""

    question: str
    asked_when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionFacts:
    """One section with its visible questions."""

    title: str
    answers: tuple[AnswerFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaFacts:
    """The score of one control area; the shares are 0 to 1."""

    name: str
    claimed: float
    evidenced: float
    coverage: float
    weight: int
    claimed_points: float
    evidenced_points: float
    questions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFacts:
    """One line of the sum."""

    code: str
    area: str
    weight: int
    value: float
    assurance: float
    claimed_points: float
    evidenced_points: float
    outcome: Word


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreFacts:
    """The whole sum of one assessment."""

    total: AreaFacts
    areas: tuple[AreaFacts, ...]
    lines: tuple[LineFacts, ...]
    formula: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOutFacts:
    """Questions that were out of scope for one reason."""

    reason: str
    codes: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentFacts:
    """One sending of a questionnaire; answers are there once it was submitted."""

    reference: str
    title: str
    version: int
    questionnaire_sha256: str
    state: Word
    round: int
    contact: str
    sent_at: datetime
    due_on: date
    submitted_at: datetime | None = None
    n_visible: int = 0
    n_answered: int = 0
    n_hidden: int = 0
    """Not shown by rule, those out of scope among them."""
    left_out: tuple[LeftOutFacts, ...] = ()
    added_since: tuple[LeftOutFacts, ...] = ()
    """What would be asked today and was not: the scope has changed since sending."""
    score: ScoreFacts | None = None
    sections: tuple[SectionFacts, ...] = ()
    hidden: tuple[HiddenFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClarificationFacts:
    """One question asked back, and the reply."""

    assessment: str
    code: str
    text: str
    asked_by: str
    asked_at: datetime
    reply: str = ""
    answered_at: datetime | None = None
    is_withdrawn: bool = False
