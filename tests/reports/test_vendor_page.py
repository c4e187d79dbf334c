"""A vendor's own page over its life: the cycle that runs, what is left, and where it is done."""

import re

import pytest

from audit.actions import Action
from audit.commands import record
from contracts.commands import activate, end
from contracts.models import Contract
from contracts.rules import ContractState
from evidence.rules import EvidenceKind
from foundation import clock
from reminders.due_queries import find_due
from reminders.ladders import Kind
from reminders.waiting import answers_waiting
from reviews.commands import open_review
from reviews.decision_commands import Proposal, propose
from reviews.finding_commands import NewFinding, raise_finding
from reviews.rules import Outcome, Severity
from tests import makers
from tests.contracts import stories as contracts
from tests.people import PERVEZ, RABIA
from tests.reports.test_home import part
from tests.reviews import stories
from tests.reviews.cycles import NEW, Twice
from vendors.life_commands import move
from vendors.models import Vendor
from vendors.rules import VendorState

YES = Proposal(outcome=Outcome.APPROVED, round=1, note="Fine.")
NO = Proposal(outcome=Outcome.REJECTED, round=1, note="They do not mend it.")


@pytest.fixture
def approved(scene):
    """A vendor approved today, its contract still a draft: ids of vendor and contract."""
    return scene(_approved)


def _approved(database):
    with database.writing() as session:
        review, _ = stories.ready(session)
        rabia = makers.make_staff(session, RABIA)
        propose(session, review, YES, by=rabia, at=clock.now())
        contract = session.query(Contract).one()
        return review.vendor_id, contract.id


def page_of(people, vendor_id, who=PERVEZ):
    return people.browser(who).get(f"/vendors/{vendor_id}").get_data(as_text=True)


def steps_of(text):
    """Return the steps of the bar with what is said of each."""
    bar = text.split('<ol class="steps"')[1].split("</ol>")[0]
    found = re.findall(r'step-name">(.*?)</span>\s*<span class="step-state">(.*?)</span>', bar)
    return {name: state.split(":")[0] for name, state in found}


def test_after_the_approval_procurement_is_told_to_bring_the_contract_into_force(
    people, database, approved, later
):
    vendor_id, contract_id = approved
    text = page_of(people, vendor_id)
    assert "Procurement has the ball" in text
    assert "Bring the contract into force" in text
    assert f'class="button primary" href="/contracts/{contract_id}"' in text
    assert "The contract is not in force yet" in part(text, "blocks")
    assert steps_of(text)["In use"] == "Now"
    with later(days=3):
        needs = part(people.browser(PERVEZ).get("/").get_data(as_text=True), "needs")
        assert "Contract to bring into force" in needs
        assert f'href="/contracts/{contract_id}"' in needs
        assert "3 working days" in needs
        assert "3 working days" in page_of(people, vendor_id), "the same days on both pages"
        with database.writing() as session:
            by = makers.make_staff(session)
            activate(session, session.get_one(Contract, contract_id), by=by, at=clock.now())
        assert "into force" not in people.browser(PERVEZ).get("/").text
        text = page_of(people, vendor_id)
        assert "Nobody has to do anything" in text
        assert steps_of(text)["In use"] == "Done"


def test_a_reassessment_begins_its_steps_anew(people, database, approved, later):
    vendor_id, contract_id = approved
    with database.writing() as session:
        rabia = makers.make_staff(session, RABIA)
        activate(session, session.get_one(Contract, contract_id), by=rabia, at=clock.now())
    assert set(steps_of(page_of(people, vendor_id)).values()) == {"Done"}
    with later(days=300):
        with database.writing() as session:
            vendor = session.get_one(Vendor, vendor_id)
            rabia = makers.make_staff(session, RABIA)
            open_review(session, vendor, kind="reassessment", by=rabia.actor, at=clock.now())
        text = page_of(people, vendor_id)
        assert steps_of(text) == {
            "Begun anew": "Done",
            "Questionnaire sent": "Now",
            "Answered": "To come",
            "Reviewed": "To come",
            "Contract clauses": "Done",
            "Decided": "To come",
            "In use": "To come",
        }
        assert "after 300 days" not in text
        assert "The vendor is due again: ask it anew." in text


def test_files_of_an_older_cycle_are_not_said_to_be_past_their_validity(people, database, later):
    with database.writing() as session:
        acme = Twice(session)
        acme.cycle(acme.file(), acme.file(EvidenceKind.PENTEST))
        vendor_id = acme.vendor.id
    with later(days=60):
        assert "2 past their validity" in page_of(people, vendor_id)
        with database.writing() as session:
            acme.session, acme.vendor = session, session.get_one(Vendor, vendor_id)
            acme.cycle(acme.file(EvidenceKind.ISO27001, ends=NEW))
        text = page_of(people, vendor_id)
        assert "3 files are on record" in text
        assert "validity" not in text.split('id="evidence"')[1].split("</section>")[0]
        assert "Proof ends" not in people.browser(RABIA).get("/").text, "as home has it"


def test_of_a_rejected_vendor_nothing_reads_well_and_nothing_is_asked(people, database):
    with database.writing() as session:
        review, _ = stories.submitted(session)
        contracts.make_contract(session, session.get_one(Vendor, review.vendor_id))
        rabia = makers.make_staff(session, RABIA)
        new = NewFinding(title="Old keys", severity=Severity.HIGH, owner_id=rabia.person_id)
        raise_finding(session, review, new, by=rabia, at=clock.now())
        propose(session, review, NO, by=rabia, at=clock.now())
        vendor_id = review.vendor_id
    text = page_of(people, vendor_id)
    assessments = part(text, "assessments")
    assert "Closed" in assessments
    assert "Vendor rejected" in assessments
    assert "Accepted" not in text
    assert f"/vendors/{vendor_id}/send" not in text
    assert "Nobody has to do anything" in text
    for who in (PERVEZ, RABIA):
        home = people.browser(who).get("/").text
        assert "Acme Cloud" not in home, who.name


def test_what_a_declined_vendor_still_holds_is_not_awaited(people, database, later):
    with database.writing() as session:
        sent = makers.make_assessment(session)
        vendor = session.get_one(Vendor, sent.vendor_id)
        move(session, vendor, VendorState.DECLINED, by=makers.make_staff(session), at=clock.now())
        vendor_id = vendor.id
    with later(days=60):
        assert "Acme Cloud" not in people.browser(PERVEZ).get("/").text
        assert "Acme Cloud" not in people.browser(RABIA).get("/calendar").text
        assert "The vendor has the ball" not in page_of(people, vendor_id)
        with database.reading() as session:
            assert answers_waiting(session, "UTC", None) == []
            assert find_due(session, Kind.ANSWERS, sent.id) is None


def test_an_ended_vendor_whose_contract_still_runs_is_flagged(people, database):
    with database.writing() as session:
        contract = contracts.make_contract(session)
        contract.state = ContractState.ACTIVE
        vendor = session.get_one(Vendor, contract.vendor_id)
        vendor.state = VendorState.ENDED
        vendor_id, contract_id = vendor.id, contract.id
    text = page_of(people, vendor_id)
    assert "the vendor has ended, and its contract still runs" in text
    assert f'class="button primary" href="/contracts/{contract_id}"' in text
    needs = part(people.browser(PERVEZ).get("/").get_data(as_text=True), "needs")
    assert "Vendor over, its contract still runs" in needs
    with database.writing() as session:
        end(
            session,
            session.get_one(Contract, contract_id),
            by=makers.make_staff(session),
            at=clock.now(),
        )
    assert "Nobody has to do anything" in page_of(people, vendor_id)


def test_the_history_stands_newest_first_and_says_about_what(people, database, approved, later):
    vendor_id, contract_id = approved
    with later(days=3), database.writing() as session:
        by = makers.make_staff(session)
        activate(session, session.get_one(Contract, contract_id), by=by, at=clock.now())
    with later(days=1), database.writing() as session:
        subject = ("vendor", vendor_id)
        by = makers.make_staff(session)
        record(session, at=clock.now(), actor=by.actor, action=Action.VENDOR_EDIT, subject=subject)
    history = part(page_of(people, vendor_id), "history")
    lines = re.findall(r'timeline-title">(.*?)</p>', history)
    assert lines[0] == "Contract activated · C-0001", "the latest, though written down before"
    assert lines[1] == "Vendor changed"
    assert lines.index("Decision made · R-0001") > 1
    assert lines[-1] == "Vendor registered"
    assert f'href="/vendors/{vendor_id}/history"' in history


def test_the_contents_lead_to_every_part_with_its_count_and_need_no_script(people, approved):
    vendor_id, _ = approved
    text = page_of(people, vendor_id)
    contents = text.split('<nav class="contents')[1].split("</nav>")[0]
    found = dict(re.findall(r'href="#([a-z]+)">[^<]+(?:<small>(\d+)</small>)?', contents))
    assert list(found) == [
        "contracts", "assessments", "findings", "decisions", "evidence", "services", "contacts",
        "reports", "history",
    ]  # fmt: skip
    assert (found["contracts"], found["assessments"], found["findings"]) == ("1", "1", "0")
    for anchor in found:
        assert text.count(f'id="{anchor}"') == 1, anchor
        assert f'<section id="{anchor}">' in text
    where = [text.index(one) for one in ('id="next-title"', '<nav class="contents', 'id="blocks"')]
    assert where == sorted(where), "below the answer one came for, before everything else"
