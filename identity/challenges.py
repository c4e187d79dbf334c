"""Challenges: a code mailed to the invited address, good only in the browser that asked for it."""

import hmac
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, Update, select, update
from sqlalchemy.orm import Session

from foundation import vault
from foundation.db import side_write
from foundation.ids import new_id
from identity.models import Challenge, Invitation
from identity.rules import CODE_LENGTH, CODE_LIVES, CODE_TRIES, plain_code
from identity.tokens import hash_of, new_code


def ask(session: Session, invitation: Invitation, *, browser_secret: str, at: datetime) -> str:
    """Make the one live code for this link in this browser and return it for the letter."""
    mine = (
        Challenge.invitation_id == invitation.id,
        Challenge.browser_hash == hash_of(browser_secret),
        Challenge.used_at.is_(None),
        Challenge.expires_at > at,
    )
    session.execute(update(Challenge).where(*mine).values(expires_at=at))
    code, challenge_id = new_code(CODE_LENGTH), new_id()
    session.add(
        Challenge(
            id=challenge_id,
            invitation_id=invitation.id,
            browser_hash=hash_of(browser_secret),
            code_hash=vault.blind_index("challenge", f"{challenge_id}|{code}").hex(),
            created_at=at,
            expires_at=at + CODE_LIVES,
            tries_left=CODE_TRIES,
        )
    )
    session.flush()
    return code


def find_live(
    session: Session, invitation_id: UUID, *, browser_secret: str, at: datetime
) -> Challenge | None:
    """Return the code this browser may still type for a link, or None: too old, or tried out."""
    newest = (
        select(Challenge)
        .where(
            Challenge.invitation_id == invitation_id,
            Challenge.browser_hash == hash_of(browser_secret),
            Challenge.used_at.is_(None),
            Challenge.expires_at > at,
        )
        .order_by(Challenge.created_at.desc())
        .limit(1)
    )
    found = session.scalars(newest).first()
    return found if found is not None and found.tries_left > 0 else None


def try_code(invitation_id: UUID, *, browser_secret: str, code: str, at: datetime) -> bool:
    """Count a try, then return whether the code fits; five tries, once, in the asking browser.

    Writes in a transaction of its own: call it before the request's own writing begins.
    """
    with side_write() as session:
        return try_in(session, invitation_id, browser_secret=browser_secret, code=code, at=at)


def try_in(
    session: Session, invitation_id: UUID, *, browser_secret: str, code: str, at: datetime
) -> bool:
    """Count a try and check the code inside a transaction that is sure to be committed."""
    newest = (
        select(Challenge.id, Challenge.code_hash)
        .where(
            Challenge.invitation_id == invitation_id,
            Challenge.browser_hash == hash_of(browser_secret),
            Challenge.used_at.is_(None),
            Challenge.expires_at > at,
        )
        .order_by(Challenge.created_at.desc())
        .limit(1)
    )
    found = session.execute(newest).first()
    if found is None:
        return False
    challenge_id, code_hash = found
    live = (Challenge.id == challenge_id, Challenge.used_at.is_(None))
    counted = update(Challenge).where(*live, Challenge.tries_left > 0)
    if not _is_ours(session, counted.values(tries_left=Challenge.tries_left - 1)):
        return False
    if not _fits(challenge_id, code_hash, code):
        return False
    return _is_ours(session, update(Challenge).where(*live).values(used_at=at))


def _fits(challenge_id: UUID, code_hash: str, code: str) -> bool:
    plain = plain_code(code)
    indexes = vault.blind_indexes("challenge", f"{challenge_id}|{plain}")
    return any(hmac.compare_digest(one.hex(), code_hash) for one in indexes)


def _is_ours(session: Session, statement: Update) -> bool:
    fresh = statement.execution_options(synchronize_session=False)
    return cast("CursorResult[Any]", session.execute(fresh)).rowcount == 1
