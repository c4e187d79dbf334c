"""The table of the ledger."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from audit.actions import ActorKind
from audit.words import COMMITMENT
from foundation.columns import Id, by_value
from foundation.db import Model


class Entry(Model):
    """One effect. Never changed, never removed: the database refuses both."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        Index("ix_ledger_entry_subject", "subject_kind", "subject_id"),
        Index("ix_ledger_entry_actor", "actor_id"),
    )

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
    chained: Mapped[dict[str, object]] = mapped_column("detail", JSON)
    """What is chained: ids, codes, days, numbers, and a commitment to the words."""
    mac: Mapped[bytes] = mapped_column(LargeBinary)
    """HMAC-SHA256 over the previous mac, seq and the canonical body."""

    words: Mapped["Words | None"] = relationship(
        lazy="joined", primaryjoin="Entry.seq == foreign(Words.seq)"
    )

    @property
    def detail(self) -> dict[str, object]:
        """Everything the entry says; words that were erased are not there any more."""
        kept = {name: value for name, value in self.chained.items() if name != COMMITMENT}
        return kept | (self.words.words or {} if self.words is not None else {})


class Words(Model):
    """The words of an entry. Both are emptied when they are erased; the row stays."""

    __tablename__ = "ledger_words"
    __table_args__ = (
        CheckConstraint("(words IS NULL) = (salt IS NULL)", name="erased_has_no_salt"),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Of the entry they belong to."""
    words: Mapped[dict[str, object] | None] = mapped_column(JSON(none_as_null=True))
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)


class Head(Model):
    """The one row that holds the end of the chain; locking it serialises writers."""

    __tablename__ = "ledger_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    mac: Mapped[bytes] = mapped_column(LargeBinary)


class ErasurePass(Model):
    """Stands while an erasure runs: without it the database lets nobody change what was recorded.

    Put down and taken up again in one transaction, so that nobody else ever sees it.
    """

    __tablename__ = "erasure_pass"

    id: Mapped[Id]
