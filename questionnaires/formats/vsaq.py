"""Reads Google's VSAQ questionnaires exactly as they are published.

A section is a second-level block; what stands outside one is gathered in a section of its own.
The files carry no weights, so what comes of them is never scored: their warnings propose findings.
A choice to make (radiogroup, yesno) must be answered; anything else only where the file says so.
"""

import re
from collections.abc import Iterator

from questionnaires.conditions import ALWAYS, All, Condition
from questionnaires.formats import loose_json
from questionnaires.formats.located import Located, Unreadable, text_of
from questionnaires.formats.outcome import Counts, Import, refused
from questionnaires.formats.vsaq_file import VsaqFile
from questionnaires.formats.vsaq_items import Builder
from questionnaires.nodes import Node, Questionnaire, Section, questions_of
from questionnaires.problem import Problem
from questionnaires.richtext import plain, sanitise
from questionnaires.soundness import faults_of

FORMAT = "vsaq"
MAX_BYTES = 5_000_000
_ROOT_KEYS = {"version", "questionnaire", "extensions"}


def read(payload: bytes, name: str) -> Import:
    """Read a VSAQ file; refused with its problems when it is broken or can never be answered."""
    file = VsaqFile()
    try:
        root = loose_json.parse(text_of(payload, MAX_BYTES))
        return _import(file, root, name)
    except Unreadable as refusal:
        return refused(FORMAT, Problem(refusal.where, refusal.what, refusal.fix), *file.problems)


def _import(file: VsaqFile, root: object, name: str) -> Import:
    if not isinstance(root, Located) or not {"questionnaire", "extensions"} & root.keys():
        raise Unreadable(
            "This is not a VSAQ questionnaire.",
            "the whole file",
            'A VSAQ file is one object with the key "questionnaire".',
        )
    _remark_on_root(file, root)
    items = file.children(root, "questionnaire")
    extensions = file.children(root, "extensions")
    builder = Builder(file, file.name_all(items + extensions))
    title = _title(file, items) or _stem(name)
    questionnaire = Questionnaire(
        code=re.sub(r"[^a-z0-9]+", "_", _stem(name).lower()).strip("_") or "questionnaire",
        title=title,
        format=FORMAT,
        sections=tuple(_sections(builder, items, extensions, title)),
    )
    faults = faults_of(questionnaire)
    if faults:
        return refused(FORMAT, *faults, *file.problems)
    counts = Counts(
        sections=len(questionnaire.sections),
        questions=len(questions_of(questionnaire)),
        options=builder.choice_count,
        conditions=builder.condition_count,
    )
    return Import(questionnaire, FORMAT, counts, tuple(file.problems))


def _remark_on_root(file: VsaqFile, root: Located) -> None:
    for key in root.keys() - _ROOT_KEYS:
        file.remark(root, key, f'The key "{key[:40]}" is not carried over.', "Nothing is needed.")
    if "extensions" in root:
        file.remark(
            root,
            "extensions",
            "This file extends another questionnaire; what it adds is imported on its own.",
            "Move its blocks into the other file if they belong together.",
        )


def _sections(
    builder: Builder, items: tuple[Located, ...], extensions: tuple[Located, ...], title: str
) -> Iterator[Section]:
    loose: list[Located] = []
    for item in items:
        if item["type"] != "block":
            loose.append(item)
            continue
        yield from _gathered(builder, loose, "questions", title, ALWAYS)
        loose = []
        yield from _sections_of_root(builder, item)
    yield from _gathered(builder, loose, "questions_at_the_end", title, ALWAYS)
    for block in extensions:
        if block["type"] == "block":
            yield _section(builder, block, ALWAYS)
        else:
            code = builder.file.codes[id(block)] + "_alone"
            yield from _gathered(builder, [block], code, title, ALWAYS)


def _sections_of_root(builder: Builder, root: Located) -> Iterator[Section]:
    own = builder.condition(root)
    code = builder.file.codes[id(root)]
    title = plain(sanitise(builder.file.text(root, "text")))
    loose: list[Located] = []
    run = 0
    for item in builder.file.children(root):
        if item["type"] != "block":
            loose.append(item)
            continue
        yield from _gathered(builder, loose, f"{code}_part_{run}" if run else code, title, own)
        run += bool(loose)
        loose = []
        yield _section(builder, item, own)
    yield from _gathered(builder, loose, f"{code}_part_{run}" if run else code, title, own)


def _gathered(
    builder: Builder, loose: list[Located], code: str, title: str, condition: Condition
) -> Iterator[Section]:
    nodes = builder.nodes(tuple(loose))
    if nodes:
        yield Section(code, title or "Questions", condition=condition, nodes=nodes)


def _section(builder: Builder, block: Located, outer: Condition) -> Section:
    own = builder.condition(block)
    both = [condition for condition in (outer, own) if condition != ALWAYS]
    nodes: tuple[Node, ...] = builder.nodes(builder.file.children(block))
    return Section(
        code=builder.file.codes[id(block)],
        title=plain(sanitise(builder.file.text(block, "text"))) or "Section without a title",
        condition=ALWAYS if not both else both[0] if len(both) == 1 else All(tuple(both)),
        nodes=nodes,
    )


def _title(file: VsaqFile, items: tuple[Located, ...]) -> str:
    blocks = [item for item in items if item["type"] == "block"]
    return plain(sanitise(file.text(blocks[0], "text"))) if len(blocks) == 1 else ""


def _stem(name: str) -> str:
    """Return the file's name without its ending, as words for a title."""
    stem = re.sub(r"\.\w{1,8}$", "", name.replace("\\", "/").rsplit("/", 1)[-1])
    return re.sub(r"[\s_\-]+", " ", stem).strip().capitalize()[:120] or "Questionnaire"
