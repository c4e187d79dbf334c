"""Contracts' side of the JSON API: entering one, its documents, and what its clauses say."""

import io

import pytest
from sqlalchemy import func, select

from contracts.models import Contract
from tests.api import program_of
from tests.makers import make_vendor
from tests.people import ADIL, ASIF, PERVEZ, RABIA

NEVER = "00000000-0000-4000-8000-000000000000"
NEW = {
    "title": "Master services agreement",
    "starts_on": "2026-01-01",
    "ends_on": "2026-12-31",
    "notice_days": 90,
    "auto_renews": True,
    "renewal_months": 12,
    "yearly_cost": "1250000.50",
    "currency": "PKR",
}


@pytest.fixture
def pervez(people):
    return program_of(people, PERVEZ)


@pytest.fixture
def vendor_id(scene):
    return scene(_vendor_id)


def _vendor_id(database):
    with database.writing() as session:
        return make_vendor(session).id


@pytest.fixture
def entered(pervez, vendor_id):
    made = pervez.post(f"/vendors/{vendor_id}/contracts", json=NEW)
    assert made.status_code == 201, made.text
    return made.get_json()


def test_a_contract_is_entered_listed_and_read(pervez, vendor_id, entered):
    assert {key: entered[key] for key in NEW} == NEW
    assert (entered["state"], entered["notice_deadline_on"]) == ("draft", "2026-10-02")
    assert len(entered["service_ids"]) == 1, "left out, it covers every service"
    (line,) = pervez.get(f"/vendors/{vendor_id}/contracts").get_json()["items"]
    assert (line["id"], line["notice_deadline_on"]) == (entered["id"], "2026-10-02")
    assert line["clauses_required"] > line["clauses_settled"] == 0
    assert pervez.get(f"/contracts/{entered['id']}").get_json() == entered


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"title": ""}, ""),
        ({"title": None}, "title"),
        ({"ends_on": "2025-01-01"}, "ends_on"),
        ({"starts_on": "2026-W01-1"}, "starts_on"),
        ({"starts_on": 20260101}, "starts_on"),
        ({"notice_days": 4000}, "notice_days"),
        ({"notice_days": 1.5}, "notice_days"),
        ({"renewal_months": None}, "renewal_months"),
        ({"yearly_cost": 12}, "yearly_cost"),
        ({"yearly_cost": "a lot"}, "yearly_cost"),
        ({"currency": "XXY"}, "currency"),
        ({"currency": ""}, "currency"),
        ({"service_ids": []}, "service_ids"),
        ({"service_ids": [NEVER]}, "service_ids"),
        ({"service_ids": "all"}, "service_ids"),
        ({"service_ids": [7]}, "service_ids"),
        ({"signing_entity_id": NEVER}, "signing_entity_id"),
        ({"signing_entity_id": "{" + NEVER + "}"}, "signing_entity_id"),
        ({"state": "active"}, "state"),
        ({"notice_deadline_on": "2030-01-01"}, "notice_deadline_on"),
    ],
)
def test_a_fact_that_cannot_be_is_named_and_nothing_is_stored(
    pervez, vendor_id, database, change, where
):
    reply = pervez.post(f"/vendors/{vendor_id}/contracts", json={**NEW, **change})
    assert reply.status_code == 422, reply.text
    assert where in {reply.get_json()["where"], ""}
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Contract)) == 0


def test_a_document_is_attached_once(pervez, entered):
    path = f"/contracts/{entered['id']}/document"
    for _ in range(2):
        data = {"file": (io.BytesIO(b"As agreed.\n"), "msa.txt"), "title": "Annex 1"}
        made = pervez.post(path, data=data)
        assert made.status_code == 201, made.text
    (shown,) = pervez.get(f"/contracts/{entered['id']}").get_json()["documents"]
    assert shown == made.get_json()
    assert pervez.get(f"/evidence/{shown['evidence_id']}/content").data == b"As agreed.\n"


def test_what_was_found_is_noted_on_the_list_that_was_read(pervez, entered):
    path = f"/contracts/{entered['id']}/clauses"
    read = pervez.get(path)
    first, second = read.get_json()["items"][:2]
    body = {
        "clauses": [
            {"code": first["code"], "status": "missing", "note": "Not there."},
            {"code": second["code"], "status": "not_applicable", "note": "No such thing."},
        ]
    }
    done = pervez.patch(path, json=body, headers={"If-Match": read.headers["ETag"]})
    assert done.status_code == 200, done.text
    told = {each["code"]: each for each in done.get_json()["items"]}
    assert told[first["code"]]["status"] == "missing"
    assert told[second["code"]]["gap"] is None
    now = pervez.get(path)
    assert now.headers["ETag"] == done.headers["ETag"] != read.headers["ETag"]
    assert pervez.get(path, headers={"If-None-Match": now.headers["ETag"]}).status_code == 304
    assert pervez.patch(path, json=body).status_code == 428
    stale = pervez.patch(path, json=body, headers={"If-Match": read.headers["ETag"]})
    assert stale.status_code == 412
    rest = pervez.patch(
        path, json={"clauses": [{"code": first["code"], "page": "12"}]}, headers={"If-Match": "*"}
    )
    kept = {each["code"]: each for each in rest.get_json()["items"]}[first["code"]]
    assert (kept["status"], kept["page"], kept["note"]) == ("missing", "12", "Not there.")


@pytest.mark.parametrize(
    "clauses",
    [
        None,
        [],
        {},
        ["DP-j"],
        [{}],
        [{"code": "NO-x"}],
        [{"code": "{first}"}, {"code": "{first}"}],
        [{"code": "{first}", "status": "waived"}],
        [{"code": "{first}", "status": "not_applicable"}],
        [{"code": "{first}", "meets": True}],
        [{"code": "{first}", "status": "missing"}, {"code": "NO-x"}],
        [{"code": "{first}", "note": 7}],
    ],
)
def test_all_clauses_are_noted_or_none(pervez, entered, clauses):
    path = f"/contracts/{entered['id']}/clauses"
    before = pervez.get(path).get_json()
    first = before["items"][0]["code"]
    if isinstance(clauses, list):
        clauses = [
            {**each, "code": each["code"].format(first=first)}
            if isinstance(each, dict) and "code" in each
            else each
            for each in clauses
        ]
    reply = pervez.patch(path, json={"clauses": clauses}, headers={"If-Match": "*"})
    assert reply.status_code == 422
    assert pervez.get(path).get_json() == before


def test_a_contract_of_a_hidden_vendor_is_not_there_for_others(people, pervez, database):
    with database.writing() as session:
        hidden = make_vendor(session, name="Secret Counsel", is_need_to_know=True).id
    contract_id = pervez.post(f"/vendors/{hidden}/contracts", json=NEW).get_json()["id"]
    rabia = program_of(people, RABIA)
    assert rabia.get(f"/vendors/{hidden}/contracts").status_code == 404
    assert rabia.post(f"/vendors/{hidden}/contracts", json=NEW).status_code == 404
    for each in (contract_id, NEVER):
        assert rabia.get(f"/contracts/{each}").status_code == 404
        assert rabia.get(f"/contracts/{each}/clauses").status_code == 404
        path = f"/contracts/{each}/clauses"
        assert rabia.patch(path, json={}, headers={"If-Match": "*"}).status_code == 404
        data = {"file": (io.BytesIO(b"x\n"), "x.txt")}
        assert rabia.post(f"/contracts/{each}/document", data=data).status_code == 404


def test_who_may_not_edit_contracts_reads_them_or_not(people, vendor_id):
    path = f"/vendors/{vendor_id}/contracts"
    for character, status in ((ASIF, 200), (ADIL, 403)):
        program = program_of(people, character)
        assert program.get(path).status_code == status
        assert program.post(path, json=NEW).status_code == 403


def test_what_the_calls_cost(pervez, vendor_id, entered):
    pervez.post(f"/vendors/{vendor_id}/contracts", json={"title": "Another"})
    pervez.get(f"/vendors/{vendor_id}/contracts")
    assert len(pervez.client.statements) == 9, pervez.client.statements
    pervez.get(f"/contracts/{entered['id']}/clauses")
    assert len(pervez.client.statements) == 8, pervez.client.statements
