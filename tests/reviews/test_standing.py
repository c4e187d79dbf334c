"""Where a vendor stands: unknown is said, gates count, hands only where the record is silent."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import NoResultFound

from contracts.queries import coverage
from foundation import clock
from foundation.errors import Conflict, Refused
from foundation.ids import new_id
from reviews import finding_commands, gate_commands
from reviews.commands import open_review
from reviews.finding_commands import NewFinding
from reviews.gate_commands import Acceptance, HandAnswer
from reviews.gates import Gate, GateStatus
from reviews.residual import Band
from reviews.rules import Severity
from reviews.standing import standing_of
from tests import makers
from tests import people as cast
from tests.reviews import stories
from vendors.commands import add_service, set_exposure
from vendors.service_edits import archive_service


@pytest.fixture
def rabia(session):
    return makers.make_staff(session, cast.RABIA)


def today():
    return clock.now().date()


def by_hand(session, review, gate, by, *, status=GateStatus.PASSED, note="Seen.", version=0):
    answer = HandAnswer(status, note, version)
    return gate_commands.judge_gate(session, review, gate, answer, by=by, at=clock.now())


def gate(standing, which):
    return next(g.status for g in standing.gates if g.gate is which)


def test_a_vendor_nobody_asked_has_no_number(session):
    vendor = makers.make_vendor(session)
    found = standing_of(session, vendor.id, today())
    assert (found.claimed, found.evidenced, found.residual, found.band) == (None,) * 4
    assert (found.decision, found.review_id, found.assurance_gap) == (None, None, None)
    assert found.tier == 4
    assert found.blockers


def test_a_vendor_that_is_not_there(session):
    with pytest.raises(NoResultFound):
        standing_of(session, new_id(), today())


def test_answers_without_proof_leave_a_gap(session):
    review, _ = stories.submitted(session)
    found = standing_of(session, review.vendor_id, today())
    assert (found.claimed, found.evidenced, found.coverage) == (1.0, 0.5, 0.0)
    assert found.residual > found.claimed_residual
    assert found.assurance_gap == round(found.residual - found.claimed_residual, 1)


def test_a_new_cycle_without_answers_keeps_the_last_number(session):
    from audit.actions import SYSTEM
    from reviews import commands, decision_commands
    from reviews.decision_commands import Proposal
    from reviews.rules import Outcome

    review, _ = stories.ready(session)
    pervez = makers.make_staff(session, cast.PERVEZ)
    proposal = Proposal(outcome=Outcome.APPROVED, round=1, note="Fine.")
    decision_commands.propose(session, review, proposal, by=pervez, at=clock.now())
    commands.open_review(session, review.vendor, kind="reassessment", by=SYSTEM, at=clock.now())
    found = standing_of(session, review.vendor_id, today())
    assert found.review_id == review.id
    assert found.decision.outcome is Outcome.APPROVED
    assert found.band is Band.LOW


def test_a_gate_is_answered_by_hand_only_where_the_record_is_silent(session, rabia):
    vendor = makers.make_vendor(session, exposure=makers.CRITICAL)
    review, _ = stories.submitted(session, vendor=vendor)
    assert gate(standing_of(session, vendor.id, today()), Gate.G1) is GateStatus.UNANSWERED
    by_hand(session, review, Gate.G1, rabia)
    assert gate(standing_of(session, vendor.id, today()), Gate.G1) is GateStatus.PASSED
    with pytest.raises(Refused, match="record already answers"):
        by_hand(session, review, Gate.G4, rabia)  # no attestation on file
    with pytest.raises(Refused, match="record already answers"):
        by_hand(session, review, Gate.G8, rabia)


@pytest.mark.parametrize("note", ["", "  ", "\n", "4111 1111 1111 1111", "x" * 4001])
def test_a_gate_by_hand_needs_a_note(session, rabia, note):
    vendor = makers.make_vendor(session, exposure=makers.CRITICAL)
    review, _ = stories.submitted(session, vendor=vendor)
    with pytest.raises(Refused):
        by_hand(session, review, Gate.G1, rabia, note=note)


def test_two_hands_on_one_gate(session, rabia):
    vendor = makers.make_vendor(session, exposure=makers.CRITICAL)
    review, _ = stories.submitted(session, vendor=vendor)
    by_hand(session, review, Gate.G1, rabia)
    with pytest.raises(Conflict):
        by_hand(session, review, Gate.G1, rabia, status=GateStatus.FAILED)
    by_hand(session, review, Gate.G1, rabia, status=GateStatus.FAILED, version=1)
    assert gate(standing_of(session, vendor.id, today()), Gate.G1) is GateStatus.FAILED


def test_a_gate_that_concerns_nobody_is_refused(session, rabia):
    review, _ = stories.submitted(session)
    with pytest.raises(Refused, match="not concern"):
        by_hand(session, review, Gate.G12, rabia)


def test_a_critical_finding_fails_its_gate_and_lifts_the_band(session, rabia):
    review, _ = stories.ready(session)
    bad = NewFinding(title="Breach", severity=Severity.CRITICAL, owner_id=rabia.person_id)
    finding_commands.raise_finding(session, review, bad, by=rabia, at=clock.now())
    found = standing_of(session, review.vendor_id, today())
    assert gate(found, Gate.G8) is GateStatus.FAILED
    assert found.band is Band.HIGH
    assert len(found.open_findings) == 1


def test_the_risk_of_a_failed_gate_is_accepted_once(session):
    laila = makers.make_staff(session, cast.LAILA)
    vendor = makers.make_vendor(session, exposure=makers.CRITICAL)
    review, _ = stories.submitted(session, vendor=vendor)
    chosen = Acceptance(
        laila.person_id, "Expected in May.", today() + timedelta(days=90), "No cards until then."
    )
    at = clock.now()
    gate_commands.accept_gate_risk(session, review, Gate.G4, chosen, by=laila, at=at)
    with pytest.raises(Refused, match="already"):
        gate_commands.accept_gate_risk(session, review, Gate.G4, chosen, by=laila, at=at)
    with pytest.raises(Refused, match="not failed"):
        gate_commands.accept_gate_risk(session, review, Gate.G1, chosen, by=laila, at=at)
    assert gate(standing_of(session, vendor.id, today()), Gate.G4) is GateStatus.FAILED


def test_an_archived_service_counts_in_no_decision(session, rabia):
    vendor, at = makers.make_vendor(session), clock.now()
    risky = add_service(session, vendor, "Card vault", by=rabia, at=at)
    set_exposure(session, risky, makers.CRITICAL, {}, by=rabia, at=at)
    open_review(session, vendor, kind="initial", by=rabia.actor, at=at)
    before = standing_of(session, vendor.id, today())
    archive_service(session, risky, by=rabia, at=at)
    after = standing_of(session, vendor.id, today())
    assert (before.tier, after.tier) == (1, 4)
    assert gate(before, Gate.G1) is GateStatus.UNANSWERED
    assert gate(after, Gate.G1) is GateStatus.NOT_APPLICABLE
    assert after.inherent < before.inherent
    assert after.clauses.required == coverage(session, vendor.id, today=today()).required
