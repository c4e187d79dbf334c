"""What the lint looks at: a questionnaire, where its questions stand, and the words it may use."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from questionnaires.nodes import Question, Questionnaire, questions_of
from questionnaires.problem import Problem


@dataclass(frozen=True, slots=True)
class Notes:
    """What the file says about a question beside its content.

    `place` is where it stands; `meant` names the rules that are broken on purpose, each with the
    reason. Only the rules about wording (`two_asks`, `long_text`, `alike`) may be.
    """

    place: str
    meant: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The identifiers a questionnaire may name."""

    references: frozenset[str]
    clauses: frozenset[str]
    gates: frozenset[str]
    evidence: frozenset[str]


@dataclass(frozen=True, slots=True)
class Subject:
    """One questionnaire under the lint; `most` is how many questions it may have."""

    questionnaire: Questionnaire
    words: Vocabulary
    notes: Mapping[str, Notes] = field(default_factory=dict)
    most: int | None = None

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question in document order."""
        return questions_of(self.questionnaire)

    def where(self, code: str) -> str:
        """Return the place of a question as a person finds it."""
        note = self.notes.get(code)
        return f'{note.place}, question "{code}"' if note else f'question "{code}"'

    def problem(self, code: str, what: str, fix: str) -> Problem:
        """Return a problem at a question."""
        return Problem(self.where(code), what, fix)

    def is_meant(self, code: str, rule: str) -> bool:
        """Return whether a question breaks this rule on purpose, with a reason."""
        note = self.notes.get(code)
        return bool(note and note.meant.get(rule, "").strip())
