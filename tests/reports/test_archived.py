"""A vendor that was put away: its page says so, nobody has its ball, nothing is sent to it."""

import pytest
from sqlalchemy import select

from foundation import clock
from foundation.errors import Refused
from tests import makers
from tests.people import PERVEZ
from tests.vendors.lists import checked
from vendors.bulk_commands import change_many
from vendors.importing.commands import apply_import
from vendors.importing.undoing import undo_import
from vendors.models import Vendor
from vendors.rules import BulkKind, VendorState


@pytest.fixture
def put_away(people, database):
    """A vendor that an import added and its undo archived: its address and the import's."""
    by = people.author(PERVEZ)
    with database.writing() as session:
        batch = apply_import(
            session,
            checked(session, "Vendor,Contact mail\nDropped Ltd,v@dropped.example\n", by=by),
            file_name="list.csv",
            owner_id=by.person_id,
            by=by,
            at=clock.now(),
        )
        undo_import(session, batch, by=by, at=clock.now())
        return session.scalars(select(Vendor.id)).one(), batch.id


def test_its_page_says_that_it_is_archived_and_how_that_came(people, put_away):
    vendor_id, batch_id = put_away
    text = people.browser(PERVEZ).get(f"/vendors/{vendor_id}").text
    assert "when the import that added it was undone by Pervez Anwar" in text
    assert f'/vendors/imports/{batch_id}"' in text
    assert "<dt>Step</dt><dd>Archived</dd>" in text
    assert "Nobody has to do anything" in text
    assert "has the ball" not in text
    assert f"/vendors/{vendor_id}/send" not in text
    assert "Not sent" not in text


def test_nothing_is_sent_to_it_by_page_or_command(people, put_away, database):
    vendor_id, _batch = put_away
    pervez, sentence = people.browser(PERVEZ), "Dropped Ltd is archived."
    assert sentence in pervez.get(f"/vendors/{vendor_id}/send").text
    assert sentence in pervez.get(f"/vendors/{vendor_id}/next").text
    form = {
        "contact": "new",
        "new_email": "v@dropped.example",
        "new_name": "V",
        "due_on": "2026-04-01",
    }
    refused = pervez.post(f"/vendors/{vendor_id}/send", data=form)
    assert refused.status_code == 422
    assert sentence in refused.text
    with database.writing() as session:
        vendor = session.get_one(Vendor, vendor_id)
        with pytest.raises(Refused, match="is archived"):
            makers.make_assessment(session, vendor=vendor, by=people.author(PERVEZ))


def test_it_stands_on_no_first_page(people, put_away):
    assert "Dropped Ltd" not in people.browser(PERVEZ).get("/").text


def test_one_archived_in_a_bulk_change_names_who_did_it(people, database):
    by = people.author(PERVEZ)
    with database.writing() as session:
        vendor = makers.make_vendor(session, name="Ended Ltd", by=by)
        vendor.state = VendorState.ENDED
        session.flush()
        change_many(session, BulkKind.ARCHIVE, [vendor.id], "", by=by, at=clock.now())
        vendor_id = vendor.id
    text = people.browser(PERVEZ).get(f"/vendors/{vendor_id}").text
    assert "by Pervez Anwar." in text
    assert "Look at the import" not in text
