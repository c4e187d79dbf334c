"""Tables of work accounts: whose they are, and ways to the provider that are not back yet."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.columns import Id
from foundation.db import Model


class WorkAccount(Model):
    """The account of a person at a provider; the two words of the provider name it for ever."""

    __tablename__ = "work_account"
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        UniqueConstraint("person_id", "issuer"),
    )

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    issuer: Mapped[str]
    subject: Mapped[str]
    """What the provider calls the account; never an address, and never given to another."""
    email: Mapped[str]
    """The address the provider had checked when the account was linked; it finds nobody again."""
    linked_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class SignOn(Model):
    """Somebody on the way to the provider and back, in the browser that set out."""

    __tablename__ = "sign_on"

    state_hash: Mapped[str] = mapped_column(primary_key=True)
    browser_hash: Mapped[str]
    nonce: Mapped[str]
    verifier: Mapped[str]
    """What the browser never sees: it shows that the code was asked for here (RFC 7636)."""
    goal: Mapped[str]
    """The page of ours that the way in leads to."""
    expires_at: Mapped[datetime]
