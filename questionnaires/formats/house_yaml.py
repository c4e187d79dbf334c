"""Reads our own YAML format, described in docs/questionnaire-format.md."""

import re

from questionnaires.formats import yaml_tree
from questionnaires.formats.house_fields import Fields, as_located
from questionnaires.formats.located import Located, Place, Unreadable, text_of
from questionnaires.formats.outcome import Counts, Import, refused
from questionnaires.nodes import (
    MAX_NESTING,
    Area,
    Group,
    Node,
    Note,
    Option,
    Question,
    QuestionKind,
    Questionnaire,
    Section,
    Tip,
    TipSeverity,
    WeightClass,
    questions_of,
)
from questionnaires.problem import Problem
from questionnaires.richtext import plain, sanitise
from questionnaires.soundness import faults_of

FORMAT = "duly"
MAX_BYTES = 1_000_000
ROOT = frozenset({"format", "code", "title", "language", "intro", "sections", "questions"})
SECTION = frozenset({"title", "intro", "when", "questions"})
GROUP = frozenset({"title", "when", "questions"})
NOTE = frozenset({"note", "when"})
TIP = frozenset({"tip", "when", "warning", "severity", "name", "why"})
OPTION = frozenset({"text", "value"})
QUESTION = frozenset(
    {"kind", "text", "help", "why_we_ask", "good_looks_like", "choices", "when", "area", "weight"}
    | {"gate", "required", "may_not_apply", "evidence", "follow_ups", "references", "finding"}
    | {"clause", "meant"}
)
YES_NO = (Option("yes", "Yes"), Option("no", "No"))


def read(payload: bytes, name: str) -> Import:
    """Read one of our YAML files; refused with its problems when it cannot be used."""
    fields = Fields()
    try:
        root = _root(yaml_tree.parse(text_of(payload, MAX_BYTES)))
        questionnaire = _questionnaire(fields, root, name)
    except Unreadable as refusal:
        return refused(FORMAT, Problem(refusal.where, refusal.what, refusal.fix), *fields.problems)
    faults = faults_of(questionnaire)
    if faults:
        return refused(FORMAT, *faults, *fields.problems)
    asked = questions_of(questionnaire)
    counts = Counts(
        sections=len(questionnaire.sections),
        questions=len(asked),
        options=sum(len(question.options) for question in asked),
        conditions=fields.condition_count,
    )
    return Import(questionnaire, FORMAT, counts, tuple(fields.problems))


def _root(parsed: object) -> Located:
    if isinstance(parsed, Located) and {"sections", "questions"} & parsed.keys():
        return parsed
    raise Unreadable(
        "This is no questionnaire: neither VSAQ nor our YAML format.",
        "the whole file",
        'A file in our format has "sections:" or "questions:" at its beginning.',
    )


def _questionnaire(fields: Fields, root: Located, name: str) -> Questionnaire:
    fields.known(root, ROOT)
    written = fields.text(root, "format")
    if written and written != "duly-questionnaire/1":
        raise Unreadable(
            f'The format "{written[:40]}" is not known.',
            root.at("format"),
            "Write duly-questionnaire/1, or leave the line out.",
        )
    stem = name.replace("\\", "/").rsplit("/", 1)[-1].split(".")[0] or "questionnaire"
    sections = [
        _section(fields, code, as_located(item, place))
        for code, item, place in fields.mapping(root, "sections")
    ]
    title = plain(fields.rich(root, "title")) or stem
    if "questions" in root:
        sections.append(Section("questions", title, nodes=_nodes(fields, root, 1)))
    return Questionnaire(
        code=fields.text(root, "code") or stem,
        title=title,
        format=FORMAT,
        intro=fields.rich(root, "intro"),
        sections=tuple(sections),
        language=fields.text(root, "language") or "en",
    )


def _section(fields: Fields, code: str, item: Located) -> Section:
    fields.known(item, SECTION)
    return Section(
        code=code,
        title=plain(fields.rich(item, "title")) or code,
        intro=fields.rich(item, "intro"),
        condition=fields.condition(item),
        nodes=_nodes(fields, item, 1),
    )


def _nodes(fields: Fields, within: Located, depth: int) -> tuple[Node, ...]:
    if depth > MAX_NESTING:
        raise Unreadable(
            f"Groups nest more than {MAX_NESTING} levels deep.",
            within.place,
            "Move the inner groups further out.",
        )
    return tuple(
        _node(fields, code, as_located(item, place), depth)
        for code, item, place in fields.mapping(within, "questions")
    )


def _node(fields: Fields, code: str, item: Located, depth: int) -> Node:
    if "questions" in item:
        fields.known(item, GROUP)
        title = plain(fields.rich(item, "title"))
        return Group(code, title, fields.condition(item), _nodes(fields, item, depth + 1))
    if "note" in item:
        fields.known(item, NOTE)
        return Note(code, fields.rich(item, "note"), fields.condition(item))
    if "tip" in item:
        return _tip(fields, code, item)
    return _question(fields, code, item)


def _tip(fields: Fields, code: str, item: Located) -> Tip:
    fields.known(item, TIP)
    return Tip(
        code=code,
        text=fields.rich(item, "tip"),
        condition=fields.condition(item),
        is_warning=fields.flag(item, "warning", absent=False),
        severity=fields.word(item, "severity", TipSeverity),
        name=plain(fields.rich(item, "name")),
        why_prompt=fields.rich(item, "why"),
    )


def _question(fields: Fields, code: str, item: Located) -> Question:
    fields.known(item, QUESTION)
    kind, options = _kind_and_options(fields, item)
    text = fields.rich(item, "text")
    if not plain(text):
        text = sanitise(code.replace("_", " "))
        fields.problems.append(
            Problem(
                f'{item.place}, question "{code}"',
                "The question has no text; its name is shown instead.",
                "Add a line  text:  with the question.",
            )
        )
    return Question(
        code=code,
        kind=kind,
        text=text,
        help=fields.rich(item, "help"),
        why_we_ask=fields.rich(item, "why_we_ask"),
        good_looks_like=fields.rich(item, "good_looks_like"),
        options=options,
        condition=fields.condition(item),
        area=fields.word(item, "area", Area),
        weight_class=fields.word(item, "weight", WeightClass),
        gate=fields.text(item, "gate") or None,
        is_required=fields.flag(item, "required", absent=True),
        allows_not_applicable=fields.flag(item, "may_not_apply", absent=True),
        evidence_kinds=fields.texts(item, "evidence"),
        follow_ups=fields.texts(item, "follow_ups"),
        references=fields.texts(item, "references"),
        finding_text=fields.text(item, "finding"),
        clause=fields.text(item, "clause") or None,
    )


def _kind_and_options(fields: Fields, item: Located) -> tuple[QuestionKind, tuple[Option, ...]]:
    written = fields.text(item, "kind").lower()
    if written in {"yes_no", "yes-no"}:
        return QuestionKind.SINGLE, YES_NO
    options = _options(fields, item)
    kind = fields.word(item, "kind", QuestionKind)
    if kind is None:
        kind = QuestionKind.SINGLE if options else QuestionKind.TEXT
    return kind, options


def _options(fields: Fields, item: Located) -> tuple[Option, ...]:
    found = item.get("choices")
    if isinstance(found, list):
        texts = fields.texts(item, "choices")
        return tuple(Option(_slug(text), sanitise(text)) for text in texts)
    return tuple(
        _option(fields, code, value, place)
        for code, value, place in fields.mapping(item, "choices")
    )


def _option(fields: Fields, code: str, value: object, place: Place) -> Option:
    if isinstance(value, str):
        return Option(code, sanitise(value) or code)
    item = as_located(value, place)
    fields.known(item, OPTION)
    return Option(code, fields.rich(item, "text") or code, fields.value(item))


def _slug(text: str) -> str:
    return re.sub(r"[^\w.:+~-]+", "_", text).strip("_")[:60] or "choice"
