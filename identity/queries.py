"""Reading persons."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audit.actions import SYSTEM, Actor, ActorKind
from foundation.errors import Missing
from identity.models import Invitation, Person, WebSession
from identity.rules import ERASED_NAME, Author, SessionStage

AT_ONCE = 500
"""How many values one statement names at most."""


def find_person(session: Session, person_id: UUID) -> Person | None:
    """Return a person, or None."""
    return session.get(Person, person_id)


def get_person(session: Session, person_id: UUID) -> Person:
    """Return a person. Raises Missing."""
    found = session.get(Person, person_id)
    if found is None:
        raise Missing
    return found


def author_of(session: Session, person_id: UUID, *, kind: ActorKind = ActorKind.STAFF) -> Author:
    """Return a person as somebody who acts, through the staff door unless told otherwise."""
    return Author(Actor(kind, get_person(session, person_id).actor_id), person_id)


def find_by_email(session: Session, email: str) -> Person | None:
    """Return the person of a canonical address, or None."""
    return session.scalars(select(Person).where(Person.email == email)).first()


def find_by_emails(session: Session, emails: Iterable[str]) -> dict[str, Person]:
    """Return the persons of canonical addresses; one that nobody has is left out."""
    wanted = list(emails)
    found: dict[str, Person] = {}
    for start in range(0, len(wanted), AT_ONCE):
        chosen = select(Person).where(Person.email.in_(wanted[start : start + AT_ONCE]))
        found |= {person.email: person for person in session.scalars(chosen)}
    return found


def with_open_doors(session: Session, person_ids: Iterable[UUID]) -> set[UUID]:
    """Return who of these persons is signed in somewhere or has a link that was not revoked."""
    wanted = list(person_ids)
    found: set[UUID] = set()
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        for table in (WebSession, Invitation):
            chosen = select(table.person_id).where(
                table.person_id.in_(part), table.revoked_at.is_(None)
            )
            found |= set(session.scalars(chosen))
    return found


def names_of(session: Session, person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of persons; one that is not there is left out."""
    wanted = set(person_ids)
    if not wanted:
        return {}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def last_seen_of(session: Session, person_ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """Return when persons were last here, at any door; one who never was is left out."""
    chosen = (
        select(WebSession.person_id, func.max(WebSession.last_seen_at))
        .where(WebSession.person_id.in_(set(person_ids)), WebSession.stage == SessionStage.FULL)
        .group_by(WebSession.person_id)
    )
    return {row[0]: row[1] for row in session.execute(chosen)}


def names_of_actors(session: Session, actor_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names behind pseudonyms of the ledger; one that leads to nobody was erased."""
    wanted = set(actor_ids)
    if not wanted:
        return {}
    rows = session.execute(select(Person.actor_id, Person.name).where(Person.actor_id.in_(wanted)))
    names = dict.fromkeys(wanted, ERASED_NAME) | {row[0]: row[1] for row in rows}
    return {**names, SYSTEM.id: "Duly"} if SYSTEM.id in wanted else names
