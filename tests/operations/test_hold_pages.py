"""The page of legal holds: set and lifted with a reason, shown where the file is shown."""

import pytest
from sqlalchemy import select

from evidence.hold_models import LegalHold
from tests.evidence.stories import new_vendor, on_record
from tests.people import ADIL, AMNA, LAILA, PERVEZ, RABIA


@pytest.fixture
def acme(database, authors):
    vendor_id = new_vendor(database, authors)
    return vendor_id, on_record(database, vendor_id, authors[PERVEZ.email]).id


def standing(database):
    with database.reading() as session:
        return session.scalars(select(LegalHold)).all()


def test_a_lead_holds_a_file_and_lifts_it(people, database, acme):
    laila, path = people.browser(LAILA), f"/vendors/{acme[0]}/holds"
    set_it = laila.post(path, data={"file": str(acme[1]), "reason": "Dispute <17>"})
    assert set_it.status_code == 303
    page = laila.get(path).text
    assert "Dispute &lt;17&gt;" in page
    assert "Held" in laila.get(f"/vendors/{acme[0]}/evidence").text
    (hold,) = standing(database)
    assert laila.post(f"{path}/{hold.id}/lift", data={"reason": ""}).status_code == 422
    assert laila.post(f"{path}/{hold.id}/lift", data={"reason": "Settled"}).status_code == 303
    assert laila.post(f"{path}/{hold.id}/lift", data={"reason": "Again"}).status_code == 422
    assert "Settled" in laila.get(path).text


def test_the_whole_vendor_is_held_once(people, acme):
    laila, path = people.browser(LAILA), f"/vendors/{acme[0]}/holds"
    assert laila.post(path, data={"file": "", "reason": "Audit"}).status_code == 303
    assert "The whole vendor is held." in laila.get(path).text
    assert laila.post(path, data={"file": "", "reason": "Audit"}).status_code == 422


@pytest.mark.parametrize("file", ["x", "0b7fe81d-d5fa-463d-b49d-61851510fb9e", "0", "'"])
def test_what_is_not_a_file_of_it_is_not_there(people, database, acme, file):
    laila = people.browser(LAILA)
    answer = laila.post(f"/vendors/{acme[0]}/holds", data={"file": file, "reason": "Audit"})
    assert answer.status_code == 404
    assert standing(database) == []


@pytest.mark.parametrize("data", [{}, {"reason": " "}, {"reason": "x" * 1001}, {"reason": "a\x00"}])
def test_a_reason_that_is_none_is_refused(people, database, acme, data):
    answer = people.browser(ADIL).post(f"/vendors/{acme[0]}/holds", data=data)
    assert answer.status_code == 422
    assert standing(database) == []


@pytest.mark.parametrize("who", [PERVEZ, RABIA, AMNA])
def test_others_read_it_only(people, acme, who):
    browser, path = people.browser(who), f"/vendors/{acme[0]}/holds"
    page = browser.get(path)
    assert page.status_code == 200
    assert "Set a hold" not in page.text
    assert browser.post(path, data={"reason": "Mine"}).status_code == 403


def test_a_hold_of_another_vendor_is_not_there(people, database, authors, acme):
    laila = people.browser(LAILA)
    laila.post(f"/vendors/{acme[0]}/holds", data={"reason": "Audit"})
    other = new_vendor(database, authors, "Borealis")
    (hold,) = standing(database)
    lifted = laila.post(f"/vendors/{other}/holds/{hold.id}/lift", data={"reason": "x"})
    assert lifted.status_code == 404
