"""Passing on: whoever was asked names the colleague who should answer, and stays or goes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.queries import find_staff
from audit.actions import Action
from audit.commands import record
from foundation.errors import Conflict, Refused
from identity.addresses import are_of_one_company, canonical
from identity.models import Person
from identity.queries import find_by_email, get_person
from identity.rules import Author
from questionnaires import post
from questionnaires.hand_over import end_links, give, let_go
from questionnaires.links import living_link, path_of
from questionnaires.models import Assessment
from questionnaires.rules import WITH_VENDOR
from questionnaires.settling import lock
from vendors.contact_commands import ContactEdit, add_contact, edit_contact
from vendors.models import Contact, Vendor
from vendors.rules import ContactRole, Duty

NOT_FROM_HERE = "This address cannot be added from here. Ask whoever sent the questions to add it."
IS_THERE = "They are asked already. Name somebody else, or leave it as it is."
NOT_NEW = (
    "Somebody new can be let in by a lead at your company only. Name a colleague who has access "
    "already, or ask your lead, or whoever sent the questions."
)
NOT_YOURS = "Somebody else answers for this now. Only they or a lead can pass it on."
NOT_OPEN = "This questionnaire is not with you any more, so there is nothing to pass on."


@dataclass(frozen=True, slots=True)
class Wish:
    """Whom somebody names, and whether they go; the name counts only where the address is new."""

    name: str
    email: str
    leaves: bool


def may_pass_on(assessment: Assessment, contact_id: UUID, role: ContactRole) -> bool:
    """Return whether a contact of its vendor may pass it on: it was sent to them, or they lead."""
    is_asked = assessment.contact_id == contact_id or role is ContactRole.LEAD
    return is_asked and assessment.state in WITH_VENDOR


def pass_on(
    session: Session,
    assessment: Assessment,
    passer: Contact,
    wish: Wish,
    *,
    by: Author,
    at: datetime,
) -> Contact:
    """Give an assessment to a colleague, who gets a link and no more: the code is mailed to them.

    When they leave, everything else they had to answer goes along, and their access ends. The
    vendor's owner is told. Raises Refused, and Conflict when it is not with the vendor any more.
    """
    lock(session, assessment)
    if assessment.state not in WITH_VENDOR:
        raise Conflict(NOT_OPEN)
    is_theirs = passer.vendor_id == assessment.vendor_id
    if not is_theirs or not may_pass_on(assessment, passer.id, passer.role):
        raise Refused(NOT_YOURS)
    heir = _let_in(session, passer, wish, by=by, at=at)
    if heir.id in {assessment.contact_id, passer.id}:
        raise Refused(IS_THERE, where="email")
    before = session.get_one(Contact, assessment.contact_id)
    give(session, assessment, before, heir)
    if before.id != passer.id:
        end_links(session, before, [assessment.id], at)
    old, new = get_person(session, passer.person_id), get_person(session, heir.person_id)
    link = living_link(session, assessment, new, by=by, at=at)
    post.passed_on(session, assessment, new, passer=old, link=path_of(link), at=at)
    post.told_passed_on(session, assessment, new, passer=old, leaves=wish.leaves, at=at)
    _note(session, assessment, (before, heir), leaves=wish.leaves, by=by, at=at)
    if wish.leaves:
        end_links(session, passer, [assessment.id], at)
        _keep_a_lead(session, passer, heir, by=by, at=at)
        let_go(session, passer, heir, left_on=None, by=by, at=at)
    session.flush()
    return heir


def is_other_domain(email: str, than: str) -> bool:
    """Return whether a typed address is at another domain. Raises Refused when it is none."""
    return not are_of_one_company(canonical(email), than)


def _let_in(session: Session, passer: Contact, wish: Wish, *, by: Author, at: datetime) -> Contact:
    person = find_by_email(session, canonical(wish.email))
    known = _membership(session, passer, person) if person else None
    if person is not None and not _may_be_named(session, person, known):
        raise Refused(NOT_FROM_HERE, where="email")
    if known is not None:
        return known
    if passer.role is not ContactRole.LEAD:
        raise Refused(NOT_NEW, where="email")
    return add_contact(
        session,
        session.get_one(Vendor, passer.vendor_id),
        email=wish.email,
        name=wish.name,
        role=ContactRole.MEMBER,
        by=by,
        at=at,
    )


def _may_be_named(session: Session, person: Person, known: Contact | None) -> bool:
    """Whoever was shut out, taken off by us, or works for us is let in by us or not at all."""
    is_gone = person.disabled_at is not None or person.erased_at is not None
    was_taken_off = known is not None and known.removed_at is not None
    return not (is_gone or was_taken_off or find_staff(session, person.id) is not None)


def _membership(session: Session, passer: Contact, person: Person) -> Contact | None:
    mine = (Contact.vendor_id == passer.vendor_id, Contact.person_id == person.id)
    return session.scalars(select(Contact).where(*mine)).first()


def _keep_a_lead(
    session: Session, passer: Contact, heir: Contact, *, by: Author, at: datetime
) -> None:
    """Let the heir lead where the last lead goes: somebody there must be able to let people in."""
    others = select(func.count()).where(
        Contact.vendor_id == passer.vendor_id,
        Contact.role == ContactRole.LEAD,
        Contact.removed_at.is_(None),
        Contact.id != passer.id,
    )
    if passer.role is ContactRole.LEAD and not session.scalar(others):
        change = ContactEdit(
            version=heir.version,
            role=ContactRole.LEAD,
            job_title=heir.job_title,
            duties=tuple(Duty(one) for one in heir.duties),
            is_primary=heir.is_primary,
        )
        edit_contact(session, heir, change, by=by, at=at)


def _note(
    session: Session,
    assessment: Assessment,
    moved: tuple[Contact, Contact],
    *,
    leaves: bool,
    by: Author,
    at: datetime,
) -> None:
    before, after = moved
    record(
        session,
        at=at,
        actor=by.actor,
        action=Action.CONTACT_PASS_ON,
        subject=("assessment", assessment.id),
        detail={"before": str(before.id), "after": str(after.id), "leaves": leaves},
    )
