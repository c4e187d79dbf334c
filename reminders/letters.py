"""The letters of the ladder: to the vendor, the owner, the lead."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.queries import list_staff
from accounts.rules import Role
from foundation import links
from identity import invitations
from identity.queries import get_person
from identity.rules import Purpose
from mail import commands as mail
from mail.letters import compose
from organisation.queries import name_of_organisation
from reminders.queries import Coming, Waiting
from reminders.rules import Audience, Step


def nudge(session: Session, one: Waiting, step: Step, at: datetime) -> None:
    """Write the letter of one step to whoever it is for."""
    if step.audience is Audience.VENDOR:
        _to_vendor(session, one, step, at)
        return
    recipients = (
        [get_person(session, one.owner_id)]
        if step.audience is Audience.OWNER
        else [get_person(session, row.person_id) for row in list_staff(session, Role.LEAD)]
    )
    text = compose(
        "overdue",
        org=name_of_organisation(session),
        vendor=one.vendor_name,
        reference=one.reference,
        due_on=one.window.due_on,
        days=(at.date() - one.window.due_on).days,
        contact=one.contact_name,
        link=links.absolute(f"/assessments/{one.assessment_id}"),
    )
    for person in recipients:
        mail.queue(
            session,
            dedupe_key=_key(one, step, person.email),
            kind="overdue",
            to=(person.email, person.name),
            text=text,
            at=at,
        )


def _to_vendor(session: Session, one: Waiting, step: Step, at: datetime) -> None:
    invitation = invitations.find_live_of(
        session, one.contact_person_id, Purpose.VENDOR_ENTRY, at, for_id=one.assessment_id
    )
    if invitation is None:
        person = get_person(session, one.contact_person_id)
        _, token = invitations.invite(
            session, person, purpose=Purpose.VENDOR_ENTRY, for_id=one.assessment_id, at=at
        )
    else:
        token = invitations.token_of(invitation)
    text = compose(
        "nudge",
        org=name_of_organisation(session),
        name=one.contact_name,
        reference=one.reference,
        due_on=one.window.due_on,
        is_overdue=step is Step.OVERDUE,
        is_last_day=step is Step.LAST_DAY,
        link=links.absolute(invitations.path(Purpose.VENDOR_ENTRY, token)),
    )
    mail.queue(
        session,
        dedupe_key=_key(one, step, one.contact_email),
        kind="nudge",
        to=(one.contact_email, one.contact_name),
        text=text,
        at=at,
    )


def reassessment(session: Session, one: Coming, at: datetime) -> None:
    """Tell the owner that a vendor's next review has opened."""
    owner = get_person(session, one.owner_id)
    text = compose(
        "reassessment",
        org=name_of_organisation(session),
        name=owner.name,
        vendor=one.vendor_name,
        due_on=one.next_review_on,
        link=links.absolute(f"/vendors/{one.vendor_id}"),
    )
    mail.queue(
        session,
        dedupe_key=f"reassessment:{one.vendor_id}:{one.next_review_on}:{owner.email}",
        kind="reassessment",
        to=(owner.email, owner.name),
        text=text,
        at=at,
    )


def _key(one: Waiting, step: Step, email: str) -> str:
    return f"assessment:{one.assessment_id}:{step}-{one.window.due_on}:{email}"
