"""Conditions: who says that one was met, what is kept of it, and who must not."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from audit.actions import Action
from audit.models import Entry
from foundation import clock
from foundation.errors import Conflict, Refused
from foundation.ids import new_id
from reviews import condition_commands
from reviews.decision_models import Condition, Decision
from reviews.models import Review
from reviews.rules import Outcome, ReviewState
from tests.makers import make_vendor
from tests.people import AMNA, LAILA, PERVEZ, RABIA
from vendors.models import Vendor

NOTE = "The record of the test came in; nothing is left open."


@pytest.fixture
def condition(database, authors):
    """A condition of Acme that Pervez answers for, due in a month."""
    with database.writing() as session:
        pervez = authors[PERVEZ.email]
        vendor = make_vendor(session, by=pervez)
        review = Review(
            id=new_id(),
            reference="R-0001",
            vendor_id=vendor.id,
            cycle=1,
            kind="initial",
            state=ReviewState.DECIDED,
            opened_at=clock.now(),
            decided_at=clock.now(),
        )
        decision = Decision(
            id=new_id(),
            review_id=review.id,
            round=1,
            outcome=Outcome.APPROVED_WITH_CONDITIONS,
            note="With one condition.",
            proposed_by_id=pervez.person_id,
            proposed_at=clock.now(),
            is_final=True,
            decided_at=clock.now(),
            tier=1,
            inherent=80.0,
            basis={},
            valid_until=clock.now().date() + timedelta(days=365),
            next_review_on=clock.now().date() + timedelta(days=365),
        )
        made = Condition(
            id=new_id(),
            decision_id=decision.id,
            vendor_id=vendor.id,
            text="Rehearse the exit plan.",
            owner_id=pervez.person_id,
            due_on=clock.now().date() + timedelta(days=30),
        )
        for row in (review, decision, made):
            session.add(row)
            session.flush()
    return made


def stored(database, condition):
    with database.reading() as session:
        return session.get_one(Condition, condition.id)


def test_rabia_sees_that_it_was_met(people, database, condition):
    rabia = people.browser(RABIA)
    assert "Rehearse the exit plan." in rabia.get("/conditions").text
    address = f"/conditions/{condition.id}"
    assert "Was it met?" in rabia.get(address).text
    done = rabia.post(f"{address}/meet", data={"version": "1", "note": NOTE})
    assert done.status_code == 303
    shown = rabia.get(address).text
    assert "Rabia" in shown
    assert NOTE in shown
    assert "Rehearse" not in rabia.get("/conditions").text, "the list shows what is open"
    assert "Rehearse" in rabia.get("/conditions?show=all").text
    with database.reading() as session:
        acts = list(session.scalars(select(Entry.action).order_by(Entry.seq)))
    assert acts[-1] == Action.CONDITION_MEET


def test_it_can_be_taken_back(people, database, condition):
    rabia = people.browser(RABIA)
    rabia.post(f"/conditions/{condition.id}/meet", data={"version": "1", "note": NOTE})
    again = rabia.post(f"/conditions/{condition.id}/open-again", data={"version": "2"})
    assert again.status_code == 303
    found = stored(database, condition)
    assert (found.met_at, found.met_by_id, found.met_note) == (None, None, "")
    again = rabia.post(f"/conditions/{condition.id}/open-again", data={"version": "3"})
    assert again.status_code == 422


@pytest.mark.parametrize("note", ["", "   ", "\n\t"])
def test_without_a_word_it_is_not_met(people, database, condition, note):
    answer = people.browser(LAILA).post(
        f"/conditions/{condition.id}/meet", data={"version": "1", "note": note}
    )
    assert answer.status_code == 422
    assert "Write how you know that it was met." in answer.text
    assert stored(database, condition).met_at is None


def test_whoever_answers_for_it_does_not_say_so(database, authors, condition):
    with database.writing() as session:
        found = session.get_one(Condition, condition.id)
        with pytest.raises(Refused, match="somebody else"):
            condition_commands.meet(
                session, found, note=NOTE, version=1, by=authors[PERVEZ.email], at=clock.now()
            )


def test_two_at_once_lose_nothing(people, database, condition):
    first, second = people.browser(RABIA), people.browser(LAILA)
    first.post(f"/conditions/{condition.id}/meet", data={"version": "1", "note": NOTE})
    late = second.post(
        f"/conditions/{condition.id}/meet", data={"version": "1", "note": "I saw it as well."}
    )
    assert late.status_code == 409
    assert NOTE in late.text
    assert stored(database, condition).met_note == NOTE
    laila = people.author(LAILA)
    with database.writing() as session:
        found = session.get_one(Condition, condition.id)
        with pytest.raises(Conflict):
            condition_commands.open_again(session, found, version=1, by=laila, at=clock.now())


def test_who_may_only_read_gets_no_button(people, condition):
    amna = people.browser(AMNA)
    assert "Was it met?" not in amna.get(f"/conditions/{condition.id}").text
    answer = amna.post(f"/conditions/{condition.id}/meet", data={"version": "1", "note": NOTE})
    assert answer.status_code == 403


def test_a_hidden_vendor_shows_no_condition(people, database, condition):
    with database.writing() as session:
        session.get_one(Vendor, condition.vendor_id).is_need_to_know = True
    rabia = people.browser(RABIA)
    assert rabia.get(f"/conditions/{condition.id}").status_code == 404
    assert "Rehearse" not in rabia.get("/conditions?show=all").text
    answer = rabia.post(f"/conditions/{condition.id}/meet", data={"version": "1", "note": NOTE})
    assert answer.status_code == 404


def test_the_history_says_which_condition_it_was_and_how_it_is_known(people, database, condition):
    rabia = people.browser(RABIA)
    rabia.get(f"/conditions/{condition.id}")
    body = {"note": NOTE, "version": str(condition.version)}
    assert rabia.post(f"/conditions/{condition.id}/meet", data=body).status_code == 303
    text = people.browser(AMNA).get(f"/vendors/{condition.vendor_id}/history").text
    assert f"{condition.text}; {NOTE}" in text
