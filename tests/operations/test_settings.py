"""The settings pages: two people at once, what people really type, and who may look."""

import pytest
from sqlalchemy import select

from audit.models import Entry
from foundation import clock
from organisation.queries import find_settings, list_versions
from tests.makers import CRITICAL, make_contact, make_vendor, make_version
from tests.people import ADIL, AMNA, LAILA, PERVEZ, RABIA

PAGES = ("", "/holidays", "/regimes", "/deadlines", "/reports", "/versions")
KNOWN = {
    "number": "1",
    "name": "Northwind Payments",
    "home_country": "PK",
    "time_zone": "Asia/Karachi",
    "currency": "PKR",
    "weekend": ["6", "7"],
}


@pytest.fixture
def adil(people):
    return people.browser(ADIL)


def in_force(database):
    with database.reading() as session:
        return find_settings(session)


def versions(database):
    with database.reading() as session:
        return [v.number for v in list_versions(session)]


@pytest.mark.parametrize("number", ["9" * 20, "-1", "0"])
def test_a_number_no_version_ever_had_is_an_old_one(adil, database, number):
    saved = adil.post("/settings", data=KNOWN | {"number": number, "name": "Typed"})
    assert saved.status_code == 409
    assert "Typed" in saved.get_data(as_text=True)
    assert versions(database) == [1]


@pytest.mark.parametrize("page", PAGES)
def test_lead_and_auditor_read_and_only_the_administrator_edits(people, page):
    for reader in (LAILA, AMNA):
        shown = people.browser(reader).get(f"/settings{page}")
        assert shown.status_code == 200
        assert ">Save" not in shown.text
    assert people.browser(ADIL).get(f"/settings{page}").status_code == 200
    for stranger in (PERVEZ, RABIA):
        assert people.browser(stranger).get(f"/settings{page}").status_code == 403


@pytest.mark.parametrize("page", PAGES[:-1])
def test_nobody_else_saves(people, database, page):
    assert people.browser(AMNA).post(f"/settings{page}", data=KNOWN).status_code == 403
    assert versions(database) == [1]


def test_a_save_is_a_new_version_that_says_who_and_what(adil, database):
    changed = {**KNOWN, "name": "Northwind Bank", "time_zone": "asia/dubai", "weekend": ["5", "6"]}
    assert adil.post("/settings", data=changed).status_code == 303
    now = in_force(database)
    assert (now.number, now.name, now.time_zone, now.weekend) == (
        2,
        "Northwind Bank",
        "Asia/Dubai",
        [5, 6],
    )
    shown = adil.get("/settings/versions").text
    assert "Name of the organisation, Time zone, Week-end" in shown
    one = adil.get("/settings/versions/2").text
    for text in (ADIL.name, "Northwind Payments", "Northwind Bank", "Saturday, Sunday"):
        assert text in one
    assert adil.get("/settings/versions/3").status_code == 404
    assert adil.get(f"/settings/versions/{10**30}").status_code == 404
    with database.reading() as session:
        entry = session.scalars(select(Entry).order_by(Entry.seq.desc()).limit(1)).one()
    assert entry.action == "organisation.edit"
    assert entry.detail["fields"] == ["name", "time_zone", "weekend"]
    assert entry.detail["changes"]["weekend"] == [[6, 7], [5, 6]]


def test_saving_what_is_there_makes_no_version(adil, database):
    assert adil.post("/settings", data=KNOWN).status_code == 303
    assert versions(database) == [1]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"time_zone": "PKT"}, "“PKT” is no time zone of the list"),
        ({"time_zone": "../../etc/passwd"}, "is no time zone of the list"),
        ({"currency": "Rs"}, "“Rs” is no currency code"),
        ({"currency": "XYZ"}, "“XYZ” is no currency code"),
        ({"weekend": list("1234567")}, "nobody ever works"),
        ({"weekend": ["8"]}, "not a valid choice"),
        ({"home_country": "Pakistan"}, "Not a valid choice"),
        ({"name": "   "}, "Give the organisation a name"),
        ({"name": "4111 1111 1111 1111"}, "looks like a card number"),
        ({"name": "A" * 201}, "cannot be longer than 200"),
    ],
)
def test_bad_input_gets_a_sentence_and_nothing_typed_is_lost(adil, database, changed, said):
    answer = adil.post(
        "/settings", data={**KNOWN, **changed, "currency": changed.get("currency", "EUR")}
    )
    assert answer.status_code == 422
    assert said in answer.text
    if "currency" not in changed:
        assert 'value="EUR"' in answer.text
    assert versions(database) == [1]


def test_two_tabs_that_change_the_same_show_both(adil, people, database):
    first = adil.post("/settings", data={**KNOWN, "name": "Northwind One"})
    second = people.browser(ADIL).post("/settings", data={**KNOWN, "name": "Northwind Two"})
    assert (first.status_code, second.status_code) == (303, 409)
    assert "Northwind One" in second.text
    assert "Northwind Two" in second.text
    assert 'name="number" type="hidden" value="2"' in second.text
    assert in_force(database).name == "Northwind One"
    again = adil.post("/settings", data={**KNOWN, "number": "2", "name": "Northwind Two"})
    assert again.status_code == 303
    assert in_force(database).name == "Northwind Two"


def test_two_tabs_that_change_different_pages_both_count(adil, database):
    adil.post("/settings", data={**KNOWN, "name": "Northwind One"})
    days = {"number": "1", "holidays": "2026-08-14 Independence Day"}
    assert adil.post("/settings/holidays", data=days).status_code == 303
    now = in_force(database)
    assert (now.number, now.name) == (3, "Northwind One")
    assert now.holidays == ["2026-08-14 Independence Day"]


def test_public_holidays_are_proposed_and_stored_by_a_save_only(adil, database):
    shown = adil.get("/settings/holidays?country=PK&years=2026").text
    assert "2026-08-14 Independence Day" in shown
    assert "Nothing is stored until you save" in shown
    assert in_force(database).holidays == []
    for query, said in (
        ("country=PK&years=abc", "Write a year such as 2026"),
        ("country=PK&years=1999-2099", "Choose 1 to 5 years"),
        ("country=ZZ&years=2026", "Not a valid choice"),
        ("country=IC&years=2026", "There is no calendar of this country"),
    ):
        assert said in adil.get(f"/settings/holidays?{query}").text


def test_a_day_that_is_none_keeps_the_text(adil, database):
    typed = "2026-02-30 Thirtieth\n2026-08-14 Independence Day"
    answer = adil.post("/settings/holidays", data={"number": "1", "holidays": typed})
    assert answer.status_code == 422
    assert "Line 1: “2026-02-30” is no day of the calendar" in answer.text
    assert "2026-08-14 Independence Day" in answer.text
    assert in_force(database).holidays == []


def test_a_due_date_that_duly_suggests_is_a_working_day(adil, people, database):
    with database.writing() as session:
        pervez = people.author(PERVEZ)
        vendor = make_vendor(session, exposure=CRITICAL, by=pervez)
        make_contact(session, vendor, by=pervez)
        make_version(session, by=pervez)
    address = f"/vendors/{vendor.id}/send"
    assert "2026-03-16" in people.browser(PERVEZ).get(address).text
    days = {"number": "1", "holidays": "2026-03-16 Founders’ day"}
    adil.post("/settings/holidays", data=days)
    assert "2026-03-17" in people.browser(PERVEZ).get(address).text


def regimes_form(database, **changed):
    from organisation.regimes import standings

    now, form = in_force(database), {}
    for one in standings(now.regimes, now.regime_facts):
        form[f"{one.pack.code}_status"] = one.status.value
        form[f"{one.pack.code}_day"] = one.in_force_on.isoformat() if one.in_force_on else ""
    return {"number": str(now.number), "regimes": now.regimes, **form, **changed}


def test_the_bill_is_marked_as_one_until_its_status_is_changed(adil, database):
    assert "Bill, not in force" in adil.get("/settings/regimes").text
    law = {"pk_pdpb_status": "in_force", "regimes": ["pci", "sbp", "pk_pdpb"]}
    refused = adil.post("/settings/regimes", data=regimes_form(database, **law))
    assert refused.status_code == 422
    assert "Say from which day" in refused.text
    law["pk_pdpb_day"] = "2027-01-01"
    assert adil.post("/settings/regimes", data=regimes_form(database, **law)).status_code == 303
    now = in_force(database)
    assert now.regimes == ["pci", "sbp", "pk_pdpb"]
    assert now.regime_facts == {"pk_pdpb": {"status": "in_force", "in_force_on": "2027-01-01"}}
    shown = adil.get("/settings/versions/2").text
    assert "Personal Data Protection Bill 2023 (Pakistan): In force (1 January 2027)" in shown


def test_a_regime_nobody_offers_is_refused(adil, database):
    for bad in ({"regimes": ["pirate_code"]}, {"pci_status": "maybe"}, {"pci_day": "2025-02-30"}):
        assert adil.post("/settings/regimes", data=regimes_form(database, **bad)).status_code == 422
    assert versions(database) == [1]


def deadlines_form(**changed):
    from reviews.rules import FINDING_DAYS, Severity

    form = {
        f"days_{tier}_{severity.value}": "" if days is None else str(days)
        for tier, row in FINDING_DAYS.items()
        for severity, days in zip(Severity, row, strict=True)
    }
    return {"number": "1", **form, **changed}


def test_the_days_to_mend_are_what_findings_get(adil, database):
    from datetime import date

    from reviews.finding_deadlines import table_in_force
    from reviews.rules import Severity, finding_due_on

    form = deadlines_form(days_1_critical="3", days_1_low="")
    assert adil.post("/settings/deadlines", data=form).status_code == 303
    with database.reading() as session:
        table = table_in_force(session)
    raised = date(2026, 1, 1)
    assert finding_due_on(Severity.CRITICAL, 1, raised, table=table) == date(2026, 1, 4)
    assert finding_due_on(Severity.LOW, 1, raised, table=table) is None
    assert finding_due_on(Severity.CRITICAL, 2, raised, table=table) == date(2026, 1, 15)
    assert "Tier 1, Critical: 7 days" in adil.get("/settings/versions/2").text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"days_1_critical": "-1"}, "Write 1 to 730 days"),
        ({"days_1_critical": "soon"}, "Write a whole number"),
        ({"days_1_critical": "31"}, "a worse finding may not have more days"),
    ],
)
def test_days_that_make_no_sense_are_refused(adil, database, changed, said):
    answer = adil.post("/settings/deadlines", data=deadlines_form(**changed))
    assert answer.status_code == 422
    assert said in answer.text
    assert versions(database) == [1]


def test_the_years_stay_those_of_the_days_that_were_saved(adil):
    this = clock.today().year
    days = {"number": "1", "holidays": f"{this}-08-14 Independence Day\n{this + 2}-08-14 The same"}
    assert adil.post("/settings/holidays", data=days).status_code == 303
    assert f'value="{this}-{this + 2}"' in adil.get("/settings/holidays").text


PRINTED = {"number": "1", "page_size": "letter", "second_language": "ur"}


def test_how_reports_are_printed_is_a_version_in_words(adil, people, database):
    assert adil.post("/settings/reports", data=PRINTED).status_code == 303
    now = in_force(database)
    assert (now.page_size, now.second_language) == ("letter", "ur")
    assert "Page size of reports, Second summary in reports" in adil.get("/settings/versions").text
    one = adil.get("/settings/versions/2").text
    for text in ("A4", "US Letter", "No second summary", "Urdu"):
        assert text in one
    read = people.browser(AMNA).get("/settings/reports").text
    assert "US Letter" in read
    assert "<select" not in read
    again = adil.post("/settings/reports", data={**PRINTED, "page_size": "a4"})
    assert again.status_code == 409, "the version it was based on is no longer the newest"
    assert "US Letter" in again.text


@pytest.mark.parametrize(
    "changed", [{"page_size": "a3"}, {"page_size": ""}, {"second_language": "de"}]
)
def test_only_what_can_be_printed_is_stored(adil, database, changed):
    assert adil.post("/settings/reports", data={**PRINTED, **changed}).status_code == 422
    assert versions(database) == [1]


def test_a_form_without_a_field_stores_nothing(adil, database):
    assert adil.post("/settings/reports", data={"number": "1"}).status_code == 422
    assert versions(database) == [1]
