"""Deciding: who signs, what is refused, and all that follows the last signature."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from accounts.rules import Role
from audit.actions import SYSTEM
from foundation import clock
from foundation.errors import Conflict, Denied, Refused
from mail.models import Letter
from organisation.commands import set_up
from questionnaires.rules import AssessmentState
from reviews import decision_commands as decisions
from reviews import finding_commands, signing
from reviews.commands import open_review
from reviews.decision_commands import NewCondition, Proposal
from reviews.decision_models import Condition, Decision, SignOff
from reviews.finding_commands import NewFinding
from reviews.models import Review
from reviews.queries import last_decided
from reviews.rules import Outcome, ReviewState, Severity
from tests import makers
from tests import people as cast
from tests.reviews import stories
from vendors.models import Vendor
from vendors.rules import VendorState
from vendors.tiering import Exposure

TIER_2 = Exposure(2, 3, 2, 2, 2, 3, 1, 2)


def propose(session, review, outcome, by, **more):
    given = {"round": decisions.next_round(session, review.id), "note": "Looked at it all.", **more}
    proposal = Proposal(outcome=outcome, **given)
    return decisions.propose(session, review, proposal, by=by, at=clock.now())


def person(session, character):
    return makers.make_staff(session, character)


def weak(session):
    """A condition that lets even a high remaining risk pass."""
    due = clock.now().date() + timedelta(days=30)
    return (NewCondition("Encrypt the backups.", due, person(session, cast.PERVEZ).person_id),)


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


def test_nothing_is_approved_before_a_submission(session):
    vendor = makers.make_vendor(session)
    from audit.actions import SYSTEM

    review = open_review(session, vendor, kind="initial", by=SYSTEM, at=clock.now())
    with pytest.raises(Refused) as refusal:
        propose(session, review, Outcome.APPROVED, person(session, cast.RABIA))
    assert any("not submitted" in reason for reason in refusal.value.reasons)
    assert vendor.state is VendorState.ONBOARDING
    assert count(session, Decision) == 0


def test_every_reason_is_named_not_only_the_first(session):
    review, _ = stories.submitted(session)
    with pytest.raises(Refused) as refusal:
        propose(session, review, Outcome.APPROVED, person(session, cast.RABIA))
    assert any("contract" in reason.lower() for reason in refusal.value.reasons)


def test_procurement_alone_approves_tier_4_with_little_left(session):
    review, assessment = stories.ready(session)
    pervez = person(session, cast.PERVEZ)
    decision = propose(session, review, Outcome.APPROVED, pervez)
    vendor = session.get_one(Vendor, review.vendor_id)
    assert decision.is_final
    assert decision.band == "low"
    assert review.state is ReviewState.DECIDED
    assert vendor.state is VendorState.ACTIVE
    assert vendor.cleared_by == review.id
    assert vendor.next_review_on == decision.next_review_on > clock.now().date()
    assert assessment.state is AssessmentState.ACCEPTED
    letter = session.scalars(select(Letter).where(Letter.kind == "decision")).one()
    assert letter.to_email == cast.PERVEZ.email
    assert "approved" in letter.subject


def test_the_next_review_is_never_put_on_a_day_off_nor_later_than_the_rule_says(session, later):
    """Decided on Tuesday, 3 March 2026: in three years that is a Saturday, and Friday a holiday."""
    set_up(session, at=clock.now(), by=SYSTEM, holidays=["2029-03-02 A feast"])
    review, _ = stories.ready(session)
    with later(days=1):
        decision = propose(session, review, Outcome.APPROVED, person(session, cast.PERVEZ))
    assert decision.next_review_on == date(2029, 3, 1)


def test_procurement_may_not_decide_on_tier_2(session):
    vendor = makers.make_vendor(session, exposure=TIER_2)
    review, _ = stories.submitted(session, vendor=vendor)
    assert vendor.tier == 2
    with pytest.raises(Denied, match="risk team"):
        propose(session, review, Outcome.REJECTED, person(session, cast.PERVEZ))


def test_tier_2_needs_a_lead_and_another_analyst(session):
    vendor = makers.make_vendor(session, exposure=TIER_2)
    review, _ = stories.submitted(session, vendor=vendor)
    rabia, laila = person(session, cast.RABIA), person(session, cast.LAILA)
    decision = propose(session, review, Outcome.REJECTED, rabia)
    assert not decision.is_final
    assert review.state is ReviewState.AWAITING_SIGN_OFF
    assert signing.missing_signatures(session, decision) == ("A lead of the risk team signs.",)
    with pytest.raises(Refused, match="signed this already"):
        decisions.sign(session, review, decision, role=Role.ANALYST, by=rabia, at=clock.now())
    decisions.sign(session, review, decision, role=Role.LEAD, by=laila, at=clock.now())
    assert decision.is_final
    assert vendor.state is VendorState.DECLINED
    assert vendor.cleared_by is None
    assert count(session, SignOff) == 2


def test_a_waiting_proposal_is_mailed_once_to_each_who_may_sign(session):
    vendor = makers.make_vendor(session, exposure=makers.CRITICAL)
    review, _ = stories.submitted(session, vendor=vendor)
    for character in (cast.ASIF, cast.LAILA, cast.PERVEZ, cast.AMNA):
        person(session, character)
    propose(session, review, Outcome.REJECTED, person(session, cast.LAILA))
    letters = session.scalars(select(Letter).where(Letter.kind == "to_sign")).all()
    assert [letter.to_email for letter in letters] == [cast.ASIF.email]
    assert "waits for your signature" in letters[0].subject


def test_a_final_decision_asks_nobody_to_sign(session):
    vendor = makers.make_vendor(session)
    review, _ = stories.submitted(session, vendor=vendor)
    propose(session, review, Outcome.MORE_NEEDED, person(session, cast.RABIA))
    assert session.scalars(select(Letter).where(Letter.kind == "to_sign")).all() == []


def test_a_role_one_does_not_hold_signs_nothing(session):
    vendor = makers.make_vendor(session, exposure=TIER_2)
    review, _ = stories.submitted(session, vendor=vendor)
    decision = propose(session, review, Outcome.REJECTED, person(session, cast.RABIA))
    with pytest.raises(Denied):
        decisions.sign(
            session,
            review,
            decision,
            role=Role.LEAD,
            by=person(session, cast.PERVEZ),
            at=clock.now(),
        )
    with pytest.raises(Refused, match="no signature in this role"):
        decisions.sign(
            session,
            review,
            decision,
            role=Role.APPROVER,
            by=person(session, cast.ASIF),
            at=clock.now(),
        )
    assert not decision.is_final


def test_tier_1_needs_a_lead_and_an_approver(session):
    vendor = makers.make_vendor(session, exposure=makers.CRITICAL)
    review, _ = stories.submitted(session, vendor=vendor)
    laila, asif = person(session, cast.LAILA), person(session, cast.ASIF)
    decision = propose(session, review, Outcome.REJECTED, laila)
    assert signing.roles_that_help(session, decision, asif) == (Role.APPROVER,)
    assert signing.roles_that_help(session, decision, laila) == ()
    decisions.sign(session, review, decision, role=Role.APPROVER, by=asif, at=clock.now())
    assert decision.is_final


def test_more_needed_opens_the_next_round(session):
    review, assessment = stories.submitted(session)
    decision = propose(session, review, Outcome.MORE_NEEDED, person(session, cast.RABIA))
    assert decision.is_final
    assert review.state is ReviewState.OPEN
    assert decisions.next_round(session, review.id) == 2
    assert assessment.state is AssessmentState.SUBMITTED


def test_more_needed_is_not_what_was_decided_last(session):
    review, _ = stories.ready(session)
    rabia = person(session, cast.RABIA)
    propose(session, review, Outcome.APPROVED, rabia)
    again = open_review(session, review.vendor, kind="off_cycle", by=rabia.actor, at=clock.now())
    propose(session, again, Outcome.MORE_NEEDED, rabia)
    found = last_decided(session, [review.vendor_id])
    assert found == {review.vendor_id: ("Approved", clock.today())}


def test_a_rejection_does_not_wait_for_piled_up_questions(session):
    from reviews import verdict_commands
    from reviews.verdict_commands import Place

    review, assessment = stories.submitted(session)
    rabia = person(session, cast.RABIA)
    place = Place(assessment.id, "enc_in_transit", 1)
    verdict_commands.ask_back(session, review, place, "Which ones?", by=rabia, at=clock.now())
    assert propose(session, review, Outcome.REJECTED, rabia).is_final
    assert assessment.state is AssessmentState.ACCEPTED


def test_an_old_page_proposes_nothing(session):
    review, _ = stories.submitted(session)
    rabia = person(session, cast.RABIA)
    propose(session, review, Outcome.MORE_NEEDED, rabia)
    with pytest.raises(Conflict, match="first"):
        propose(session, review, Outcome.REJECTED, rabia, round=1)


def test_a_withdrawn_proposal_cannot_be_signed(session):
    vendor = makers.make_vendor(session, exposure=TIER_2)
    review, _ = stories.submitted(session, vendor=vendor)
    rabia, laila = person(session, cast.RABIA), person(session, cast.LAILA)
    decision = propose(session, review, Outcome.REJECTED, rabia)
    with pytest.raises(Denied, match="proposed"):
        decisions.withdraw(
            session, review, decision, by=person(session, cast.PERVEZ), at=clock.now()
        )
    decisions.withdraw(session, review, decision, by=rabia, at=clock.now())
    assert review.state is ReviewState.OPEN
    with pytest.raises(Conflict, match="withdrawn"):
        decisions.sign(session, review, decision, role=Role.LEAD, by=laila, at=clock.now())


def test_conditions_are_stored_when_the_decision_is_final(session):
    review, _ = stories.ready(session)
    rabia = person(session, cast.RABIA)
    with pytest.raises(Refused, match="condition"):
        propose(session, review, Outcome.APPROVED_WITH_CONDITIONS, rabia)
    decision = propose(
        session, review, Outcome.APPROVED_WITH_CONDITIONS, rabia, conditions=weak(session)
    )
    stored = session.scalars(select(Condition)).one()
    assert (stored.decision_id, stored.text) == (decision.id, "Encrypt the backups.")


def test_a_condition_in_the_past_is_refused(session):
    review, _ = stories.ready(session)
    rabia = person(session, cast.RABIA)
    yesterday = clock.now().date() - timedelta(days=1)
    late = (NewCondition("Too late.", yesterday, rabia.person_id),)
    with pytest.raises(Refused, match="passed"):
        propose(session, review, Outcome.APPROVED_WITH_CONDITIONS, rabia, conditions=late)


def test_a_new_critical_finding_stops_the_last_signature(session):
    vendor = makers.make_vendor(session, exposure=TIER_2)
    review, _ = stories.ready(session, vendor=vendor)
    rabia, laila = person(session, cast.RABIA), person(session, cast.LAILA)
    decision = propose(
        session, review, Outcome.APPROVED_WITH_CONDITIONS, rabia, conditions=weak(session)
    )
    bad = NewFinding(title="Breach", severity=Severity.CRITICAL, owner_id=rabia.person_id)
    finding_commands.raise_finding(session, review, bad, by=rabia, at=clock.now())
    with pytest.raises(Refused) as refusal:
        decisions.sign(session, review, decision, role=Role.LEAD, by=laila, at=clock.now())
    assert any("critical finding" in reason.lower() for reason in refusal.value.reasons)
    assert vendor.state is VendorState.ONBOARDING


def test_two_people_at_once_make_one_decision(database):
    with database.writing() as session:
        review_id = stories.ready(session)[0].id
        authors = [person(session, c) for c in (cast.RABIA, cast.LAILA)]
    outcomes = []
    barrier = threading.Barrier(2)

    def press(author, outcome):
        barrier.wait()
        try:
            with database.writing() as session:
                review = session.get_one(Review, review_id)
                proposal = Proposal(outcome=outcome, round=1, note="Now.")
                decisions.propose(session, review, proposal, by=author, at=clock.now())
            outcomes.append("won")
        except Conflict:
            outcomes.append("second")

    pressing = [
        threading.Thread(target=press, args=pair)
        for pair in zip(authors, (Outcome.APPROVED, Outcome.REJECTED), strict=True)
    ]
    for thread in pressing:
        thread.start()
    for thread in pressing:
        thread.join()
    assert sorted(outcomes) == ["second", "won"]
    with database.reading() as session:
        assert count(session, Decision) == 1
