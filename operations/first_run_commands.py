"""The first run: who we are and the first administrator, in one act and once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.commands import add_staff
from accounts.queries import has_administrator
from accounts.rules import Role
from audit.actions import SYSTEM
from foundation.errors import Conflict
from identity import commands as identity
from identity.models import Person
from identity.queries import author_of
from organisation.commands import set_up
from organisation.queries import find_settings
from organisation.settings_commands import checked_values

DONE_ALREADY = (
    "Another browser set Duly up a moment ago. Nothing of yours was stored. "
    "Sign in with that account, or ask its owner to let you in."
)


@dataclass(frozen=True, slots=True)
class FirstRun:
    """What is typed on the first page; the password is hashed before."""

    organisation: str
    country: str
    time_zone: str
    currency: str
    name: str
    email: str
    password_hash: str


def set_up_house(session: Session, typed: FirstRun, *, at: datetime) -> Person:
    """Store the organisation and its first administrator. Raises Conflict for the second of two.

    Two at the same moment meet at the unique number of the settings' version.
    """
    if has_administrator(session):
        raise Conflict(DONE_ALREADY)
    now = find_settings(session)
    values = {
        "name": typed.organisation,
        "home_country": typed.country,
        "time_zone": typed.time_zone,
        "currency": typed.currency,
        "weekend": now.weekend if now else [6, 7],
    }
    try:
        set_up(session, at=at, by=SYSTEM, **checked_values(values))
        person = add_staff(
            session,
            email=typed.email,
            name=typed.name,
            roles=frozenset({Role.ADMINISTRATOR}),
            at=at,
            by=None,
        )
    except IntegrityError:
        raise Conflict(DONE_ALREADY) from None
    person.time_zone = typed.time_zone
    by = author_of(session, person.id)
    identity.set_password_hash(session, person, typed.password_hash, by=by, at=at)
    return person
