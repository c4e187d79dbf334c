"""Saving a whole section at once: what the form of a page without scripts brings."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from foundation.errors import Conflict, Refused
from identity.rules import Author
from portal.question_cards import Typed, anchor_of
from portal.rules import digest
from questionnaires.answer_commands import RawAnswer, Saved, Theirs, cleaned, save_answer
from questionnaires.checking import refusal_of_reason
from questionnaires.given import Given
from questionnaires.models import Assessment
from questionnaires.nodes import Question, Questionnaire, Section, Tip, nodes_of


@dataclass(frozen=True, slots=True)
class Posted:
    """One answer of a form, and what it was made from."""

    raw: RawAnswer
    base_version: int
    base_digest: str


def save_changed(
    session: Session,
    assessment: Assessment,
    posted: list[Posted],
    questionnaire: Questionnaire,
    *,
    by: Author,
    at: datetime,
) -> tuple[Typed, Saved | None]:
    """Store every answer the form changed; return what could not be stored and the last save."""
    said: dict[str, Given] = {}
    errors: dict[str, str] = {}
    clashes: dict[str, Theirs] = {}
    last: Saved | None = None
    for one in posted:
        code = one.raw.code
        try:
            said[code] = cleaned(questionnaire, one.raw)
            errors |= _unexplained(code, said[code])
            if digest(said[code]) == one.base_digest:
                del said[code]
                continue
            last = save_answer(
                session,
                assessment,
                one.raw,
                base_version=one.base_version,
                sequence=0,
                by=by,
                at=at,
            )
            del said[code]
        except Conflict as clash:
            errors[code] = str(clash)
            if isinstance(clash.theirs, Theirs):
                clashes[code] = clash.theirs
        except Refused as refusal:
            said.setdefault(code, _as_typed(one.raw))
            errors[code] = str(refusal)
    return Typed(said, errors, clashes), last


def posted_in(section: Section, form: MultiDict[str, str]) -> list[Posted]:
    """Return the answers of a section a form brings; parts it did not print are left out."""
    return list(_posted(section, form))


def _posted(section: Section, form: MultiDict[str, str]) -> Iterator[Posted]:
    for node in nodes_of(section.nodes):
        if not isinstance(node, Question | Tip):
            continue
        name = anchor_of(node.code)
        version, _, mark = form.get(f"{name}:base", "").partition(".")
        if not version.isdecimal() or len(version) > 9:
            continue
        if form.get(f"{name}:take"):
            continue
        yield Posted(raw_in(form, node.code, prefix=f"{name}:"), int(version), mark)


def raw_in(form: MultiDict[str, str], code: str, *, prefix: str = "") -> RawAnswer:
    """Return one answer as a form brings it."""
    return RawAnswer(
        code=code,
        options=tuple(form.getlist(f"{prefix}options")),
        text=form.get(f"{prefix}text", ""),
        not_applicable=bool(form.get(f"{prefix}not_applicable")),
        reason=form.get(f"{prefix}reason", ""),
    )


def _unexplained(code: str, given: Given) -> dict[str, str]:
    """Return what is missing beside "does not apply"; it is stored all the same."""
    sentence = refusal_of_reason(given.reason) if given.not_applicable else ""
    return {code: sentence} if sentence else {}


def _as_typed(raw: RawAnswer) -> Given:
    return Given(frozenset(raw.options), raw.text, raw.not_applicable, raw.reason)
