"""Days by which vendors owe their word, and by which the changes they report are judged."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from identity.models import Person
from reminders.standing import is_change_waiting, is_word_awaited
from reports.dates.row import DateKind, DateRow, Wanted
from reports.dates.selecting import of_vendors, rows_of, within
from reviews.attestation_models import Attestation
from reviews.models import Review
from vendors.models import Vendor


def words(session: Session, wanted: Wanted) -> Iterable[DateRow]:
    """Yield vendors in use that were asked whether anything has changed, and have not said."""
    chosen = (
        of_vendors(
            wanted,
            Attestation.id.label("about"),
            Attestation.due_on.label("on"),
            Vendor.reference,
            Vendor.purpose.label("detail"),
            Person.name.label("holder"),
            Attestation.asked_at.label("made_at"),
        )
        .select_from(Vendor)
        .join(Attestation, Attestation.vendor_id == Vendor.id)
        .join(Person, Person.id == Vendor.owner_id)
        .where(within(wanted, Attestation.due_on, Attestation.id), is_word_awaited())
        .order_by(Attestation.due_on, Attestation.id)
    )
    return rows_of(session, chosen, DateKind.WORD, wanted)


def changes(session: Session, wanted: Wanted) -> Iterable[DateRow]:
    """Yield reported changes that nobody has judged; whose they are is who reviewed last."""
    chosen = (
        of_vendors(
            wanted,
            Attestation.id.label("about"),
            Attestation.judge_by.label("on"),
            Vendor.reference,
            Attestation.declared_name.label("detail"),
            Review.reviewer_id.label("owner_id"),
            Attestation.declared_at.label("made_at"),
            owners=(Review.reviewer_id,),
        )
        .select_from(Vendor)
        .join(Attestation, Attestation.vendor_id == Vendor.id)
        .outerjoin(Review, Review.id == Vendor.cleared_by)
        .where(within(wanted, Attestation.judge_by, Attestation.id), is_change_waiting())
        .order_by(Attestation.judge_by, Attestation.id)
    )
    return rows_of(session, chosen, DateKind.CHANGE, wanted)
