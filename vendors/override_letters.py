"""The letter about another tier: whoever is named as its approver hears of it at once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from foundation.links import absolute
from identity.queries import get_person
from identity.rules import Author
from mail.commands import queue
from mail.letters import compose
from organisation.queries import name_of_organisation
from vendors.inventory_models import Exemption
from vendors.models import Vendor


def tell_approver(
    session: Session, vendor: Vendor, exemption: Exemption, tier: int, *, by: Author, at: datetime
) -> None:
    """Tell the approver what stands under their name, and where to end it."""
    approver_id: UUID | None = exemption.approver_id
    if approver_id is None:
        return
    approver, setter = get_person(session, approver_id), get_person(session, by.person_id)
    text = compose(
        "override",
        org=name_of_organisation(session),
        name=approver.name,
        vendor=vendor.name,
        setter=setter.name,
        tier=tier,
        rating=exemption.frozen_rating,
        reason=exemption.reason,
        ends_on=exemption.ends_on,
        link=absolute(f"/vendors/{vendor.id}/exposure?service={exemption.subject_id}"),
    )
    queue(
        session,
        dedupe_key=f"override:{exemption.id}:{approver.email}",
        kind="override",
        to=(approver.email, approver.name),
        text=text,
        at=at,
    )
