"""Sending to many vendors at once: who would get what, who cannot and why, and the sending."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.errors import Refused
from identity.models import Person
from identity.rules import Author
from questionnaires import assessment_commands, sending
from questionnaires.models import Assessment
from questionnaires.rules import LIVE, refusal_to_send
from questionnaires.sending import Offer
from vendors.bulk_queries import batched
from vendors.models import Contact, Vendor
from vendors.queries import visible_vendors

MOST_SENT = 200
"""Letters that leave at once; more are sent in turns."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What one vendor would get; `why_not` is empty when it can be sent."""

    vendor: Vendor
    contact: Contact | None = None
    person: str = ""
    email: str = ""
    offer: Offer | None = None
    due_on: date | None = None
    why_not: str = ""


def plan(
    session: Session, viewer_id: UUID, vendor_ids: list[UUID], *, today: date
) -> list[Planned]:
    """Return, for each vendor the person may see, what it would get or why it cannot be sent."""
    vendors = _vendors(session, viewer_id, vendor_ids)
    found = [vendor.id for vendor in vendors]
    contacts, waiting = _contacts(session, found), _waiting(session, found)
    tiers = {vendor.tier for vendor in vendors if vendor.tier is not None}
    offers = {offer.code: offer for offer in sending.offers(session, None)}
    fits = {
        tier: (
            offers.get(sending.code_for(tier)),
            sending.suggested_due_on(session, tier, today),
        )
        for tier in tiers
    }
    return [
        _planned(vendor, contacts.get(vendor.id), waiting.get(vendor.id), fits)
        for vendor in vendors
    ]


def mark_of(planned: list[Planned]) -> str:
    """Return a mark that changes with any vendor, person, questionnaire or date of the plan."""
    lines = [
        f"{one.vendor.id} {one.contact and one.contact.id} {one.email} "
        f"{one.offer and one.offer.value} {one.due_on}"
        for one in planned
        if not one.why_not
    ]
    return sha256("\n".join(lines).encode()).hexdigest()


def send_all(
    session: Session, planned: list[Planned], *, by: Author, at: datetime
) -> list[Assessment]:
    """Send what was planned, all or nothing. Raises Refused when there is nothing to send."""
    ready = [one for one in planned if not one.why_not]
    if not ready:
        raise Refused("None of these vendors can be sent a questionnaire now.")
    if len(ready) > MOST_SENT:
        raise Refused(f"At most {MOST_SENT} vendors are sent to at once. Choose fewer.")
    sent = []
    for one in ready:
        assert one.offer is not None
        assert one.contact is not None
        assert one.due_on is not None
        version = sending.version_of(session, one.offer.value, by=by.actor, at=at)
        sent.append(
            assessment_commands.send(
                session,
                one.vendor,
                version,
                one.contact,
                due_on=one.due_on,
                message="",
                by=by,
                at=at,
            )
        )
    return sent


def _planned(
    vendor: Vendor,
    contact: tuple[Contact, str, str] | None,
    waiting: str | None,
    fits: dict[int, tuple[Offer | None, date]],
) -> Planned:
    refusal = refusal_to_send(vendor.name, vendor.state, vendor.tier, vendor.is_archived)
    if refusal or vendor.tier is None:
        return Planned(vendor, why_not=refusal or "Its tier is not known yet.")
    if waiting:
        return Planned(vendor, why_not=f"Assessment {waiting} is still under way.")
    if contact is None:
        return Planned(vendor, why_not="Nobody there is known. Add a contact first.")
    offer, due_on = fits[vendor.tier]
    if offer is None:
        return Planned(vendor, why_not=f"There is no questionnaire for tier {vendor.tier}.")
    return Planned(vendor, contact[0], contact[1], contact[2], offer, due_on)


def _vendors(session: Session, viewer_id: UUID, vendor_ids: list[UUID]) -> list[Vendor]:
    found: list[Vendor] = []
    for some in batched(dict.fromkeys(vendor_ids)):
        chosen = select(Vendor).where(Vendor.id.in_(some), visible_vendors(viewer_id))
        found += session.scalars(chosen)
    return sorted(found, key=lambda vendor: (vendor.name_key, vendor.id))


def _contacts(session: Session, vendor_ids: list[UUID]) -> dict[UUID, tuple[Contact, str, str]]:
    """Return whom to write to: the primary contact, else a lead, else who came first."""
    found: dict[UUID, tuple[Contact, str, str]] = {}
    for some in batched(vendor_ids):
        chosen = (
            select(Contact, Person.name, Person.email)
            .join(Person, Person.id == Contact.person_id)
            .where(
                Contact.vendor_id.in_(some),
                Contact.removed_at.is_(None),
                Person.disabled_at.is_(None),
                Person.erased_at.is_(None),
            )
            .order_by(Contact.is_primary.desc(), Contact.role, Contact.created_at, Contact.id)
        )
        for contact, name, email in session.execute(chosen):
            found.setdefault(contact.vendor_id, (contact, name, email))
    return found


def _waiting(session: Session, vendor_ids: list[UUID]) -> dict[UUID, str]:
    found: dict[UUID, str] = {}
    for some in batched(vendor_ids):
        chosen = select(Assessment.vendor_id, Assessment.reference).where(
            Assessment.vendor_id.in_(some), Assessment.state.in_(LIVE)
        )
        found |= dict(session.execute(chosen).all())
    return found
