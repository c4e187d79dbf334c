"""Tables of answers: what was said, by whom, with what proof."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from audit.actions import ActorKind
from foundation.columns import Id, by_value
from foundation.db import Model, Versioned
from questionnaires.rules import is_declared


class Answer(Versioned, Model):
    """The present answer to one question; hidden ones are kept, never counted."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("assessment_id", "code"),)

    id: Mapped[Id]
    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id"))
    code: Mapped[str]
    """The question's stable code in the frozen version."""
    options: Mapped[list[str]] = mapped_column(JSON)
    text: Mapped[str] = mapped_column(default="")
    is_not_applicable: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(default="")
    """Why it does not apply; never empty when it does not."""
    sequence: Mapped[int] = mapped_column(BigInteger, default=0)
    """The browser's own counter: a late repeat of an older save is dropped."""
    updated_at: Mapped[datetime]
    updated_by_kind: Mapped[ActorKind] = mapped_column(by_value(ActorKind, name="updated_by"))
    updated_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    """A member of staff when answered on the vendor's behalf, and shown as such."""


class AnswerEvent(Model):
    """One change of an answer, appended and never altered."""

    __tablename__ = "answer_event"
    __table_args__ = (UniqueConstraint("answer_id", "number"),)

    id: Mapped[Id]
    answer_id: Mapped[UUID] = mapped_column(ForeignKey("answer.id"))
    number: Mapped[int]
    at: Mapped[datetime]
    by_kind: Mapped[ActorKind] = mapped_column(by_value(ActorKind, name="by"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    how: Mapped[str]
    """typed, reconfirmed, imported or on_behalf."""
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)


class Citation(Model):
    """A file cited from an answer: once uploaded, cited many times."""

    __tablename__ = "citation"
    __table_args__ = (
        UniqueConstraint("assessment_id", "code", "evidence_id"),
        Index("ix_citation_evidence", "evidence_id"),
    )

    id: Mapped[Id]
    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id"))
    code: Mapped[str]
    evidence_id: Mapped[UUID] = mapped_column(ForeignKey("evidence.id"))
    page: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    cited_at: Mapped[datetime]
    cited_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)


class SectionAssignment(Model):
    """A section handed to a colleague at the vendor."""

    __tablename__ = "section_assignment"
    __table_args__ = (UniqueConstraint("assessment_id", "section_code", "contact_id"),)

    id: Mapped[Id]
    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id"))
    section_code: Mapped[str]
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contact.id"))
    assigned_at: Mapped[datetime]


class Submission(Model):
    """One round handed in by a named person; a round is handed in once.

    The first is declared true, in a role; a later one replies to what was asked back.
    """

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("assessment_id", "round"),)

    id: Mapped[Id]
    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id"))
    round: Mapped[int]
    at: Mapped[datetime]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    declared_name: Mapped[str]
    declared_role: Mapped[str]
    n_answers: Mapped[int]
    content_sha256: Mapped[str]
    """Hex, of the canonical answers and citations at that moment."""

    @property
    def is_declared(self) -> bool:
        """Whether somebody declared the answers true in this round."""
        return is_declared(self.round)


class Clarification(Versioned, Model):
    """A question asked back about one answer."""

    __tablename__ = "clarification"
    __table_args__ = (
        Index(
            "uq_clarification_open",
            "assessment_id",
            "code",
            unique=True,
            sqlite_where=text("answered_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=text("answered_at IS NULL AND withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id"), index=True)
    code: Mapped[str]
    text: Mapped[str]
    asked_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    """Piles up until the reviewer returns the assessment; then all go out as one mail."""
    reply: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
