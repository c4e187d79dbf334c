"""A vendor in use that may be asked whether anything has changed."""

from datetime import date

from sqlalchemy import select

from foundation import clock
from foundation.ids import new_id
from reviews.attestation_commands import ask
from reviews.attestation_models import Attestation
from reviews.models import Review
from reviews.rules import ReviewState
from tests import makers
from tests.people import RABIA
from vendors.models import Vendor
from vendors.rules import VendorState

DECIDED = date(2026, 3, 2)


def in_use(session, *, name="Acme Cloud", tier=2, contact=None, is_need_to_know=False):
    """Pervez's vendor, reviewed by Rabia and approved on 2 March; Vania speaks for it."""
    pervez, rabia = makers.make_staff(session), makers.make_staff(session, RABIA)
    vendor = makers.make_vendor(session, name=name, by=pervez, is_need_to_know=is_need_to_know)
    review = Review(
        id=new_id(), reference=f"R-{new_id().hex[:6]}", vendor_id=vendor.id, cycle=1,
        kind="initial", state=ReviewState.DECIDED, reviewer_id=rabia.person_id,
        opened_at=clock.now(), decided_at=clock.now(),
    )  # fmt: skip
    session.add(review)
    session.flush()
    if contact is not None:
        makers.make_contact(session, vendor, contact, by=pervez)
    vendor.cleared_by, vendor.cleared_on, vendor.tier = review.id, DECIDED, tier
    vendor.state, vendor.next_review_on = VendorState.ACTIVE, date(2040, 3, 2)
    session.flush()
    return vendor


def asked(database, **vendor):
    """Ask a vendor in use; return the ids of the vendor and of the asking."""
    with database.writing() as session:
        made = in_use(session, **vendor)
        today = clock.now().date()
        one = ask(session, made, since_on=DECIDED, today=today, at=clock.now())
        return made.id, one.id


def stored(database, attestation_id):
    with database.reading() as session:
        return session.get_one(Attestation, attestation_id)


def every(database):
    with database.reading() as session:
        return list(session.scalars(select(Attestation).order_by(Attestation.asked_at)))


def change(database, vendor_id, **values):
    with database.writing() as session:
        vendor = session.get_one(Vendor, vendor_id)
        for name, value in values.items():
            setattr(vendor, name, value)
