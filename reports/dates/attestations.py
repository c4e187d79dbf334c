"""Days by which vendors owe their word, and by which the changes they report are judged."""

from collections.abc import Iterable

from sqlalchemy import case, or_
from sqlalchemy.orm import Session

from identity.models import Person
from reminders.standing import is_change_waiting, is_word_awaited
from reports.dates.row import DateKind, DateRow, Wanted
from reports.dates.selecting import of_vendors, within
from reviews.attestation_models import Attestation
from reviews.attestation_rules import AttestationState
from reviews.models import Review
from vendors.models import Vendor


def attestations(session: Session, wanted: Wanted) -> Iterable[DateRow]:
    """Yield what vendors in use have not said yet, and what they reported and nobody judged."""
    is_reported = Attestation.state == AttestationState.REPORTED
    day = case((is_reported, Attestation.judge_by), else_=Attestation.due_on)
    is_awaited = within(wanted, Attestation.due_on, Attestation.id) & is_word_awaited()
    is_to_judge = within(wanted, Attestation.judge_by, Attestation.id) & is_change_waiting()
    chosen = (
        of_vendors(
            wanted,
            is_reported.label("is_reported"),
            Attestation.id.label("about"),
            day.label("on"),
            Vendor.reference,
            case((is_reported, Attestation.declared_name), else_=Vendor.purpose).label("detail"),
            Review.reviewer_id.label("owner_id"),
            Person.name.label("holder"),
            Attestation.asked_at.label("made_at"),
            owners=(Review.reviewer_id,),
        )
        .select_from(Vendor)
        .join(Attestation, Attestation.vendor_id == Vendor.id)
        .join(Person, Person.id == Vendor.owner_id)
        .outerjoin(Review, Review.id == Vendor.cleared_by)
        .where(or_(is_awaited, is_to_judge))
        .order_by(day, Attestation.id)
    )
    for row in session.execute(chosen.limit(wanted.most)).mappings():
        parts = dict(row)
        kind = DateKind.CHANGE if parts.pop("is_reported") else DateKind.WORD
        yield DateRow(kind=kind, **parts)
