"""The pages of findings: reading, closing, and who may accept a risk."""

import pytest

from foundation import clock
from reviews import finding_commands
from reviews.finding_commands import NewFinding
from reviews.models import Finding
from reviews.rules import FindingState, Severity
from tests import makers
from tests.people import AMNA, LAILA, PERVEZ, RABIA
from tests.reviews import stories


@pytest.fixture
def finding_id(scene):
    return scene(_finding_id)


def _finding_id(database):
    with database.writing() as session:
        review, _ = stories.submitted(session)
        rabia = makers.make_staff(session, RABIA)
        new = NewFinding(title="No <b>plan</b>", severity=Severity.HIGH, owner_id=rabia.person_id)
        return finding_commands.raise_finding(session, review, new, by=rabia, at=clock.now()).id


def state(database, finding_id):
    with database.reading() as session:
        return session.get_one(Finding, finding_id).state


def risk(people):
    return {
        "risk-version": "1",
        "risk-owner_id": str(people.id_of(PERVEZ)),
        "risk-reason": "Replaced in summer.",
        "risk-compensating_control": "Our own copy.",
        "risk-ends_on": "2026-06-01",
    }


def test_findings_are_listed_and_shown(people, finding_id):
    amna = people.browser(AMNA)
    assert "No &lt;b&gt;plan&lt;/b&gt;" in amna.get("/findings").get_data(as_text=True)
    page = amna.get(f"/findings/{finding_id}").get_data(as_text=True)
    assert "Close the finding" not in page
    assert "No findings here" in amna.get("/findings?show=mine").get_data(as_text=True)


def test_a_finding_is_closed_with_a_word(people, database, finding_id):
    rabia = people.browser(RABIA)
    assert rabia.post(f"/findings/{finding_id}/close", data={"version": "1"}).status_code == 422
    sent = {"version": "1", "note": "Seen the plan."}
    assert people.browser(AMNA).post(f"/findings/{finding_id}/close", data=sent).status_code == 403
    assert rabia.post(f"/findings/{finding_id}/close", data=sent).status_code == 303
    assert state(database, finding_id) is FindingState.CLOSED


def test_only_a_lead_accepts_a_risk(people, database, finding_id):
    address = f"/findings/{finding_id}/accept-risk"
    assert people.browser(RABIA).post(address, data=risk(people)).status_code == 403
    laila = people.browser(LAILA)
    assert laila.post(address, data={**risk(people), "risk-reason": ""}).status_code == 422
    late = {**risk(people), "risk-ends_on": "2030-01-01"}
    assert laila.post(address, data=late).status_code == 422
    assert laila.post(address, data=risk(people)).status_code == 303
    assert state(database, finding_id) is FindingState.ACCEPTED
    assert "Our own copy." in laila.get(f"/findings/{finding_id}").get_data(as_text=True)
