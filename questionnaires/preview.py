"""A questionnaire laid out for reading: every part in order, and when it is shown, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from questionnaires import conditions
from questionnaires.conditions import (
    All,
    Answered,
    Any_,
    Chosen,
    Condition,
    Not,
    Shown,
    Touches,
)
from questionnaires.fact_words import asked_for
from questionnaires.nodes import (
    Group,
    Node,
    Note,
    Question,
    Questionnaire,
    Section,
    Tip,
    nodes_of,
    question,
)
from questionnaires.richtext import plain

LONGEST_QUOTE = 80


@dataclass(frozen=True, slots=True)
class PrintedPart:
    """One part of a section; exactly one of the four is set."""

    number: str
    condition: str
    question: Question | None = None
    tip: Tip | None = None
    note: Note | None = None
    group: Group | None = None


@dataclass(frozen=True, slots=True)
class PrintedSection:
    """One section with all its parts in reading order."""

    section: Section
    condition: str
    parts: tuple[PrintedPart, ...]
    n_questions: int


def printed(questionnaire: Questionnaire) -> tuple[PrintedSection, ...]:
    """Return the whole questionnaire, shown and hidden parts alike."""
    words = partial(in_words, questionnaire)
    sections: list[PrintedSection] = []
    for place, section in enumerate(questionnaire.sections, start=1):
        parts = tuple(_parts(questionnaire, section.nodes, place))
        count = sum(part.question is not None for part in parts)
        sections.append(PrintedSection(section, words(section.condition), parts, count))
    return tuple(sections)


def _parts(
    questionnaire: Questionnaire, nodes: tuple[Node, ...], place: int
) -> Iterator[PrintedPart]:
    count = 0
    for node in nodes_of(nodes):
        when = in_words(questionnaire, node.condition)
        if isinstance(node, Question):
            count += 1
            yield PrintedPart(f"{place}.{count}", when, question=node)
        elif isinstance(node, Tip):
            yield PrintedPart("", when, tip=node)
        elif isinstance(node, Note):
            yield PrintedPart("", when, note=node)
        else:
            yield PrintedPart("", when, group=node)


def in_words(questionnaire: Questionnaire, condition: Condition) -> str:
    """Return a condition as a person says it; empty when it always holds."""
    return "" if condition == conditions.ALWAYS else _said(questionnaire, condition)


def _said(questionnaire: Questionnaire, condition: Condition) -> str:
    match condition:
        case Not(Chosen(code, option)):
            chosen = _option(questionnaire, code, option)
            return f"{_quoted(questionnaire, code)} is not “{chosen}”"
        case Not(Touches() as part):
            return asked_for(part, is_denied=True)
        case Not(inner):
            return f"not ({_said(questionnaire, inner)})"
        case All(inners):
            return _joined(questionnaire, inners, " and ")
        case Any_(inners):
            return _joined(questionnaire, inners, " or ")
        case _:
            return _said_simply(questionnaire, condition)


def _said_simply(questionnaire: Questionnaire, condition: Condition) -> str:
    match condition:
        case Chosen(code, option):
            return f"{_quoted(questionnaire, code)} is “{_option(questionnaire, code, option)}”"
        case Answered(code):
            return f"{_quoted(questionnaire, code)} is answered"
        case Shown(code):
            return f"{_quoted(questionnaire, code)} is shown"
        case Touches():
            return asked_for(condition)
        case _:
            return "always"


def _joined(questionnaire: Questionnaire, inners: tuple[Condition, ...], word: str) -> str:
    parts = [_said(questionnaire, inner) for inner in inners]
    if len(parts) == 1:
        return parts[0]
    return word.join(
        f"({part})" if isinstance(inner, All | Any_) else part
        for part, inner in zip(parts, inners, strict=True)
    )


def _quoted(questionnaire: Questionnaire, code: str) -> str:
    found = question(questionnaire, code)
    text = plain(found.text) if found else _title(questionnaire, code)
    text = " ".join(text.split())
    return f"“{text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1].rstrip() + '…'}”"


def _title(questionnaire: Questionnaire, code: str) -> str:
    for section in questionnaire.sections:
        if section.code == code:
            return section.title
        for node in nodes_of(section.nodes):
            if node.code == code:
                return node.title if isinstance(node, Group) else plain(getattr(node, "text", ""))
    return code


def _option(questionnaire: Questionnaire, code: str, option: str) -> str:
    found = question(questionnaire, code)
    chosen = found.option(option) if found else None
    return " ".join(plain(chosen.text).split()) if chosen else option
