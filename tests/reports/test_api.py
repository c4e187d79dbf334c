"""Reports through the JSON API: ordered, watched, taken away."""

import pytest

from foundation import clock
from reports.building import build_due
from tests.api import program_of
from tests.makers import make_vendor
from tests.people import ADIL, AMNA, PERVEZ, RABIA

NEVER = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def vendor_id(scene):
    return scene(_vendor_id)


def _vendor_id(database):
    with database.writing() as session:
        return make_vendor(session).id


@pytest.mark.slow
def test_a_report_is_ordered_watched_and_taken_away(people, vendor_id, database):
    pervez, path = program_of(people, PERVEZ), f"/vendors/{vendor_id}/reports"
    headers = {"Idempotency-Key": "report-1"}
    ordered = pervez.post(path, headers=headers)
    assert ordered.status_code == 202, ordered.text
    body = ordered.get_json()
    assert (body["state"], body["progress"], body["file_sha256"]) == ("waiting", 0, None)
    again = pervez.post(path, headers=headers)
    assert (again.status_code, again.data) == (202, ordered.data)
    assert pervez.post(path).status_code == 422, "one is on its way"
    where = ordered.headers["Location"].removeprefix("/api/v1")
    assert pervez.get(where).get_json() == body
    draft = pervez.get(f"/vendors/{vendor_id}/report.pdf")
    assert "Draft" in draft.headers["Content-Disposition"]
    build_due(database, clock.now())
    done = pervez.get(where).get_json()
    assert (done["state"], done["progress"]) == ("issued", 100)
    assert pervez.get(path).get_json()["items"] == [done]
    issued = pervez.get(f"/vendors/{vendor_id}/report.pdf")
    assert issued.data.startswith(b"%PDF")
    assert issued.data != draft.data
    assert issued.mimetype == "application/pdf"


def test_who_may_order_and_read(people, vendor_id):
    path = f"/vendors/{vendor_id}/reports"
    assert program_of(people, AMNA).post(path).status_code == 403
    assert program_of(people, ADIL).get(path).status_code == 403
    assert program_of(people, AMNA).get(path).get_json() == {"items": [], "next": None}


def test_a_hidden_vendor_has_no_reports_for_others(people, database):
    with database.writing() as session:
        hidden = make_vendor(session, name="Secret Counsel", is_need_to_know=True).id
    ordered = program_of(people, PERVEZ).post(f"/vendors/{hidden}/reports").get_json()
    rabia = program_of(people, RABIA)
    for each in (hidden, NEVER):
        assert rabia.get(f"/vendors/{each}/reports").status_code == 404
        assert rabia.post(f"/vendors/{each}/reports").status_code == 404
        assert rabia.get(f"/vendors/{each}/report.pdf").status_code == 404
    for each in (ordered["id"], NEVER):
        assert rabia.get(f"/reports/{each}").status_code == 404
