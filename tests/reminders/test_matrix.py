"""The end of a PCI responsibility matrix is told its vendor's owner, and put off like other dates."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from audit.models import Entry
from contracts.matrix_queries import find_matrix
from foundation import clock
from mail.models import Letter
from reminders import sweep
from reminders.due_queries import find_due
from reminders.ladders import Kind
from tests.contracts.matrices import card_vendor, make_matrix, whole
from tests.people import PERVEZ
from vendors.models import Vendor
from vendors.queries import services_of
from vendors.rules import PciScope

ENDS = date(2027, 1, 15)
"""A year after the story's matrix was agreed."""


@pytest.fixture
def vendor_id(scene):
    return scene(_vendor_id)


def _vendor_id(database):
    with database.writing() as session:
        vendor = card_vendor(session, name="Indus Switch")
        make_matrix(session, vendor)
        return vendor.id


def heard(database, days):
    """Sweep so many days from the end and return what a new digest says, if there is one."""
    at = datetime.combine(ENDS + timedelta(days=days), time(9), UTC)
    with clock.fixed(at):
        sweep.remind(database, at)
    with database.reading() as session:
        found = session.scalars(select(Letter).where(Letter.kind == "digest")).all()
        return [letter.to_email for letter in found]


def test_its_owner_hears_of_it_on_each_rung_once(database, vendor_id):
    del vendor_id
    told = [len(heard(database, day)) for day in (-61, -60, -59, -30, -7, 0, 1)]
    assert told == [0, 1, 1, 2, 3, 4, 4]
    assert set(heard(database, 1)) == {PERVEZ.email}


def test_agreed_anew_it_is_not_told(database, vendor_id, later):
    with later(days=300), database.writing() as session:
        vendor = session.get_one(Vendor, vendor_id)
        make_matrix(session, vendor, whole(), agreed_on=clock.today())
    assert heard(database, -7) == []


def test_where_no_card_data_is_touched_any_more_it_is_not_due(database, vendor_id):
    with database.writing() as session:
        matrix_id = find_matrix(session, vendor_id).matrix_id
        assert find_due(session, Kind.MATRIX, matrix_id).due_on == ENDS
        (service,) = services_of(session, vendor_id)
        service.pci_scope = PciScope.NONE
        session.flush()
        assert find_due(session, Kind.MATRIX, matrix_id) is None
    assert heard(database, -30) == []


def test_it_is_put_off_and_noted_under_its_vendor(people, database, vendor_id):
    with database.reading() as session:
        matrix_id = find_matrix(session, vendor_id).matrix_id
    browser = people.browser(PERVEZ)
    address = f"/reminders/matrix/{matrix_id}"
    assert f'href="/vendors/{vendor_id}/pci-matrix"' in browser.get(address).text
    sent = {"reason": "We meet in May", "until_on": "2026-05-01"}
    assert browser.post(f"{address}/put-off", data=sent).status_code == 303
    with database.reading() as session:
        chosen = select(Entry.action).where(Entry.subject_id == vendor_id)
        assert "reminder.snooze" in set(session.scalars(chosen))
