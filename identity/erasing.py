"""Emptying a person: the row stays for what they did, and says nothing of who they were."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from foundation.ids import new_id
from identity import api_tokens, feed_tokens
from identity.models import (
    ApiToken,
    Challenge,
    FeedToken,
    Invitation,
    Person,
    RecoveryCode,
    TotpFactor,
    WebSession,
)
from identity.passkey_models import Passkey, PasskeyChallenge
from identity.rules import ERASED_NAME
from identity.sign_on_models import WorkAccount

DOMAIN = "erased.invalid"

DOORS = (
    WebSession,
    TotpFactor,
    RecoveryCode,
    Passkey,
    PasskeyChallenge,
    WorkAccount,
    ApiToken,
    FeedToken,
)
"""What lets a person in, or remembers that they were here; nothing of it is kept."""


def address_of(person_id: UUID) -> str:
    """Return what stands in place of an address: no mail can reach it, and nobody else has it."""
    return f"{person_id.hex}@{DOMAIN}"


def empty(session: Session, person: Person, *, at: datetime) -> None:
    """Take name, address and every way in from a person, and cut the tie to the ledger.

    Entries keep the pseudonym they were written with; nothing leads from it to this row any more.
    """
    api_tokens.revoke_all(session, person.id, at)
    feed_tokens.revoke_all(session, person.id, at)
    links = select(Invitation.id).where(Invitation.person_id == person.id)
    session.execute(delete(Challenge).where(Challenge.invitation_id.in_(links)))
    session.execute(delete(Invitation).where(Invitation.person_id == person.id))
    for table in DOORS:
        session.execute(delete(table).where(table.person_id == person.id))
    person.name, person.email = ERASED_NAME, address_of(person.id)
    person.actor_id, person.password_hash = new_id(), None
    person.locale, person.time_zone = "en", "UTC"
    person.disabled_at = person.disabled_at or at
    person.erased_at = at
    session.flush()
