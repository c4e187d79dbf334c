"""A section as it is drawn: questions, tips, notes and headings, each with what was said."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from markupsafe import Markup

from portal.rules import digest, is_below_bar
from questionnaires.answer_commands import Theirs
from questionnaires.answer_rows import CitationRow, ClarificationRow
from questionnaires.given import NOTHING, Given
from questionnaires.nodes import Group, Node, Note, Question, QuestionKind, Section, Tip, nodes_of
from questionnaires.richtext import plain, sanitise
from questionnaires.scope import codes_left_out
from questionnaires.sheet import Sheet

NO_TEXT = Markup()
_ODD = re.compile(r"[^A-Za-z0-9_-]")


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose."""

    code: str
    id: str
    text: Markup
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One part of a section; `shape` is question, tip, note or heading."""

    shape: str
    code: str
    anchor: str
    text: Markup
    is_shown: bool = True
    question: Question | None = None
    choices: tuple[Choice, ...] = ()
    said: Given = NOTHING
    version: int = 0
    base: str = ""
    error: str = ""
    theirs: Theirs | None = None
    help: Markup = NO_TEXT
    why: Markup = NO_TEXT
    is_coached: bool = False
    takes_text: bool = False
    citations: tuple[CitationRow, ...] = ()
    asked_back: tuple[ClarificationRow, ...] = ()

    @property
    def kind(self) -> str:
        """How the question is answered."""
        return self.question.kind.value if self.question else ""


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form brought that could not be stored, by code."""

    said: Mapping[str, Given] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    clashes: Mapping[str, Theirs] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        """Whether everything was stored."""
        return not self.errors and not self.clashes

    def with_refusal(self, code: str, sentence: str) -> "Typed":
        """Return this with one more refusal, or as it is when there is none."""
        return replace(self, errors={**self.errors, code: sentence}) if sentence else self


def anchor_of(code: str) -> str:
    """Return the id of a part on the page, safe in an address and in a name."""
    return "q-" + _ODD.sub(lambda odd: f".{ord(odd[0]):x}", code)


def rich(text: str) -> Markup:
    """Return a questionnaire's rich text for the page, cut to harmless tags once more."""
    return Markup(sanitise(text))  # noqa: S704  sanitise returns a closed list of tags


def cards_of(
    sheet: Sheet, section: Section, *, mine: frozenset[UUID], typed: Typed | None = None
) -> tuple[Card, ...]:
    """Return every part of a section that answers can show, those that are hidden now marked.

    What is out of scope is left out; `mine` are the files it may show.
    """
    seen = next((one for one in sheet.form.sections if one.code == section.code), None)
    shown = frozenset(node.code for node in nodes_of(seen.nodes)) if seen else frozenset[str]()
    out = codes_left_out(sheet.questionnaire, sheet.exposure)
    maker = _Maker(sheet, shown, out, mine, typed or Typed())
    return tuple(maker.cards(section.nodes))


@dataclass(frozen=True, slots=True)
class _Maker:
    sheet: Sheet
    shown: frozenset[str]
    out: frozenset[str]
    mine: frozenset[UUID]
    typed: Typed

    def cards(self, nodes: tuple[Node, ...]) -> Iterator[Card]:
        for node in nodes:
            if node.code in self.out:
                continue
            if isinstance(node, Group):
                yield self._plain("heading", node.code, Markup.escape(node.title))
                yield from self.cards(node.nodes)
            elif isinstance(node, Note):
                yield self._plain("note", node.code, rich(node.text))
            elif isinstance(node, Tip):
                yield self._tip(node)
            else:
                yield self._question(node)

    def _plain(self, shape: str, code: str, text: Markup) -> Card:
        return Card(shape, code, anchor_of(code), text, code in self.shown)

    def _stored(self, code: str) -> tuple[Given, int]:
        row = self.sheet.answers.get(code)
        return (row.given, row.version) if row else (NOTHING, 0)

    def _tip(self, tip: Tip) -> Card:
        stored, version = self._stored(tip.code)
        return Card(
            "tip",
            tip.code,
            anchor_of(tip.code),
            rich(tip.text),
            tip.code in self.shown,
            said=self.typed.said.get(tip.code, stored),
            version=version,
            base=f"{version}.{digest(stored)}",
            error=self.typed.errors.get(tip.code, ""),
            theirs=self.typed.clashes.get(tip.code),
            why=rich(tip.why_prompt),
            takes_text=bool(tip.is_warning or tip.why_prompt),
        )

    def _question(self, question: Question) -> Card:
        code = question.code
        stored, version = self._stored(code)
        said = self.typed.said.get(code, stored)
        return Card(
            "question",
            code,
            anchor_of(code),
            rich(question.text),
            code in self.shown,
            question=question,
            choices=_choices(question, said),
            said=said,
            version=version,
            base=f"{version}.{digest(stored)}",
            error=self.typed.errors.get(code, ""),
            theirs=self.typed.clashes.get(code),
            help=rich(question.help),
            why=rich(question.why_we_ask),
            is_coached=is_below_bar(question, said),
            takes_text=question.kind is not QuestionKind.FILE,
            citations=tuple(
                row for row in self.sheet.citations.get(code, []) if row.evidence_id in self.mine
            ),
            asked_back=tuple(
                row for row in self.sheet.clarifications.get(code, []) if is_for_vendor(row)
            ),
        )


def is_for_vendor(row: ClarificationRow) -> bool:
    """Return whether a question asked back was sent and still stands."""
    return row.sent_at is not None and row.withdrawn_at is None


def _choices(question: Question, said: Given) -> tuple[Choice, ...]:
    anchor = anchor_of(question.code)
    return tuple(
        Choice(option.code, f"{anchor}.{number}", rich(option.text), option.code in said.options)
        for number, option in enumerate(question.options)
    )


def words_of(question: Question, said: Given) -> str:
    """Return an answer in words, on one line for each thing said."""
    return "\n".join(each for each in said_to(question, said) if each)


def said_to(node: Question | Tip, said: Given) -> tuple[str, str]:
    """Return an answer in words, and the comment to it where the answer itself was a choice."""
    if said.not_applicable:
        return said.reason, ""
    options = node.options if isinstance(node, Question) else ()
    if not options:
        return said.text, ""
    return ", ".join(plain(each.text) for each in options if each.code in said.options), said.text
