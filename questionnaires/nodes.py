"""The parts of a questionnaire: sections, groups, notes, tips, questions and options.

Fields marked "rich" hold the harmless HTML that `richtext.sanitise` returns; all others are
plain text. Codes are stable, and unique over sections, groups, notes, tips and questions.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from questionnaires.conditions import ALWAYS, Condition

MAX_NESTING = 16


class QuestionKind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    MANY = "many"
    LINE = "line"
    TEXT = "text"
    DATE = "date"
    FILE = "file"


class WeightClass(StrEnum):
    """How much a question counts."""

    CRITICAL = "critical"
    STANDARD = "standard"
    MINOR = "minor"


class Area(StrEnum):
    """The ten areas every built-in questionnaire, score and report is ordered by."""

    ENC = "enc"
    NET = "net"
    REG = "reg"
    PCI = "pci"
    TOK = "tok"
    IAM = "iam"
    AUD = "aud"
    TRN = "trn"
    INC = "inc"
    TPR = "tpr"


class TipSeverity(StrEnum):
    """How bad what a warning speaks of is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose; `text` is rich, `value` 0 to 1 or None when it is not scored."""

    code: str
    text: str
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A text between questions; `text` is rich."""

    code: str
    text: str
    condition: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class Tip:
    """Advice on an answer; `text` and `why_prompt` are rich. A warning proposes a finding."""

    code: str
    text: str
    condition: Condition = ALWAYS
    is_warning: bool = False
    severity: TipSeverity | None = None
    name: str = ""
    why_prompt: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `text`, `help`, `why_we_ask` and `good_looks_like` are rich."""

    code: str
    kind: QuestionKind
    text: str
    help: str = ""
    why_we_ask: str = ""
    good_looks_like: str = ""
    options: tuple[Option, ...] = ()
    condition: Condition = ALWAYS
    area: Area | None = None
    weight_class: WeightClass | None = None
    gate: str | None = None
    is_required: bool = True
    allows_not_applicable: bool = True
    evidence_kinds: tuple[str, ...] = ()
    follow_ups: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    finding_text: str = ""
    clause: str | None = None

    @property
    def is_gate(self) -> bool:
        """Whether failing this question caps the decision."""
        return self.gate is not None

    def option(self, code: str) -> Option | None:
        """Return the option with this code, or None."""
        return next((option for option in self.options if option.code == code), None)


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that belong together and may share a condition."""

    code: str
    title: str
    condition: Condition = ALWAYS
    nodes: tuple["Node", ...] = ()


Node = Group | Note | Tip | Question


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the questionnaire; `intro` is rich."""

    code: str
    title: str
    intro: str = ""
    condition: Condition = ALWAYS
    nodes: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """The whole questionnaire; `intro` is rich."""

    code: str
    title: str
    format: str
    intro: str = ""
    sections: tuple[Section, ...] = ()
    language: str = "en"


def nodes_of(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """Yield these nodes and everything inside them, in document order."""
    for node in nodes:
        yield node
        if isinstance(node, Group):
            yield from nodes_of(node.nodes)


def questions_of(within: Questionnaire | Section) -> tuple[Question, ...]:
    """Return every question in document order, visible or not."""
    sections = within.sections if isinstance(within, Questionnaire) else (within,)
    every = (node for section in sections for node in nodes_of(section.nodes))
    return tuple(node for node in every if isinstance(node, Question))


def question(questionnaire: Questionnaire, code: str) -> Question | None:
    """Return the question with this code, or None."""
    return next((each for each in questions_of(questionnaire) if each.code == code), None)
