"""Letting staff in: the link that sets a password, and its letter."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.queries import must_use_work_account
from audit.actions import Action
from audit.commands import record
from foundation import settings
from foundation.errors import Refused
from foundation.links import absolute
from identity import invitations
from identity import queries as identity
from identity.models import Person
from identity.rules import Author, Purpose
from mail.commands import queue
from mail.letters import compose
from organisation.queries import name_of_organisation

DAYS = 7
SIGN_IN = "/sign-in"


def invite_staff(session: Session, person: Person, *, by: Author, at: datetime) -> str:
    """Mail somebody a link that sets their password, and return it; the last link dies.

    Whoever may come by work account only is mailed where that is, and no link is made.
    """
    if person.disabled_at is not None:
        raise Refused("This account is disabled. Enable it before you send a link.")
    if person.id == by.person_id:
        raise Refused("You are signed in already. Another administrator can send you a link.")
    if must_use_work_account(session, person.id):
        return _invite_by_work_account(session, person, by=by, at=at)
    invitation, token = invitations.invite(
        session, person, purpose=Purpose.SET_PASSWORD, for_id=None, at=at, days=DAYS, by=by
    )
    link = absolute(invitations.path(Purpose.SET_PASSWORD, token))
    text = compose(
        "staff_invitation",
        org=name_of_organisation(session),
        name=person.name,
        inviter=identity.get_person(session, by.person_id).name,
        link=link,
        expires_at=invitation.expires_at,
        sign_in=absolute(SIGN_IN) if settings.current().has_work_accounts else "",
    )
    key = f"staff-invitation:{invitation.id}:1:{person.email}"
    recipient = (person.email, person.name)
    queue(session, dedupe_key=key, kind="staff_invitation", to=recipient, text=text, at=at)
    return link


def _invite_by_work_account(session: Session, person: Person, *, by: Author, at: datetime) -> str:
    """Mail somebody the page on which they sign in, and return it."""
    link = absolute(SIGN_IN)
    text = compose(
        "staff_invitation",
        org=name_of_organisation(session),
        name=person.name,
        inviter=identity.get_person(session, by.person_id).name,
        link="",
        sign_in=link,
    )
    key = f"staff-work-account:{person.id}:{at.isoformat()}:{person.email}"
    recipient = (person.email, person.name)
    queue(session, dedupe_key=key, kind="staff_invitation", to=recipient, text=text, at=at)
    return link


def copy_link(session: Session, person: Person, *, by: Author, at: datetime) -> str:
    """Return the live link, to be handed over another way; the ledger notes who looked."""
    found = invitations.find_live_of(session, person.id, Purpose.SET_PASSWORD, at)
    if found is None or person.id == by.person_id:
        raise Refused("There is no link to copy. Send a new one first.")
    subject = ("invitation", found.id)
    record(session, at=at, actor=by.actor, action=Action.INVITATION_COPY, subject=subject)
    return absolute(invitations.path(Purpose.SET_PASSWORD, invitations.token_of(found)))
