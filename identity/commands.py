"""Changing persons."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy.orm import Session

from audit.actions import Action
from audit.commands import record
from foundation.errors import Refused
from foundation.ids import new_id
from identity import api_tokens, feed_tokens, invitations, passkeys, sessions, totp
from identity.addresses import canonical
from identity.models import Person
from identity.queries import find_by_email, find_by_emails
from identity.rules import Author

LONGEST_NAME = 200


def add_person(
    session: Session,
    *,
    email: str,
    name: str,
    at: datetime,
    locale: str = "en",
    time_zone: str = "UTC",
) -> Person:
    """Return the person of an address, new when nobody had it. Raises Refused."""
    address = canonical(email)
    known = find_by_email(session, address)
    if known is not None:
        return known
    person = Person(
        id=new_id(),
        email=address,
        name=_named(name),
        actor_id=new_id(),
        locale=locale,
        time_zone=time_zone,
        created_at=at,
    )
    session.add(person)
    session.flush()
    return person


def add_people(session: Session, names: Mapping[str, str], *, at: datetime) -> dict[str, Person]:
    """Return the persons of canonical addresses, new where nobody had one; for many at once."""
    found = find_by_emails(session, names)
    missing = [
        Person(
            id=new_id(),
            email=address,
            name=_named(name),
            actor_id=new_id(),
            locale="en",
            time_zone="UTC",
            created_at=at,
        )
        for address, name in names.items()
        if address not in found
    ]
    session.add_all(missing)
    session.flush()
    return found | {person.email: person for person in missing}


def rename(session: Session, person: Person, name: str) -> None:
    """Change how a person is called."""
    person.name = _named(name)
    session.flush()


def set_time_zone(session: Session, person: Person, time_zone: str) -> None:
    """Change the zone in which a person reads moments. Raises Refused for an unknown one."""
    if time_zone not in available_timezones():
        raise Refused("This time zone is not known. Choose one of the list.", where="time_zone")
    person.time_zone = time_zone
    session.flush()


def set_password_hash(
    session: Session,
    person: Person,
    password_hash: str,
    *,
    by: Author,
    at: datetime,
    keep: UUID | None = None,
) -> None:
    """Store a new password, hashed before; every browser is signed out, but the one to keep."""
    person.password_hash = password_hash
    sessions.end_all(session, person.id, at, but=keep)
    _note(session, Action.PASSWORD_SET, person.id, at, by)
    session.flush()


def renew_hash(session: Session, person: Person, password_hash: str) -> None:
    """Store the same password hashed with today's parameters."""
    person.password_hash = password_hash
    session.flush()


def remove_second_factor(session: Session, person: Person, *, by: Author, at: datetime) -> None:
    """Take app, passkeys and recovery codes away; the next sign-in sets a new factor up."""
    totp.remove(session, person.id)
    passkeys.remove_all(session, person.id)
    sessions.end_all(session, person.id, at)
    _note(session, Action.TOTP_REMOVE, person.id, at, by)
    session.flush()


def sign_out_everywhere(session: Session, person: Person, *, by: Author, at: datetime) -> None:
    """End every session of a person at every door, by the hand of somebody else."""
    sessions.end_all(session, person.id, at)
    _note(session, Action.SESSION_END, person.id, at, by)


def disable_person(session: Session, person: Person, *, by: Author, at: datetime) -> None:
    """Shut every door to a person at once; what they did stays."""
    if person.disabled_at is not None:
        return
    person.disabled_at = at
    sessions.end_all(session, person.id, at)
    invitations.revoke_of(session, person.id, at)
    api_tokens.revoke_all(session, person.id, at)
    feed_tokens.revoke_all(session, person.id, at)
    _note(session, Action.PERSON_DISABLE, person.id, at, by)
    session.flush()


def enable_person(session: Session, person: Person, *, by: Author, at: datetime) -> None:
    """Let a person knock again; old sessions, links and tokens stay dead."""
    person.disabled_at = None
    _note(session, Action.PERSON_ENABLE, person.id, at, by)
    session.flush()


def _named(name: str) -> str:
    plain = " ".join(name.split())
    if not plain or len(plain) > LONGEST_NAME or not plain.isprintable():
        raise Refused(f"Give a name of 1 to {LONGEST_NAME} printable characters.", where="name")
    return plain


def _note(session: Session, action: Action, person_id: UUID, at: datetime, by: Author) -> None:
    record(session, at=at, actor=by.actor, action=action, subject=("person", person_id))
