"""The vendor's link to an assessment: one alive at a time, mailed, mailed again or copied."""

from datetime import datetime

from sqlalchemy.orm import Session

from identity import invitations
from identity.models import Invitation, Person
from identity.queries import get_person
from identity.rules import Author, Purpose
from organisation.queries import day_of
from questionnaires.models import Assessment
from questionnaires.rules import days_of_link
from vendors.models import Contact


def addressee_of(session: Session, assessment: Assessment) -> Person:
    """Return the person the questionnaire was sent to."""
    contact = session.get_one(Contact, assessment.contact_id)
    return get_person(session, contact.person_id)


def living_link(
    session: Session, assessment: Assessment, person: Person, *, by: Author, at: datetime
) -> Invitation:
    """Return the person's link, a new one when the old would end before the due date."""
    known = invitations.find_live_of(
        session, person.id, Purpose.VENDOR_ENTRY, at, for_id=assessment.id
    )
    if known is not None and day_of(session, known.expires_at) > assessment.due_on:
        return known
    made, _ = invitations.invite(
        session,
        person,
        purpose=Purpose.VENDOR_ENTRY,
        for_id=assessment.id,
        at=at,
        days=days_of_link(assessment.due_on, day_of(session, at)),
        by=by,
    )
    return made


def path_of(invitation: Invitation) -> str:
    """Return the address of a link, without the host."""
    return invitations.path(Purpose.VENDOR_ENTRY, invitations.token_of(invitation))
