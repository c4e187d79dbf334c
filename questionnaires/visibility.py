"""The one visibility function: page, check, progress, score, export and report all use it.

What it means, exactly. A section, group, question, tip or note is visible when what it stands in
is visible and its own condition holds. A condition sees only the answers of visible questions:
an answer kept under a hidden question counts nowhere. It sees the facts frozen at sending, and what
nobody knew then as the worst case. Since a node is judged after everything its condition names,
wherever in the document that stands, there is exactly one result and no order of answering changes
it. Nodes that wait for each other in a ring are never visible (such a questionnaire is refused at
import). A section or group with nothing visible inside is not listed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from questionnaires.conditions import is_met
from questionnaires.given import NOTHING, Given
from questionnaires.nodes import (
    Group,
    Node,
    Question,
    QuestionKind,
    Questionnaire,
    Section,
    Tip,
    nodes_of,
    questions_of,
)
from questionnaires.order import plan_of
from vendors.tiering import NOTHING_KNOWN, Exposure


@dataclass(frozen=True, slots=True)
class VisibleForm:
    """What is shown for one set of answers, in document order."""

    questionnaire: Questionnaire
    sections: tuple[Section, ...]
    questions: tuple[Question, ...]
    tips: tuple[Tip, ...]

    @property
    def question_codes(self) -> frozenset[str]:
        """The codes of the visible questions."""
        return frozenset(question.code for question in self.questions)

    def section(self, code: str) -> Section | None:
        """Return the visible section with this code, or None."""
        return next((section for section in self.sections if section.code == code), None)

    def question(self, code: str) -> Question | None:
        """Return the visible question with this code, or None."""
        return next((question for question in self.questions if question.code == code), None)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the visible questions are answered."""

    answered: int
    total: int

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left open."""
        return self.answered == self.total


@dataclass(frozen=True, slots=True)
class FormProgress:
    """Progress of the whole form and of each visible section by its code."""

    total: Progress
    sections: Mapping[str, Progress]


def visible(
    questionnaire: Questionnaire,
    answers: Mapping[str, Given],
    exposure: Exposure = NOTHING_KNOWN,
) -> VisibleForm:
    """Return what is shown for these answers where our use of the vendor touches this."""
    shown = _shown(questionnaire, answers, exposure)
    sections = tuple(
        replace(section, nodes=nodes)
        for section in questionnaire.sections
        if section.code in shown and (nodes := _pruned(section.nodes, shown))
    )
    every = tuple(node for section in sections for node in nodes_of(section.nodes))
    return VisibleForm(
        questionnaire,
        sections,
        tuple(node for node in every if isinstance(node, Question)),
        tuple(node for node in every if isinstance(node, Tip)),
    )


def _shown(
    questionnaire: Questionnaire, answers: Mapping[str, Given], exposure: Exposure
) -> set[str]:
    plan = plan_of(questionnaire)
    counted: dict[str, Given] = {}
    shown: set[str] = set()
    for entry in plan.entries:
        inside_something_hidden = entry.parent is not None and entry.parent not in shown
        if inside_something_hidden or not is_met(entry.condition, counted, shown, exposure):
            continue
        shown.add(entry.code)
        if entry.code in plan.asked and entry.code in answers:
            counted[entry.code] = answers[entry.code]
    return shown


def _pruned(nodes: tuple[Node, ...], shown: Collection[str]) -> tuple[Node, ...]:
    kept: list[Node] = []
    for node in nodes:
        if node.code not in shown:
            continue
        if isinstance(node, Group):
            inside = _pruned(node.nodes, shown)
            if inside:
                kept.append(replace(node, nodes=inside))
        else:
            kept.append(node)
    return tuple(kept)


def is_answered(question: Question, given: Given) -> bool:
    """Return whether this question has its answer, or a word that it does not apply."""
    if given.not_applicable:
        return True
    if question.kind in {QuestionKind.SINGLE, QuestionKind.MANY}:
        return bool(given.options)
    if question.kind is QuestionKind.FILE:
        return given.evidence_count > 0
    return bool(given.text.strip())


def progress(form: VisibleForm, answers: Mapping[str, Given]) -> FormProgress:
    """Return how many visible questions are answered, per section and in all."""
    sections = {
        section.code: _progress(questions_of(section), answers) for section in form.sections
    }
    every = sections.values()
    total = Progress(sum(each.answered for each in every), sum(each.total for each in every))
    return FormProgress(total, sections)


def _progress(questions: tuple[Question, ...], answers: Mapping[str, Given]) -> Progress:
    answered = sum(_is_done(each, answers.get(each.code, NOTHING)) for each in questions)
    return Progress(answered, len(questions))


def _is_done(question: Question, given: Given) -> bool:
    """Without a reason "does not apply" is still to do, and is not counted as an answer too."""
    return is_answered(question, given) and not (given.not_applicable and not given.reason.strip())
