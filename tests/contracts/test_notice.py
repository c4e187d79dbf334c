"""Notice that was given: noted once, ends the contract, stops the nagging, can be taken back."""

import io
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from audit.actions import SYSTEM, Action
from contracts import commands, queries
from contracts.deadline_commands import end_after_notice, roll_deadlines
from contracts.models import Contract, ContractNotice
from contracts.notice_commands import Notice, give_notice, take_back_notice
from contracts.notice_queries import next_renewal, notices_given
from contracts.rules import ContractState
from foundation import clock
from foundation.errors import Conflict, Refused
from tests import people as cast
from tests.contracts.stories import clear, facts_of, make_contract, settle
from tests.makers import make_staff, make_vendor
from tests.noted import noted
from vendors.models import Vendor
from vendors.rules import VendorState

TODAY = date(2026, 3, 2)
RENEWING = {"auto_renews": True, "renewal_months": 12}


def running(session, vendor=None, **changes):
    """Bring a contract into force."""
    by = make_staff(session)
    vendor = vendor or make_vendor(session)
    contract = make_contract(session, vendor, **changes)
    settle(session, contract, by)
    clear(session, vendor, by)
    commands.activate(session, contract, by=by, at=clock.now())
    return contract


def give(session, contract, given_on=TODAY, *, version=None, by=None, **more):
    return give_notice(
        session,
        contract,
        Notice(given_on=given_on, **more),
        version=contract.version if version is None else version,
        by=by or make_staff(session),
        at=clock.now(),
    )


def take_back(session, contract, reason="They lowered the price.", version=None):
    version = contract.version if version is None else version
    by = make_staff(session, cast.RABIA)
    take_back_notice(session, contract, reason=reason, version=version, by=by, at=clock.now())


def told(session, action):
    return [body for body in noted(session) if body.action == action]


def test_notice_ends_a_contract_that_would_renew_itself_and_stops_the_nagging(session):
    contract = running(session, **RENEWING)
    viewer = make_staff(session).person_id
    assert queries.notice_deadlines(session, TODAY, date(2027, 12, 31), today=TODAY)
    given = give(session, contract, note="By registered post.")
    assert (given.leaves_on, contract.leaves_on) == (date(2026, 12, 31), date(2026, 12, 31))
    assert contract.notice_deadline_on is None
    for today in (TODAY, date(2026, 12, 1)):
        assert queries.notice_deadlines(session, TODAY, date(2029, 1, 1), today=today) == []
        assert queries.notice_of(contract, today) is None
        assert next_renewal(contract, today) is None
        assert roll_deadlines(session, today=today) == 0
    (row,) = queries.list_contracts(session, viewer, today=TODAY).items
    assert (row.notice_given_on, row.leaves_on) == (TODAY, date(2026, 12, 31))
    assert (row.renewal, row.notice_deadline_on, row.runs_on) == (None, None, False)
    (entry,) = told(session, Action.CONTRACT_GIVE_NOTICE)
    assert entry.detail["given_on"] == "2026-03-02"
    assert entry.detail["ends_on"] == "2026-12-31"
    assert entry.detail["note"] == "By registered post."


def test_notice_after_the_deadline_runs_to_the_end_of_the_next_term(session):
    contract = running(session, ends_on=date(2026, 4, 30), **RENEWING)
    give(session, contract)
    assert contract.leaves_on == date(2027, 4, 30)


def test_the_day_after_its_last_day_it_has_ended_by_itself(session):
    contract = running(session, starts_on=date(2024, 1, 1), ends_on=date(2025, 12, 31), **RENEWING)
    version = give(session, contract) and contract.version
    last = date(2026, 12, 31)
    assert end_after_notice(session, today=last, at=clock.now()) == 0
    assert end_after_notice(session, today=last + timedelta(days=1), at=clock.now()) == 1
    assert end_after_notice(session, today=last + timedelta(days=2), at=clock.now()) == 0
    assert (contract.state, contract.ends_on) == (ContractState.ENDED, last)
    assert contract.version > version, "an open form must notice"
    (entry,) = told(session, Action.CONTRACT_END)
    assert (entry.actor_id, entry.detail["ended_on"]) == (SYSTEM.id, "2026-12-31")


@pytest.mark.parametrize(
    ("terms", "said", "sentence"),
    [
        ({}, {"given_on": TODAY + timedelta(days=1)}, "today or an earlier day"),
        ({}, {"given_on": date(2025, 12, 31)}, "starts on 1 January 2026"),
        ({}, {"leaves_on": date(2026, 3, 1)}, "before notice was given"),
        ({}, {"leaves_on": date(2026, 6, 1)}, "Note who agreed"),
        ({}, {"leaves_on": date(2026, 6, 1), "note": " \n "}, "Note who agreed"),
        ({}, {"leaves_on": date(9999, 1, 1)}, "Check the year"),
        ({}, {"note": "4111 1111 1111 1111"}, "card number"),
        ({}, {"note": "a\x00b"}, "control characters"),
        ({}, {"letter_id": uuid4()}, "files of this contract"),
        ({"notice_days": None, **RENEWING}, {}, "Nobody can tell"),
        ({"notice_days": None, "ends_on": None}, {}, "Nobody can tell"),
        ({"ends_on": date(2026, 2, 1)}, {}, "term was over"),
        (
            {"ends_on": date(2026, 2, 1), "notice_days": 0, **RENEWING},
            {"given_on": date(2026, 1, 31)},
            "ended on 1 February 2026",
        ),
    ],
)
def test_notice_that_makes_no_sense_is_refused(session, terms, said, sentence):
    contract = running(session, **terms)
    with pytest.raises(Refused, match=sentence):
        give(session, contract, **said)
    assert contract.leaves_on is None
    assert session.scalar(select(func.count()).select_from(ContractNotice)) == 0


def test_another_last_day_may_be_agreed(session):
    early = running(session)
    give(session, early, leaves_on=date(2026, 6, 30), note="Agreed with their sales director.")
    assert early.leaves_on == date(2026, 6, 30)
    unknown = running(session, notice_days=None, ends_on=None)
    give(session, unknown, leaves_on=date(2026, 5, 31))
    assert unknown.leaves_on == date(2026, 5, 31)


def test_a_draft_and_an_ended_contract_need_no_notice(session):
    draft = make_contract(session)
    with pytest.raises(Refused, match="draft"):
        give(session, draft)
    commands.end(session, draft, by=make_staff(session), at=clock.now())
    with pytest.raises(Refused, match="has ended"):
        give(session, draft)


def test_of_two_people_the_second_is_told(session):
    contract = running(session, ends_on=None)
    seen = contract.version
    give(session, contract)
    with pytest.raises(Conflict, match="somebody else"):
        give(session, contract, version=seen)
    with pytest.raises(Refused, match="on 2 March 2026 already"):
        give(session, contract)
    now = contract.version
    take_back(session, contract)
    with pytest.raises(Conflict):
        take_back(session, contract, version=now)


def test_a_notice_is_taken_back_with_a_reason_and_stays_on_record(session):
    contract = running(session, **RENEWING)
    give(session, contract)
    for reason, sentence in ((" ", "Write why"), ("4111 1111 1111 1111", "card number")):
        with pytest.raises(Refused, match=sentence):
            take_back(session, contract, reason)
    take_back(session, contract)
    assert (contract.leaves_on, contract.notice_given_on) == (None, None)
    assert contract.notice_deadline_on == date(2026, 10, 2)
    with pytest.raises(Refused, match="No notice stands"):
        take_back(session, contract)
    give(session, contract, note="Once more.")
    standing, earlier = notices_given(session, contract.id)
    assert (standing.note, standing.taken_back_at) == ("Once more.", None)
    assert (earlier.reason, earlier.taken_back_by) == (
        "They lowered the price.",
        cast.RABIA.name,
    )
    (entry,) = told(session, Action.CONTRACT_TAKE_BACK_NOTICE)
    assert entry.detail["reason"] == "They lowered the price."


def test_while_notice_stands_the_dates_it_was_counted_from_stay(session):
    vendor = make_vendor(session)
    contract = running(session, vendor)
    give(session, contract)
    by = make_staff(session)
    longer = facts_of(session, vendor, ends_on=date(2030, 1, 1))
    with pytest.raises(Refused, match="Take the notice back"):
        commands.edit(session, contract, longer, version=contract.version, by=by, at=clock.now())
    renamed = facts_of(session, vendor, title="Frame agreement")
    commands.edit(session, contract, renamed, version=contract.version, by=by, at=clock.now())
    assert (contract.title, contract.notice_deadline_on) == ("Frame agreement", None)


def test_a_contract_that_renewed_itself_ends_on_its_last_day_not_the_first_term_s(session):
    contract = running(session, starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31), **RENEWING)
    commands.end(session, contract, by=make_staff(session), at=clock.now())
    assert contract.ends_on == TODAY


@pytest.fixture
def ids(scene):
    """Acme's contract, in force and renewing itself."""
    return scene(_ids)


def _ids(database):
    with database.writing() as session:
        vendor = make_vendor(session)
        return vendor.id, running(session, vendor, **RENEWING).id


def version_of(database, contract_id):
    with database.reading() as session:
        return session.get_one(Contract, contract_id).version


def test_pervez_notes_it_and_every_page_says_so(people, database, ids):
    vendor_id, contract_id = ids
    browser = people.browser(cast.PERVEZ)
    page = f"/contracts/{contract_id}"
    assert "Given today, notice ends the contract on 31 December 2026." in browser.get(page).text
    typed = {"version": version_of(database, contract_id), "given_on": "2026-03-01"}
    answer = browser.post(f"{page}/notice", data=typed)
    assert answer.status_code == 303
    assert "Notice was given on 1 March 2026." in browser.get(page).text
    assert "Take the notice back" in browser.get(page).text
    for address in ("/contracts", f"/vendors/{vendor_id}"):
        shown = browser.get(address).text
        assert "Notice given" in shown
        assert "31 December 2026" in shown
        assert "Renews on" not in shown
    assert "Last day to give notice" not in browser.get("/").text
    assert "Notice given" in browser.get(f"/vendors/{vendor_id}").text
    assert "Take the notice back" not in people.browser(cast.AMNA).get(page).text


def test_the_letter_is_a_file_of_the_contract(people, database, ids):
    page = f"/contracts/{ids[1]}"
    browser = people.browser(cast.PERVEZ)
    upload = {"file": (io.BytesIO(b"We end the contract.\n"), "letter.txt")}
    assert browser.post(f"{page}/documents", data=upload).status_code == 303
    with database.reading() as session:
        (file,) = queries.documents_of(session, ids[1])
    said = {"given_on": "2026-03-01", "letter_id": str(file.evidence_id)}
    typed = {"version": version_of(database, ids[1]), **said}
    assert browser.post(f"{page}/notice", data=typed).status_code == 303
    with database.reading() as session:
        (given,) = notices_given(session, ids[1])
    assert (given.letter_id, given.letter) == (file.evidence_id, file.title)
    assert browser.get(page).text.count(f"/evidence/{file.evidence_id}/download") == 2


def test_whoever_was_slower_sees_how_it_stands(people, database, ids):
    page = f"/contracts/{ids[1]}"
    typed = {"version": version_of(database, ids[1]), "given_on": "2026-03-01"}
    assert people.browser(cast.RABIA).post(f"{page}/notice", data=typed).status_code == 303
    answer = people.browser(cast.PERVEZ).post(f"{page}/notice", data=typed)
    assert answer.status_code == 409
    assert "This page shows how it stands now" in answer.text
    assert "Notice was given on 1 March 2026." in answer.text


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"given_on": ""}, "Enter the day notice was given."),
        ({"given_on": "01/03/2026"}, "year-month-day"),
        ({"given_on": "2026-03-01", "leaves_on": "soon"}, "year-month-day"),
        ({"given_on": "2027-01-01"}, "today or an earlier day"),
        ({"given_on": "2026-03-01", "note": "x" * 9000}, "characters fit"),
        ({"given_on": "2026-03-01", "letter_id": "<script>"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_noted_comes_back_with_what_was_typed(people, database, ids, said, sentence):
    typed = {"version": version_of(database, ids[1]), "letter_id": "", **said}
    answer = people.browser(cast.PERVEZ).post(f"/contracts/{ids[1]}/notice", data=typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "There is a problem" in answer.text
    assert version_of(database, ids[1]) == typed["version"]


def test_taking_back_needs_a_reason_and_shows_it(people, database, ids):
    page = f"/contracts/{ids[1]}"
    browser = people.browser(cast.PERVEZ)
    typed = {"version": version_of(database, ids[1]), "given_on": "2026-03-01"}
    assert browser.post(f"{page}/notice", data=typed).status_code == 303
    version = version_of(database, ids[1])
    address = f"{page}/notice/take-back"
    refused = browser.post(address, data={"version": version, "reason": ""})
    assert refused.status_code == 422
    assert "Write why the notice is taken back." in refused.text
    taken = {"version": version, "reason": "<b>New</b> terms."}
    assert browser.post(address, data=taken).status_code == 303
    shown = browser.get(page).text
    assert "was taken back by Pervez Anwar" in shown
    assert "&lt;b&gt;New&lt;/b&gt; terms." in shown
    assert "Given today, notice ends" in shown


def test_the_doors_open_for_those_who_edit_contracts_and_see_the_vendor(people, database, ids):
    with database.writing() as session:
        hidden = running(session, make_vendor(session, name="Hidden", is_need_to_know=True)).id
    for path in ("notice", "notice/take-back"):
        assert people.browser(cast.AMNA).post(f"/contracts/{ids[1]}/{path}").status_code == 403
        assert people.browser(cast.LAILA).post(f"/contracts/{hidden}/{path}").status_code == 404


def test_a_vendor_that_left_does_not_nag_about_a_contract_with_notice(people, database, ids):
    vendor_id, contract_id = ids
    with database.writing() as session:
        session.get_one(Vendor, vendor_id).state = VendorState.ENDED
    browser = people.browser(cast.PERVEZ)
    assert "its contract still runs" in browser.get(f"/vendors/{vendor_id}").text
    with database.writing() as session:
        give(session, session.get_one(Contract, contract_id))
    assert "its contract still runs" not in browser.get(f"/vendors/{vendor_id}").text
