"""Tables of identity: persons, factors, sessions, invitations, challenges."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.columns import Id, by_value
from foundation.db import Model, Versioned
from foundation.ids import new_id
from identity.rules import DoorKind, Purpose, SessionStage


class Person(Versioned, Model):
    """A human being, once, whatever doors they use."""

    __tablename__ = "person"

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(unique=True)
    """Canonical: lower-cased, the domain in its ASCII form."""
    name: Mapped[str]
    actor_id: Mapped[UUID] = mapped_column(unique=True, default=new_id)
    """The pseudonym in the ledger; erasing the person cuts this tie."""
    locale: Mapped[str] = mapped_column(default="en")
    time_zone: Mapped[str] = mapped_column(default="UTC")
    password_hash: Mapped[str | None]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]


class TotpFactor(Model):
    """An authenticator app, one for each person."""

    __tablename__ = "totp_factor"

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    secret_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(default=0)
    """The newest time step whose code was accepted; an older or equal one is a replay."""


class RecoveryCode(Model):
    """One way back in after the authenticator is lost; used once."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("person_id", "code_hash"),)

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    code_hash: Mapped[str]
    used_at: Mapped[datetime | None]


class WebSession(Model):
    """A signed-in browser. Removing or revoking the row ends it at once, everywhere."""

    __tablename__ = "web_session"
    __table_args__ = (Index("ix_web_session_person", "person_id"),)

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    door: Mapped[DoorKind] = mapped_column(by_value(DoorKind, name="door"))
    stage: Mapped[SessionStage] = mapped_column(by_value(SessionStage, name="stage"))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    """The absolute end; nothing prolongs it."""
    authenticated_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    ip: Mapped[str]
    user_agent: Mapped[str]

    person: Mapped[Person] = relationship(lazy="raise")


class Invitation(Model):
    """A link that names whom to challenge. It grants nothing by itself."""

    __tablename__ = "invitation"
    __table_args__ = (Index("ix_invitation_for", "for_id"),)

    id: Mapped[Id]
    purpose: Mapped[Purpose] = mapped_column(by_value(Purpose, name="purpose"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    for_id: Mapped[UUID | None]
    """What it is about: an assessment for vendor people."""
    email: Mapped[str]
    """The address at the time of inviting; a changed address kills the link."""
    token_hash: Mapped[str] = mapped_column(unique=True)
    token_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """For "copy link" and sending again; sealed by the field vault."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Challenge(Model):
    """A code mailed to the invited address, good only in the browser that asked for it."""

    __tablename__ = "challenge"
    __table_args__ = (CheckConstraint("tries_left >= 0", name="tries_are_not_negative"),)

    id: Mapped[Id]
    invitation_id: Mapped[UUID] = mapped_column(ForeignKey("invitation.id"))
    browser_hash: Mapped[str]
    code_hash: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries_left: Mapped[int]
    used_at: Mapped[datetime | None]


class TryCounter(Model):
    """A token bucket, shared by all web workers."""

    __tablename__ = "try_counter"

    key: Mapped[str] = mapped_column(primary_key=True)
    tokens: Mapped[float]
    updated_at: Mapped[datetime]


class ApiToken(Model):
    """A bearer token of a staff member, with a scope and an end."""

    __tablename__ = "api_token"

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    scope: Mapped[str]
    """read or write."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class FeedToken(Model):
    """A secret address of a calendar; whoever has it reads what its person may see."""

    __tablename__ = "feed_token"
    __table_args__ = (
        Index(
            "uq_feed_token_name",
            "person_id",
            "name",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    is_own: Mapped[bool]
    """Only what is the person's own, and not everything they may see."""
    kinds: Mapped[list[str]] = mapped_column(JSON)
    """Kinds of dates; none named is all of them."""
    created_at: Mapped[datetime]
    renewed_at: Mapped[datetime | None]
    """When it was last given a new address."""
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
