"""Erasing a vendor: nothing of it is left but its reference, and the hashes of its reports."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from audit.actions import Action
from audit.models import Entry
from audit.queries import first_bad_entry
from evidence.holds import set_hold
from foundation import clock
from foundation.db import Model
from foundation.errors import Refused
from identity.models import Person
from operations.person_tables import places
from operations.retention import erasing
from operations.table_words import WORDS
from operations.vendor_erasing import KEPT, erase_vendor, plan_of
from operations.vendor_tables import belongs, owned
from organisation.settings_commands import change_settings
from reports.building import build_due
from reports.models import Report
from reports.report_commands import request as order
from tests.evidence.stories import object_path, on_record
from tests.makers import make_contact, make_vendor
from tests.operations.test_person_data import everything
from tests.operations.test_retention import ALL
from tests.people import ADIL, LAILA, PERVEZ, VANIA, VIKTOR
from tests.reviews import stories
from vendors.inventory_models import Note
from vendors.models import Contact, Vendor
from vendors.note_commands import add_note
from vendors.rules import Visibility

CANARY = "CANARY-7f3"


@pytest.fixture
def acme(database, people):
    """Acme, put away: assessed, written about, with a file and a person of its own and a shared."""
    pervez, at = people.author(PERVEZ), clock.now()
    with database.writing() as session:
        vendor = make_vendor(session, name=f"{CANARY} Ltd", by=pervez)
        other = make_vendor(session, name="Borealis", by=pervez)
        stories.submitted(session, vendor=vendor)
        make_contact(session, vendor, VIKTOR, by=pervez)
        make_contact(session, other, VIKTOR, by=pervez)
        add_note(session, vendor, f"{CANARY} note", Visibility.INTERNAL, by=pervez, at=at)
        add_note(session, other, "Stays", Visibility.INTERNAL, by=pervez, at=at)
    file = on_record(database, vendor.id, pervez, title=f"{CANARY} file")
    with database.writing() as session:
        found = session.get_one(Vendor, vendor.id)
        found.archived_at = at
    return vendor.id, file


def erase(database, people, vendor_id):
    with database.writing() as session:
        vendor = session.get_one(Vendor, vendor_id)
        return erase_vendor(session, vendor, by=people.author(ADIL), at=clock.now())


def test_nothing_is_left_of_it(database, people, acme):
    vendor_id, file = acme
    gone = erase(database, people, vendor_id)
    assert {"assessment", "answer", "answer_event", "submission", "note", "evidence"} <= set(gone)
    text = everything(database, without=())
    assert CANARY not in text
    assert VANIA.email not in text, "she acted for it alone"
    assert VIKTOR.email in text, "he acts for another vendor too"
    assert not object_path(file).exists()
    with database.reading() as session:
        mine = select(Vendor.id).where(Vendor.id == vendor_id)
        left = [
            table.name
            for table in owned()
            if table.name not in KEPT
            and session.execute(select(table).where(belongs(table, mine))).first()
        ]
        assert [name for name in left if name != "vendor_index"] == []
        assert first_bad_entry(session) is None
        assert session.scalars(select(Note.text)).all() == ["Stays"]
        entry = session.scalars(select(Entry).where(Entry.action == Action.VENDOR_ERASE)).one()
        assert entry.subject_id == vendor_id
        tombstone = session.get_one(Vendor, vendor_id)
        assert (tombstone.name, tombstone.erased_at) == ("An erased vendor", clock.now())


def test_the_look_before_counts_what_goes(database, people, acme):
    with database.reading() as session:
        told = plan_of(session, session.get_one(Vendor, acme[0]))
    gone = erase(database, people, acme[0])
    assert gone == told


@pytest.mark.slow
def test_a_report_is_verified_for_ever_and_says_nothing(database, people, acme):
    with database.writing() as session:
        vendor = session.get_one(Vendor, acme[0])
        ordered = order(session, vendor, by=people.author(LAILA), at=clock.now())
        report_id, sha256 = ordered.id, ordered.dossier_sha256
    build_due(database, clock.now())
    erase(database, people, acme[0])
    with database.reading() as session:
        kept = session.get_one(Report, report_id)
        assert (kept.dossier_sha256, kept.file_sealed) == (sha256, None)
        assert kept.file_sha256 is not None
    assert people.browser(LAILA).get(f"/reports/{report_id}").status_code == 404
    assert people.browser(LAILA).get(f"/reports/{report_id}/download").status_code == 404


def test_it_is_not_there_any_more(people, database, acme):
    erase(database, people, acme[0])
    laila = people.browser(LAILA)
    assert laila.get(f"/vendors/{acme[0]}").status_code == 404
    assert "An erased vendor" not in laila.get("/vendors?archived=1").text
    assert laila.get("/search?q=erased").status_code == 200


@pytest.mark.parametrize("why", ["in use", "held", "a file held", "gone"])
def test_what_may_not_go_stays(database, people, acme, why):
    vendor_id, file = acme
    with database.writing() as session:
        vendor = session.get_one(Vendor, vendor_id)
        if why == "in use":
            vendor.archived_at = None
        elif why != "gone":
            held = session.merge(file) if why == "a file held" else None
            by = people.author(LAILA)
            set_hold(session, vendor, held, reason="Dispute", by=by, at=clock.now())
    if why == "gone":
        erase(database, people, vendor_id)
    with pytest.raises(Refused):
        erase(database, people, vendor_id)


def test_by_hand_after_its_reference_is_typed(people, database, acme):
    adil, path = people.browser(ADIL), f"/vendors/{acme[0]}/erasure"
    page = adil.get(path)
    assert "What would go" in page.text
    with database.reading() as session:
        reference = session.get_one(Vendor, acme[0]).reference
    for typed in ("", "V-9999", reference[:-1], f"{CANARY} Ltd"):
        assert adil.post(path, data={"typed": typed}).status_code == 422
    assert people.browser(LAILA).post(path, data={"typed": reference}).status_code == 403
    assert adil.post(path, data={"typed": reference.lower()}).status_code == 303
    assert adil.post(path, data={"typed": reference}).status_code == 404
    assert CANARY not in everything(database)


def test_the_worker_does_it_by_rule(people, database, acme):
    with database.writing() as session:
        by = people.author(ADIL).actor
        change_settings(session, {"retention_months": ALL}, based_on=1, by=by, at=clock.now())
    with clock.fixed(clock.now() + timedelta(days=365 * 8)):
        assert erasing.do(database, clock.now()) > 0
    assert CANARY not in everything(database, without=())


def test_its_people_of_ours_stay(people, database, acme):
    erase(database, people, acme[0])
    with database.reading() as session:
        assert session.get_one(Person, people.id_of(PERVEZ)).erased_at is None
        assert session.scalars(
            select(Contact).join(Person).where(Person.email == VIKTOR.email)
        ).one()


def test_every_table_with_a_vendor_belongs_to_one():
    names = {table.name for table in owned()}
    with_vendor = {t.name for t in Model.metadata.sorted_tables if "vendor_id" in t.columns}
    assert with_vendor <= names


def test_every_table_that_is_told_has_a_word():
    told = {table.name for table in owned()} | {place.table.name for place in places()}
    assert told - set(WORDS) == set()
