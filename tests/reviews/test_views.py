"""The pages of the risk team, through a browser of each role."""

import re

import pytest
from sqlalchemy import delete, func, select

from questionnaires.rules import AssessmentState
from reviews import queries, views
from reviews.models import Finding, Review, ReviewAssessment, Verdict
from reviews.rules import ReviewState, VerdictOutcome
from tests import makers
from tests.people import ADIL, AMNA, ASIF, LAILA, PERVEZ, RABIA
from tests.reviews import stories
from vendors.models import Vendor
from vendors.rules import VendorState

MOST_STATEMENTS = 16


@pytest.fixture
def told(scene):
    """A submitted assessment, one answer of which is below its full value."""
    return scene(_told)


def _told(database):
    with database.writing() as session:
        review, assessment = stories.submitted(session, worse={"enc_in_transit": "partial"})
        return review.id, assessment.id


def desk(review_id):
    return f"/reviews/{review_id}"


def place(assessment_id, code="enc_in_transit", version=1):
    return {"assessment_id": str(assessment_id), "code": code, "version": str(version)}


def count(database, table):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_the_inbox_says_all_clear(people):
    page = people.browser(RABIA).get("/reviews").get_data(as_text=True)
    assert "All clear" in page


def test_the_inbox_lists_and_counts(people, told):
    rabia = people.browser(RABIA)
    page = rabia.get("/reviews").get_data(as_text=True)
    assert "Acme Cloud" in page
    assert "Team (1)" in page
    assert "New (1)" in page
    assert "Mine (0)" in page
    assert "Acme Cloud" not in rabia.get("/reviews?show=mine").get_data(as_text=True)
    assert rabia.get("/reviews?show=nonsense").status_code == 200


def test_a_long_inbox_is_drawn_in_parts_and_counted_whole(people, database, monkeypatch):
    monkeypatch.setattr(views, "SIZE", 2)
    with database.writing() as session:
        for place in range(3):
            stories.submitted(session, vendor=makers.make_vendor(session, name=f"Acme {place}"))
    rabia = people.browser(RABIA)
    page = rabia.get("/reviews").get_data(as_text=True)
    assert (page.count("<bdi>Acme"), "Team (3)" in page) == (2, True)
    few = len(rabia.statements)
    rest = rabia.get("/reviews?show=team&from=2").get_data(as_text=True)
    assert "from=2" in page
    assert (rest.count("<bdi>Acme"), "Team (3)" in rest, "from=" in rest) == (1, True, False)
    assert len(rabia.statements) == few
    for nonsense in ("-1", "x", "9"):
        assert rabia.get(f"/reviews?from={nonsense}").status_code == 200


def test_submissions_on_no_desk_are_not_silently_cut(people, database, monkeypatch):
    monkeypatch.setattr(queries, "MOST_WAITING", 2)
    with database.writing() as session:
        for place in range(3):
            stories.submitted(session, vendor=makers.make_vendor(session, name=f"Acme {place}"))
        session.execute(delete(ReviewAssessment))
    rabia = people.browser(RABIA)
    page = rabia.get("/reviews").get_data(as_text=True)
    assert page.count("Start the review") == 2
    assert "These are the oldest 2. The others come up as these are started." in page
    monkeypatch.setattr(queries, "MOST_WAITING", 3)
    page = rabia.get("/reviews").get_data(as_text=True)
    assert (page.count("Start the review"), "These are the oldest" in page) == (3, False)


def test_the_desk_puts_what_needs_a_look_first(people, told):
    rabia = people.browser(RABIA)
    page = rabia.get(desk(told[0])).get_data(as_text=True)
    first = page.index("Yes, except for some systems")
    assert page.index('id="pile-needs_a_look"') < first < page.index('id="pile-rest"')
    assert "Below full value" in page
    assert "Show the sum" in page
    assert "Accept %s answer" not in page
    assert len(rabia.statements) <= MOST_STATEMENTS, len(rabia.statements)


def test_a_gate_that_does_not_apply_is_no_reason_to_look(people, told):
    page = people.browser(RABIA).get(desk(told[0])).get_data(as_text=True)
    assert "A current attestation of PCI compliance covers the service</span>" not in page
    assert "A finding by itself changes no score" in page


@pytest.mark.parametrize("who", [PERVEZ, ASIF, AMNA])
def test_who_only_reads_sees_no_button(people, told, who):
    page = people.browser(who).get(desk(told[0])).get_data(as_text=True)
    assert "Yes, except for some systems" in page
    assert "/accept" not in page
    assert "/gates" not in page.split("<main")[1].replace("#gates", "")


@pytest.mark.parametrize("who", [PERVEZ, ASIF, AMNA, ADIL])
@pytest.mark.parametrize("act", ["accept", "ask", "finding", "accept-rest", "hand-back", "gates"])
def test_who_only_reads_judges_nothing(people, database, told, who, act):
    answer = people.browser(who).post(f"{desk(told[0])}/{act}", data=place(told[1]))
    assert answer.status_code == 403
    assert count(database, Verdict) == 0


def test_an_administrator_does_not_read_reviews(people, told):
    assert people.browser(ADIL).get(desk(told[0])).status_code == 403


def test_a_vendor_one_may_not_know_is_not_there(people, database):
    with database.writing() as session:
        vendor = makers.make_vendor(session, is_need_to_know=True)
        review_id = stories.submitted(session, vendor=vendor)[0].id
    rabia = people.browser(RABIA)
    assert rabia.get(desk(review_id)).status_code == 404
    assert rabia.get(f"{desk(review_id)}/decide").status_code == 404
    assert rabia.post(f"{desk(review_id)}/take").status_code == 404
    assert "Acme Cloud" not in rabia.get("/reviews").get_data(as_text=True)
    assert people.browser(PERVEZ).get(desk(review_id)).status_code == 200


def test_accepting_goes_on_and_takes_the_review(people, database, told):
    rabia = people.browser(RABIA)
    answer = rabia.post(f"{desk(told[0])}/accept", data=place(told[1]))
    assert answer.status_code == 303
    with database.reading() as session:
        verdict = session.scalars(select(Verdict)).one()
        assert verdict.outcome is VerdictOutcome.ACCEPTED
        assert session.get_one(Review, told[0]).reviewer_id == people.id_of(RABIA)


def test_an_answer_that_changed_is_not_judged(people, database, told):
    answer = people.browser(RABIA).post(f"{desk(told[0])}/accept", data=place(told[1], version=7))
    assert answer.status_code == 409
    assert count(database, Verdict) == 0


@pytest.mark.parametrize(
    "bad",
    [
        {"assessment_id": "nonsense"},
        {"assessment_id": ""},
        {"version": "x"},
        {"code": ""},
    ],
)
def test_a_damaged_form_is_refused(people, database, told, bad):
    answer = people.browser(RABIA).post(f"{desk(told[0])}/accept", data={**place(told[1]), **bad})
    assert answer.status_code == 422
    assert count(database, Verdict) == 0


def test_a_question_of_no_questionnaire_is_missing(people, told):
    answer = people.browser(RABIA).post(f"{desk(told[0])}/accept", data=place(told[1], "nope", 0))
    assert answer.status_code == 404


def test_the_rest_is_accepted_in_one_go(people, database, told):
    rabia = people.browser(RABIA)
    page = rabia.get(desk(told[0])).get_data(as_text=True)
    seen = re.findall(r'name="seen" value="([^"]+)"', page)
    assert f"Accept {len(seen)} answer" in page
    assert rabia.post(f"{desk(told[0])}/accept-rest", data={"seen": seen[1:]}).status_code == 409
    assert rabia.post(f"{desk(told[0])}/accept-rest", data={"seen": seen}).status_code == 303
    with database.reading() as session:
        notes = set(session.scalars(select(Verdict.note)))
        assert count(database, Verdict) == len(seen)
    assert all("by rule" in note for note in notes)


def test_asked_back_is_handed_back_as_one(people, database, told):
    rabia = people.browser(RABIA)
    assert rabia.post(f"{desk(told[0])}/ask", data=place(told[1])).status_code == 422
    asked = rabia.post(f"{desk(told[0])}/ask", data={**place(told[1]), "text": "Which?"})
    assert asked.status_code == 303
    page = rabia.get(desk(told[0])).get_data(as_text=True)
    assert "Hand back to the vendor (1 question)" in page
    back = {"assessment_id": str(told[1]), "due_on": "2026-03-12"}
    assert rabia.post(f"{desk(told[0])}/hand-back", data=back).status_code == 303
    with database.reading() as session:
        from questionnaires.models import Assessment

        assert session.get_one(Assessment, told[1]).state is AssessmentState.RETURNED
    assert rabia.get(desk(told[0])).status_code == 200


def test_a_finding_needs_two_steps_and_a_contradiction_counts_nothing(people, database, told):
    rabia = people.browser(RABIA)
    sent = {
        **place(told[1]),
        "title": "Backups travel unencrypted",
        "severity": "high",
        "owner_id": str(people.id_of(PERVEZ)),
        "is_contradicted": "y",
    }
    assert rabia.post(f"{desk(told[0])}/finding", data=sent).status_code == 303
    page = rabia.get(desk(told[0])).get_data(as_text=True)
    assert "Contradicted by the proof" in page
    assert "The proof contradicts it: counts nothing" in page
    with database.reading() as session:
        finding = session.scalars(select(Finding)).one()
        assert finding.reference.startswith("F-")
        assert finding.due_on is not None


def test_a_decision_from_the_page_activates_the_vendor(people, database):
    with database.writing() as session:
        review_id = stories.ready(session)[0].id
    pervez = people.browser(PERVEZ)
    page = pervez.get(f"{desk(review_id)}/decide").get_data(as_text=True)
    assert "2029" in page  # three years for tier 4
    sent = {"round": "1", "outcome": "approved", "note": "Little at stake."}
    answer = pervez.post(f"{desk(review_id)}/decide", data={**sent, **_owners(page)})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    with database.reading() as session:
        review = session.get_one(Review, review_id)
        assert review.state is ReviewState.DECIDED
        assert session.get_one(Vendor, review.vendor_id).state is VendorState.ACTIVE
    decided = pervez.get(f"{desk(review_id)}/decide").get_data(as_text=True)
    assert "The decision" in decided
    assert "Where it stands today" in decided, "the frozen number is the decision's own"
    assert "what stands against each" not in decided


def test_a_blocked_outcome_is_not_offered_and_not_taken(people, database, told):
    rabia = people.browser(RABIA)
    page = rabia.get(f"{desk(told[0])}/decide").get_data(as_text=True)
    assert 'value="approved"' not in page
    assert 'value="rejected"' in page
    sent = {"round": "1", "outcome": "approved", "note": "Because.", **_owners(page)}
    answer = rabia.post(f"{desk(told[0])}/decide", data=sent)
    assert answer.status_code == 422
    assert "contract" in answer.get_data(as_text=True)
    assert rabia.post(f"{desk(told[0])}/decide", data={"round": "1"}).status_code == 422


@pytest.mark.parametrize("who", [ASIF, AMNA, ADIL])
def test_who_may_not_decide(people, told, who):
    sent = {"round": "1", "outcome": "rejected", "note": "No."}
    assert people.browser(who).post(f"{desk(told[0])}/decide", data=sent).status_code == 403


def test_a_lead_and_an_approver_sign_tier_1(people, database):
    with database.writing() as session:
        vendor = makers.make_vendor(session, exposure=makers.CRITICAL)
        review_id = stories.submitted(session, vendor=vendor)[0].id
    laila, asif = people.browser(LAILA), people.browser(ASIF)
    page = laila.get(f"{desk(review_id)}/decide").get_data(as_text=True)
    sent = {"round": "1", "outcome": "rejected", "note": "Too much.", **_owners(page)}
    assert laila.post(f"{desk(review_id)}/decide", data=sent).status_code == 303
    page = asif.get(f"{desk(review_id)}/decide").get_data(as_text=True)
    assert "An approver of the business signs." in page
    decision_id = re.search(r'name="decision_id" value="([^"]+)"', page).group(1)
    signed = {"decision_id": decision_id, "role": "approver"}
    amna = people.browser(AMNA)
    assert amna.post(f"{desk(review_id)}/sign", data=signed).status_code == 403
    assert asif.post(f"{desk(review_id)}/sign", data=signed).status_code == 303
    assert asif.post(f"{desk(review_id)}/sign", data=signed).status_code == 404
    with database.reading() as session:
        assert session.get_one(Review, review_id).state is ReviewState.DECIDED


def _owners(page):
    owner = re.search(r'id="conditions-0-owner_id".*?value="([0-9a-f-]{36})"', page, re.DOTALL)
    return {f"conditions-{n}-owner_id": owner.group(1) for n in range(5)}


REFUSED_ACTS = [
    ("ask", {}, "what"),
    ("ask", {"text": "Card 4111 1111 1111 1111?"}, "card number"),
    (
        "finding",
        {"title": "", "severity": "high", "description": "Half of it"},
        "Give the finding a title",
    ),
    ("finding", {"title": "Old keys", "severity": "high", "due_on": "2020-01-01"}, "has passed"),
    ("accept", {"version": "7"}, "changed"),
]


@pytest.mark.parametrize(("act", "typed", "sentence"), REFUSED_ACTS)
def test_a_refused_act_shows_the_desk_again_with_the_reason_and_what_was_typed(
    people, database, told, act, typed, sentence
):
    review_id, assessment_id = told
    body = {**place(assessment_id), "owner_id": str(people.id_of(PERVEZ)), **typed}
    answer = people.browser(RABIA).post(f"{desk(review_id)}/{act}", data=body)
    assert answer.status_code in {409, 422}
    text = answer.get_data(as_text=True)
    assert 'id="pile-needs_a_look"' in text, "the desk, not a page of its own"
    summary = text.split("data-error-summary")[1].split("</div>")[0]
    assert sentence.casefold() in summary.casefold(), summary
    anchor = re.search(r'href="#(answer-[0-9-]+)"', summary)[1]
    assert f'id="{anchor}"' in text
    for words in ("Half of it", "Old keys"):
        assert (words in typed.values()) <= (words in text)
    assert count(database, Finding) == 0


def test_a_refused_hand_back_and_a_gate_without_words_come_back_too(people, told):
    review_id, assessment_id = told
    rabia = people.browser(RABIA)
    rabia.post(f"{desk(review_id)}/ask", data={**place(assessment_id), "text": "Which systems?"})
    back = rabia.post(
        f"{desk(review_id)}/hand-back",
        data={"assessment_id": str(assessment_id), "due_on": "2020-01-01"},
    )
    assert back.status_code == 422
    assert 'value="2020-01-01"' in back.get_data(as_text=True)
    gate = rabia.post(
        f"{desk(review_id)}/gates",
        data={"gate": "G8", "status": "", "note": "Looked at it", "version": "0"},
    )
    assert gate.status_code == 422
    assert "Choose whether the gate is passed" in gate.get_data(as_text=True)
    assert rabia.post(f"{desk(review_id)}/gates", data={"gate": "G99"}).status_code == 422
