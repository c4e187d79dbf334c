"""Challenges of passkeys: asked by one browser for one purpose, signed once, within minutes."""

import secrets
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete
from sqlalchemy.orm import Session

from foundation.db import side_write
from identity import ceremonies
from identity.ceremonies import Answer, Unproven
from identity.models import Person
from identity.passkey_models import PasskeyChallenge
from identity.passkeys import credentials_of
from identity.rules import CHALLENGE_LIVES, Ceremony
from identity.tokens import hash_of

CHALLENGE_BYTES = 32


def ask_to_make(session: Session, person: Person, *, browser_secret: str, at: datetime) -> str:
    """Return what a browser is asked to make a new passkey, as JSON."""
    challenge = ask(
        session, Ceremony.ENROL, browser_secret=browser_secret, person_id=person.id, at=at
    )
    return ceremonies.ask_to_make(challenge, person, credentials_of(session, person.id))


def ask_to_sign(
    session: Session,
    ceremony: Ceremony,
    *,
    browser_secret: str,
    person_id: UUID | None,
    at: datetime,
) -> str:
    """Return what a browser is asked to sign, as JSON; nobody named is whoever has a passkey."""
    challenge = ask(session, ceremony, browser_secret=browser_secret, person_id=person_id, at=at)
    known = credentials_of(session, person_id) if person_id else []
    return ceremonies.ask_to_sign(challenge, known)


def ask(
    session: Session,
    ceremony: Ceremony,
    *,
    browser_secret: str,
    person_id: UUID | None,
    at: datetime,
) -> bytes:
    """Return fresh bytes to sign; those nobody signed in time are forgotten here."""
    session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.expires_at <= at))
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    session.add(
        PasskeyChallenge(
            challenge=challenge,
            browser_hash=hash_of(browser_secret),
            ceremony=ceremony,
            person_id=person_id,
            expires_at=at + CHALLENGE_LIVES,
        )
    )
    session.flush()
    return challenge


def take(
    answer: Answer,
    ceremony: Ceremony,
    *,
    browser_secret: str,
    person_id: UUID | None,
    at: datetime,
) -> None:
    """Spend the challenge an answer signs, whatever comes of the answer. Raises Unproven.

    Writes in a transaction of its own: call it before the request's own writing begins.
    """
    with side_write() as apart:
        is_taken = take_in(
            apart, answer, ceremony, browser_secret=browser_secret, person_id=person_id, at=at
        )
    if not is_taken:
        raise Unproven("challenge")


def take_in(
    session: Session,
    answer: Answer,
    ceremony: Ceremony,
    *,
    browser_secret: str,
    person_id: UUID | None,
    at: datetime,
) -> bool:
    """Spend a challenge and return whether there was one; of two at once one wins."""
    waiting = (
        PasskeyChallenge.challenge == answer.challenge,
        PasskeyChallenge.browser_hash == hash_of(browser_secret),
        PasskeyChallenge.ceremony == ceremony,
        PasskeyChallenge.person_id.is_(None)
        if person_id is None
        else PasskeyChallenge.person_id == person_id,
        PasskeyChallenge.expires_at > at,
    )
    done = session.execute(delete(PasskeyChallenge).where(*waiting))
    return cast("CursorResult[Any]", done).rowcount == 1
