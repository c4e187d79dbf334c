"""The first page of each role: what needs them, what waits on others, what is coming up."""

from datetime import date, timedelta

import pytest

from accounts.commands import add_staff
from accounts.invitation_commands import invite_staff
from accounts.rules import Role
from audit.actions import SYSTEM
from evidence.rules import EvidenceKind
from foundation import clock
from foundation.ids import new_id
from identity.queries import get_person
from operations.rounds import check_ledger
from organisation.commands import set_up
from reminders.commands import beat
from reports import ball_queries
from reviews.decision_commands import Proposal, propose
from reviews.decision_models import Condition, Decision
from reviews.finding_commands import NewFinding, raise_finding
from reviews.models import Review
from reviews.queries import get_review
from reviews.rules import Outcome, ReviewState, Severity
from tests import makers
from tests.people import ADIL, AMNA, ASIF, LAILA, PERVEZ, RABIA, Character
from tests.reviews import stories
from tests.reviews.cycles import NEW, Twice
from vendors.models import Vendor

MOST_STATEMENTS = 21
NO = Proposal(outcome=Outcome.REJECTED, round=1, note="They do not mend it.")
EVERYBODY = Character("Everybody Atonce", "all@northwind.example", tuple(Role))


def text_of(people, who, address="/"):
    return people.browser(who).get(address).get_data(as_text=True)


def part(text, name):
    """Return the section of a page that is headed by an id."""
    start = text.index(f'id="{name}"')
    return text[start : text.find("</section>", start)]


@pytest.fixture
def submitted(scene):
    return scene(_submitted)


def _submitted(database):
    with database.writing() as session:
        review, _ = stories.submitted(session)
        return review.id


def test_a_new_house_says_what_to_do_first(people):
    text = text_of(people, PERVEZ)
    assert "Add or import your first vendor" in text
    assert "Waiting on others" not in text
    assert "Add or import" not in text_of(people, AMNA), "an auditor adds none"


def test_procurement_sends_and_then_waits_in_working_days(people, database, acme, later):
    text = text_of(people, PERVEZ)
    assert "Questionnaire not sent" in part(text, "needs")
    assert f"/vendors/{acme}/send" in part(text, "needs")
    with database.writing() as session:
        makers.make_assessment(
            session, vendor=session.get_one(Vendor, acme), due_on=date(2026, 3, 16)
        )
    with later(days=4):
        waiting = text_of(people, PERVEZ)
        assert 'id="needs"' not in waiting
        assert "4 working days" in part(waiting, "waits"), "Monday to Friday"
        assert "The vendor" in part(waiting, "waits")
    with later(days=7):
        assert "The vendor is silent" in part(text_of(people, PERVEZ), "needs"), "never opened"
        with database.writing() as session:
            set_up(session, at=clock.now(), by=SYSTEM, holidays=["2026-03-04 A feast"])
        assert 'id="needs"' not in text_of(people, PERVEZ), "a holiday is no working day"
    with later(days=20):
        silent = part(text_of(people, PERVEZ), "needs")
        assert "Overdue" in silent
        assert "Follow up" in silent


def test_proof_of_an_earlier_cycle_is_nobodys_work_any_more(people, database):
    with database.writing() as session:
        acme = Twice(session)
        acme.cycle(acme.file())
    assert "Proof ends" in part(text_of(people, RABIA), "needs")
    with database.writing() as session:
        acme.session, acme.vendor = session, session.get_one(Vendor, acme.vendor.id)
        acme.cycle(acme.file(EvidenceKind.ISO27001, ends=NEW))
    assert "Proof ends" not in text_of(people, RABIA)


def test_new_answers_are_taken_on_with_one_button(people, database, submitted):
    review_id = submitted
    rabia = people.browser(RABIA)
    text = rabia.get("/").get_data(as_text=True)
    assert "nobody reviews them yet" in part(text, "needs")
    assert f'action="/reviews/{review_id}/take"' in text
    assert rabia.post(f"/reviews/{review_id}/take").status_code == 303
    assert "Answers to review" in part(rabia.get("/").get_data(as_text=True), "needs")
    lead = text_of(people, LAILA)
    assert RABIA.name in part(lead, "load")
    assert RABIA.name in part(lead, "waits"), "the lead sees who has the ball"
    assert RABIA.name in part(text_of(people, PERVEZ), "waits")


def test_a_decision_waits_for_those_whose_signature_helps(people, database):
    with database.writing() as session:
        vendor = makers.make_vendor(session, exposure=makers.CRITICAL)
        review, _ = stories.submitted(session, vendor=vendor)
        laila = makers.make_staff(session, LAILA)
        propose(session, review, NO, by=laila, at=clock.now())
    signing = part(text_of(people, ASIF), "needs")
    assert "Read and sign" in signing
    assert "Reject" in signing
    assert f"proposed by {LAILA.name}" in signing
    assert "Remaining risk" in signing or "remaining risk" in signing
    assert "Read and sign" not in text_of(people, LAILA), "she has signed"
    assert "Whoever signs" in part(text_of(people, LAILA), "waits")


def test_dates_come_up_and_then_need_somebody(people, database, submitted, later):
    review_id = submitted
    with database.writing() as session:
        rabia = makers.make_staff(session, RABIA)
        review = get_review(session, rabia.person_id, review_id)
        raise_finding(
            session,
            review,
            NewFinding(
                title="No second factor",
                severity=Severity.HIGH,
                owner_id=rabia.person_id,
                due_on=date(2026, 4, 20),
            ),
            by=rabia,
            at=clock.now(),
        )
    assert "No second factor" in part(text_of(people, RABIA), "comes")
    assert "No second factor" in part(text_of(people, PERVEZ), "comes"), "it is his vendor"
    with later(days=60):
        assert "No second factor" in part(text_of(people, RABIA), "needs")
        assert "No second factor" in part(text_of(people, LAILA), "needs")
        late = text_of(people, PERVEZ)
        assert "No second factor" in part(late, "waits"), "somebody else has it"
        assert RABIA.name in part(late, "waits")


def decided(session, vendor, cycle, outcome):
    """Put a final decision on record, the later the higher its cycle."""
    at = clock.now() - timedelta(days=100 - cycle)
    review = Review(
        id=new_id(), reference=f"R-900{cycle}", vendor_id=vendor.id, cycle=cycle,
        kind="initial", state=ReviewState.DECIDED, opened_at=at, decided_at=at,
    )  # fmt: skip
    session.add(review)
    session.flush()
    decision = Decision(
        id=new_id(), review_id=review.id, round=1, outcome=outcome, note="Fine.",
        proposed_by_id=vendor.owner_id, proposed_at=at, is_final=True, decided_at=at, tier=4,
        inherent=9.0, basis={"conditions": []}, valid_until=date(2027, 3, 2),
        next_review_on=date(2027, 3, 2),
    )  # fmt: skip
    session.add(decision)
    session.flush()
    return decision


def test_a_newer_approval_replaces_the_conditions_of_the_older(people, database):
    with database.writing() as session:
        vendor = makers.make_vendor(session)
        old = decided(session, vendor, 1, Outcome.APPROVED_WITH_CONDITIONS)
        session.add(
            Condition(
                id=new_id(), decision_id=old.id, vendor_id=vendor.id, text="Rehearse the exit.",
                owner_id=vendor.owner_id, due_on=clock.now().date() - timedelta(days=9),
            )
        )  # fmt: skip
        vendor_id = vendor.id
    assert "Rehearse the exit." in part(text_of(people, PERVEZ), "needs")
    with database.writing() as session:
        decided(session, session.get_one(Vendor, vendor_id), 2, Outcome.APPROVED)
    assert "Rehearse the exit." not in text_of(people, PERVEZ)


def test_an_administrator_sees_what_is_broken(people, database):
    text = text_of(people, ADIL)
    assert "The worker is silent" in part(text, "needs")
    assert "Ledger not checked lately" in part(text, "needs")
    assert part(text, "waits").count("Invited, has not signed in") >= 1
    check_ledger(database, clock.now())
    with database.writing() as session:
        beat(session, summary="3 letters sent", at=clock.now())
    mended = text_of(people, ADIL)
    assert 'id="needs"' not in mended
    assert "3 letters sent" in mended
    assert "Whole" in mended


def test_somebody_invited_waits_since_the_newest_link(people, database, later):
    with later(days=70), database.writing() as session:
        invite_staff(
            session,
            get_person(session, people.id_of(RABIA)),
            by=people.author(ADIL),
            at=clock.now(),
        )
    with later(days=71):
        text = part(text_of(people, ADIL), "waits")
    row = next(row for row in text.split("<tr>") if RABIA.name in row)
    assert "1 working day" in row
    assert "51 working days" in next(row for row in text.split("<tr>") if AMNA.name in row)


def test_an_auditor_sees_what_changed(people, database):
    with database.writing() as session:
        review, _ = stories.submitted(session)
        by = makers.make_staff(session, LAILA)
        propose(session, review, NO, by=by, at=clock.now())
    text = text_of(people, AMNA)
    assert "Decision made" in part(text, "changes")
    assert "Acme Cloud" in part(text, "changes")
    assert "Ledger not checked lately" in text
    assert "Read and sign" not in text


def test_what_is_hidden_is_on_nobody_elses_page(people, database):
    with database.writing() as session:
        vendor = makers.make_vendor(session, name="Secret Buy", is_need_to_know=True)
        makers.make_assessment(session, vendor=vendor)
    assert "Secret Buy" in text_of(people, PERVEZ)
    for who in (RABIA, LAILA, ASIF, AMNA, ADIL):
        assert "Secret Buy" not in text_of(people, who), who.name


def test_all_roles_at_once_see_the_union_without_doubles_in_few_statements(people, database):
    with database.writing() as session:
        person = add_staff(
            session,
            email=EVERYBODY.email,
            name=EVERYBODY.name,
            roles=frozenset(Role),
            at=clock.now(),
            by=None,
        )
        by = makers.author_of(person)
        people.ids[EVERYBODY.email] = by
        lived_in(session, by, 3)
    browser = people.browser(EVERYBODY)
    text = browser.get("/").get_data(as_text=True)
    few = len(browser.statements)
    assert few <= MOST_STATEMENTS, few
    assert part(text, "needs").count("<bdi>Vendor 0 open</bdi>") == 1
    with database.writing() as session:
        lived_in(session, by, 6, first=3)
    more = browser.get("/").get_data(as_text=True)
    assert len(browser.statements) == few, "no statement for each row"
    assert "See all" in more
    assert "See all" not in part(browser.get("/?all=needs").get_data(as_text=True), "needs")
    assert browser.get("/?all=nonsense").status_code == 200


def test_many_vendors_nobody_wrote_to_yet_hide_no_other_turn(people, database, later, monkeypatch):
    monkeypatch.setattr(ball_queries, "MOST_READ", 2)
    with database.writing() as session:
        for place in range(4):
            makers.make_vendor(session, name=f"Imported {place}")
        sent = makers.make_vendor(session, name="Acme Cloud")
    with later(days=1):
        with database.writing() as session:
            makers.make_assessment(session, vendor=session.get_one(Vendor, sent.id))
        text = text_of(people, PERVEZ)
    assert "Acme Cloud" in part(text, "waits")
    assert part(text, "needs").count("<bdi>Imported") == 2


def test_a_reassessment_is_two_presses_away(people, database, later):
    """J2: home, start the reassessment, send."""
    with database.writing() as session:
        rabia = makers.make_staff(session, RABIA)
        review, _ = stories.ready(session)
        yes = Proposal(outcome=Outcome.APPROVED, round=1, note="Fine.")
        propose(session, review, yes, by=rabia, at=clock.now())
        vendor_id = review.vendor_id
        due_on = session.get_one(Vendor, vendor_id).next_review_on
    days = (due_on - clock.today()).days - 60
    with later(days=days):
        pervez = people.browser(PERVEZ)
        coming = part(pervez.get("/").get_data(as_text=True), "comes")
        assert "Start reassessment" in coming
        assert f"/vendors/{vendor_id}/send" in coming
        assert "in 60 days" in coming
        assert pervez.get(f"/vendors/{vendor_id}/send").status_code == 200


def lived_in(session, by, number, first=0):
    """Register vendors, some asked, some waiting for a signature."""
    version = makers.make_version(session)
    for place in range(first, first + number):
        makers.make_vendor(session, name=f"Vendor {place} open", by=by)
        asked = makers.make_vendor(session, name=f"Vendor {place} asked", by=by)
        makers.make_assessment(session, vendor=asked, version=version, by=by)
        made = makers.make_vendor(
            session, name=f"Vendor {place} read", by=by, exposure=makers.CRITICAL
        )
        sent = makers.make_assessment(session, vendor=made, version=version, by=by)
        review = stories.submit(session, stories_answered(session, sent))
        lead = makers.make_staff(session, LAILA)
        propose(session, review, NO, by=lead, at=clock.now())


def stories_answered(session, assessment):
    stories.answer_all(session, assessment)
    return assessment
