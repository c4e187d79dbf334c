"""Evidence's side of the JSON API: a file goes in once, and comes out as it went in."""

import io

import pytest
from sqlalchemy import func, select

from evidence.models import Evidence
from identity.rules import Scope
from tests.api import program_of
from tests.evidence.stories import POLICY, new_vendor, objects
from tests.people import ADIL, AMNA, PERVEZ, RABIA

NEVER = "00000000-0000-4000-8000-000000000000"


def sent(content=POLICY, name="policy.txt", **fields):
    return {"data": {"file": (io.BytesIO(content), name), **fields}}


@pytest.fixture
def pervez(people):
    return program_of(people, PERVEZ)


@pytest.fixture
def vendor_id(database, authors):
    return new_vendor(database, authors)


@pytest.fixture
def count(database):
    def counted():
        with database.reading() as session:
            return session.scalar(select(func.count()).select_from(Evidence))

    return counted


def test_a_file_goes_in_is_listed_and_comes_out(pervez, vendor_id):
    path = f"/vendors/{vendor_id}/evidence"
    made = pervez.post(path, **sent(title="Our policy", kind="policy", issued_on="2026-01-15"))
    assert made.status_code == 201, made.text
    body = made.get_json()
    assert (body["title"], body["kind"], body["visibility"]) == ("Our policy", "policy", "internal")
    assert (body["valid_until"], body["size"]) == ("2027-01-15", len(POLICY))
    assert pervez.get(path).get_json() == {"items": [body], "next": None}
    out = pervez.get(f"/evidence/{body['id']}/content")
    assert (out.status_code, out.data) == (200, POLICY)
    assert out.headers["Content-Disposition"].startswith("attachment")


def test_the_same_bytes_again_are_the_record_that_is_there(pervez, vendor_id, count):
    path = f"/vendors/{vendor_id}/evidence"
    first = pervez.post(path, **sent())
    again = pervez.post(path, **sent(title="Other name"))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.get_json() == first.get_json()
    assert (count(), len(objects())) == (1, 1)


def test_a_key_counts_for_the_file_too(pervez, vendor_id, count):
    path, headers = f"/vendors/{vendor_id}/evidence", {"Idempotency-Key": "upload-1"}
    first = pervez.post(path, headers=headers, **sent())
    again = pervez.post(path, headers=headers, **sent())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.data == first.data
    other = pervez.post(path, headers=headers, **sent(b"Other bytes.\n"))
    assert other.status_code == 422
    assert count() == 1


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"kind": "nonsense"}, "kind"),
        ({"issued_on": "20260115"}, "issued_on"),
        ({"issued_on": "2026-02-30"}, "issued_on"),
        ({"issued_on": "2030-01-01"}, "issued_on"),
        ({"issued_on": "2026-01-15", "valid_until": "2025-01-15"}, "valid_until"),
        ({"visibility": "everybody"}, "visibility"),
        ({"vendor_id": NEVER}, "vendor_id"),
        ({"once": "x"}, "once"),
        ({"title": ["one", "two"]}, "title"),
        ({"title": "4111 1111 1111 1111"}, "title"),
    ],
)
def test_a_field_that_is_wrong_is_named_and_nothing_is_stored(
    pervez, vendor_id, count, fields, where
):
    reply = pervez.post(f"/vendors/{vendor_id}/evidence", **sent(**fields))
    assert (reply.status_code, reply.get_json()["where"]) == (422, where)
    assert (count(), objects()) == (0, [])


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "empty.txt"), (b"MZ\x90\x00", "run.exe"), (b"%PDF-1.7", "no.pdf"), (POLICY, "")],
)
def test_a_file_that_cannot_be_taken_in_is_refused(pervez, vendor_id, count, content, name):
    reply = pervez.post(f"/vendors/{vendor_id}/evidence", **sent(content, name))
    assert (reply.status_code, reply.get_json()["where"]) == (422, "file")
    assert (count(), objects()) == (0, [])


def test_a_body_of_another_kind_is_refused(pervez, vendor_id):
    path = f"/vendors/{vendor_id}/evidence"
    assert pervez.post(path, json={"file": "x"}).status_code == 415
    assert pervez.post(path, data=POLICY, content_type="text/plain").status_code == 415
    bare = pervez.post(path, data=b"--x--", content_type="multipart/form-data")
    assert bare.status_code == 422
    assert pervez.post(path).status_code == 415


def test_a_part_without_a_name_is_refused(pervez, vendor_id, count):
    part = b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n"
    path = f"/vendors/{vendor_id}/evidence"
    reply = pervez.post(path, data=part, content_type="multipart/form-data; boundary=x")
    assert reply.status_code == 422, reply.text
    assert "has no name. Use: file" in reply.get_json()["detail"]
    assert count() == 0


def test_what_is_too_large_is_refused(pervez, vendor_id, count):
    path = f"/vendors/{vendor_id}/evidence"
    assert pervez.post(path, **sent(b"a" * 26_500_000)).status_code == 422
    assert pervez.post(path, **sent(b"a" * 27_500_000)).status_code == 413
    other = pervez.post("/vendors", **sent(b"a" * 200_000))
    assert other.status_code == 413
    assert count() == 0


def test_a_hidden_vendor_has_no_files_for_others(people, pervez, database, authors):
    hidden = new_vendor(database, authors, is_need_to_know=True)
    made = pervez.post(f"/vendors/{hidden}/evidence", **sent()).get_json()
    rabia = program_of(people, RABIA)
    for vendor_id in (hidden, NEVER):
        assert rabia.get(f"/vendors/{vendor_id}/evidence").status_code == 404
        assert rabia.post(f"/vendors/{vendor_id}/evidence", **sent()).status_code == 404
    for evidence_id in (made["id"], NEVER):
        assert rabia.get(f"/evidence/{evidence_id}/content").status_code == 404


def test_who_only_reads_puts_nothing_on_record(people, vendor_id, count):
    reader = program_of(people, PERVEZ, Scope.READ)
    for program in (reader, program_of(people, AMNA), program_of(people, ADIL)):
        assert program.post(f"/vendors/{vendor_id}/evidence", **sent()).status_code == 403
    assert program_of(people, ADIL).get(f"/vendors/{vendor_id}/evidence").status_code == 403
    assert count() == 0


def test_what_a_list_costs(pervez, vendor_id):
    path = f"/vendors/{vendor_id}/evidence"
    for number in range(3):
        pervez.post(path, **sent(f"Policy {number}".encode()))
    assert len(pervez.get(path).get_json()["items"]) == 3
    assert len(pervez.client.statements) == 8, pervez.client.statements
