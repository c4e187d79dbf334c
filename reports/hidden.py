"""Questions that were not asked: which, and under which rule they would have been."""

from collections.abc import Iterator

from questionnaires.conditions import ALWAYS, Condition
from questionnaires.nodes import Group, Node, Question
from questionnaires.preview import in_words
from questionnaires.richtext import plain
from questionnaires.scope import left_out
from questionnaires.sheet import Sheet
from reports.dossier_answers import HiddenFacts


def hidden_of(sheet: Sheet) -> Iterator[HiddenFacts]:
    """Yield the questions a sheet leaves out, each with the nearest rule that speaks of it.

    Those that were out of scope at sending are told apart, with the fact that ruled them out.
    """
    told = {one.question.code for one in left_out(sheet.questionnaire, sheet.exposure)}
    told |= sheet.form.question_codes
    for section in sheet.questionnaire.sections:
        for question, rule in _with_rule(section.nodes, section.condition):
            if question.code not in told:
                yield HiddenFacts(
                    question=plain(question.text),
                    asked_when=in_words(sheet.questionnaire, rule),
                )


def _with_rule(nodes: tuple[Node, ...], around: Condition) -> Iterator[tuple[Question, Condition]]:
    for node in nodes:
        rule = around if node.condition == ALWAYS else node.condition
        if isinstance(node, Question):
            yield node, rule
        elif isinstance(node, Group):
            yield from _with_rule(node.nodes, rule)
