"""A signer sends a proposal back: void, kept, and with the reviewer again, with the reason."""

import re

import pytest
from sqlalchemy import func, select

from accounts.rules import Role
from audit.actions import Action
from foundation import clock
from foundation.errors import Conflict, Denied, Refused
from mail.models import Letter
from reviews import decision_commands as decisions
from reviews.decision_models import Decision, SentBack, SignOff
from reviews.models import Review
from reviews.proposals import newest_returned, proposals_of
from reviews.rules import Outcome, ReviewState
from reviews.send_back_commands import send_back
from tests import makers
from tests import people as cast
from tests.noted import noted
from tests.reviews import stories
from tests.reviews.test_decision_commands import TIER_2, person, propose

WHY = "The second factor was seen on one account only. Look at three."


def proposed(session, proposer=cast.LAILA, exposure=makers.CRITICAL):
    """Return a review whose rejection waits for the other signature, and the proposal."""
    vendor = makers.make_vendor(session, exposure=exposure)
    review, _ = stories.submitted(session, vendor=vendor)
    for character in cast.STAFF:
        person(session, character)
    return review, propose(session, review, Outcome.REJECTED, person(session, proposer))


def back(session, review, decision, who=cast.ASIF, reason=WHY):
    by = person(session, who)
    send_back(session, review, decision, reason=reason, by=by, at=clock.now())


def written(session):
    chosen = select(Letter).where(Letter.kind == "sent_back").order_by(Letter.to_email)
    return session.scalars(chosen).all()


@pytest.mark.parametrize(
    ("exposure", "proposer", "signer"),
    [(makers.CRITICAL, cast.LAILA, cast.ASIF), (TIER_2, cast.RABIA, cast.LAILA)],
)
def test_the_review_is_open_again_and_what_was_signed_is_kept_but_void(
    session, exposure, proposer, signer
):
    review, decision = proposed(session, proposer, exposure)
    back(session, review, decision, signer)
    assert review.state is ReviewState.OPEN
    assert review.reviewer_id == person(session, proposer).person_id, "nobody had taken it"
    (told,) = proposals_of(session, review.id)
    assert told.decision.withdrawn_at is not None
    assert [each.name for each in told.signed] == [proposer.name]
    assert (told.returned.by, told.returned.reason) == (signer.name, WHY)
    assert [letter.to_email for letter in written(session)] == [proposer.email]
    (entry,) = [e for e in noted(session) if e.action == Action.DECISION_SEND_BACK]
    assert (entry.detail["reason"], entry.detail["void"]) == (WHY, 1)
    again = propose(session, review, Outcome.REJECTED, person(session, proposer))
    assert again.round == 2
    assert not again.is_final, "a signature of the first round counts nothing in the second"
    assert newest_returned(session, review.id) is None


def test_the_letter_goes_to_reviewer_proposer_and_signers_but_not_to_the_sender(session):
    review, decision = proposed(session, cast.RABIA)
    laila = person(session, cast.LAILA)
    decisions.sign(session, review, decision, role=Role.LEAD, by=laila, at=clock.now())
    back(session, review, decision)
    letters = written(session)
    assert [letter.to_email for letter in letters] == [cast.LAILA.email, cast.RABIA.email]
    assert cast.ASIF.name in letters[0].subject


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "Write what"),
        (" \n\t", "Write what"),
        ("x" * 50_000, "characters"),
        ("4111 1111 1111 1111", "card number"),
        ("a\x00b", "control characters"),
    ],
)
def test_a_reason_that_says_nothing_sends_nothing_back(session, reason, sentence):
    review, decision = proposed(session)
    with pytest.raises(Refused, match=sentence):
        back(session, review, decision, reason=reason)
    assert review.state is ReviewState.AWAITING_SIGN_OFF
    assert session.scalar(select(func.count()).select_from(SentBack)) == 0
    assert written(session) == []


@pytest.mark.parametrize("who", [cast.LAILA, cast.PERVEZ, cast.RABIA, cast.AMNA, cast.ADIL])
def test_only_who_the_decision_waits_for_sends_it_back(session, who):
    review, decision = proposed(session)
    with pytest.raises(Denied, match="waits for"):
        back(session, review, decision, who)


def test_what_no_longer_waits_is_not_sent_back(session):
    review, decision = proposed(session)
    back(session, review, decision)
    with pytest.raises(Conflict, match="sent back"):
        back(session, review, decision)
    asif = person(session, cast.ASIF)
    with pytest.raises(Conflict, match="sent back"):
        decisions.sign(session, review, decision, role=Role.APPROVER, by=asif, at=clock.now())
    again = propose(session, review, Outcome.REJECTED, person(session, cast.LAILA))
    decisions.sign(session, review, again, role=Role.APPROVER, by=asif, at=clock.now())
    with pytest.raises(Conflict, match="final"):
        back(session, review, again)
    assert session.scalar(select(func.count()).select_from(SignOff)) == 3


@pytest.fixture
def waiting(scene):
    """A rejection of tier 1 that waits for Asif."""
    return scene(_waiting)


def _waiting(database):
    with database.writing() as session:
        review, decision = proposed(session)
        return review.id, decision.id


def test_asif_sends_it_back_on_the_page(people, database, waiting):
    review_id, decision_id = waiting
    asif, laila = people.browser(cast.ASIF), people.browser(cast.LAILA)
    page = f"/reviews/{review_id}/decide"
    assert "Send it back instead" in asif.get(page).text
    assert "Send it back instead" not in laila.get(page).text
    address = f"/reviews/{review_id}/send-back"
    empty = asif.post(address, data={"decision_id": str(decision_id), "reason": " "})
    assert empty.status_code == 422
    assert "There is a problem" in empty.text
    assert empty.text.count("Write what has to be looked at again.") == 2
    sent = {"decision_id": str(decision_id), "reason": "<b>Look</b> again."}
    assert asif.post(address, data=sent).status_code == 303
    assert asif.post(address, data=sent).status_code == 404
    for path in (page, f"/reviews/{review_id}"):
        shown = laila.get(path).text
        assert "Asif Mahmood sent the proposal back" in shown
        assert "&lt;b&gt;Look&lt;/b&gt; again." in shown
    shown = laila.get(page).text
    assert "Void" in shown
    assert re.search(r'<textarea[^>]*name="note"[^>]*>\s*Looked at it all\.', shown), "to be mended"
    assert (
        "Proposed decision sent back" in laila.get(f"/vendors/{_vendor(database, review_id)}").text
    )


def _vendor(database, review_id):
    with database.reading() as session:
        return session.get_one(Review, review_id).vendor_id


def test_the_first_pages_of_both_change(people, database, waiting):
    review_id, decision_id = waiting

    def home(who):
        return people.browser(who).get("/").text

    assert "Decision to sign" in home(cast.ASIF)
    assert "Decision sent back" not in home(cast.LAILA)
    with database.writing() as session:
        review = session.get_one(Review, review_id)
        back(session, review, session.get_one(Decision, decision_id))
    assert "Decision to sign" not in home(cast.ASIF)
    shown = home(cast.LAILA)
    assert "Decision sent back" in shown
    assert "by Asif Mahmood" in shown
    assert f'href="/reviews/{review_id}/decide"' in shown
    with database.writing() as session:
        review = session.get_one(Review, review_id)
        propose(session, review, Outcome.REJECTED, person(session, cast.LAILA))
    assert "Decision to sign" in home(cast.ASIF)
    assert "Decision sent back" not in home(cast.LAILA)


def test_who_may_not_sign_may_not_send_back(people, database, waiting):
    review_id, decision_id = waiting
    sent = {"decision_id": str(decision_id), "reason": WHY}
    address = f"/reviews/{review_id}/send-back"
    for who in (cast.AMNA, cast.ADIL, cast.RABIA):
        assert people.browser(who).post(address, data=sent).status_code == 403
    with database.writing() as session:
        vendor = makers.make_vendor(session, name="Hidden", is_need_to_know=True)
        hidden = stories.submitted(session, vendor=vendor)[0].id
    asif = people.browser(cast.ASIF)
    assert asif.post(f"/reviews/{hidden}/send-back", data=sent).status_code == 404
    damaged = {"decision_id": "'; drop", "reason": WHY}
    assert asif.post(address, data=damaged).status_code == 409
    with database.reading() as session:
        assert session.get_one(Decision, decision_id).withdrawn_at is None


def test_an_old_page_sends_nothing_back(people, database, waiting):
    review_id, decision_id = waiting
    with database.writing() as session:
        review, first = session.get_one(Review, review_id), session.get_one(Decision, decision_id)
        laila = person(session, cast.LAILA)
        decisions.withdraw(session, review, first, by=laila, at=clock.now())
        propose(session, review, Outcome.REJECTED, laila)
    sent = {"decision_id": str(decision_id), "reason": WHY}
    answer = people.browser(cast.ASIF).post(f"/reviews/{review_id}/send-back", data=sent)
    assert answer.status_code == 409
