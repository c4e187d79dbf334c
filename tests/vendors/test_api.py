"""The vendors' side of the JSON API: what goes in, what comes out, and what never does."""

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from audit.actions import Action
from audit.models import Entry
from foundation import clock
from identity.rules import Scope
from tests.api import program_of
from tests.people import AMNA, LAILA, PERVEZ, RABIA
from tests.vendors.ugly import UGLY_NAMES
from vendors.api import EDIT_KEYS, EXPOSURE_KEYS, NEW_KEYS
from vendors.models import Vendor
from vendors.tier_model import Factor
from vendors.tiering import describe, exposure_of

NEW = {
    "name": "Acme Payments",
    "website": "https://acme.example",
    "purpose": "Takes our payments",
    "country": "PK",
}
COLUMNS = [column.name for column in Vendor.__table__.columns]
CALM = {str(factor): 0 for factor in Factor}


@pytest.fixture
def pervez(people):
    return program_of(people, PERVEZ)


@pytest.fixture
def count(database):
    def counted(chosen=Vendor):
        with database.reading() as session:
            return session.scalar(select(func.count()).select_from(chosen))

    return counted


def test_a_vendor_is_added_read_and_listed(pervez):
    made = pervez.post("/vendors", json=NEW)
    assert made.status_code == 201
    body = made.get_json()
    assert made.headers["Location"] == f"/api/v1/vendors/{body['id']}"
    assert {key: body[key] for key in NEW} == NEW
    assert (body["state"], body["tier"], body["is_tier_provisional"]) == ("onboarding", 1, True)
    shown = pervez.get(f"/vendors/{body['id']}")
    assert shown.headers["ETag"] == made.headers["ETag"]
    assert body.pop("may_be_the_same_as") == []
    assert shown.get_json() == body
    (line,) = pervez.get("/vendors").get_json()["items"]
    assert (line["id"], line["owner"]) == (body["id"], PERVEZ.name)


def test_the_ledger_names_who_added_it(pervez, people, database):
    pervez.post("/vendors", json=NEW)
    with database.reading() as session:
        chosen = select(Entry).where(Entry.action == Action.VENDOR_ADD)
        assert session.scalars(chosen).one().actor_id == people.author(PERVEZ).actor.id


def test_a_vendor_that_may_be_known_already_is_named(pervez, people, stored):
    known = stored("Acme Payments")
    stored("Acme Payments GmbH", of=RABIA, is_need_to_know=True)
    named = pervez.post("/vendors", json=NEW).get_json()["may_be_the_same_as"]
    assert [each["id"] for each in named] == [str(known)]


@pytest.mark.parametrize("column", [c for c in COLUMNS if c not in NEW_KEYS])
def test_no_other_column_of_a_vendor_can_be_set_when_adding(pervez, count, column):
    reply = pervez.post("/vendors", json={**NEW, column: "x"})
    assert (reply.status_code, reply.get_json()["where"]) == (422, column)
    assert count() == 0


@pytest.mark.parametrize("column", [c for c in COLUMNS if c not in EDIT_KEYS])
def test_no_other_column_of_a_vendor_can_be_set_when_editing(pervez, stored, column):
    path = f"/vendors/{stored()}"
    before = pervez.get(path).get_json()
    reply = pervez.patch(path, json={column: "x"}, headers={"If-Match": "*"})
    assert (reply.status_code, reply.get_json()["where"]) == (422, column)
    assert pervez.get(path).get_json() == before


def test_only_keys_named_here_leave(pervez, stored):
    body = pervez.get(f"/vendors/{stored()}").get_json()
    inner = {"name_key", "domain_key", "unit_id", "parent_id", "merged_into_id"}
    inner |= {"archived_at", "cleared_by", "erased_at", "times_moved", "moved_at"}
    assert set(body) == set(COLUMNS) - inner
    (line,) = pervez.get("/vendors").get_json()["items"]
    assert set(line) - {"owner"} <= set(body)


def test_a_key_repeated_adds_one_vendor_and_gets_the_same_answer(pervez, count):
    headers = {"Idempotency-Key": "order-17"}
    first = pervez.post("/vendors", json=NEW, headers=headers)
    again = pervez.post("/vendors", json=NEW, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.data == first.data
    for name in ("Location", "ETag", "Content-Type"):
        assert again.headers[name] == first.headers[name]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert count() == 1


def test_a_key_repeated_with_other_contents_is_refused(pervez, count):
    headers = {"Idempotency-Key": "order-17"}
    pervez.post("/vendors", json=NEW, headers=headers)
    reply = pervez.post("/vendors", json={**NEW, "name": "Borealis"}, headers=headers)
    assert reply.status_code == 422
    assert count() == 1


def test_a_refused_call_does_not_use_its_key_up(pervez, count):
    headers = {"Idempotency-Key": "order-17"}
    assert pervez.post("/vendors", json={"name": ""}, headers=headers).status_code == 422
    assert pervez.post("/vendors", json=NEW, headers=headers).status_code == 201
    assert count() == 1


def test_a_key_belongs_to_the_person_and_not_to_the_token(people, pervez, count):
    headers = {"Idempotency-Key": "order-17"}
    first = pervez.post("/vendors", json=NEW, headers=headers)
    renewed = program_of(people, PERVEZ)
    assert renewed.post("/vendors", json=NEW, headers=headers).data == first.data
    rabia = program_of(people, RABIA)
    assert rabia.post("/vendors", json=NEW, headers=headers).data != first.data
    assert count() == 2


def test_a_replay_still_needs_the_right_to_write(people, pervez):
    headers = {"Idempotency-Key": "order-17"}
    pervez.post("/vendors", json=NEW, headers=headers)
    reader = program_of(people, PERVEZ, Scope.READ)
    assert reader.post("/vendors", json=NEW, headers=headers).status_code == 403


def test_a_key_that_is_too_long_is_refused_and_not_passed_over(pervez, count):
    reply = pervez.post("/vendors", json=NEW, headers={"Idempotency-Key": "k" * 201})
    assert (reply.status_code, reply.get_json()["where"]) == (422, "Idempotency-Key")
    assert count() == 0


def test_calls_with_one_key_at_the_same_moment_add_one_vendor(people, count):
    programs = [program_of(people, PERVEZ) for _ in range(4)]
    for program in programs:
        program.client.get("/healthz")
    now = clock.now()

    def add(program):
        with clock.fixed(now):
            return program.post("/vendors", json=NEW, headers={"Idempotency-Key": "same"})

    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(add, programs))
    assert {reply.status_code for reply in replies} <= {201, 409}
    assert len({reply.data for reply in replies if reply.status_code == 201}) == 1
    assert count() == 1


def test_a_change_on_the_version_that_was_read_is_stored(pervez, stored):
    path = f"/vendors/{stored()}"
    tag = pervez.get(path).headers["ETag"]
    reply = pervez.patch(path, json={"purpose": "Hosting"}, headers={"If-Match": tag})
    assert reply.status_code == 200
    assert reply.headers["ETag"] != tag
    shown = pervez.get(path)
    assert shown.headers["ETag"] == reply.headers["ETag"]
    assert (shown.get_json()["purpose"], shown.get_json()["name"]) == ("Hosting", "Acme Payments")
    assert pervez.get(path, headers={"If-None-Match": tag}).status_code == 200
    fresh = reply.headers["ETag"]
    assert pervez.get(path, headers={"If-None-Match": fresh}).status_code == 304


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (None, 428),
        ('"0"', 412),
        ('W/"{version}"', 412),
        ('"x", "y"', 412),
        ("nonsense", 412),
        ("", 412),
        ('"0", "{version}"', 200),
        ("*", 200),
    ],
)
def test_a_change_names_its_version(pervez, stored, header, status):
    path = f"/vendors/{stored()}"
    version = pervez.get(path).get_json()["version"]
    headers = {} if header is None else {"If-Match": header.format(version=version)}
    assert pervez.patch(path, json={"purpose": "New"}, headers=headers).status_code == status
    stands = pervez.get(path).get_json()["purpose"]
    assert stands == ("New" if status == 200 else "")


def test_two_changes_on_one_version_keep_the_first(people, pervez, stored):
    path = f"/vendors/{stored()}"
    headers = {"If-Match": pervez.get(path).headers["ETag"]}
    assert pervez.patch(path, json={"purpose": "Mine"}, headers=headers).status_code == 200
    rabia = program_of(people, RABIA)
    assert rabia.patch(path, json={"purpose": "Hers"}, headers=headers).status_code == 412
    assert pervez.get(path).get_json()["purpose"] == "Mine"


@pytest.mark.parametrize(
    "values",
    [
        {},
        CALM,
        {**CALM, "account_data": True},
        {**CALM, "data_class": None},
        dict.fromkeys(EXPOSURE_KEYS),
        {**CALM, "data_class": 4, "access": 3, "critical_function": None},
    ],
)
def test_an_exposure_gets_the_tier_the_model_gives(pervez, stored, values):
    vendor_id = stored()
    reply = pervez.put(f"/vendors/{vendor_id}/exposure", json=values)
    body = reply.get_json()
    expected = describe(exposure_of(values))
    assert reply.status_code == 200
    assert body == {**expected, "tier_in_force": expected["tier"]}
    assert {"score", "raw_tier", "tier", "floors", "reasons", "is_provisional"} <= set(body)
    shown = pervez.get(f"/vendors/{vendor_id}")
    assert shown.headers["ETag"] == reply.headers["ETag"]
    stands = shown.get_json()
    assert stands["tier"] == body["tier"]
    assert stands["is_tier_provisional"] == body["is_provisional"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("data_class", 5),
        ("data_class", -1),
        ("data_class", 10**30),
        ("data_class", 2.0),
        ("data_class", "2"),
        ("data_class", True),
        ("data_class", [2]),
        ("cde", 1),
        ("cde", 0),
        ("cde", "yes"),
        ("cde", {}),
        ("tier", 4),
        ("inherent_score", 0),
        ("is_tier_provisional", False),
        ("pci_scope", "none"),
    ],
)
def test_an_exposure_takes_nothing_else(pervez, stored, key, value):
    vendor_id = stored()
    before = pervez.get(f"/vendors/{vendor_id}").get_json()
    reply = pervez.put(f"/vendors/{vendor_id}/exposure", json={**CALM, key: value})
    assert (reply.status_code, reply.get_json()["where"]) == (422, key)
    assert pervez.get(f"/vendors/{vendor_id}").get_json() == before


def test_an_exposure_on_an_old_version_is_refused_when_one_was_named(pervez, stored):
    path = f"/vendors/{stored()}/exposure"
    assert pervez.put(path, json=CALM, headers={"If-Match": '"0"'}).status_code == 412


def test_a_hidden_vendor_is_not_there_for_others(people, pervez, stored):
    hidden = stored("Secret Merger Counsel", is_need_to_know=True)
    never = "00000000-0000-4000-8000-000000000000"
    for character in (RABIA, LAILA, AMNA):
        program = program_of(people, character, Scope.READ)
        assert program.get("/vendors").get_json()["items"] == []
        assert program.get("/vendors?q=secret").get_json()["items"] == []
        there, absent = program.get(f"/vendors/{hidden}"), program.get(f"/vendors/{never}")
        assert there.status_code == absent.status_code == 404
        assert there.get_json()["detail"] == absent.get_json()["detail"]
    rabia = program_of(people, RABIA)
    for vendor_id in (hidden, never):
        edit = rabia.patch(f"/vendors/{vendor_id}", json=NEW, headers={"If-Match": '"0"'})
        assert edit.status_code == 404
        assert rabia.put(f"/vendors/{vendor_id}/exposure", json=CALM).status_code == 404
    assert pervez.get(f"/vendors/{hidden}").status_code == 200


UGLY_BODIES = (
    (b"", 400),
    (b"{", 400),
    (b'{"name": "Acme",}', 400),
    (b'\xff\xfe{"name": 1}', 400),
    (b"[" * 50_000, 400),
    (b'{"name": NaN}', 400),
    (b'{"name": ' + b"9" * 5_000 + b"}", 400),
    (b'{"name": "Acme", "name": "Borealis"}', 422),
    (b'["name"]', 422),
    (b"null", 422),
    (b'{"name": {"$gt": ""}}', 422),
    (b'{"name": ["Acme"]}', 422),
    (b'{"name": null}', 422),
    (b'{"name": true}', 422),
    (b'{"name": 1e400}', 422),
    (b'{"name": "Ac\\u0000me"}', 422),
    (b'{"name": "\\ud800"}', 422),
    (b'{"name": "Acme", "\\ud800\\u0000": 1}', 422),
    (b'{"name": "Acme", "__proto__": {"tier": 4}}', 422),
    (b'{"name": "Acme", "purpose": "pay with 4111 1111 1111 1111"}', 422),
    (b'{"name": "Acme", "country": "Narnia"}', 422),
    (b'{"name": "Acme", "website": "javascript:alert(1)"}', 422),
    (b'{"website": "acme.example"}', 422),
    (b'{"name": "' + b"A" * 100_001 + b'"}', 413),
)


@pytest.mark.parametrize(("body", "status"), UGLY_BODIES, ids=range(len(UGLY_BODIES)))
def test_the_ugliest_bodies_are_refused_with_a_sentence(pervez, count, body, status):
    reply = pervez.post("/vendors", data=body, content_type="application/json")
    assert reply.status_code == status, reply.get_data(as_text=True)
    assert "Traceback" not in reply.get_data(as_text=True)
    assert "4111" not in reply.get_data(as_text=True)
    assert count() == 0


@pytest.mark.parametrize(("name", "may_stay"), UGLY_NAMES)
def test_ugly_names_fare_as_they_do_on_the_page(pervez, name, may_stay):
    reply = pervez.post("/vendors", json={"name": name})
    assert reply.status_code == (201 if may_stay else 422)
    if may_stay:
        assert reply.get_json()["name"] == " ".join(name.split())


def test_a_syntax_error_says_where(pervez):
    body = b'{\n  "name": "Acme"\n  "country": "PK"\n}'
    reply = pervez.post("/vendors", data=body, content_type="application/json")
    assert reply.get_json()["where"] == "line 3, column 3"


@pytest.mark.parametrize(
    "content_type", ["text/plain", "", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_only_json_is_read(pervez, count, content_type):
    reply = pervez.post("/vendors", data=b'{"name": "Acme"}', content_type=content_type)
    assert reply.status_code == 415
    assert count() == 0


def test_pages_hold_every_vendor_once(pervez, stored):
    for number in range(52):
        stored(f"Vendor {number:02d}")
    first = pervez.get("/vendors?q=vendor").get_json()
    second = pervez.get(f"/vendors?q=vendor&after={first['next']}").get_json()
    names = [each["name"] for each in (*first["items"], *second["items"])]
    assert names == [f"Vendor {number:02d}" for number in range(52)]
    assert (len(first["items"]), second["next"]) == (50, None)


def test_the_filters_are_those_of_the_page(people, pervez, stored):
    stored("Acme")
    stored("Borealis", of=RABIA)

    def names(query):
        return [each["name"] for each in pervez.get(f"/vendors?{query}").get_json()["items"]]

    assert names("owner=me") == ["Acme"]
    assert names("q=boreal") == ["Borealis"]
    assert names("tier=4") == ["Acme", "Borealis"]
    assert names("tier=1") == names("state=active") == []


@pytest.mark.parametrize("query", ["tier=9", "sort=password", "tag=nothing", "owner=you", "q=ab"])
def test_a_filter_nobody_offers_is_refused_with_a_sentence(pervez, stored, query):
    stored("Acme")
    answer = pervez.get(f"/vendors?{query}")
    assert answer.status_code == 422
    assert answer.get_json()["detail"]


def test_what_the_calls_cost(pervez, stored):
    vendor_id = stored()
    pervez.get("/vendors")  # the first use in a minute is noted, apart from the call
    pervez.get("/vendors")
    assert len(pervez.client.statements) == 7, pervez.client.statements
    few = len(pervez.client.statements)
    for number in range(30):
        stored(f"Vendor {number:02d}")
    pervez.get("/vendors")
    assert len(pervez.client.statements) == few
    pervez.get(f"/vendors/{vendor_id}")
    assert len(pervez.client.statements) == 7, pervez.client.statements


@pytest.mark.parametrize(("n_blanks", "status"), [(10, 201), (300_000, 413)])
def test_a_body_without_a_length_is_read_whole_or_refused(pervez, count, n_blanks, status):
    body = io.BytesIO(b'{"name": "Acme"}' + b" " * n_blanks)
    reply = pervez.post(
        "/vendors",
        input_stream=body,
        content_type="application/json",
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert reply.status_code == status
    assert count() == (status == 201)


def test_a_list_refuses_what_it_does_not_know_and_gives_as_much_as_asked(pervez):
    for name in ("Acme", "Borealis", "Cedar"):
        pervez.post("/vendors", json={**NEW, "name": f"{name} Payments", "website": ""})
    first = pervez.get("/vendors?limit=2&sort=name").get_json()
    assert len(first["items"]) == 2
    rest = pervez.get(f"/vendors?limit=2&sort=name&after={first['next']}").get_json()
    assert [one["name"] for one in rest["items"]] == ["Cedar Payments"]
    answer = pervez.get("/vendors?stat=active")
    assert answer.status_code == 422
    assert (
        "This call has no parameter “stat”. It knows after, archived" in answer.get_json()["detail"]
    )
    for wrong in ("0", "201", "x", "-1", "", "٣", "9" * 5000):
        answer = pervez.get("/vendors", query_string={"limit": wrong})
        assert answer.status_code == 422, wrong
        assert answer.get_json()["detail"] == "“limit” must be a number from 1 to 200."
    assert pervez.get("/questionnaires?limit=1").status_code == 422
    assert pervez.get("/assessments?vendor=x&page=2").get_json()["where"] == "page"
