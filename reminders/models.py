"""The table of reminders: each step of each thing happens once."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.columns import Id
from foundation.db import Model


class Reminder(Model):
    """A step that was taken. The unique key is the claim: the second worker gets nothing."""

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("kind", "subject_id", "step", "due_on"),
        Index("ix_reminder_subject", "subject_id"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    subject_id: Mapped[UUID]
    step: Mapped[str]
    due_on: Mapped[date]
    """The date the thing falls due; a moved date starts the ladder anew."""
    stamped_at: Mapped[datetime]
    recipient_id: Mapped[UUID | None]


class Heartbeat(Model):
    """When a worker was last alive and what its last sweep did."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    summary: Mapped[str] = mapped_column(default="")
