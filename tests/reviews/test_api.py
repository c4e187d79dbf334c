"""Findings and decisions through the JSON API."""

import pytest

from tests import makers
from tests.api import program_of
from tests.people import AMNA, ASIF, LAILA, PERVEZ, RABIA
from tests.reviews import stories

NEVER = "00000000-0000-4000-8000-000000000000"
NEW = {"title": "Backups are not tested", "severity": "high"}


@pytest.fixture
def ready(scene):
    """Bring a review to where nothing stands against an approval."""
    return scene(_ready)


def _ready(database):
    with database.writing() as session:
        review, assessment = stories.ready(session)
        return str(review.vendor_id), str(assessment.id)


def test_a_finding_is_raised_and_listed(people, ready):
    vendor_id, _assessment_id = ready
    rabia = program_of(people, RABIA)
    made = rabia.post(f"/vendors/{vendor_id}/findings", json=NEW)
    assert made.status_code == 201, made.text
    body = made.get_json()
    assert (body["state"], body["owner"], body["question"]) == ("open", RABIA.name, None)
    assert body["due_on"], "it follows from severity and tier"
    assert rabia.get(f"/vendors/{vendor_id}/findings").get_json()["items"] == [body]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"title": "  "}, "title"),
        ({"title": 7}, "title"),
        ({"severity": "awful"}, "severity"),
        ({"severity": None}, "severity"),
        ({"owner_id": NEVER}, None),
        ({"owner_id": "Rabia"}, "owner_id"),
        ({"due_on": "2020-01-01"}, "due_on"),
        ({"due_on": "tomorrow"}, "due_on"),
        ({"state": "closed"}, "state"),
        ({"description": "card 4111 1111 1111 1111"}, "description"),
    ],
)
def test_a_finding_that_cannot_be_is_refused(people, ready, change, where):
    vendor_id, _assessment_id = ready
    rabia = program_of(people, RABIA)
    reply = rabia.post(f"/vendors/{vendor_id}/findings", json={**NEW, **change})
    assert reply.status_code == 422, reply.text
    assert where in {reply.get_json()["where"], None}
    assert rabia.get(f"/vendors/{vendor_id}/findings").get_json()["items"] == []


def test_a_finding_needs_an_open_review_and_the_right_to_judge(people, database):
    with database.writing() as session:
        vendor_id = makers.make_vendor(session).id
    path = f"/vendors/{vendor_id}/findings"
    assert program_of(people, RABIA).post(path, json=NEW).status_code == 422
    assert program_of(people, PERVEZ).post(path, json=NEW).status_code == 403
    assert program_of(people, AMNA).get(path).get_json()["items"] == []


def test_a_decision_is_proposed_and_final_where_one_signs(people, ready):
    _vendor_id, assessment_id = ready
    rabia, path = program_of(people, RABIA), f"/assessments/{assessment_id}/decision"
    assert rabia.get(path).status_code == 404, "nothing was decided yet"
    made = rabia.post(path, json={"outcome": "approved", "note": "Looked at it all."})
    assert made.status_code == 201, made.text
    body = made.get_json()
    assert (body["outcome"], body["is_final"], body["waits_for"]) == ("approved", True, [])
    assert [each["name"] for each in body["signed"]] == [RABIA.name]
    assert rabia.get(path).get_json() == body
    again = rabia.post(path, json={"outcome": "rejected", "note": "No."})
    assert again.status_code in {409, 422}
    assert rabia.get(path).get_json() == body


def test_an_escalated_decision_waits_for_its_signatures(people, ready):
    _vendor_id, assessment_id = ready
    path = f"/assessments/{assessment_id}/decision"
    body = {
        "outcome": "approved_with_conditions",
        "note": "With one condition.",
        "escalate": True,
        "conditions": [{"text": "Test the backups", "due_on": "2026-06-01"}],
    }
    told = program_of(people, LAILA).post(path, json=body).get_json()
    assert (told["is_final"], told["decided_at"]) == (False, None)
    assert told["waits_for"]
    assert told["conditions"] == [{"text": "Test the backups", "due_on": "2026-06-01"}]


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": "perfect"},
        {"outcome": None},
        {"note": ""},
        {"note": "   "},
        {"escalate": "yes"},
        {"round": 7},
        {"conditions": [{"text": "Late", "due_on": "2026-06-01"}]},
        {"outcome": "approved_with_conditions", "conditions": [{"text": "No day"}]},
        {"outcome": "approved_with_conditions", "conditions": "none"},
        {"outcome": "approved_with_conditions", "conditions": [{"words": "x"}]},
    ],
)
def test_a_decision_that_cannot_be_is_refused(people, ready, change):
    _vendor_id, assessment_id = ready
    rabia, path = program_of(people, RABIA), f"/assessments/{assessment_id}/decision"
    reply = rabia.post(path, json={"outcome": "approved", "note": "Yes.", **change})
    assert reply.status_code == 422, reply.text
    assert rabia.get(path).status_code == 404


def test_everything_in_the_way_is_named(people, database):
    with database.writing() as session:
        _review, assessment = stories.submitted(session)
        path = f"/assessments/{assessment.id}/decision"
    reply = program_of(people, RABIA).post(path, json={"outcome": "approved", "note": "Yes."})
    assert reply.status_code == 422
    assert reply.get_json()["reasons"] == [
        "Contract: No contract covers Acme Cloud. Enter the contract."
    ]


def test_who_may_not_decide_and_what_is_not_there(people, ready, database):
    vendor_id, assessment_id = ready
    path, body = f"/assessments/{assessment_id}/decision", {"outcome": "approved", "note": "Yes."}
    assert program_of(people, ASIF).post(path, json=body).status_code == 403
    with database.writing() as session:
        hidden = makers.make_vendor(session, name="Secret Counsel", is_need_to_know=True)
        _review, assessment = stories.submitted(session, vendor=hidden)
        hidden_id, secret_id = hidden.id, assessment.id
    rabia = program_of(people, RABIA)
    for each in (secret_id, NEVER):
        assert rabia.post(f"/assessments/{each}/decision", json=body).status_code == 404
        assert rabia.get(f"/assessments/{each}/decision").status_code == 404
    for each in (hidden_id, NEVER):
        assert rabia.get(f"/vendors/{each}/findings").status_code == 404
        assert rabia.post(f"/vendors/{each}/findings", json=NEW).status_code == 404
    assert program_of(people, AMNA).get(f"/vendors/{vendor_id}/findings").status_code == 200


def test_what_a_list_costs(people, ready):
    vendor_id, _assessment_id = ready
    rabia = program_of(people, RABIA)
    for number in range(3):
        rabia.post(f"/vendors/{vendor_id}/findings", json={**NEW, "title": f"Finding {number}"})
    assert len(rabia.get(f"/vendors/{vendor_id}/findings").get_json()["items"]) == 3
    assert len(rabia.client.statements) == 8, rabia.client.statements
