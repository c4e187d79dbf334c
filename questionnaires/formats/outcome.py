"""What reading a questionnaire file comes to."""

from dataclasses import dataclass

from questionnaires.nodes import Questionnaire
from questionnaires.problem import Problem


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a file holds; questions are those that can be answered."""

    sections: int = 0
    questions: int = 0
    options: int = 0
    conditions: int = 0


@dataclass(frozen=True, slots=True)
class Import:
    """A questionnaire with remarks, or no questionnaire and the reasons why."""

    questionnaire: Questionnaire | None
    format: str
    counts: Counts
    problems: tuple[Problem, ...]

    @property
    def is_refused(self) -> bool:
        """Whether the file cannot be used as it is."""
        return self.questionnaire is None


def refused(format_name: str, *problems: Problem) -> Import:
    """Return the outcome of a file that cannot be used."""
    return Import(None, format_name, Counts(), problems)
