"""Finding the header and guessing what each column is."""

import pytest

from tests.vendors.lists import book_of, prepared, rows_into
from vendors.importing.dates import DateOrder, order_of, read_date
from vendors.importing.drafts import begin
from vendors.importing.fields import ImportField as F
from vendors.importing.header import header_at
from vendors.importing.mapping import guess_columns
from vendors.importing.reading import read_file
from vendors.importing.template import COLUMNS, template_csv, template_xlsx
from vendors.importing.words import country_code


def fields(file, name="list.csv"):
    source, choices = prepared(file, name)
    return {source.names[place]: which for place, which in choices.mapping.items()}


def test_the_usual_words_are_known():
    found = fields(
        "Supplier Name;Registered name;HQ Country;Business owner;Date approved;Annual spend\n"
        "Acme;Acme GmbH;DE;Pervez;2025-01-31;1.234,56\n"
    )
    assert found == {
        "Supplier Name": F.NAME,
        "Registered name": F.LEGAL_NAME,
        "HQ Country": F.COUNTRY,
        "Business owner": F.OWNER,
        "Date approved": F.DECIDED_ON,
    }


def test_an_export_of_ours_is_understood_whole():
    header = (
        "Name,Reference,Legal name,Website,Country,Category,What they do,Owner (mail),Unit,Tags,Tier,State,"
        "Last decision,Decided on,Next review"
    )
    found = fields(header + "\n" + ",".join(["Acme", *["x"] * 14]) + "\n")
    assert list(found) == header.split(",")
    assert found["Owner (mail)"] is F.OWNER
    assert found["Next review"] is F.NEXT_REVIEW


@pytest.mark.parametrize(("file", "name"), [(template_csv(), "t.csv"), (template_xlsx(), "t.xlsx")])
def test_the_template_maps_itself_and_its_help_is_no_vendor(file, name):
    assert fields(file, name) == {title: which for which, title, _ in COLUMNS}
    assert list(prepared(file, name)[0].rows) == []


def test_a_header_in_row_4_under_a_title():
    file = book_of(("V", rows_into([["Vendor list 2026"], [], ["As of", "March"], ["Vendor", "Website"], ["Acme", "acme.com"]])))  # fmt: skip
    source, choices = prepared(file, "x.xlsx")
    assert list(source.names) == ["Vendor", "Website"]
    assert [row.number for row in source.rows] == [5]
    assert set(choices.mapping.values()) == {F.NAME, F.WEBSITE}


def test_a_header_over_two_rows_with_merged_groups():
    def fill(sheet, book):
        sheet.merge_range("A1:A2", "Vendor")
        sheet.merge_range("B1:C1", "Contact")
        sheet.write_row("B2", ["name", "email"])
        sheet.write_row("A3", ["Acme", "Vania", "vania@acme.example"])

    found = fields(book_of(("V", fill)), "x.xlsx")
    assert found == {
        "Vendor": F.NAME,
        "Contact name": F.CONTACT_NAME,
        "Contact email": F.CONTACT_EMAIL,
    }


def test_the_sheet_with_the_list_is_found_among_others_and_hidden_ones_come_last():
    def hidden(sheet, book):
        rows_into([["Vendor", "Country", "Owner"], ["Old", "PK", "x"]])(sheet, book)
        sheet.hide()

    file = book_of(
        ("Read me", rows_into([["How to use this workbook"]])),
        ("Old", hidden),
        ("2026", rows_into([["Vendor", "Country"], ["Acme", "PK"]])),
    )
    assert prepared(file, "x.xlsx")[0].sheet == "2026"


def test_columns_without_a_known_header_are_told_by_their_cells():
    found = fields("Firma,Netz,Post\nAcme,acme.com,a@acme.com\nBeta,beta.com,b@beta.com\n")
    assert found == {"Firma": F.NAME, "Netz": F.WEBSITE, "Post": F.CONTACT_EMAIL}


@pytest.mark.parametrize(
    ("text", "code"),
    [("Pakistan", "PK"), ("pk", "PK"), ("USA", "US"), ("The Netherlands", "NL"), ("پاکستان", "PK"),
     ("Deutschland", "DE"), ("U.K.", "GB"), ("Côte d’Ivoire", "CI"), ("NO", "NO"), ("Mars", None)],
)  # fmt: skip
def test_countries_by_name_and_code(text, code):
    assert country_code(text) == code


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2026-03-02", "2026-03-02"), ("31/12/2025", "2025-12-31"), ("12/31/25", "2025-12-31"),
     ("01.02.2025", "2025-02-01"), ("2 Mar 2026", "2026-03-02"), ("March 2nd, 2026", "2026-03-02"),
     ("45992", "2025-12-01"), ("2026-03-02 10:00:00", "2026-03-02"), ("5/5/2026", "2026-05-05")],
)  # fmt: skip
def test_dates_as_people_write_them(text, expected):
    assert str(read_date(text).on) == expected


def test_a_date_with_two_meanings_or_none():
    assert read_date("03/04/25").is_ambiguous
    assert str(read_date("03/04/25", DateOrder.MONTH_FIRST).on) == "2025-03-04"
    assert read_date("31/02/2026").is_impossible
    assert not read_date("next spring").is_date_like
    assert order_of(["03/04/25", "31/12/2025"]) is DateOrder.DAY_FIRST
    assert order_of(["12/31/2025", "31/12/2025"]) is None


def test_a_column_of_addresses_is_the_contacts_mail_whatever_it_is_called():
    file = (
        "Supplier,Mail of contact,Contact,Relationship mgr,Approved by\n"
        "Acme,a@acme.example,Ann,pervez@northwind.example,Pervez Anwar\n"
        "Bora,b@bora.example,Bo,Rabia Siddiqui,rabia@northwind.example\n"
    )
    assert fields(file)["Mail of contact"] is F.CONTACT_EMAIL
    assert fields(file)["Contact"] is F.CONTACT_NAME
    ours = {"pervez@northwind.example", "pervez anwar", "rabia siddiqui", "rabia@northwind.example"}
    found = guessed(file, ours)
    assert found["Relationship mgr"] is F.OWNER
    assert found["Mail of contact"] is F.CONTACT_EMAIL
    assert found["Approved by"] is F.DECIDED_BY
    assert guessed("Name,E-mail\nAcme,Pervez@Northwind.example\n", ours)["E-mail"] is F.OWNER
    assert (
        guessed("Name,Reply address\nAcme,a@acme.example\n", ours)["Reply address"]
        is F.CONTACT_EMAIL
    )
    assert (
        guessed("Name,Registered address\nAcme,1 High Street\n", ours)["Registered address"] is None
    )


def guessed(file, colleagues):
    reading = read_file(file.encode(), "list.csv")
    progress = begin(reading)
    sheet = reading.sheets[progress.sheet]
    header = header_at(sheet, progress.header_first, progress.header_rows)
    columns = guess_columns(sheet, header, colleagues=colleagues)
    return {column.header: column.field for column in columns}
