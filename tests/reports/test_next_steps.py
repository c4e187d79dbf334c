"""What comes after the intake: tier, questionnaire, clauses, and how long it usually takes."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from audit.actions import SYSTEM
from foundation import clock
from questionnaires.models import Assessment
from questionnaires.rules import AssessmentState
from reports.durations import usual_days, usual_of
from reviews.commands import open_review
from reviews.decision_models import Decision
from reviews.models import Review, ReviewAssessment
from reviews.rules import Outcome, ReviewState
from tests.makers import CRITICAL, make_contact, make_staff, make_vendor
from tests.people import AMNA, PERVEZ, RABIA, VANIA, VIKTOR

MOST_STATEMENTS = 18


def decided_after(session, days, *, name, outcome=Outcome.APPROVED, **how):
    """Put the end of a first review on record as the decision room leaves it."""
    vendor, by, at = make_vendor(session, name=name, **how), make_staff(session), clock
    moment = at.now() + timedelta(days=days)
    review = Review(
        reference=f"R-{name}",
        vendor_id=vendor.id,
        cycle=1,
        kind="initial",
        state=ReviewState.DECIDED,
        opened_at=at.now(),
        decided_at=moment,
    )
    session.add(review)
    session.flush()
    session.add(
        Decision(
            review_id=review.id,
            round=1,
            outcome=outcome,
            note="Seen.",
            proposed_by_id=by.person_id,
            proposed_at=moment,
            is_final=True,
            decided_at=moment,
            tier=vendor.tier,
            inherent=4.0,
            basis={},
            valid_until=moment.date(),
        )
    )
    session.flush()
    return vendor


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([], (0, None, None, None)),
        ([3, 9], (2, None, None, None)),
        ([21, 4, 9], (3, 9, 4, 21)),
        ([0, 0, 0, 1], (4, 0, 0, 1)),
    ],
)
def test_fewer_than_three_cases_make_no_number(days, expected):
    usual = usual_of(days)
    assert (usual.cases, usual.median, usual.shortest, usual.longest) == expected


def test_only_decisions_of_the_same_tier_count(session):
    for number, days in enumerate((4, 9, 21)):
        decided_after(session, days, name=f"Low {number}")
    decided_after(session, 90, name="Critical", exposure=CRITICAL)
    decided_after(session, 1, name="Asked for more", outcome=Outcome.MORE_NEEDED)
    me = make_staff(session, AMNA).person_id
    assert usual_days(session, me, 4).median == 9
    assert usual_days(session, me, 1).cases == 1
    assert usual_days(session, me, 2).cases == 0


def test_a_hidden_vendor_is_in_nobody_elses_history(session):
    for number, days in enumerate((4, 9, 21)):
        decided_after(session, days, name=f"Low {number}")
    decided_after(session, 300, name="Secret Buy", is_need_to_know=True)
    owner, stranger = make_staff(session).person_id, make_staff(session, AMNA).person_id
    assert usual_days(session, owner, 4).longest == 300
    assert usual_days(session, stranger, 4) == usual_of((4, 9, 21))


def test_the_page_says_what_follows_and_offers_to_send(people, database):
    with database.writing() as session:
        vendor = make_vendor(session)
        for number, days in enumerate((4, 9, 21)):
            decided_after(session, days, name=f"Low {number}")
    browser = people.browser(PERVEZ)
    text = browser.get(f"/vendors/{vendor.id}/next").text
    assert "Security basics for low-risk vendors" in text
    assert "They have 7 days to answer" in text
    assert "Usually 9 days from registering to the decision" in text
    assert "from 4 to 21 days, over our last 3 vendors of tier 4" in text
    assert "11 March 2026" in text
    assert f'href="/vendors/{vendor.id}/send">Send now' in text
    assert len(browser.statements) <= MOST_STATEMENTS, len(browser.statements)


def test_without_a_history_or_a_questionnaire_the_page_says_so(people, acme):
    text = people.browser(RABIA).get(f"/vendors/{acme}/next").text
    assert "0 vendors of tier 1 were decided on so far" in text
    assert "A risk lead and an approver of the business decide together" in text
    assert "Worst case until we know" in text


def test_a_reader_gets_no_button_and_a_stranger_nothing(people, database):
    with database.writing() as session:
        shown = make_vendor(session)
        hidden = make_vendor(session, name="Hidden", is_need_to_know=True)
    amna = people.browser(AMNA)
    assert "Send now" not in amna.get(f"/vendors/{shown.id}/next").text
    assert amna.get(f"/vendors/{hidden.id}/next").status_code == 404


def test_from_new_vendor_to_sent_takes_five_steps(people, database):
    """J1: New, Save, Send now, the contact's address, Send; everything else is preset."""
    browser = people.browser(PERVEZ)
    saved = browser.post("/vendors/new", data={"name": "Acme", "sees": "nothing"})
    send = saved.location.replace("/next", "/send")
    page = browser.get(send).text
    assert 'value="new">Somebody new' in page
    typed = {"new_email": "vania@acme.example", "new_name": "Vania Petrova", "contact": "new"}
    preset = {"questionnaire": "library:tier4", "due_on": "2026-03-16", "message": ""}
    assert 'value="2026-03-16"' in page, "fourteen days for tier 1"
    live = browser.post(f"{send}/letter", data={**preset, **typed}).text
    assert "Dear Vania Petrova" in live
    assert "<html" not in live
    sent = browser.post(send, data={**preset, **typed})
    assert sent.status_code == 303
    told = browser.get(sent.location).text
    assert "no mail server is set: copy the link" in told
    assert "Copy link" in told


def test_a_reassessment_is_preset_with_who_answered_the_last_time(people, database):
    with database.writing() as session:
        vendor = decided_after(session, 4, name="Acme Cloud")
        make_contact(session, vendor, VANIA)
        last = make_contact(session, vendor, VIKTOR)
    browser = people.browser(PERVEZ)
    body = {"questionnaire": "library:tier4", "contact": last.id, "due_on": "2026-03-09"}
    assert browser.post(f"/vendors/{vendor.id}/send", data=body).status_code == 303
    with database.writing() as session:
        sent = session.scalars(select(Assessment)).one()
        sent.state, sent.submitted_at = AssessmentState.ACCEPTED, clock.now()
        first = session.scalars(select(Review)).one()
        session.add(ReviewAssessment(review_id=first.id, assessment_id=sent.id))
        open_review(session, vendor, kind="reassessment", by=SYSTEM, at=clock.now())
    page = browser.get(f"/vendors/{vendor.id}").text
    assert f'href="/vendors/{vendor.id}/send">Start reassessment' in page
    page = browser.get(f"/vendors/{vendor.id}/send").text
    assert "Reassess Acme Cloud" in page
    assert f'selected value="{last.id}"' in page
