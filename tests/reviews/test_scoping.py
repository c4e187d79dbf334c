"""The scope of a review: what was left out with its reason, and a change since sending said aloud."""

from dataclasses import replace

import pytest

from foundation import clock
from reviews import decision_commands as decisions
from reviews.case import case_of
from reviews.decision_commands import Proposal
from reviews.facts import gather
from reviews.gates import Gate, GateStatus
from reviews.models import Review
from reviews.rules import Outcome
from tests import makers
from tests.people import AMNA, LAILA, PERVEZ, RABIA
from tests.reviews import stories
from vendors.models import Vendor
from vendors.queries import default_service
from vendors.service_commands import add_service, set_exposure
from vendors.tiering import NOTHING_KNOWN

CHANGED = "The scope has changed since A-0001 was sent"


@pytest.fixture
def told(scene):
    """A submitted assessment of a vendor that card data does not come to."""
    return scene(_told)


def _told(database):
    with database.writing() as session:
        review, assessment = stories.submitted(session)
        return review.id, assessment.id, review.vendor_id


def touch(database, vendor_id, exposure):
    with database.writing() as session:
        service, by = default_service(session, vendor_id), makers.make_staff(session)
        set_exposure(session, service, exposure, {}, by=by, at=clock.now())


def gates_of(database, review_id):
    with database.reading() as session:
        review = session.get_one(Review, review_id)
        vendor = session.get_one(Vendor, review.vendor_id)
        lines = case_of(gather(session, vendor, review, clock.today())).gates
        return {line.result.gate: line.result for line in lines}


def read(people, who, address):
    return people.browser(who).get(address).get_data(as_text=True)


def test_what_was_left_out_is_listed_with_its_reason(people, told):
    for address in (f"/reviews/{told[0]}", f"/assessments/{told[1]}"):
        page = read(people, RABIA, address)
        assert "Out of scope" in page
        assert (
            "At sending the intake said: no card data comes into it. 2 questions were left out"
            in page
        )
        assert "Do payment card numbers of our customers reach your systems?" in page
        assert CHANGED not in page


def test_gates_on_card_data_do_not_apply_and_the_page_says_why(people, told, database):
    found = gates_of(database, told[0])
    assert found[Gate.G4].status is found[Gate.G5].status is GateStatus.NOT_APPLICABLE
    page = read(people, RABIA, f"/reviews/{told[0]}")
    assert "does not apply, since no service touches card data or can affect its safety" in page


def test_card_data_that_comes_in_while_it_is_out_is_said_and_never_a_pass(people, told, database):
    touch(database, told[2], makers.CRITICAL)
    for who, address in (
        (RABIA, f"/reviews/{told[0]}"),
        (LAILA, f"/reviews/{told[0]}/decide"),
        (AMNA, f"/assessments/{told[1]}"),
    ):
        page = read(people, who, address)
        assert CHANGED in page
        assert "The intake now says: card data comes into it. 2 questions about that were" in page
    assert gates_of(database, told[0])[Gate.G4].status is GateStatus.FAILED
    assert gates_of(database, told[0])[Gate.G5].status is GateStatus.UNANSWERED


def test_a_second_service_that_nobody_knows_yet_changes_the_scope_too(people, told, database):
    with database.writing() as session:
        vendor, by = session.get_one(Vendor, told[2]), makers.make_staff(session)
        add_service(session, vendor, "Card processing", by=by, at=clock.now())
    page = read(people, RABIA, f"/reviews/{told[0]}")
    assert CHANGED in page
    assert "card data comes into it (not known yet, so the worst case counts)" in page


def test_a_scope_that_shrank_is_said_and_the_answers_still_count(people, database):
    with database.writing() as session:
        vendor = makers.make_vendor(session, exposure=NOTHING_KNOWN)
        review, assessment = stories.submitted(session, vendor=vendor)
        ids, before = (review.id, vendor.id), assessment.score
    touch(database, ids[1], makers.LOW)
    page = read(people, RABIA, f"/reviews/{ids[0]}")
    assert CHANGED in page
    assert "would not be asked now; what was answered" in page
    assert before == _score_of(database, ids[0])
    assert gates_of(database, ids[0])[Gate.G4].status is GateStatus.NOT_APPLICABLE


def _score_of(database, review_id):
    with database.reading() as session:
        review = session.get_one(Review, review_id)
        vendor = session.get_one(Vendor, review.vendor_id)
        return gather(session, vendor, review, clock.today()).told[0].assessment.score


def test_once_decided_a_later_change_concerns_the_next_review(people, told, database):
    with database.writing() as session:
        decisions.propose(
            session,
            session.get_one(Review, told[0]),
            Proposal(outcome=Outcome.REJECTED, round=1, note="We chose somebody else."),
            by=makers.make_staff(session, RABIA),
            at=clock.now(),
        )
    touch(database, told[2], makers.CRITICAL)
    assert CHANGED not in read(people, RABIA, f"/reviews/{told[0]}")
    assert CHANGED not in read(people, PERVEZ, f"/assessments/{told[1]}")


def test_a_change_that_asks_nothing_else_is_not_worth_a_word(people, told, database):
    touch(database, told[2], replace(makers.LOW, data_class=3))
    assert CHANGED not in read(people, RABIA, f"/reviews/{told[0]}")
