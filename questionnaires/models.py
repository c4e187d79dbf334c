"""Tables of questionnaires and assessments: what is asked, of whom, until when."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.columns import Id, by_value
from foundation.db import Model, Moving, Versioned
from questionnaires.rules import LIVE, AssessmentState
from vendors.models import Contact, Vendor

LOOK_AT_ONCE = date(2000, 1, 1)
"""Stands in `remind_on` of a new or moved window: the next sweep finds out which day it is."""
LIVE_STATES = tuple(state for state in AssessmentState if state in LIVE)
"""Those nobody has closed, in one order: there are few, whatever there was before."""
_LIVE = f"state IN ({', '.join(repr(each.value) for each in LIVE_STATES)})"
QUIET = timedelta(days=3)
"""After a letter about a new due date: no reminder follows within 48 hours (ruling 8)."""


class QuestionnaireRecord(Model):
    """A questionnaire by its stable code; its content is in numbered versions."""

    __tablename__ = "questionnaire"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    format: Mapped[str]
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]


class QuestionnaireVersion(Model):
    """One version, never changed: sending an assessment freezes it by pointing here."""

    __tablename__ = "questionnaire_version"
    __table_args__ = (
        UniqueConstraint("questionnaire_id", "number"),
        UniqueConstraint("questionnaire_id", "sha256"),
    )

    id: Mapped[Id]
    questionnaire_id: Mapped[UUID] = mapped_column(ForeignKey("questionnaire.id"))
    number: Mapped[int]
    title: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    """questionnaires.content.to_json: questions, options, rules, weights."""
    sha256: Mapped[str]
    """Hex, of the canonical bytes."""
    n_sections: Mapped[int]
    n_questions: Mapped[int]
    scoring_model: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Weights, answer values and assurance levels this version is judged by."""
    created_at: Mapped[datetime]

    questionnaire: Mapped[QuestionnaireRecord] = relationship(lazy="raise")


class Assessment(Moving, Versioned, Model):
    """One sending of a questionnaire version to a vendor."""

    __tablename__ = "assessment"
    __days__ = ("due_on",)
    __table_args__ = (
        CheckConstraint(
            "state NOT IN ('submitted', 'returned', 'accepted') OR submitted_at IS NOT NULL",
            name="submitted_has_moment",
        ),
        Index("ix_assessment_vendor", "vendor_id", "sent_at"),
        Index(
            "ix_assessment_live",
            "vendor_id",
            "due_on",
            sqlite_where=text(_LIVE),
            postgresql_where=text(_LIVE),
        ),
        Index(
            "ix_assessment_remind",
            "remind_on",
            sqlite_where=text("state IN ('sent', 'answering', 'returned')"),
            postgresql_where=text("state IN ('sent', 'answering', 'returned')"),
        ),
        Index(
            "ix_assessment_due",
            "due_on",
            sqlite_where=text("state IN ('sent', 'answering', 'returned')"),
            postgresql_where=text("state IN ('sent', 'answering', 'returned')"),
        ),
    )

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(unique=True)
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendor.id"))
    questionnaire_version_id: Mapped[UUID] = mapped_column(ForeignKey("questionnaire_version.id"))
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contact.id"))
    state: Mapped[AssessmentState] = mapped_column(by_value(AssessmentState, name="state"))
    round: Mapped[int] = mapped_column(default=1)
    """1 for the first submission, one more each time it comes back."""
    message: Mapped[str] = mapped_column(default="")
    """What the sender wrote to the vendor."""
    exposure: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """The facts at sending; None, from before they were kept, counts as nothing known."""
    sent_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    sent_at: Mapped[datetime]
    due_on: Mapped[date]
    remind_on: Mapped[date | None] = mapped_column(
        default=LOOK_AT_ONCE, server_default=LOOK_AT_ONCE.isoformat()
    )
    """When the reminders look at it next; None is never again, unless its window is moved."""
    started_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    n_visible: Mapped[int] = mapped_column(default=0)
    n_answered: Mapped[int] = mapped_column(default=0)
    score: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """The stored arithmetic of the last change; None while nothing is scorable."""
    claimed: Mapped[float | None]
    evidenced: Mapped[float | None]
    """Shares from 0 to 1, kept for lists."""

    vendor: Mapped[Vendor] = relationship(lazy="raise")
    contact: Mapped[Contact] = relationship(lazy="raise")
    questionnaire_version: Mapped[QuestionnaireVersion] = relationship(lazy="raise")
