"""All rules over one questionnaire."""

from questionnaires.linting.links import link_problems
from questionnaires.linting.reach import reach_problems
from questionnaires.linting.shape import shape_problems
from questionnaires.linting.subject import Subject
from questionnaires.linting.wording import wording_problems
from questionnaires.problem import Problem


def lint(subject: Subject) -> tuple[Problem, ...]:
    """Return everything to mend in one questionnaire; nothing when it is as it should be."""
    return (
        *shape_problems(subject),
        *link_problems(subject),
        *reach_problems(subject),
        *wording_problems(subject),
    )
