"""Invitations: links that name whom to challenge; tokens are stored hashed, and sealed to copy."""

from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from audit.actions import SYSTEM, Action
from audit.commands import record
from foundation import vault
from foundation.ids import new_id
from identity.models import Invitation, Person
from identity.rules import Author, InvitationState, Purpose
from identity.tokens import LONGEST, hash_of, new_token

PATHS = {Purpose.VENDOR_ENTRY: "/p/i/{}", Purpose.SET_PASSWORD: "/account/set-password/{}"}


def invite(  # noqa: PLR0913  every part of a link is named
    session: Session,
    person: Person,
    *,
    purpose: Purpose,
    for_id: UUID | None,
    at: datetime,
    days: int = 14,
    by: Author | None = None,
) -> tuple[Invitation, str]:
    """Make a new link for a person and return it with its token; older equal links die."""
    equal = (
        Invitation.person_id == person.id,
        Invitation.purpose == purpose,
        Invitation.for_id == for_id if for_id else Invitation.for_id.is_(None),
        Invitation.revoked_at.is_(None),
    )
    session.execute(update(Invitation).where(*equal).values(revoked_at=at))
    token, invitation_id = new_token(), new_id()
    invitation = Invitation(
        id=invitation_id,
        purpose=purpose,
        person_id=person.id,
        for_id=for_id,
        email=person.email,
        token_hash=hash_of(token),
        token_sealed=vault.seal(token.encode(), context=f"invitation|{invitation_id}"),
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    session.add(invitation)
    _note(session, Action.INVITATION_CREATE, invitation, at, by)
    session.flush()
    return invitation, token


def token_of(invitation: Invitation) -> str:
    """Return the token of a link, for "copy link"; copying does not kill the mailed one."""
    return vault.unseal(invitation.token_sealed, context=f"invitation|{invitation.id}").decode()


def path(purpose: Purpose, token: str) -> str:
    """Return the address a link of this purpose has."""
    return PATHS[purpose].format(token)


def find_any(session: Session, token: str) -> Invitation | None:
    """Return the invitation of a token whatever became of it; ask state_of before trusting it."""
    if not token or len(token) > LONGEST:
        return None
    return session.scalars(
        select(Invitation).where(Invitation.token_hash == hash_of(token))
    ).first()


def state_of(session: Session, invitation: Invitation, at: datetime) -> InvitationState:
    """Return whether a link still leads somewhere; a changed address or disabled person kills it.

    A vendor's link may be used again, since it grants nothing; one that sets a password may not.
    """
    person = session.get(Person, invitation.person_id)
    gone = person is None or person.disabled_at is not None or person.email != invitation.email
    if gone or invitation.revoked_at is not None:
        return InvitationState.REVOKED
    if invitation.used_at is not None and invitation.purpose is Purpose.SET_PASSWORD:
        return InvitationState.USED
    if invitation.expires_at <= at:
        return InvitationState.EXPIRED
    return InvitationState.LIVE


def find(session: Session, token: str, at: datetime) -> Invitation | None:
    """Return the live invitation of a token, or None."""
    found = find_any(session, token)
    if found is None or state_of(session, found, at) is not InvitationState.LIVE:
        return None
    return found


def find_live_of(
    session: Session, person_id: UUID, purpose: Purpose, at: datetime, *, for_id: UUID | None = None
) -> Invitation | None:
    """Return the one live link a person has for a purpose, or None."""
    mine = (
        Invitation.person_id == person_id,
        Invitation.purpose == purpose,
        Invitation.for_id == for_id if for_id else Invitation.for_id.is_(None),
        Invitation.revoked_at.is_(None),
    )
    newest = select(Invitation).where(*mine).order_by(Invitation.created_at.desc()).limit(1)
    found = session.scalars(newest).first()
    if found is None or state_of(session, found, at) is not InvitationState.LIVE:
        return None
    return found


def use(session: Session, invitation: Invitation, at: datetime) -> bool:
    """Mark a link used and return whether this was the first time; of two at once one wins."""
    unused = (
        Invitation.id == invitation.id,
        Invitation.used_at.is_(None),
        Invitation.revoked_at.is_(None),
    )
    done = session.execute(update(Invitation).where(*unused).values(used_at=at))
    is_first = cast("CursorResult[Any]", done).rowcount == 1
    if is_first:
        _note(session, Action.INVITATION_ACCEPT, invitation, at, None)
    return is_first


def revoke_for(session: Session, for_id: UUID, at: datetime) -> None:
    """Kill every link about one thing."""
    live = (Invitation.for_id == for_id, Invitation.revoked_at.is_(None))
    session.execute(update(Invitation).where(*live).values(revoked_at=at))


def revoke_of(session: Session, person_id: UUID, at: datetime) -> None:
    """Kill every link of one person."""
    live = (Invitation.person_id == person_id, Invitation.revoked_at.is_(None))
    session.execute(update(Invitation).where(*live).values(revoked_at=at))


def _note(
    session: Session, action: Action, invitation: Invitation, at: datetime, by: Author | None
) -> None:
    record(
        session,
        at=at,
        actor=by.actor if by else SYSTEM,
        action=action,
        subject=("invitation", invitation.id),
        detail={"purpose": invitation.purpose.value, "person_id": str(invitation.person_id)},
    )
