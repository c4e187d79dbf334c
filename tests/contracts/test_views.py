"""Contracts in the browser: who may what, forms that come back, and a journey to the end."""

import io
import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from contracts.clause_commands import check_clause
from contracts.models import ClauseCheck, Contract, ContractDocument
from contracts.rules import ClauseStatus, ContractState
from evidence.models import Evidence
from evidence.rules import EvidenceKind
from foundation import clock
from tests import people as cast
from tests.client import ONCE
from tests.contracts.stories import checks_of, clear, make_contract, settle
from tests.makers import CRITICAL, make_staff, make_vendor
from vendors.models import Vendor
from vendors.queries import default_service

S = ClauseStatus
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def vendor_id(scene):
    return scene(_vendor_id)


def _vendor_id(database):
    with database.writing() as session:
        return make_vendor(session).id


@pytest.fixture
def contract_id(database, vendor_id):
    return made(database, vendor_id)


def made(database, vendor_id, **changes):
    with database.writing() as session:
        return make_contract(session, session.get_one(Vendor, vendor_id), **changes).id


def stored(database, contract_id):
    with database.reading() as session:
        return session.get_one(Contract, contract_id)


def check_of(database, contract_id, code):
    with database.reading() as session:
        return checks_of(session, session.get_one(Contract, contract_id))[code]


def typed(database, vendor_id, **changes):
    with database.reading() as session:
        service = default_service(session, vendor_id).id
    stated = {
        "title": "Master services agreement",
        "service_ids": str(service),
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
        "notice_days": "90",
        "yearly_cost": "12,50,000.50",
        "currency": "pkr",
        "signing_entity_id": "",
    }
    return {**stated, **changes}


def noted(check, **said):
    stated = {"version": check.version, "status": "present"}
    return {f"{check.clause_code}-{name}": value for name, value in {**stated, **said}.items()}


def test_an_empty_list_says_where_contracts_come_from(people):
    text = people.browser(cast.PERVEZ).get("/contracts").text
    assert "No contracts yet" in text
    assert "/vendors" in text


def test_pervez_enters_a_contract_and_reads_its_deadline(people, database, vendor_id):
    browser = people.browser(cast.PERVEZ)
    address = f"/vendors/{vendor_id}/contracts/new"
    form = browser.get(address).text
    once = ONCE.search(form)[1]
    filled = {**typed(database, vendor_id), "once": once}
    answer = browser.post(address, data=filled)
    assert answer.status_code == 303
    again = browser.post(address, data=filled)
    assert again.headers["Location"] == answer.headers["Location"]
    with database.reading() as session:
        (found,) = session.scalars(select(Contract)).all()
    assert found.value_minor == 125_000_050
    text = browser.get(answer.headers["Location"]).text
    assert "2 October 2026" in text
    assert "PKR 1,250,000.50" in text
    assert "Still open" in text
    assert str(found.id) not in browser.get("/contracts").text.replace(f"/contracts/{found.id}", "")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "Write the title"),
        ({"title": "\x00"}, "control characters"),
        ({"title": "4111 1111 1111 1111"}, "card number"),
        ({"title": "x" * 500}, "characters fit"),
        ({"starts_on": "31/12/2026"}, "year-month-day"),
        ({"ends_on": "2025-01-01"}, "ends before it starts"),
        ({"notice_days": "ninety"}, "whole number"),
        ({"notice_days": "-1"}, "0 to 3650"),
        ({"notice_days": "9" * 5000}, "whole number"),
        ({"auto_renews": "y"}, "by how many months"),
        ({"yearly_cost": "1,25"}, "no amount of money"),
        ({"yearly_cost": "-5"}, "no amount of money"),
        ({"currency": "Rs"}, "three-letter code"),
        ({"currency": ""}, "three-letter code"),
        ({"service_ids": "not an id"}, "not a valid choice"),
        ({"service_ids": str(uuid4())}, "not a valid choice"),
        ({"service_ids": []}, "at least one service"),
        ({"signing_entity_id": str(uuid4())}, "Not a valid choice"),
    ],
)
def test_nonsense_comes_back_with_a_sentence_and_nothing_is_stored(
    people, database, vendor_id, changes, sentence
):
    browser = people.browser(cast.PERVEZ)
    answer = browser.post(
        f"/vendors/{vendor_id}/contracts/new", data=typed(database, vendor_id, **changes)
    )
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "There is a problem" in answer.text
    with database.reading() as session:
        assert session.scalars(select(Contract)).all() == []


def doors(vendor_id, contract_id, check_id):
    return [
        ("GET", f"/vendors/{vendor_id}/contracts/new"),
        ("POST", f"/vendors/{vendor_id}/contracts/new"),
        ("GET", f"/contracts/{contract_id}/edit"),
        ("POST", f"/contracts/{contract_id}/edit"),
        ("POST", f"/contracts/{contract_id}/documents"),
        ("POST", f"/contracts/{contract_id}/activate"),
        ("POST", f"/contracts/{contract_id}/end"),
        ("POST", f"/contracts/{contract_id}/clauses"),
        ("POST", f"/contracts/{contract_id}/clauses/{check_id}"),
        ("GET", f"/contracts/{contract_id}/clauses/{check_id}/waiver"),
        ("POST", f"/contracts/{contract_id}/clauses/{check_id}/waiver"),
    ]


def test_where_notice_has_passed_it_says_when_it_renews_and_the_next_notice(
    people, database, vendor_id
):
    ends = clock.now().date() + timedelta(days=20)
    contract_id = made(
        database, vendor_id, ends_on=ends, notice_days=60, auto_renews=True, renewal_months=12
    )
    for path in ("/contracts", f"/contracts/{contract_id}"):
        shown = people.browser(cast.PERVEZ).get(path).text
        assert f"Renews on {ends.day} {ends:%B %Y} until" in shown
        assert "The last day to give notice for this has passed." in shown
        assert "Ends on" not in shown


def test_an_auditor_reads_and_changes_nothing(people, database, vendor_id, contract_id):
    browser = people.browser(cast.AMNA)
    check = check_of(database, contract_id, "GEN-1")
    text = browser.get(f"/contracts/{contract_id}").text
    assert "Clauses it must have" in text
    assert "Note what the contract says" not in text
    assert browser.get("/contracts").status_code == 200
    for method, address in doors(vendor_id, contract_id, check.id):
        assert browser.open(address, method=method).status_code == 403, address


def test_an_administrator_sees_no_contract(people, contract_id):
    browser = people.browser(cast.ADIL)
    assert browser.get("/contracts").status_code == 403
    assert browser.get(f"/contracts/{contract_id}").status_code == 403


def test_whoever_may_not_know_the_vendor_finds_nothing(people, database):
    with database.writing() as session:
        vendor = make_vendor(session, is_need_to_know=True)
        contract = make_contract(session, vendor)
        ids = vendor.id, contract.id, checks_of(session, contract)["GEN-1"].id
    browser = people.browser(cast.LAILA)
    assert browser.get(f"/contracts/{ids[1]}").status_code == 404
    for method, address in doors(*ids):
        assert browser.open(address, method=method).status_code == 404, address


def test_a_clause_is_noted_and_compared(people, database, contract_id):
    browser = people.browser(cast.RABIA)
    check = check_of(database, contract_id, "ICT-8")
    address = f"/contracts/{contract_id}/clauses/{check.id}"
    answer = browser.post(address, data=noted(check, found_value="30", page="7"))
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("#clause-ICT-8")
    text = browser.get(f"/contracts/{contract_id}").text
    assert "The contract says 30 days, but it must be at least 90 days." in text
    assert cast.RABIA.name in text


def test_what_falls_short_is_open_and_what_is_settled_is_folded(people, database, contract_id):
    with database.writing() as session:
        by = make_staff(session)
        found = session.get_one(Contract, contract_id)
        settle(session, found, by)
        checks = checks_of(session, found)
        short = {"found_value": "30 days"}
        check_clause(session, checks["ICT-8"], status=S.PRESENT, by=by, at=clock.now(), **short)
        check_clause(session, checks["GEN-1"], status=S.OPEN, by=by, at=clock.now())
    required, browser = len(checks), people.browser(cast.RABIA)
    text = browser.get(f"/contracts/{contract_id}").text
    assert f"{required - 2} of {required} settled. 1 falls short or is missing." in text
    assert f"{required - 2} clauses are settled" in text
    assert '<details class="clause" id="clause-ICT-8" open>' in text
    assert "notice by the vendor of 90 days or longer" in text
    assert "Ask the vendor for an amendment" in text
    assert "A lead can do without it for a time." in text
    assert re.findall(r'<details class="clause" id="clause-(\S+)" open>', text) == ["ICT-8"]
    assert re.search(r'<details class="fold"><summary><h3>\d+ clauses are settled', text)


def test_after_a_clause_the_next_open_one_comes_and_then_the_way_to_make_it_active(
    people, database, vendor_id, contract_id
):
    with database.writing() as session:
        by = make_staff(session)
        settle(session, session.get_one(Contract, contract_id), by)
        checks = checks_of(session, session.get_one(Contract, contract_id))
        for code in ("ICT-8", "GEN-1"):
            check_clause(session, checks[code], status=S.OPEN, by=by, at=clock.now())
    browser, address = people.browser(cast.PERVEZ), f"/contracts/{contract_id}"
    start = browser.get(address).text
    assert "Settle the 2 clauses that are still open." in start
    assert "Make it active" not in start
    said = {"GEN-1": {}, "ICT-8": {"found_value": "180 days"}}
    ahead = []
    for code, more in said.items():
        check = check_of(database, contract_id, code)
        answer = browser.post(f"{address}/clauses/{check.id}", data=noted(check, **more))
        ahead.append(answer.headers["Location"].rpartition("#")[2])
    assert ahead == ["clause-ICT-8", "activation"]
    assert "Finish the due diligence of the vendor and decide." in browser.get(address).text
    with database.writing() as session:
        clear(session, session.get_one(Vendor, vendor_id), by)
    assert f'action="{address}/activate"' in browser.get(address).text
    seen = people.browser(cast.AMNA).get(address).text
    assert "Procurement, an analyst or a lead makes it active." in seen
    assert f'action="{address}/activate"' not in seen
    assert browser.post(f"{address}/activate").status_code == 303
    assert 'id="activation"' not in browser.get(address).text


def test_two_people_at_one_clause_see_both(people, database, contract_id):
    check = check_of(database, contract_id, "GEN-1")
    address = f"/contracts/{contract_id}/clauses/{check.id}"
    rabia, laila = people.browser(cast.RABIA), people.browser(cast.LAILA)
    assert rabia.post(address, data=noted(check, note="Rabia saw it")).status_code == 303
    answer = laila.post(address, data=noted(check, status="missing", note="Laila did not"))
    assert answer.status_code == 409
    assert "Rabia saw it" in answer.text
    assert "Laila did not" in answer.text
    assert check_of(database, contract_id, "GEN-1").status is S.PRESENT
    now = check_of(database, contract_id, "GEN-1").version
    assert f'name="GEN-1-version" type="hidden" value="{now}"' in answer.text


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"status": "waived"}, "Not a valid choice"),
        ({"status": "<script>"}, "Not a valid choice"),
        ({"found_value": "soon"}, "write a number"),
        ({"note": "4111 1111 1111 1111"}, "card number"),
        ({"version": ""}, "required"),
        ({"status": "not_applicable"}, "why the clause does not apply"),
    ],
)
def test_a_clause_that_cannot_be_noted_comes_back(people, database, contract_id, said, sentence):
    check = check_of(database, contract_id, "ICT-8")
    address = f"/contracts/{contract_id}/clauses/{check.id}"
    answer = people.browser(cast.RABIA).post(address, data=noted(check, **said))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert check_of(database, contract_id, "ICT-8").status is S.OPEN


def test_only_a_lead_waives(people, database, contract_id):
    check = check_of(database, contract_id, "GEN-1")
    address = f"/contracts/{contract_id}/clauses/{check.id}/waiver"
    assert people.browser(cast.RABIA).get(address).status_code == 403
    laila = people.browser(cast.LAILA)
    assert "Do without" in laila.get(address).text
    filled = {
        "version": check.version,
        "owner_id": str(people.id_of(cast.PERVEZ)),
        "reason": "They renegotiate",
        "ends_on": (clock.today() + timedelta(days=900)).isoformat(),
    }
    late = laila.post(address, data=filled)
    assert late.status_code == 422
    assert "twelve months" in late.text
    filled["ends_on"] = (clock.today() + timedelta(days=60)).isoformat()
    assert laila.post(address, data=filled).status_code == 303
    assert "Waived until" in laila.get(f"/contracts/{contract_id}").text
    assert laila.post(address, data=filled).status_code == 409


def test_editing_on_top_of_an_old_version_shows_both(people, database, vendor_id, contract_id):
    browser = people.browser(cast.PERVEZ)
    address = f"/contracts/{contract_id}/edit"
    assert "12,50" not in browser.get(address).text
    version = stored(database, contract_id).version
    filled = typed(database, vendor_id, version=version, title="First")
    assert browser.post(address, data=filled).status_code == 303
    answer = browser.post(address, data={**filled, "title": "Second", "notice_days": "30"})
    assert answer.status_code == 409
    assert "What differs" in answer.text
    assert "First" in answer.text
    assert "Second" in answer.text
    assert stored(database, contract_id).title == "First"


def test_activation_names_every_reason_and_then_works(people, database, vendor_id, contract_id):
    browser = people.browser(cast.PERVEZ)
    address = f"/contracts/{contract_id}/activate"
    answer = browser.post(address)
    assert answer.status_code == 422
    assert answer.text.count("Nobody has checked it yet.") > 5
    assert "due diligence" in answer.text
    with database.writing() as session:
        by = make_staff(session)
        found = session.get_one(Contract, contract_id)
        settle(session, found, by)
        clear(session, session.get_one(Vendor, vendor_id), by)
    assert browser.post(address).status_code == 303
    assert stored(database, contract_id).state is ContractState.ACTIVE
    text = browser.get(f"/contracts/{contract_id}").text
    assert "Make it active" not in text


def test_a_contract_is_ended_and_closed(people, database, contract_id):
    browser = people.browser(cast.PERVEZ)
    address = f"/contracts/{contract_id}/end"
    version = stored(database, contract_id).version
    ahead = {"version": version, "ended_on": "2031-01-01"}
    answer = browser.post(address, data=ahead)
    assert answer.status_code == 422
    assert "must not be ahead" in answer.text
    assert browser.post(address, data={"version": version}).status_code == 303
    text = browser.get(f"/contracts/{contract_id}").text
    assert "Note what the contract says" not in text
    assert stored(database, contract_id).state is ContractState.ENDED


def test_a_file_is_attached_once_and_told_apart(people, database, contract_id):
    browser = people.browser(cast.PERVEZ)
    address = f"/contracts/{contract_id}/documents"
    answer = browser.post(address, data={})
    assert answer.status_code == 422
    assert "Select a file." in answer.text
    refused = browser.post(address, data={"file": (io.BytesIO(b"MZ\x90"), "run.exe")})
    assert refused.status_code == 422
    for _ in range(2):
        upload = {
            "file": (io.BytesIO(b"Clause 1. Both parties agree.\n"), "annex.txt"),
            "document_title": "Annex 2",
        }
        assert browser.post(address, data=upload).status_code == 303
    with database.reading() as session:
        (file,) = session.scalars(select(Evidence)).all()
        assert len(session.scalars(select(ContractDocument)).all()) == 1
    assert file.kind is EvidenceKind.CONTRACT
    text = browser.get(f"/contracts/{contract_id}").text
    assert "Annex 2" in text
    assert "annex.txt" in text


def test_a_list_that_is_behind_says_so_and_is_brought_up_to_date(people, database, vendor_id):
    from vendors.commands import set_exposure

    contract_id = made(database, vendor_id)
    with database.writing() as session:
        service = default_service(session, vendor_id)
        set_exposure(session, service, CRITICAL, {}, by=make_staff(session), at=clock.now())
    browser = people.browser(cast.PERVEZ)
    assert "has changed since" in browser.get(f"/contracts/{contract_id}").text
    assert browser.post(f"/contracts/{contract_id}/clauses").status_code == 303
    text = browser.get(f"/contracts/{contract_id}").text
    assert "has changed since" not in text
    assert "clause-PCI-1" in text


def test_typed_markup_is_shown_as_text(people, database, contract_id):
    with database.writing() as session:
        check = session.get_one(ClauseCheck, check_of(database, contract_id, "GEN-1").id)
        evil = "<script>alert(1)</script>"
        by = make_staff(session)
        check_clause(session, check, status=S.PRESENT, note=evil, by=by, at=clock.now())
    text = people.browser(cast.RABIA).get(f"/contracts/{contract_id}").text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


def test_a_page_costs_the_same_for_few_clauses_and_many(people, database, vendor_id):
    browser = people.browser(cast.RABIA)
    browser.get(f"/contracts/{made(database, vendor_id)}")
    few = len(browser.statements)
    with database.writing() as session:
        big = make_contract(session, make_vendor(session, name="Big", exposure=CRITICAL)).id
    browser.get(f"/contracts/{big}")
    assert len(browser.statements) == few
    assert few <= 16


def test_an_address_that_is_no_id_leads_nowhere(people):
    browser = people.browser(cast.RABIA)
    assert browser.get("/contracts/1").status_code == 404
    assert browser.get(f"/contracts/{UUID(int=0)}").status_code == 404
    assert browser.get("/contracts?after=%00%ff").status_code == 200
