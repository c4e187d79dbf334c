"""Notes: internal or shared, changed within a day by their author, later replaced."""

import re
from datetime import timedelta

import pytest

from foundation import clock
from foundation.errors import Conflict
from tests.people import AMNA, LAILA, PERVEZ, RABIA
from vendors.note_commands import add_note
from vendors.note_queries import get_note, notes_of, shared_notes_of
from vendors.queries import get_vendor_for_system
from vendors.rules import Visibility


@pytest.fixture
def write(people):
    def send(vendor_id, text, who=PERVEZ, visibility="internal", note_id=""):
        address = f"/vendors/{vendor_id}/notes" + (f"/{note_id}" if note_id else "")
        body = {"text": text, "visibility": visibility, "version": 1}
        return people.browser(who).post(address, data=body)

    return send


def rows_in(database, vendor_id):
    with database.reading() as session:
        return notes_of(session, vendor_id).items


def test_the_author_changes_a_note_for_a_day_and_replaces_it_later(people, database, stored, write):
    vendor_id = stored()
    assert write(vendor_id, "They moved to Lahore").status_code == 303
    (row,) = rows_in(database, vendor_id)
    assert write(vendor_id, "They moved to Karachi", note_id=row.note_id).status_code == 303
    again = write(vendor_id, "Again", note_id=row.note_id)
    assert again.status_code == 409
    assert ">Again</textarea>" in again.text.replace("\r", "").replace("\n", "")
    assert "They moved to Karachi" in again.text
    with clock.fixed(clock.now() + timedelta(hours=24)):
        late = people.browser(PERVEZ).post(f"/vendors/{vendor_id}/notes/{row.note_id}/remove")
        assert late.status_code == 422
        assert "within 24 hours" in late.text
        assert (
            "Write one in its place"
            in people.browser(PERVEZ).get(f"/vendors/{vendor_id}/notes").text
        )
        assert write(vendor_id, "They moved back", note_id=row.note_id).status_code == 303
    newest, old = rows_in(database, vendor_id)
    assert (newest.text, newest.replaces) == ("They moved back", True)
    assert old.superseded_at is not None


def test_somebody_else_writes_in_its_place_and_taking_that_back_restores_it(
    people, database, stored, write
):
    vendor_id = stored()
    write(vendor_id, "Pervez was here")
    (row,) = rows_in(database, vendor_id)
    assert write(vendor_id, "So was Rabia", who=RABIA, note_id=row.note_id).status_code == 303
    late = write(vendor_id, "Laila is late", who=LAILA, note_id=row.note_id)
    assert late.status_code == 409
    assert "Laila is late" in late.text
    assert "Another note took its place" in late.text
    mine = next(one for one in rows_in(database, vendor_id) if one.replaces)
    address = f"/vendors/{vendor_id}/notes/{mine.note_id}/remove"
    assert people.browser(PERVEZ).post(address).status_code == 422
    assert people.browser(RABIA).post(address).status_code == 303
    (left,) = rows_in(database, vendor_id)
    assert (left.text, left.superseded_at) == ("Pervez was here", None)


@pytest.mark.parametrize("text", ["", "  ", "4111 1111 1111 1111", "x" * 4001, "a\x00b"])
def test_what_is_no_note_is_said(database, stored, write, text):
    vendor_id = stored()
    assert write(vendor_id, text).status_code == 422
    assert rows_in(database, vendor_id) == ()


def test_markup_in_a_note_stays_text(people, stored, write):
    vendor_id = stored()
    write(vendor_id, "<b onclick=x>{{ 7*7 }}</b>")
    page = people.browser(AMNA).get(f"/vendors/{vendor_id}/notes").text
    assert "&lt;b onclick=x&gt;{{ 7*7 }}&lt;/b&gt;" in page


def test_only_shared_notes_that_still_stand_reach_the_vendor(database, stored, write):
    vendor_id = stored()
    write(vendor_id, "Do not tell them")
    write(vendor_id, "We move to a new portal", visibility="vendor")
    with database.reading() as session:
        assert [note.text for note in shared_notes_of(session, [vendor_id])] == [
            "We move to a new portal"
        ]
    shared = next(r for r in rows_in(database, vendor_id) if r.visibility is Visibility.VENDOR)
    write(vendor_id, "Never mind", who=RABIA, note_id=shared.note_id)
    with database.reading() as session:
        assert shared_notes_of(session, [vendor_id]) == []


def test_of_two_replacements_one_wins(database, authors, stored, write):
    vendor_id = stored()
    write(vendor_id, "Old")
    (row,) = rows_in(database, vendor_id)
    by, at = authors[RABIA.email], clock.now()
    with database.writing() as session:
        vendor, old = (
            get_vendor_for_system(session, vendor_id),
            get_note(session, vendor_id, row.note_id),
        )
        add_note(session, vendor, "New", Visibility.INTERNAL, by=by, at=at, instead_of=old)
        with pytest.raises(Conflict):
            add_note(session, vendor, "Newer", Visibility.INTERNAL, by=by, at=at, instead_of=old)


def test_notes_are_paged_small_and_closed_to_strangers(people, database, authors, stored):
    vendor_id = stored(is_need_to_know=True)
    with database.writing() as session:
        vendor = get_vendor_for_system(session, vendor_id)
        for n in range(51):
            by, at = authors[PERVEZ.email], clock.now() + timedelta(minutes=n)
            add_note(session, vendor, f"Note number {n}", Visibility.INTERNAL, by=by, at=at)
    browser = people.browser(PERVEZ)
    first = browser.get(f"/vendors/{vendor_id}/notes").text
    assert len(browser.statements) <= 12
    assert "Note number 0<" not in first
    onwards = re.search(r'rel="next" href="([^"]+)"', first).group(1)
    assert "Note number 0<" in browser.get(onwards).text
    assert browser.get(f"/vendors/{vendor_id}/notes?after=broken").status_code == 200
    assert people.browser(LAILA).get(f"/vendors/{vendor_id}/notes").status_code == 404
