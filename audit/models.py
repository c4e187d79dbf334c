"""The table of the ledger."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from audit.actions import ActorKind
from foundation.columns import by_value
from foundation.db import Model


class Entry(Model):
    """One effect. Never changed, never removed: the database refuses both."""

    __tablename__ = "ledger_entry"
    __table_args__ = (Index("ix_ledger_entry_subject", "subject_kind", "subject_id"),)

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_kind: Mapped[ActorKind] = mapped_column(by_value(ActorKind, name="actor_kind"))
    actor_id: Mapped[UUID]
    """Pseudonymous: erasing the person leaves the chain valid."""
    on_behalf_id: Mapped[UUID | None]
    request_id: Mapped[str]
    ip: Mapped[str]
    action: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    detail: Mapped[dict[str, object]] = mapped_column(JSON)
    mac: Mapped[bytes] = mapped_column(LargeBinary)
    """HMAC-SHA256 over the previous mac, seq and the canonical body."""


class Head(Model):
    """The one row that holds the end of the chain; locking it serialises writers."""

    __tablename__ = "ledger_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    mac: Mapped[bytes] = mapped_column(LargeBinary)
