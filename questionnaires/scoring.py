"""The score of a form: claimed and evidenced, per area and in all, with the whole sum shown.

claimed = sum(w*a)/sum(w); evidenced = sum(w*a*c)/sum(w); coverage = the share of weight whose
evidence is independent (E3 and up). Hidden questions are out; "does not apply" with a reason is
out of both sums (on a gate only with a reviewer's consent); unanswered counts 0. A questionnaire
without weights is unscored: there is no number at all.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from questionnaires.exact import Units, rounded, units_for
from questionnaires.given import NOTHING, Given
from questionnaires.nodes import Area, Question, QuestionKind, Questionnaire
from questionnaires.visibility import VisibleForm, is_answered

FORMULA_VERSION = "score-1"


@dataclass(frozen=True, slots=True)
class ScoringModel:
    """Every number the score is made of; editable defaults of ours, kept with each score."""

    version: str = FORMULA_VERSION
    weights: Mapping[str, int] = field(
        default_factory=lambda: {"critical": 20, "standard": 10, "minor": 5}
    )
    answer_values: Mapping[str, float] = field(
        default_factory=lambda: {"yes": 1.0, "partial": 0.5, "planned": 0.25, "no": 0.0}
    )
    assurance: Mapping[str, float] = field(
        default_factory=lambda: {
            "E0": 0.50,
            "E1": 0.65,
            "E2": 0.70,
            "E3": 0.85,
            "E4": 0.95,
            "E5": 1.00,
        }
    )
    covered_from: float = 0.85
    days_until_asserted: int = 90
    half_after_intervals: float = 1.5
    unanswered_after_intervals: float = 2.0

    def to_json(self) -> dict[str, object]:
        """Return the model as plain JSON values."""
        return asdict(self)


SCORING_MODEL = ScoringModel()


class Outcome(StrEnum):
    """How a question entered the sum."""

    COUNTED = "counted"
    UNANSWERED = "unanswered"
    CONTRADICTED = "contradicted"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class SumLine:
    """One line of the sum: weight, value (0 to 1), assurance (0.5 to 1) and their products."""

    question_code: str
    area: Area
    weight: int
    value: float
    assurance: float
    claimed_points: float
    evidenced_points: float
    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AreaScore:
    """The score of one area, or of everything when `area` is None; all three are 0 to 1."""

    area: Area | None
    claimed: float
    evidenced: float
    coverage: float
    weight: int
    claimed_points: float
    evidenced_points: float
    question_count: int


@dataclass(frozen=True, slots=True)
class Score:
    """The whole score; `total` is None when nothing can be scored."""

    areas: tuple[AreaScore, ...]
    total: AreaScore | None
    lines: tuple[SumLine, ...]
    formula_version: str = FORMULA_VERSION

    @property
    def is_unscored(self) -> bool:
        """Whether there is no number to show."""
        return self.total is None


def score(
    form: VisibleForm,
    questionnaire: Questionnaire,
    answers: Mapping[str, Given],
    assurance: Mapping[str, float],
    *,
    consented: Collection[str] = frozenset(),
    contradicted: Collection[str] = frozenset(),
) -> Score:
    """Return the score; ValueError for an assurance outside 0.5 to 1.0."""
    if form.questionnaire != questionnaire:
        raise ValueError("This form was made from another questionnaire than the one to score.")
    lines = tuple(
        _line(
            question,
            answers.get(question.code, NOTHING),
            _assurance(question.code, answers, assurance),
            has_consent=question.code in consented,
            is_contradicted=question.code in contradicted,
        )
        for question in form.questions
        if is_scored(question)
    )
    units = units_for(number for line in lines for number in (line.value, line.assurance))
    by_area: dict[Area, list[SumLine]] = {}
    for line in lines:
        by_area.setdefault(line.area, []).append(line)
    areas = (_sum(area, by_area[area], units) for area in Area if area in by_area)
    return Score(tuple(area for area in areas if area), _sum(None, lines, units), lines)


def is_scored(question: Question) -> bool:
    """Return whether this question can enter a score: area, weight and valued choices."""
    return (
        question.area is not None
        and question.weight_class is not None
        and any(option.value is not None for option in question.options)
    )


def weight_of(question: Question) -> int:
    """Return the weight of a question, 0 when it has none."""
    return SCORING_MODEL.weights[question.weight_class] if question.weight_class else 0


def value_of(question: Question, given: Given) -> float:
    """Return the value of an answer, 0 to 1; several choices add up, to 1 at most."""
    if given.not_applicable or not is_answered(question, given):
        return 0.0
    values = [
        option.value
        for option in question.options
        if option.value is not None and option.code in given.options
    ]
    if question.kind is QuestionKind.SINGLE or len(values) < 2:
        return float(min(values, default=0.0))
    return float(min(sum(Fraction(str(value)) for value in values), Fraction(1)))


def _assurance(code: str, answers: Mapping[str, Given], assurance: Mapping[str, float]) -> float:
    asserted = SCORING_MODEL.assurance["E0"]
    level = assurance.get(code, answers.get(code, NOTHING).assurance)
    level = asserted if level is None else level
    if not asserted <= level <= 1:
        raise ValueError(f"The assurance {level} is not between {asserted} and 1.")
    return level


def _line(
    question: Question,
    given: Given,
    assurance: float,
    *,
    has_consent: bool,
    is_contradicted: bool,
) -> SumLine:
    outcome = _outcome(question, given, has_consent=has_consent, is_contradicted=is_contradicted)
    line = _line_of(
        question.code,
        question.area or Area.TPR,
        0 if outcome is Outcome.EXCLUDED else weight_of(question),
        value_of(question, given) if outcome is Outcome.COUNTED else 0.0,
        assurance,
        outcome,
    )
    return replace(line, reason=given.reason) if outcome is Outcome.EXCLUDED else line


@lru_cache(maxsize=8192)
def _line_of(
    code: str, area: Area, weight: int, value: float, assurance: float, outcome: Outcome
) -> SumLine:
    """Return a line with its two products; the same few come again and again."""
    points = weight * Fraction(str(value))
    evidenced = points * Fraction(str(assurance))
    return SumLine(
        question_code=code,
        area=area,
        weight=weight,
        value=value,
        assurance=assurance,
        claimed_points=rounded(*points.as_integer_ratio()),
        evidenced_points=rounded(*evidenced.as_integer_ratio()),
        outcome=outcome,
    )


def _outcome(
    question: Question, given: Given, *, has_consent: bool, is_contradicted: bool
) -> Outcome:
    if is_contradicted:
        return Outcome.CONTRADICTED
    if given.not_applicable:
        may_leave = bool(given.reason.strip()) and (has_consent or not question.is_gate)
        return Outcome.EXCLUDED if may_leave else Outcome.UNANSWERED
    return Outcome.COUNTED if is_answered(question, given) else Outcome.UNANSWERED


def _sum(area: Area | None, lines: Sequence[SumLine], units: Units) -> AreaScore | None:
    weight = sum(line.weight for line in lines)
    if weight == 0:
        return None
    points = assured = covered = counted = 0
    for line in lines:
        point = line.weight * units.of[line.value]
        points += point
        assured += point * units.of[line.assurance]
        counted += line.outcome is not Outcome.EXCLUDED
        if line.outcome is Outcome.COUNTED and line.assurance >= SCORING_MODEL.covered_from:
            covered += line.weight
    return AreaScore(
        area=area,
        claimed=rounded(points, units.one * weight),
        evidenced=rounded(assured, units.one**2 * weight),
        coverage=rounded(covered, weight),
        weight=weight,
        claimed_points=rounded(points, units.one),
        evidenced_points=rounded(assured, units.one**2),
        question_count=counted,
    )
