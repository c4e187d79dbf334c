"""Applying a list in one transaction, and taking it back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from audit.actions import Action
from audit.models import Entry
from foundation import clock
from foundation.errors import Refused
from identity.models import Person
from tests.makers import make_assessment, make_staff, make_vendor
from tests.vendors.lists import checked
from vendors import commands
from vendors.contact_commands import ContactEdit, edit_contact
from vendors.facts_queries import tags_of
from vendors.import_models import PastRecord
from vendors.importing.commands import apply_import
from vendors.importing.outcome import RowKind
from vendors.importing.queries import past_records_of
from vendors.importing.undoing import undo_import
from vendors.inventory_models import Note
from vendors.models import Contact, Vendor, VendorAlias, VendorIdentifier
from vendors.note_commands import add_note, remove_note
from vendors.pasting import read_pasted
from vendors.queries import default_service, exposure_of_service
from vendors.rules import ContactRole, VendorState, Visibility
from vendors.service_commands import set_exposure
from vendors.service_models import Service, SubProcessor
from vendors.sub_processor_commands import SubProcessorFacts, edit_sub_processor, record_all
from vendors.sub_processor_queries import sub_processors_of

FULL = (
    "Name,Legal name,Aliases,Website,Country,Category,What they do,Tags,Registration number,"
    "Tax number,Contact name,Contact mail,State,Tier,Last decision,Decided on,Decided by,"
    "Next review,Notes,Data class,Access,Card data,Parent company\n"
    'Acme Pay,Acme Pay GmbH,"AP, AcmeP",acme.example,Germany,Payment,Takes cards,"card, eu",HRB 0042,'
    "00123,Vania,vania@acme.example,Active,High,Approved,2025-06-01,Zoe,,Pays late,4,3,yes,Acme Group\n"
    "Acme Group,,,,,,,,,,,,Terminated,,,,,,,,,,\n"
)


def applied(session, file, *, at=None, **how):
    author = make_staff(session)
    return apply_import(
        session,
        checked(session, file, **how),
        file_name="list.csv",
        owner_id=author.person_id,
        by=author,
        at=at or clock.now(),
    )


def vendor(session, name):
    return session.scalars(select(Vendor).where(Vendor.name == name)).one()


def count(session, table):
    return session.scalars(select(func.count()).select_from(table)).one()


def test_a_full_row_becomes_a_vendor_with_everything(session):
    applied(session, FULL)
    acme, group = vendor(session, "Acme Pay"), vendor(session, "Acme Group")
    assert acme.legal_name == "Acme Pay GmbH"
    assert (acme.country, acme.domain_key, acme.parent_id) == ("DE", "acme.example", group.id)
    service = session.scalars(select(Service).where(Service.vendor_id == acme.id)).one()
    assert (service.data_class, service.access, service.criticality) == (4, 3, None)
    assert service.account_data is True
    assert acme.tier == service.tier == 1
    numbers = session.scalars(select(VendorIdentifier).order_by(VendorIdentifier.kind)).all()
    assert [(one.kind, one.shown) for one in numbers] == [
        ("registration", "HRB 0042"),
        ("tax", "00123"),
    ]
    assert set(session.scalars(select(VendorAlias.name))) == {"AP", "AcmeP"}
    assert session.scalars(select(Contact)).one().vendor_id == acme.id


def test_a_past_approval_is_shown_and_clears_nothing(session):
    applied(session, FULL)
    acme = vendor(session, "Acme Pay")
    assert acme.state is VendorState.ONBOARDING
    assert acme.cleared_by is None
    assert acme.next_review_on == date(2026, 6, 1)
    [past] = past_records_of(session, acme.id)
    assert (past.decision, past.decided_on, past.decided_by) == (
        "approved",
        date(2025, 6, 1),
        "Zoe",
    )
    assert (past.state_before, past.tier_before) == ("active", "High")
    with pytest.raises(Refused, match="review ended in an approval"):
        commands.move(session, acme, VendorState.ACTIVE, by=make_staff(session), at=clock.now())
    assert vendor(session, "Acme Group").state is VendorState.ENDED


def test_the_ledger_has_one_entry_for_each_vendor_and_one_for_the_import(session):
    applied(session, "Vendor\nAcme\nBeta\nGamma\n")
    session.commit()
    actions = list(session.scalars(select(Entry.action).order_by(Entry.seq)))[-4:]
    assert actions == [Action.VENDOR_ADD] * 3 + [Action.VENDOR_IMPORT]


def test_importing_the_same_list_again_changes_nothing(session):
    applied(session, FULL)
    again = checked(session, FULL)
    assert {row.kind.value for row in again.rows} == {"unchanged"}
    with pytest.raises(Refused, match="nothing to import"):
        applied(session, FULL)


def test_an_empty_cell_leaves_what_is_known(session):
    make_vendor(session, name="Acme")
    applied(session, "Vendor,Country,What they do\nAcme,PK,\n")
    acme = vendor(session, "Acme")
    assert (acme.country, acme.purpose) == ("PK", "Hosts our web site")


def test_sub_processors_stand_behind_their_vendor(session):
    applied(
        session, "Vendor,Sub-processor of,Country\nAcme,,PK\nCloudy,Acme,US\nDeep,acme ltd,DE\n"
    )
    acme = vendor(session, "Acme")
    rows = session.scalars(select(SubProcessor).order_by(SubProcessor.name)).all()
    assert [(one.name, one.country, one.vendor_id, one.rank) for one in rows] == [
        ("Cloudy", "US", acme.id, 2),
        ("Deep", "DE", acme.id, 2),
    ]
    assert count(session, Vendor) == 1


def test_an_identity_card_number_is_sealed(session):
    applied(session, "Vendor,Tax number\nSole Trader,35201-1234567-1\n")
    row = session.scalars(select(VendorIdentifier)).one()
    assert row.value is None
    assert row.value_sealed is not None
    assert row.shown == "**** 5671"


def test_tags_come_apart_at_every_separator_since_none_may_hold_one(session):
    applied(session, 'Vendor,Tags\nAcme,"cloud, eu; cards"\n')
    assert tags_of(session, vendor(session, "Acme").id) == ["cards", "cloud", "eu"]


def test_no_list_makes_a_vendor_its_own_grandparent(session):
    upper, lower = make_vendor(session, name="Upper"), make_vendor(session, name="Lower")
    lower.parent_id = upper.id
    session.flush()
    found = checked(session, "Vendor,Parent company\nUpper,Lower\n")
    assert [problem.found for problem in found.problems] == ["Lower"]
    turned = checked(session, "Vendor,Parent company\nUpper,Lower\nLower,Top\nTop,\n")
    assert turned.problems == ()


def test_a_bank_account_in_the_wrong_column_is_sealed_all_the_same(session):
    applied(session, "Vendor,Registration number\nAcme,PK36 SCBL 0000 0011 2345 6702\n")
    row = session.scalars(select(VendorIdentifier)).one()
    assert (row.value, row.shown) == (None, "PK36 **** **** 6702")
    assert row.value_sealed is not None


def test_an_import_is_undone_whole(session):
    make_vendor(session, name="Known")
    batch = applied(session, FULL + "Known,Known Ltd,,,PK,,Cleans,old,,,,,,,,,,,,,,,\n")
    undone = undo_import(session, batch, by=make_staff(session), at=clock.now())
    assert (undone.count, undone.kept) == (3, ())
    known = vendor(session, "Known")
    assert (known.legal_name, known.country, known.purpose) == ("", "", "Hosts our web site")
    assert vendor(session, "Acme Pay").archived_at is not None
    assert session.scalars(select(Contact)).one().removed_at is not None
    again = applied(session, FULL)
    assert [row["did"] for row in again.rows] == ["new", "new"]


def test_parents_and_sub_processors_are_taken_back_as_well(session):
    make_vendor(session, name="Acme")
    make_vendor(session, name="Group")
    batch = applied(session, "Vendor,Parent company,Sub-processor of\nAcme,Group,\nCloudy,,Acme\n")
    assert vendor(session, "Acme").parent_id == vendor(session, "Group").id
    undo_import(session, batch, by=make_staff(session), at=clock.now())
    assert vendor(session, "Acme").parent_id is None
    assert count(session, SubProcessor) == 0


def test_a_cleared_vendor_keeps_its_next_review(session):
    acme = make_vendor(session, name="Acme")
    commands.clear(
        session,
        acme,
        review_id=acme.id,
        on=date(2026, 1, 5),
        next_review_on=date(2027, 1, 5),
        by=make_staff(session),
        at=clock.now(),
    )
    same = checked(
        session,
        "Vendor,Decided on,Last decision,Next review\nAcme,2026-01-05,Approved,2030-01-01\n",
    )
    assert same.rows[0].kind.value == "unchanged"


def test_what_was_touched_since_stays_and_is_named(session):
    batch = applied(session, "Vendor\nAcme\nBeta\nGamma\n")
    vendor(session, "Acme").purpose = "Changed by hand"
    session.flush()
    make_assessment(session, vendor=vendor(session, "Beta"))
    undone = undo_import(session, batch, by=make_staff(session), at=clock.now())
    assert (undone.count, undone.kept) == (1, ("Acme", "Beta"))
    assert vendor(session, "Acme").archived_at is None


def test_after_30_days_or_twice_nothing_is_undone(session):
    author = make_staff(session)
    batch = applied(session, "Vendor\nAcme\n")
    with pytest.raises(Refused, match="30 days"):
        undo_import(session, batch, by=author, at=clock.now() + timedelta(days=31))
    undo_import(session, batch, by=author, at=clock.now())
    with pytest.raises(Refused, match="undone already"):
        undo_import(session, batch, by=author, at=clock.now())


def test_rows_with_problems_are_left_out_and_the_rest_is_stored(session):
    batch = applied(session, "Vendor,Next review\nAcme,2026-05-01\nBeta,31/02/2026\n")
    assert [row["name"] for row in batch.rows] == ["Acme"]
    assert count(session, PastRecord) == 0


def test_an_imported_sub_processor_is_known_by_its_name_like_any_other(session):
    by, at = make_staff(session), clock.now()
    make_vendor(session, name="Borealis")
    applied(session, "Vendor,Sub-processor of\nAcme,\nCloudy Inc.,Acme\nCloudy,Borealis\n")
    acme = vendor(session, "Acme")
    done = record_all(session, acme, read_pasted("CLOUDY, inc"), rank=2, by=by, at=at)
    assert (done.added, done.updated) == (0, 1)
    [row] = sub_processors_of(session, by.person_id, acme.id)
    assert [user.name for user in row.users] == ["Acme", "Borealis"]
    again = checked(session, "Vendor,Sub-processor of\nCLOUDY,Acme\n")
    assert [row.kind for row in again.rows] == [RowKind.UNCHANGED]


def test_undoing_leaves_a_sub_processor_and_a_note_somebody_wrote_on_since(session):
    by, at = make_staff(session), clock.now()
    make_vendor(session, name="Acme")
    batch = applied(session, "Vendor,Notes,Sub-processor of\nAcme,Pays late,\nCloudy,,Acme\n")
    note = session.scalars(select(Note)).one()
    newer = add_note(
        session, vendor(session, "Acme"), "Pays", Visibility.INTERNAL, by=by, at=at, instead_of=note
    )
    row = session.scalars(select(SubProcessor)).one()
    facts = SubProcessorFacts(name="Cloudy", purpose="Backups")
    edit_sub_processor(session, row, facts, by=by, at=at)
    undone = undo_import(session, batch, by=by, at=at)
    assert (undone.count, undone.kept) == (0, ("Acme", "Cloudy"))
    assert session.scalars(select(SubProcessor)).one().purpose == "Backups"
    remove_note(session, newer, by=by, at=at)
    assert session.scalars(select(Note)).one().superseded_at is None


def known_acme(session):
    """A vendor on record that was asked and has a contact, long before any list came."""
    acme = make_vendor(session, name="Acme")
    acme.website, acme.country = "https://old.example", "PK"
    make_assessment(session, vendor=acme)
    session.flush()
    return acme


CHANGES = (
    "Vendor,Website,What they do,Country,Contact name,Contact mail,Access,Tags,Notes\n"
    "Acme,new.example,Takes cards,DE,Second,second@acme.example,3,card,Pays late\n"
)


def second(session):
    return session.scalars(
        select(Contact).join(Person).where(Person.email == "second@acme.example")
    ).one()


def test_what_a_vendor_was_used_for_before_the_import_does_not_keep_it(session):
    acme = known_acme(session)
    batch = applied(session, CHANGES)
    undone = undo_import(session, batch, by=make_staff(session), at=clock.now())
    assert (undone.count, undone.kept) == (1, ())
    assert (acme.website, acme.purpose, acme.country) == (
        "https://old.example",
        "Hosts our web site",
        "PK",
    )
    assert acme.domain_key == "old.example"
    assert second(session).removed_at is not None
    assert count(session, Note) == 0
    assert tags_of(session, acme.id) == []
    [row] = batch.rows
    assert row["undo"]["stayed"] == []
    assert {"website", "purpose", "contact_email", "access", "tags", "notes"} <= set(
        row["undo"]["back"]
    )


def test_each_value_is_given_back_and_only_what_was_touched_stays(session):
    by, at = make_staff(session), clock.now()
    acme = known_acme(session)
    batch = applied(session, CHANGES)
    acme.website = "https://by-hand.example"
    acme.category = "Somebody wrote this"
    service = default_service(session, acme.id)
    exposure = replace(exposure_of_service(service), criticality=2)
    set_exposure(session, service, exposure, service.intake, by=by, at=at)
    change = ContactEdit(version=second(session).version, role=ContactRole.LEAD, is_primary=True)
    edit_contact(session, second(session), change, by=by, at=at)
    undone = undo_import(session, batch, by=by, at=at)
    assert (undone.count, undone.kept) == (0, ("Acme",))
    assert (acme.website, acme.purpose, acme.country, acme.category) == (
        "https://by-hand.example",
        "Hosts our web site",
        "PK",
        "Somebody wrote this",
    )
    assert (service.access, service.criticality) == (0, 2)
    assert second(session).removed_at is None
    [row] = batch.rows
    assert row["undo"]["stayed"] == [["website", "changed"], ["contact_email", "changed"]]


def test_a_contact_who_was_asked_since_stays(session):
    by, at = make_staff(session), clock.now()
    acme = known_acme(session)
    batch = applied(session, CHANGES)
    make_assessment(session, vendor=acme, contact=second(session))
    undo_import(session, batch, by=by, at=at)
    assert acme.website == "https://old.example"
    assert second(session).removed_at is None
    assert batch.rows[0]["undo"]["stayed"] == [["contact_email", "used"]]


def test_a_value_somebody_put_back_by_hand_is_back(session):
    acme = known_acme(session)
    batch = applied(session, CHANGES)
    acme.website = "https://old.example"
    session.flush()
    undone = undo_import(session, batch, by=make_staff(session), at=clock.now())
    assert (undone.count, undone.kept) == (1, ())


def test_of_two_imports_the_older_is_undone_around_the_newer(session):
    acme = known_acme(session)
    older = applied(session, "Vendor,Country,What they do\nAcme,DE,Takes cards\n")
    newer = applied(session, "Vendor,Country\nAcme,FR\n")
    by, at = make_staff(session), clock.now()
    assert undo_import(session, older, by=by, at=at).kept == ("Acme",)
    assert (acme.country, acme.purpose) == ("FR", "Hosts our web site")
    assert undo_import(session, newer, by=by, at=at).kept == ()
    assert acme.country == "DE"


def test_an_import_of_before_values_were_kept_gives_back_what_nobody_touched(session):
    acme = known_acme(session)
    batch = applied(session, CHANGES)
    batch.rows = [
        {k: v for k, v in row.items() if k not in {"after", "contacts"}} for row in batch.rows
    ]
    session.flush()
    undone = undo_import(session, batch, by=make_staff(session), at=clock.now())
    assert undone.kept == ()
    assert (acme.website, acme.purpose) == ("https://old.example", "Hosts our web site")
