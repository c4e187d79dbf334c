"""The people of the demo have keys of their own and sign in now and then, as people who act do."""

import secrets
from datetime import datetime
from functools import cache

import pyotp
from sqlalchemy.orm import Session

from foundation import clock
from foundation.db import Database
from identity import commands as identity
from identity import passwords, recovery, sessions, totp
from identity.models import Person
from identity.queries import author_of
from identity.rules import Author, DoorKind, SessionStage


def settle_in(session: Session, person: Person, *, at: datetime) -> None:
    """Give somebody a password nobody knows, an authenticator app and recovery codes."""
    by = author_of(session, person.id)
    identity.set_password_hash(session, person, _hash_nobody_knows(), by=by, at=at)
    secret = totp.begin(session, person)
    totp.confirm(session, pyotp.TOTP(secret).at(at), by=by, at=at)
    recovery.issue(session, person.id)


def come_in(database: Database, cast: dict[str, Author]) -> None:
    """Let everybody of ours sign in on this day; their browsers are long closed when it is over."""
    with database.writing() as session:
        for author in cast.values():
            sessions.start(
                session,
                author.person_id,
                door=DoorKind.STAFF,
                stage=SessionStage.FULL,
                at=clock.now(),
            )


@cache
def _hash_nobody_knows() -> str:
    return passwords.hash(secrets.token_urlsafe(32))
