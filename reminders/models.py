"""The tables of reminders: what was said to whom, whose day was looked at, what was put off."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.columns import Id, by_value
from foundation.db import Model
from reminders.ladders import Kind

NOBODY = UUID(int=0)
"""The recipient of a step that is an act and no letter, such as opening a review."""


class Reminder(Model):
    """A step that was taken. The unique key is the claim: the second worker gets nothing."""

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("kind", "subject_id", "step", "due_on", "recipient_id"),
        Index("ix_reminder_subject", "subject_id"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    subject_id: Mapped[UUID]
    step: Mapped[str]
    due_on: Mapped[date]
    """The date the thing falls due; a moved date starts the ladder anew."""
    stamped_at: Mapped[datetime]
    recipient_id: Mapped[UUID]
    """A person, or NOBODY."""


class DigestDay(Model):
    """The last day of their own calendar that was looked at for somebody."""

    __tablename__ = "digest_day"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    day: Mapped[date]


class Snooze(Model):
    """Somebody put a thing off: its reminders to them wait until a day, for a reason."""

    __tablename__ = "snooze"
    __table_args__ = (
        CheckConstraint("reason != ''", name="has_reason"),
        CheckConstraint("is_past_due OR until_on <= due_on", name="past_due_is_said"),
        UniqueConstraint("kind", "subject_id", "person_id"),
        Index("ix_snooze_until", "until_on"),
    )

    id: Mapped[Id]
    kind: Mapped[Kind] = mapped_column(by_value(Kind, name="kind"))
    subject_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date]
    """The date the thing carried then; a moved date ends the silence."""
    until_on: Mapped[date]
    """The first day on which it is told again."""
    reason: Mapped[str]
    is_past_due: Mapped[bool]
    """Whoever put it off said that they know it is silent beyond its date."""
    created_at: Mapped[datetime]


class SweepLease(Model):
    """Who sweeps now. The fence grows with every lease; an old number may not write."""

    __tablename__ = "sweep_lease"

    name: Mapped[str] = mapped_column(primary_key=True)
    fence: Mapped[int]
    taken_at: Mapped[datetime]
    leased_until: Mapped[datetime]


class Heartbeat(Model):
    """When a worker was last alive and what its last sweep did."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    summary: Mapped[str] = mapped_column(default="")
