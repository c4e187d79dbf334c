"""Merging duplicates: everything moves, evidence still opens, the old address leads on."""

import re

import pytest
from sqlalchemy import select

from audit.queries import entries_of, first_bad_entry
from evidence import commands as files
from evidence.holds import holds_of, set_hold
from evidence.models import Evidence
from evidence.queries import evidence_of
from foundation import clock
from foundation.crypto import Tampered
from foundation.db import Model
from foundation.errors import Refused
from operations.merge_commands import merge
from operations.merge_plan import SIMPLE, STAYING, TREATED
from questionnaires.queries import assessments_of
from reports.models import Report
from reports.queries import reports_of
from reports.report_commands import request as order_report
from reviews.commands import open_review
from reviews.models import Review
from tests.evidence.stories import on_record
from tests.makers import CRITICAL, LOW, make_assessment, make_contact, make_vendor
from tests.people import AMNA, LAILA, PERVEZ, RABIA, VANIA, VIKTOR
from vendors import commands, search_index
from vendors.facts_queries import fields_of, identifiers_of, tags_of
from vendors.field_commands import add_field, set_values
from vendors.field_rules import FieldKind
from vendors.identifier_commands import add_identifier
from vendors.models import Vendor, VendorAlias
from vendors.note_commands import add_note
from vendors.note_queries import notes_of
from vendors.numbers import IdentifierKind
from vendors.pasting import read_pasted
from vendors.queries import contacts_of, find_vendor, get_contact, services_of
from vendors.rules import Visibility
from vendors.sub_processor_commands import record_all
from vendors.sub_processor_queries import sub_processors_of
from vendors.tag_commands import set_tags


@pytest.fixture
def two(database, people):
    """Acme, low, and its twin, critical, each with something of everything."""
    by, at = people.author(PERVEZ), clock.now()
    with database.writing() as session:
        keep = make_vendor(session, name="Acme", exposure=LOW, by=by)
        other = make_vendor(session, name="Acme Payments", exposure=CRITICAL, by=by)
        field = add_field(session, "Cost centre", FieldKind.TEXT, by=by, at=at)
        for vendor, tag in ((keep, "cloud"), (other, "cards")):
            make_contact(session, vendor, VANIA, by=by)
            set_tags(session, vendor, [tag, "both"], by=by, at=at)
            set_values(session, vendor, {field.id: f"CC {tag}"}, by=by, at=at)
            record_all(session, vendor, read_pasted(f"Zendesk\n{tag} Ltd"), rank=2, by=by, at=at)
        make_contact(session, other, VIKTOR, by=by)
        commands.add_service(session, keep, "Gateway", by=by, at=at)
        commands.add_service(session, other, "gateway", by=by, at=at)
        add_identifier(session, other, IdentifierKind.DUNS, "150483782", by=by, at=at)
        add_note(session, other, "Their old name", Visibility.INTERNAL, by=by, at=at)
        sent_to = next(c for c in contacts_of(session, other.id) if c.email == VANIA.email)
        contact = get_contact(session, other.id, sent_to.contact_id)
        make_assessment(session, vendor=other, contact=contact, by=by)
        order_report(session, other, by=by, at=at)
        ids = keep.id, other.id
    on_record(database, ids[1], people.author(RABIA), b"Secret policy\n")
    return ids


@pytest.fixture
def preview(people):
    def get(keep_id, reference):
        browser = people.browser(LAILA)
        page = browser.get(f"/vendors/{keep_id}/merge?other={reference}")
        names = dict(
            re.findall(r'name="(versions|other_id)" type="hidden" value="([^"]*)"', page.text)
        )
        return browser, page, names

    return get


def test_everything_moves_and_the_old_address_leads_on(people, database, two, preview):
    keep_id, other_id = two
    browser, page, hidden = preview(keep_id, "V-0002")
    assert page.status_code == 200
    assert "Services: 2" in page.text
    assert "1 report stays as it was issued" in page.text
    assert len(browser.statements) <= 12
    field = re.search(r'name="(f_[0-9a-f]{32})"', page.text).group(1)
    body = {**hidden, "name": "other", field: "other"}
    assert browser.post(f"/vendors/{keep_id}/merge", data=body).status_code == 303
    moved = browser.get(f"/vendors/{other_id}/facts")
    assert (moved.status_code, moved.location) == (303, f"/vendors/{keep_id}/facts")
    assert browser.get(f"/vendors/{other_id}").location == f"/vendors/{keep_id}"
    assert people.browser(AMNA).post(f"/vendors/{other_id}/notes").status_code == 403
    assert people.browser(PERVEZ).post(f"/vendors/{other_id}/notes").status_code == 409
    with database.reading() as session:
        vendor = session.get(Vendor, keep_id)
        assert (vendor.name, vendor.tier, vendor.reference) == ("Acme Payments", 1, "V-0001")
        named = select(VendorAlias.name).where(VendorAlias.vendor_id == keep_id)
        assert session.scalars(named).all() == ["Acme"]
        assert [one.name for one in services_of(session, keep_id)] == [
            "Acme",
            "Acme Payments",
            "Gateway",
            "gateway (V-0002)",
        ]
        assert [one.name for one in contacts_of(session, keep_id)] == [VANIA.name, VIKTOR.name]
        assert tags_of(session, keep_id) == ["both", "cards", "cloud"]
        assert [row.value for row in fields_of(session, keep_id)] == ["CC cards"]
        assert len(identifiers_of(session, keep_id)) == 1
        assert len(notes_of(session, keep_id).items) == 1
        assert len(assessments_of(session, keep_id)) == 1
        processors = sub_processors_of(session, people.id_of(LAILA), keep_id)
        assert sorted(one.name for one in processors) == ["Zendesk", "cards Ltd", "cloud Ltd"]
        assert [row.reference for row in reports_of(session, keep_id)] == ["D-0001"]
        assert session.scalars(select(Report.vendor_id)).one() == other_id
        for vendor_id in two:
            assert entries_of(session, ("vendor", vendor_id))[0].action == "vendor.merge"
        assert first_bad_entry(session) is None


def test_a_moved_file_opens_and_cannot_be_moved_by_hand(people, database, two):
    keep_id, other_id = two
    with database.writing() as session:
        keep, other = session.get_one(Vendor, keep_id), session.get_one(Vendor, other_id)
        versions = (keep.version, other.version)
        by = people.author(LAILA)
        merge(session, keep, other, {}, versions=versions, by=by, at=clock.now())
    with database.reading() as session:
        (row,) = session.scalars(select(Evidence))
        assert (row.vendor_id, row.sealed_for_id) == (keep_id, other_id)
        assert b"".join(files.open_content(row)) == b"Secret policy\n"
        assert len(evidence_of(session, keep_id)) == 1
        row.vendor_id = other_id
        with pytest.raises(Tampered):
            files.open_content(row)
        row.vendor_id, row.sealed_for_id = keep_id, keep_id
        with pytest.raises(Tampered):
            b"".join(files.open_content(row))
        session.expunge_all()


def test_a_file_that_was_tampered_with_stops_the_merge(people, database, two):
    keep_id, other_id = two
    by = people.author(LAILA)
    with database.writing() as session:
        session.scalars(select(Evidence)).one().size += 1
    with database.open(writes=True) as session:
        keep, other = session.get_one(Vendor, keep_id), session.get_one(Vendor, other_id)
        versions = (keep.version, other.version)
        with pytest.raises(Refused, match="E-0001 was changed outside"):
            merge(session, keep, other, {}, versions=versions, by=by, at=clock.now())
        session.rollback()


def test_two_open_reviews_are_refused_and_one_moves(people, database, two, preview):
    keep_id, other_id = two
    by, at = people.author(RABIA), clock.now()
    shown = preview(keep_id, "V-0002")[1].text
    with database.writing() as session:
        for vendor_id in two:
            vendor = session.get_one(Vendor, vendor_id)
            open_review(session, vendor, kind="initial", by=by.actor, at=at)
    browser, page, _ = preview(keep_id, "V-0002")
    assert "Both have an open review (R-0001, R-0002)" in page.text
    assert "Merge them</button>" not in page.text
    with database.reading() as session:
        keep, other = session.get_one(Vendor, keep_id), session.get_one(Vendor, other_id)
        body = {"versions": f"{keep.version}-{other.version}", "other_id": str(other_id)}
    body |= {"name": "keep", **dict.fromkeys(re.findall(r'name="(f_[0-9a-f]{32})"', shown), "keep")}
    assert browser.post(f"/vendors/{keep_id}/merge", data=body).status_code == 422
    with database.writing() as session:
        found = session.scalars(select(Review).where(Review.vendor_id == keep_id)).one()
        found.state, found.decided_at = "decided", at
    assert "Merge them</button>" in preview(keep_id, "V-0002")[1].text


def test_a_change_in_between_is_a_conflict_that_shows_the_preview_again(
    people, database, two, preview
):
    keep_id, _ = two
    browser, page, hidden = preview(keep_id, "V-0002")
    field = re.search(r'name="(f_[0-9a-f]{32})"', page.text).group(1)
    sent = {**hidden, "name": "keep", field: "keep"}
    with database.writing() as session:
        session.get_one(Vendor, keep_id).purpose = "Something else"
    late = browser.post(f"/vendors/{keep_id}/merge", data={**sent, "purpose": "keep"})
    assert late.status_code == 409
    assert "Something else" in late.text
    assert "Look at the preview again" in late.text
    broken = {**sent, "purpose": "keep", "versions": "x"}
    assert browser.post(f"/vendors/{keep_id}/merge", data=broken).status_code == 409
    assert browser.post(f"/vendors/{keep_id}/merge", data={"other_id": "x"}).status_code == 422


def test_a_hidden_twin_hides_the_merged_vendor_and_its_owner_still_sees_it(people, database):
    by = people.author(PERVEZ)
    with database.writing() as session:
        keep = make_vendor(session, name="Counsel", by=people.author(LAILA))
        other = make_vendor(session, name="Secret Counsel", by=by, is_need_to_know=True)
        ids = keep.id, other.id
        versions = keep.version, other.version
    laila = people.browser(LAILA)
    assert "no vendor" in laila.get(f"/vendors/{ids[0]}/merge?other=V-0002").text
    body = {"versions": "1-1", "other_id": str(ids[1])}
    assert laila.post(f"/vendors/{ids[0]}/merge", data=body).status_code == 404
    with database.writing() as session:
        keep, other = (session.get_one(Vendor, one) for one in ids)
        at = clock.now()
        merge(session, keep, other, {}, versions=versions, by=people.author(LAILA), at=at)
        assert find_vendor(session, people.id_of(RABIA), ids[0]) is None
        assert find_vendor(session, people.id_of(PERVEZ), ids[0]) is not None


def test_an_address_that_leads_to_a_hidden_vendor_hides_too(people, database):
    by = people.author(PERVEZ)
    with database.writing() as session:
        keep = make_vendor(session, name="Secret Counsel", by=by, is_need_to_know=True)
        other = make_vendor(session, name="Counsel", by=by)
        versions = keep.version, other.version
        merge(session, keep, other, {}, versions=versions, by=by, at=clock.now())
        ids = keep.id, other.id
    assert people.browser(RABIA).get(f"/vendors/{ids[1]}").status_code == 404
    assert "Counsel" not in people.browser(RABIA).get("/vendors?archived=yes").text
    led = people.browser(PERVEZ).get(f"/vendors/{ids[1]}")
    assert led.location.endswith(f"/vendors/{ids[0]}")


def test_twins_of_one_name_are_found_by_the_number_of_either(people, database):
    by, at = people.author(PERVEZ), clock.now()
    with database.writing() as session:
        keep, other = (make_vendor(session, name="Acme", by=by) for _ in range(2))
        add_identifier(session, other, IdentifierKind.REGISTRATION, "HRB 0042", by=by, at=at)
        record_all(session, keep, read_pasted("Zendesk"), rank=3, by=by, at=at)
        record_all(session, other, read_pasted("Zendesk;Tickets;US"), rank=2, by=by, at=at)
        merge(session, keep, other, {}, versions=(keep.version, other.version), by=by, at=at)
        assert search_index.differences(session) == []
        [row] = sub_processors_of(session, by.person_id, keep.id)
    assert (row.purpose, row.countries, row.rank) == ("Tickets", ("US",), 2)


def test_an_only_contact_of_one_person_keeps_the_work_of_both(people, database, two):
    keep_id, other_id = two
    by, at = people.author(LAILA), clock.now()
    with database.writing() as session:
        keep, other = session.get_one(Vendor, keep_id), session.get_one(Vendor, other_id)
        merge(session, keep, other, {}, versions=(keep.version, other.version), by=by, at=at)
        session.expire_all()
        (row,) = assessments_of(session, keep_id)
        assert row.contact_name == VANIA.name
        assert len(contacts_of(session, other_id)) == 0


def test_every_table_of_a_vendor_is_decided_upon():
    """A new table that names a vendor must say what a merge does with it."""
    decided = {table.__tablename__ for table in (*SIMPLE, *TREATED, *STAYING)}
    named = {
        table.name
        for table in Model.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "vendor" and key.parent.name == "vendor_id"
    }
    assert named == decided


def test_a_name_that_is_no_text_is_refused_where_it_was_typed(people, two):
    page = people.browser(LAILA).get(f"/vendors/{two[0]}/merge?other=Ac%00me")
    assert page.status_code == 200
    assert "invisible control characters" in page.text
    assert "There is no vendor" not in page.text


def test_possible_duplicates_are_listed_for_whoever_may_merge(people, database):
    by = people.author(PERVEZ)
    with database.writing() as session:
        make_vendor(session, name="Acme Ltd", by=by)
        make_vendor(session, name="ACME Inc.", by=by)
        make_vendor(session, name="Secret Counsel", by=by, is_need_to_know=True)
        make_vendor(session, name="Secret Counsel LLP", by=by)
    laila = people.browser(LAILA)
    shown = laila.get("/vendors/duplicates").text
    assert "ACME Inc." in shown
    assert "Secret" not in shown
    assert len(laila.statements) <= 12
    assert people.browser(PERVEZ).get("/vendors/duplicates").status_code == 403
    assert people.browser(AMNA).get("/vendors/duplicates").status_code == 403


def test_a_hidden_parent_is_neither_named_nor_lost(people, database):
    by = people.author(PERVEZ)
    with database.writing() as session:
        keep = make_vendor(session, name="Acme", by=by)
        other = make_vendor(session, name="Acme Two", by=by)
        secret = make_vendor(session, name="Secret Holding", by=by, is_need_to_know=True)
        other.parent_id = secret.id
        session.flush()
        ids, versions = (keep.id, other.id, secret.id), (keep.version, other.version)
    shown = people.browser(LAILA).get(f"/vendors/{ids[0]}/merge?other=V-0002").text
    assert "V-0003" not in shown
    assert "Parent company" not in shown
    with database.writing() as session:
        keep, other = (session.get_one(Vendor, one) for one in ids[:2])
        at = clock.now()
        merge(session, keep, other, {}, versions=versions, by=people.author(LAILA), at=at)
        assert keep.parent_id == ids[2]


def test_a_vendor_that_is_held_is_held_after_a_merge(database, authors):
    by = authors[LAILA.email]
    with database.writing() as session:
        keep, other = (make_vendor(session, name=name, by=by) for name in ("Acme", "Acme Inc"))
        for vendor in (keep, other):
            set_hold(session, vendor, None, reason="Dispute", by=by, at=clock.now())
        versions = keep.version, other.version
        merge(session, keep, other, {}, versions=versions, by=by, at=clock.now())
        kept = {hold.lifted_reason for hold in holds_of(session, keep.id)}
    assert "" in kept
    assert any("held itself" in reason for reason in kept)
