"""A vendor with one thing of every kind that falls due."""

from datetime import timedelta
from uuid import uuid4

from audit.actions import ActorKind
from evidence.models import Evidence
from evidence.rules import EvidenceKind, ScanState
from foundation import clock
from foundation.dates import add_months
from foundation.ids import new_id
from reviews.attestation_models import Attestation
from reviews.attestation_rules import AttestationState
from reviews.decision_models import Condition, Decision
from reviews.models import Finding, Review
from reviews.rules import FindingState, Outcome, ReviewState, Severity
from tests import makers
from tests.contracts import stories as contracts
from tests.contracts.matrices import make_matrix
from vendors.inventory_models import Exemption
from vendors.queries import services_of
from vendors.rules import ExemptionKind, PciScope, VendorState, Visibility

NOTICE_DAYS = 30


def everything_due(session, on, *, name="Acme Cloud", by=None, is_need_to_know=False, asks=True):
    """Return a vendor in use: contract, review, answers, finding, proof, waiver, matrix, word."""
    by = by or makers.make_staff(session)
    vendor = makers.make_vendor(session, name=name, by=by, is_need_to_know=is_need_to_know)
    if asks:
        makers.make_assessment(session, vendor=vendor, due_on=on, by=by)
    contracts.make_contract(
        session,
        vendor,
        ends_on=on + timedelta(days=NOTICE_DAYS),
        notice_days=NOTICE_DAYS,
        title="Secret title",
    )
    use(session, vendor, on)
    session.add(proof(vendor, on))
    decide(session, vendor, on, by)
    session.add_all(words(vendor, on, by))
    session.add(
        Exemption(
            id=new_id(), kind=ExemptionKind.WAIVER, vendor_id=vendor.id, subject_kind="clause",
            subject_id=new_id(), owner_id=by.person_id, reason="Secret reason.", ends_on=on,
            frozen_rating="", created_at=clock.now(),
        )
    )  # fmt: skip
    due_matrix(session, vendor, on, by)
    return vendor


def due_matrix(session, vendor, on, by):
    """Let a service touch card data, and who meets which requirement hold until a day."""
    (service,) = services_of(session, vendor.id)
    service.pci_scope = PciScope.AFFECTS_SECURITY
    session.flush()
    make_matrix(session, vendor, agreed_on=add_months(on, -12), by=by)


def use(session, vendor, next_review_on):
    """Take a vendor into use until its next review."""
    vendor.cleared_by, vendor.cleared_on = uuid4(), clock.today()
    vendor.state, vendor.next_review_on = VendorState.ACTIVE, next_review_on
    session.flush()


def words(vendor, on, by):
    """Return a word the vendor owes, and a change it reported that waits to be judged."""
    asked = {
        "vendor_id": vendor.id,
        "since_on": clock.today(),
        "asked_at": clock.now(),
        "due_on": on,
    }
    return (
        Attestation(id=new_id(), state=AttestationState.ASKED, **asked),
        Attestation(
            id=new_id(), state=AttestationState.REPORTED, changes={"people": "Secret person."},
            declared_at=clock.now(), declared_on=clock.today(), declared_by_id=by.person_id,
            declared_name="Secret name", judge_by=on, **asked,
        ),
    )  # fmt: skip


def proof(vendor, until, title="Secret certificate"):
    """Return a file that ends."""
    return Evidence(
        id=new_id(), reference=f"E-{uuid4().hex[:6]}", vendor_id=vendor.id, object_id=new_id(),
        title=title, kind=EvidenceKind.OTHER, original_name="a.pdf", media_type="application/pdf",
        size=1, sha256=b"", kek_id="k", wrapped_dek=b"k", row_mac=b"",
        scan_state=ScanState.CLEAN, valid_until=until, visibility=Visibility.INTERNAL,
        uploaded_by_kind=ActorKind.STAFF, uploaded_at=clock.now(),
    )  # fmt: skip


def decide(session, vendor, on, by):
    """Approve with a condition, and leave a finding to mend."""
    at = clock.now()
    review = Review(
        id=new_id(), reference=f"R-{uuid4().hex[:6]}", vendor_id=vendor.id, cycle=1,
        kind="initial", state=ReviewState.DECIDED, opened_at=at, decided_at=at,
    )  # fmt: skip
    decision = Decision(
        id=new_id(), review_id=review.id, round=1, outcome=Outcome.APPROVED_WITH_CONDITIONS,
        note="Fine.", proposed_by_id=by.person_id, proposed_at=at, is_final=True, decided_at=at,
        tier=4, inherent=9.0, basis={"conditions": []}, valid_until=on, next_review_on=on,
    )  # fmt: skip
    condition = Condition(
        id=new_id(), decision_id=decision.id, vendor_id=vendor.id, text="Secret condition.",
        owner_id=by.person_id, due_on=on,
    )  # fmt: skip
    finding = Finding(
        id=new_id(), reference=f"F-{uuid4().hex[:6]}", vendor_id=vendor.id, review_id=review.id,
        title="Secret weakness", severity=Severity.HIGH, state=FindingState.OPEN,
        owner_id=by.person_id, raised_by_id=by.person_id, raised_at=at, due_on=on,
    )  # fmt: skip
    for row in (review, decision, condition, finding):
        session.add(row)
        session.flush()
    return review
