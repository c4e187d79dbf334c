"""The API door: who comes in with a token, what it opens, and what never opens it."""

from datetime import timedelta

import pytest
from flask import g
from sqlalchemy import func, select

from accounts import commands as accounts
from accounts.api_access import TokenBearer
from accounts.models import Staff
from accounts.permissions import Permission
from accounts.rules import Role
from foundation import clock
from foundation.web import plate_of
from identity import api_tokens
from identity.models import ApiToken, Person
from identity.rules import Scope
from tests.api import Program, assert_problem, program_of
from tests.client import client_of
from tests.people import ADIL, AMNA, ASIF, LAILA, PERVEZ, RABIA, STAFF
from vendors.models import Vendor

NEW = {"name": "Acme Payments"}


def count_vendors(database):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Vendor))


@pytest.mark.parametrize("character", STAFF, ids=lambda c: c.name.split()[0])
def test_everybody_on_the_staff_reads_the_inventory(people, character):
    reply = program_of(people, character, Scope.READ).get("/vendors")
    assert (reply.status_code, reply.get_json()) == (200, {"items": [], "next": None})


@pytest.mark.parametrize(
    ("character", "status"),
    [(PERVEZ, 201), (RABIA, 201), (LAILA, 201), (ASIF, 403), (ADIL, 403), (AMNA, 403)],
    ids=lambda value: getattr(value, "name", value),
)
def test_only_roles_that_edit_vendors_add_one(people, database, character, status):
    assert program_of(people, character).post("/vendors", json=NEW).status_code == status
    assert count_vendors(database) == (1 if status == 201 else 0)


def test_an_administrator_reads_no_assessments(people):
    assert program_of(people, ADIL).get("/questionnaires").status_code == 200
    path = "/assessments?vendor=00000000-0000-4000-8000-000000000000"
    assert program_of(people, ADIL).get(path).status_code == 403
    assert program_of(people, AMNA).get(path).status_code == 404


def test_a_reading_token_writes_nothing(people, database):
    made = program_of(people, PERVEZ).post("/vendors", json=NEW)
    vendor_id = made.get_json()["id"]
    program = program_of(people, PERVEZ, Scope.READ)
    calls = (
        program.post("/vendors", json=NEW),
        program.patch(f"/vendors/{vendor_id}", json=NEW, headers={"If-Match": "*"}),
        program.put(f"/vendors/{vendor_id}/exposure", json={}),
    )
    for reply in calls:
        assert reply.status_code == 403
        assert 'error="insufficient_scope"' in reply.headers["WWW-Authenticate"]
    assert count_vendors(database) == 1


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer duly_",
        "Bearer duly_wrong",
        "Bearer " + "duly_" + "A" * 100_000,
        "Bearer ' OR 1=1 --",
        "Bearer dülý_\u00e9",
        "Basic cGVydmV6Og==",
        "Token {token}",
        "{token}",
        "Bearer {token}x",
        "Bearer duly_{token}",
    ],
)
def test_without_a_right_token_nobody_is_there(people, header):
    program = program_of(people, PERVEZ)
    headers = {} if header is None else {"Authorization": header.format(token=program.token)}
    for method in ("GET", "POST"):
        reply = client_of(people.app).open(
            "/api/v1/vendors", method=method, headers=headers, with_csrf=False, json=NEW
        )
        assert reply.status_code == 401
        assert reply.headers["WWW-Authenticate"].startswith("Bearer")
        assert_problem(reply)


def test_the_scheme_is_read_in_any_case(people):
    program = program_of(people, PERVEZ)
    reply = program.get("/vendors", headers={"Authorization": f"bearer {program.token}"})
    assert reply.status_code == 200


def test_a_token_ends_on_its_day(people):
    program = program_of(people, PERVEZ, days=7)
    start = clock.now()
    with clock.fixed(start + timedelta(days=7) - timedelta(seconds=1)):
        assert program.get("/vendors").status_code == 200
    with clock.fixed(start + timedelta(days=7)):
        assert program.get("/vendors").status_code == 401


def test_a_revoked_token_is_refused_at_once(people, database):
    program = program_of(people, PERVEZ)
    with database.writing() as session:
        token_id = session.scalars(select(ApiToken.id)).one()
        api_tokens.revoke(session, people.id_of(PERVEZ), token_id, clock.now())
    assert program.get("/vendors").status_code == 401


def test_a_disabled_person_is_refused_at_once(people, database):
    program = program_of(people, PERVEZ)
    assert program.get("/vendors").status_code == 200
    with database.writing() as session:
        session.get_one(Person, people.id_of(PERVEZ)).disabled_at = clock.now()
    assert program.get("/vendors").status_code == 401


def test_somebody_who_left_is_refused_at_once(people, database):
    program = program_of(people, PERVEZ)
    with database.writing() as session:
        chosen = select(Staff).where(Staff.person_id == people.id_of(PERVEZ))
        session.scalars(chosen).one().left_at = clock.now()
    assert program.get("/vendors").status_code == 401


def test_a_role_taken_away_counts_with_the_next_call(people, database):
    program = program_of(people, PERVEZ)
    assert program.post("/vendors", json=NEW).status_code == 201
    with database.writing() as session:
        person, adil = session.get_one(Person, people.id_of(PERVEZ)), people.author(ADIL)
        accounts.grant_role(session, person, Role.AUDITOR, at=clock.now(), by=adil)
        accounts.revoke_role(session, person, Role.PROCUREMENT, at=clock.now(), by=adil)
    assert program.post("/vendors", json={"name": "Borealis"}).status_code == 403
    assert program.get("/vendors").status_code == 200


def test_a_signed_in_browser_opens_nothing_here(people, database):
    browser = people.browser(PERVEZ)
    assert browser.get("/api/v1/vendors").status_code == 401
    assert browser.post("/api/v1/vendors", json=NEW).status_code == 401
    assert count_vendors(database) == 0


def test_a_token_opens_no_page_for_people(people):
    program = program_of(people, ADIL)
    for path in ("/vendors", "/account", "/people"):
        headers = {"Authorization": f"Bearer {program.token}"}
        reply = program.client.get(path, headers=headers)
        assert reply.status_code in {303, 404}


def test_only_the_hash_of_a_token_is_kept(people, database):
    program = program_of(people, PERVEZ)
    with database.reading() as session:
        kept = session.execute(select(ApiToken.__table__)).one()
    assert program.token not in repr(kept)


def test_every_address_of_the_api_asks_for_a_token_and_no_other_does(app):
    seen = 0
    for rule in app.url_map.iter_rules():
        plate = plate_of(app.view_functions[rule.endpoint])
        name = plate.name if plate else ""
        is_api = rule.rule.startswith("/api/")
        seen += is_api
        assert name.startswith("api ") == is_api, f"{rule.rule}: {name}"
        if is_api:
            wanted = "read" if "GET" in rule.methods else "write"
            assert name.split()[1] == wanted, f"{rule.rule}: {name}"
    assert seen >= 8


def test_an_unknown_address_and_a_wrong_method_are_problems_too(people):
    program = program_of(people, PERVEZ)
    assert program.get("/no-such-thing").status_code == 404
    wrong = program.call("DELETE", "/vendors")
    assert wrong.status_code == 405
    assert "POST" in wrong.headers["Allow"]


def test_a_bearer_is_a_member_of_staff_with_a_scope(people, database):
    program = program_of(people, RABIA, Scope.READ)
    with people.app.test_request_context(
        "/api/v1/vendors", headers={"Authorization": f"Bearer {program.token}"}
    ):
        people.app.preprocess_request()
        bearer = g.visitor
    assert isinstance(bearer, TokenBearer)
    assert bearer.scope is Scope.READ
    assert bearer.author == people.author(RABIA)
    assert bearer.may(Permission.REVIEW_JUDGE)


def test_a_program_is_nobody_without_its_token(people):
    empty = Program(client_of(people.app), "")
    assert empty.get("/vendors").status_code == 401
