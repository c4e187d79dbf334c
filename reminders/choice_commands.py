"""Choosing one's mails: which kinds somebody gets beside those that are duties."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from audit.actions import Action
from audit.commands import record
from identity.queries import get_person
from identity.rules import Author
from mail.rules import Stoppable
from mail.stopping import start_again, stop, stopped_by
from reminders.ladders import DUTIES, Kind

IN_DIGEST = tuple(kind for kind in Kind if kind not in DUTIES)
CHOICES: tuple[Kind | Stoppable, ...] = (*IN_DIGEST, Stoppable.SUBMITTED, Stoppable.TO_REVIEW)
"""What a member of staff may stop: lines of the digest, and letters about what others did."""


def wanted_by(session: Session, email: str) -> frozenset[str]:
    """Return which of the choices somebody gets now."""
    stopped = stopped_by(session, [email]).get(email, frozenset())
    lines = {kind.value for kind in IN_DIGEST} if Stoppable.DIGEST in stopped else set()
    return frozenset(each.value for each in CHOICES) - stopped - lines


def choose(session: Session, wanted: Collection[str], *, by: Author, at: datetime) -> None:
    """Get these of the choices from now on, and no others."""
    email = get_person(session, by.person_id).email
    before = wanted_by(session, email)
    start_again(session, email, Stoppable.DIGEST.value)
    for each in CHOICES:
        if each.value in wanted:
            start_again(session, email, each.value)
        else:
            stop(session, email, each.value, at=at)
    after = wanted_by(session, email)
    if after != before:
        record(
            session,
            at=at,
            actor=by.actor,
            action=Action.MAIL_CHOOSE,
            subject=("person", by.person_id),
            detail={"before": sorted(before), "after": sorted(after)},
        )
