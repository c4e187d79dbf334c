"""Tables of passkeys: the keys people sign in with, and challenges that wait to be signed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from foundation.columns import Id, by_value
from foundation.db import Model
from identity.rules import Ceremony


class Passkey(Model):
    """A key on a device of a person; only its public half is here."""

    __tablename__ = "passkey"
    __table_args__ = (
        CheckConstraint("sign_count >= 0", name="count_is_not_negative"),
        CheckConstraint("may_be_backed_up OR NOT is_backed_up", name="backup_was_possible"),
        Index("ix_passkey_person", "person_id"),
    )

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    """What the device calls the key."""
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    """In the form of COSE (RFC 9052)."""
    sign_count: Mapped[int] = mapped_column(BigInteger)
    """How often the device says it has signed; 0 for one that does not count."""
    name: Mapped[str]
    may_be_backed_up: Mapped[bool]
    """Whether the key can live on several devices of its person."""
    is_backed_up: Mapped[bool]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class PasskeyChallenge(Model):
    """Random bytes to be signed once, soon, in the browser that asked for them."""

    __tablename__ = "passkey_challenge"
    __table_args__ = (
        CheckConstraint("(ceremony = 'sign_in') = (person_id IS NULL)", name="is_somebodys"),
    )

    challenge: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    browser_hash: Mapped[str]
    ceremony: Mapped[Ceremony] = mapped_column(by_value(Ceremony, name="ceremony"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Who has to sign; None where the passkey itself says who signs in."""
    expires_at: Mapped[datetime]
