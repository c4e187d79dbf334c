"""The whole assessment looked over before it is handed in, and copied after."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from markupsafe import Markup

from portal.question_cards import anchor_of, rich, said_to, words_of
from portal.rules import is_below_bar
from questionnaires.answer_rows import CitationRow
from questionnaires.given import NOTHING
from questionnaires.nodes import Question, Section, Tip, nodes_of
from questionnaires.richtext import plain
from questionnaires.sheet import Sheet, problems_of


@dataclass(frozen=True, slots=True)
class Line:
    """One question that needs a look: where it is and what to say about it."""

    section_code: str
    section_title: str
    anchor: str
    text: str
    words: str


@dataclass(frozen=True, slots=True)
class Check:
    """What a person should see before declaring the answers true."""

    n_visible: int
    n_answered: int
    n_files: int
    missing: tuple[Line, ...]
    low: tuple[Line, ...]
    not_applicable: tuple[Line, ...]
    people: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Copied:
    """One answer as it is read: what was chosen or written, and what was said to it."""

    anchor: str
    text: Markup
    chosen: str
    comment: str
    is_not_applicable: bool
    is_low: bool
    by_name: str
    at: datetime | None
    files: tuple[CitationRow, ...]

    @property
    def is_given(self) -> bool:
        """Whether anything was said or cited."""
        return bool(self.is_not_applicable or self.chosen or self.comment or self.files)


@dataclass(frozen=True, slots=True)
class CopiedSection:
    """The visible part of a section with what was said to it, and how many are answered."""

    code: str
    title: str
    n_answered: int
    n_visible: int
    answers: tuple[Copied, ...]


def check_of(seen: Sheet) -> Check:
    """Return what stands out in an assessment."""
    places = {
        node.code: (section, node)
        for section in seen.form.sections
        for node in nodes_of(section.nodes)
        if isinstance(node, Question)
    }
    problems = [problem for problem in problems_of(seen) if problem.code in places]
    missing = tuple(_line(*places[each.code], each.sentence) for each in problems)
    open_ones = {problem.code for problem in problems}
    said = [(s, q, seen.given.get(q.code, NOTHING)) for s, q in places.values()]
    answered_by = Counter(row.by_name for row in seen.answers.values() if row.code in places)
    return Check(
        n_visible=seen.progress.total.total,
        n_answered=seen.progress.total.answered,
        n_files=len({row.evidence_id for rows in seen.citations.values() for row in rows}),
        missing=missing,
        low=tuple(_line(s, q, words_of(q, g)) for s, q, g in said if is_below_bar(q, g)),
        not_applicable=tuple(
            _line(s, q, g.reason)
            for s, q, g in said
            if g.not_applicable and q.code not in open_ones
        ),
        people=tuple(answered_by.most_common()),
    )


def copy_of(seen: Sheet, mine: frozenset[UUID]) -> list[CopiedSection]:
    """Return the visible questions and answers, section by section; `mine` are files to show."""
    return [
        CopiedSection(
            code=one.code,
            title=one.title,
            n_answered=seen.progress.sections[one.code].answered,
            n_visible=seen.progress.sections[one.code].total,
            answers=tuple(_copied(seen, one, mine)),
        )
        for one in seen.form.sections
    ]


def _copied(seen: Sheet, section: Section, mine: frozenset[UUID]) -> Iterator[Copied]:
    for node in nodes_of(section.nodes):
        if not isinstance(node, Question | Tip):
            continue
        row = seen.answers.get(node.code)
        if isinstance(node, Tip) and (row is None or not row.text):
            continue
        given = seen.given.get(node.code, NOTHING)
        chosen, comment = said_to(node, given)
        yield Copied(
            anchor=anchor_of(node.code),
            text=rich(node.text),
            chosen=chosen,
            comment=comment,
            is_not_applicable=given.not_applicable,
            is_low=isinstance(node, Question) and is_below_bar(node, given),
            by_name=row.by_name if row else "",
            at=row.updated_at if row else None,
            files=tuple(f for f in seen.citations.get(node.code, []) if f.evidence_id in mine),
        )


def _line(section: Section, question: Question, words: str) -> Line:
    text = plain(question.text)
    return Line(section.code, section.title, anchor_of(question.code), text, words)
