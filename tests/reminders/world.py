"""A vendor with one of each thing that falls due, all on the same day."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from audit.actions import ActorKind
from contracts.models import Contract
from contracts.rules import ContractState
from evidence.models import Evidence
from evidence.rules import EvidenceKind, ScanState
from foundation import clock
from foundation.ids import new_id
from mail.models import Letter
from mail.queries import get_letter
from reviews.decision_models import Condition, Decision
from reviews.models import Finding, Review
from reviews.rules import FindingState, Outcome, ReviewState, Severity
from tests import makers
from tests.people import ASIF, RABIA
from vendors.inventory_models import Exemption
from vendors.models import Vendor
from vendors.rules import ExemptionKind, VendorState, Visibility


@dataclass(frozen=True)
class World:
    """What the stories ask for by name."""

    vendor: UUID
    finding: UUID
    condition: UUID
    evidence: UUID
    exemption: UUID
    contract: UUID


def make(session, due_on: date, *, name="Acme Cloud", is_need_to_know=False) -> World:
    """Pervez owns the vendor, Rabia its finding and condition; Asif approved the exemption."""
    pervez, rabia = makers.make_staff(session), makers.make_staff(session, RABIA)
    asif = makers.make_staff(session, ASIF)
    vendor = makers.make_vendor(session, name=name, by=pervez, is_need_to_know=is_need_to_know)
    review = _review(session, vendor)
    decision = _decision(session, review, by_id=rabia.person_id)
    finding = Finding(
        id=new_id(), reference=f"F-{new_id().hex[:6]}", vendor_id=vendor.id, review_id=review.id,
        title="No second factor", severity=Severity.HIGH, state=FindingState.OPEN,
        owner_id=rabia.person_id, raised_by_id=rabia.person_id, raised_at=clock.now(),
        due_on=due_on,
    )  # fmt: skip
    condition = Condition(
        id=new_id(), decision_id=decision.id, vendor_id=vendor.id, text="Encrypt the backups",
        owner_id=rabia.person_id, due_on=due_on,
    )  # fmt: skip
    exemption = Exemption(
        id=new_id(), kind=ExemptionKind.ACCEPTANCE, vendor_id=vendor.id, subject_kind="finding",
        subject_id=finding.id, owner_id=pervez.person_id, approver_id=asif.person_id,
        reason="Nothing else to be had", ends_on=due_on, frozen_rating="High",
        created_at=clock.now(),
    )  # fmt: skip
    contract = Contract(
        id=new_id(), reference=f"C-{new_id().hex[:6]}", vendor_id=vendor.id, title="Hosting",
        state=ContractState.ACTIVE, ends_on=due_on, notice_days=0, notice_deadline_on=due_on,
        created_at=clock.now(),
    )  # fmt: skip
    evidence = file_of(vendor.id, due_on, by_id=pervez.person_id)
    session.add_all([finding, condition, exemption, contract, evidence])
    session.flush()
    return World(vendor.id, finding.id, condition.id, evidence.id, exemption.id, contract.id)


def file_of(vendor_id, valid_until, *, by_id, title="SOC 2 report", kind=EvidenceKind.SOC2_TYPE2):
    """Return a row of a file; its bytes are nowhere, and no reminder asks for them."""
    return Evidence(
        id=new_id(), reference=f"E-{new_id().hex[:6]}", vendor_id=vendor_id, object_id=new_id(),
        title=title, kind=kind, original_name="a.pdf", media_type="application/pdf", size=1,
        sha256=b"s", kek_id="k", wrapped_dek=b"w", valid_until=valid_until,
        uploaded_at=clock.now(), uploaded_by_kind=ActorKind.STAFF, uploaded_by_id=by_id,
        visibility=Visibility.VENDOR, row_mac=b"m", scan_state=ScanState.CLEAN,
    )  # fmt: skip


def activate(session, vendor_id, next_review_on, tier=2):
    """Bring a vendor into use, to be reviewed again on a day."""
    vendor = session.get_one(Vendor, vendor_id)
    vendor.cleared_by, vendor.cleared_on = new_id(), clock.now().date()
    vendor.state, vendor.tier, vendor.next_review_on = VendorState.ACTIVE, tier, next_review_on


def letters(database, kind="digest", to=None):
    """Return the texts of the letters of a kind, in order."""
    with database.reading() as session:
        chosen = select(Letter.id).where(Letter.kind == kind).order_by(Letter.created_at)
        if to is not None:
            chosen = chosen.where(Letter.to_email == to.email)
        return [get_letter(session, each).body for each in session.scalars(chosen)]


def _review(session, vendor):
    review = Review(
        id=new_id(), reference=f"R-{new_id().hex[:6]}", vendor_id=vendor.id, cycle=1,
        kind="initial", state=ReviewState.DECIDED, opened_at=clock.now(), decided_at=clock.now(),
    )  # fmt: skip
    session.add(review)
    session.flush()
    return review


def _decision(session, review, *, by_id):
    decision = Decision(
        id=new_id(), review_id=review.id, round=1, outcome=Outcome.APPROVED_WITH_CONDITIONS,
        note="Fine.", proposed_by_id=by_id, proposed_at=clock.now(), is_final=True,
        decided_at=clock.now(), tier=4, inherent=9.0, basis={"conditions": []},
        valid_until=date(2028, 3, 2), next_review_on=date(2028, 3, 2),
    )  # fmt: skip
    session.add(decision)
    session.flush()
    return decision
