"""The first second factor of vendor people: kept, told by mail, ten codes for when it is lost."""

from datetime import datetime

from sqlalchemy.orm import Session

from foundation.errors import Missing
from identity import factors, passkeys, recovery, totp
from identity.ceremonies import Answer
from identity.queries import get_person
from identity.rules import Author
from mail.commands import queue
from mail.letters import compose
from organisation.queries import name_of_organisation

KEY_NAME = "Passkey"


def enrol_app(session: Session, code: str, *, by: Author, at: datetime) -> list[str] | None:
    """Confirm a new app by its first code and return the recovery codes; None for a wrong code.

    Raises Missing when there is a second factor already: a mailed code alone adds none.
    """
    _refuse_second(session, by)
    if not totp.confirm(session, code, by=by, at=at):
        return None
    return _told(session, "app", by=by, at=at)


def enrol_passkey(session: Session, answer: Answer, *, by: Author, at: datetime) -> list[str]:
    """Keep a first passkey, return the recovery codes. Raises Unproven, and Missing likewise."""
    _refuse_second(session, by)
    passkeys.add(session, answer, KEY_NAME, by=by, at=at)
    totp.forget_pending(session, by.person_id)
    return _told(session, "passkey", by=by, at=at)


def _refuse_second(session: Session, by: Author) -> None:
    if factors.is_enrolled(session, by.person_id):
        raise Missing


def _told(session: Session, what: str, *, by: Author, at: datetime) -> list[str]:
    person = get_person(session, by.person_id)
    organisation = name_of_organisation(session)
    text = compose("vendor_factor", org=organisation, name=person.name, what=what, at=at)
    key = f"vendor-factor:{person.id}:{at.isoformat()}"
    recipient = (person.email, person.name)
    queue(session, dedupe_key=key, kind="vendor_factor", to=recipient, text=text, at=at)
    return recovery.issue(session, by.person_id)
