"""The table of the outbox."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.columns import Id, by_value
from foundation.db import Model
from mail.rules import LetterState


class Letter(Model):
    """One mail, written in the transaction of the change that caused it."""

    __tablename__ = "outbox_letter"
    __table_args__ = (
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_moment"),
        Index(
            "ix_outbox_letter_due",
            "next_try_at",
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
        # Few letters ever fail, and a first page asks for them at each visit.
        Index(
            "ix_outbox_letter_failed",
            "about_id",
            sqlite_where=text("state = 'failed'"),
            postgresql_where=text("state = 'failed'"),
        ),
    )

    id: Mapped[Id]
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    """Set by the writer, recipient included: the same letter is never written twice."""
    kind: Mapped[str]
    to_email: Mapped[str]
    to_name: Mapped[str]
    subject: Mapped[str]
    body_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Wiped once sent; kept where the outbox page is the only way to read it."""
    message_id: Mapped[str] = mapped_column(unique=True)
    state: Mapped[LetterState] = mapped_column(by_value(LetterState, name="state"))
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)
    """Grows with every lease; a worker with an old number may not mark."""
    last_error: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    about_id: Mapped[UUID | None]
    """What it is about, as its writer says; whoever looks after that hears when it failed."""
    stop_path: Mapped[str] = mapped_column(default="", server_default="")
    """Where the reader stops letters of this kind with one click; empty where nobody may."""


class Stop(Model):
    """Somebody does not want one kind of letter any more."""

    __tablename__ = "mail_stop"

    email: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    stopped_at: Mapped[datetime]
