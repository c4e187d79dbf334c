"""Answers, citations and clarifications read as columns, by the code of their question."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import BindParameter, Select, Text, bindparam, cast, select
from sqlalchemy.orm import Session

from audit.actions import ActorKind
from evidence.models import Evidence
from evidence.rules import GIVEN_OUT, EvidenceKind, ScanState
from identity.models import Person
from questionnaires.answer_models import Answer, Citation, Clarification
from questionnaires.given import Given


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """What is stored for one question, who said it and when; `version` counts its changes."""

    answer_id: UUID
    code: str
    options: tuple[str, ...]
    text: str
    is_not_applicable: bool
    reason: str
    version: int
    sequence: int
    updated_at: datetime
    by_kind: ActorKind
    by_id: UUID
    by_name: str

    @property
    def given(self) -> Given:
        """The answer without its files."""
        return Given(frozenset(self.options), self.text, self.is_not_applicable, self.reason)


@dataclass(frozen=True, slots=True)
class CitationRow:
    """One file cited from one answer."""

    citation_id: UUID
    code: str
    evidence_id: UUID
    reference: str
    title: str
    original_name: str
    kind: EvidenceKind
    valid_until: date | None
    scan_state: ScanState
    sha256: bytes
    erased_at: datetime | None
    page: str
    note: str
    cited_at: datetime

    @property
    def counts(self) -> bool:
        """Whether the file can prove anything: it is still there, and somebody can open it."""
        return self.erased_at is None and self.scan_state in GIVEN_OUT


@dataclass(frozen=True, slots=True)
class ClarificationRow:
    """One question asked back, and its reply."""

    clarification_id: UUID
    code: str
    text: str
    asked_by_name: str
    asked_at: datetime
    sent_at: datetime | None
    reply: str
    answered_at: datetime | None
    withdrawn_at: datetime | None
    version: int

    @property
    def is_piled_up(self) -> bool:
        """Whether it waits to be sent."""
        return self.sent_at is None and self.withdrawn_at is None

    @property
    def is_waiting_for_reply(self) -> bool:
        """Whether the vendor has it and has not replied."""
        return self.sent_at is not None and self.answered_at is None and self.withdrawn_at is None

    def is_asked_since(self, submitted_at: datetime | None) -> bool:
        """Return whether it was sent after this submission and still stands."""
        if self.sent_at is None or self.withdrawn_at is not None:
            return False
        return submitted_at is None or self.sent_at >= submitted_at


class Coded(Protocol):
    """Anything that belongs to the code of a question."""

    @property
    def code(self) -> str:
        """The stable code."""


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_ANSWERS: Select[*tuple[Any, ...]] = (
    select(
        Answer.assessment_id,
        Answer.id,
        Answer.code,
        cast(Answer.options, Text),
        Answer.text,
        Answer.is_not_applicable,
        Answer.reason,
        Answer.version,
        Answer.sequence,
        Answer.updated_at,
        Answer.updated_by_kind,
        Answer.updated_by_id,
        Person.name,
    )
    .join(Person, Person.id == Answer.updated_by_id)
    .where(Answer.assessment_id.in_(_IDS))
)
_CITATIONS: Select[*tuple[Any, ...]] = (
    select(
        Citation.assessment_id,
        Citation.id,
        Citation.code,
        Evidence.id,
        Evidence.reference,
        Evidence.title,
        Evidence.original_name,
        Evidence.kind,
        Evidence.valid_until,
        Evidence.scan_state,
        Evidence.sha256,
        Evidence.erased_at,
        Citation.page,
        Citation.note,
        Citation.cited_at,
    )
    .join(Evidence, Evidence.id == Citation.evidence_id)
    .where(Citation.assessment_id.in_(_IDS))
    .order_by(Citation.cited_at, Citation.id)
)
_CLARIFICATIONS: Select[*tuple[Any, ...]] = (
    select(
        Clarification.assessment_id,
        Clarification.id,
        Clarification.code,
        Clarification.text,
        Person.name,
        Clarification.asked_at,
        Clarification.sent_at,
        Clarification.reply,
        Clarification.answered_at,
        Clarification.withdrawn_at,
        Clarification.version,
    )
    .join(Person, Person.id == Clarification.asked_by_id)
    .where(Clarification.assessment_id.in_(_IDS))
    .order_by(Clarification.asked_at, Clarification.id)
)


Row = TypeVar("Row", bound=Coded)


def answers_of(session: Session, assessment_id: UUID) -> dict[str, AnswerRow]:
    """Return the present answers of an assessment."""
    return answers_in(session, [assessment_id]).get(assessment_id, {})


def answers_in(
    session: Session, assessment_ids: Collection[UUID]
) -> dict[UUID, dict[str, AnswerRow]]:
    """Return the present answers of several assessments, in one statement."""
    found: dict[UUID, dict[str, AnswerRow]] = defaultdict(dict)
    for assessment_id, answer_id, code, options, *rest in _read(session, _ANSWERS, assessment_ids):
        found[assessment_id][code] = AnswerRow(answer_id, code, _options_in(options), *rest)
    return dict(found)


@lru_cache(maxsize=4096)
def _options_in(text: str) -> tuple[str, ...]:
    """Read a stored list of options: a questionnaire has few, and an assessment many answers."""
    return tuple(json.loads(text))


def citations_of(session: Session, assessment_id: UUID) -> dict[str, list[CitationRow]]:
    """Return the files cited in an assessment, in the order they were cited."""
    return citations_in(session, [assessment_id]).get(assessment_id, {})


def citations_in(
    session: Session, assessment_ids: Collection[UUID]
) -> dict[UUID, dict[str, list[CitationRow]]]:
    """Return the files cited in several assessments, in one statement."""
    read = _read(session, _CITATIONS, assessment_ids)
    return _by_code((row[0], CitationRow(*row[1:])) for row in read)


def clarifications_of(session: Session, assessment_id: UUID) -> dict[str, list[ClarificationRow]]:
    """Return every question asked back in an assessment, oldest first."""
    return clarifications_in(session, [assessment_id]).get(assessment_id, {})


def clarifications_in(
    session: Session, assessment_ids: Collection[UUID]
) -> dict[UUID, dict[str, list[ClarificationRow]]]:
    """Return every question asked back in several assessments, in one statement."""
    read = _read(session, _CLARIFICATIONS, assessment_ids)
    return _by_code((row[0], ClarificationRow(*row[1:])) for row in read)


def _read(
    session: Session, chosen: Select[*tuple[Any, ...]], assessment_ids: Collection[UUID]
) -> Iterable[Any]:
    """Return the rows of a statement as the driver gives them: an assessment has hundreds."""
    session.flush()
    return session.connection().execute(chosen, {"ids": list(assessment_ids)})


def _by_code(rows: Iterable[tuple[UUID, Row]]) -> dict[UUID, dict[str, list[Row]]]:
    grouped: dict[UUID, dict[str, list[Row]]] = defaultdict(dict)
    for assessment_id, row in rows:
        grouped[assessment_id].setdefault(row.code, []).append(row)
    return dict(grouped)
