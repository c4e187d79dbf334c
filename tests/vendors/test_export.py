"""The list as a file: what is shown and nothing else, safe to open, and readable by the import."""

import csv
import io
import json
import re

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from audit.models import Entry
from foundation.cells import neutral, restored
from tests.people import ADIL, PERVEZ, RABIA
from vendors.columns import COLUMNS
from vendors.inventory_models import Tag, VendorTag
from vendors.models import Vendor

RISKY = ('=HYPERLINK("https://evil.example","x")', "+1+1", "-2+3", "@SUM(A1)", "| calc", " =1+1")


def rows_of(answer):
    text = answer.get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    "text",
    [
        *RISKY,
        "'=1",
        "''=1",
        "'quoted'",
        "plain",
        "",
        "\t=1",
        "-",
        "O'Neill",
        "'",
        "=",
        "بینک",
        "a;=1",
        "a;=1;b",
        ";=1",
        "a\n@SUM(A1)",
        "a\t +1",
        "a;'=1",
        "'a;''=1",
        "- one\n- two",
        "a; b",
    ],
)
def test_a_cell_is_no_formula_and_reads_back_as_it_was(text):
    assert restored(neutral(text)) == text
    for part in re.split(r"[;\t\r\n]", neutral(text)):
        assert not part.lstrip().startswith(("=", "+", "-", "@")), "where other signs part cells"


def test_a_file_holds_what_is_shown_in_its_order(people, stored):
    for name in ("Acme", "Borealis", "Cumulus"):
        stored(name)
    stored("Rabias", of=RABIA)
    browser = people.browser(PERVEZ)
    answer = browser.get("/vendors/download?format=csv&owner=me&sort=-name")
    assert answer.status_code == 200
    rows = rows_of(answer)
    assert tuple(rows[0]) == COLUMNS
    assert [row["Name"] for row in rows] == ["Cumulus", "Borealis", "Acme"]
    assert rows[0]["Owner (mail)"] == PERVEZ.email
    assert rows[0]["State"] == "Onboarding"


def test_names_that_are_formulas_do_nothing_in_any_format(people, stored):
    for name in RISKY:
        stored(name)
    browser = people.browser(PERVEZ)
    kept = sorted(name.strip() for name in RISKY)
    read = rows_of(browser.get("/vendors/download?format=csv"))
    assert all(row["Name"].startswith("'") for row in read)
    assert sorted(restored(row["Name"]) for row in read) == kept
    sheet = browser.get("/vendors/download?format=xlsx").get_data()
    book = CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
    assert tuple(book[0]) == COLUMNS
    assert sorted(restored(row[0]) for row in book[1:]) == kept
    told = json.loads(browser.get("/vendors/download?format=json").get_data())
    assert sorted(row["Name"] for row in told) == kept


def test_a_file_is_whole_beyond_one_page(people, database, stored, monkeypatch):
    monkeypatch.setattr("vendors.export_queries.AT_ONCE", 3)
    for number in range(10):
        stored(f"Vendor {number}")
    for sort in ("name", "-tier", "owner", "next_review"):
        answer = people.browser(PERVEZ).get(f"/vendors/download?format=csv&sort={sort}")
        assert sorted(row["Name"] for row in rows_of(answer)) == [f"Vendor {n}" for n in range(10)]


def test_tags_units_and_decisions_have_their_columns(people, database, stored):
    vendor_id = stored("Acme")
    with database.writing() as session:
        for name in ("Zulu", "alpha"):
            tag = Tag(name=name)
            session.add(tag)
            session.flush()
            session.add(VendorTag(vendor_id=vendor_id, tag_id=tag.id))
        session.get(Vendor, vendor_id).purpose = 'Two\nlines, and a "quote"'
    row = rows_of(people.browser(PERVEZ).get("/vendors/download?format=csv"))[0]
    assert row["Tags"] == "alpha; Zulu"
    assert row["What they do"] == 'Two\nlines, and a "quote"'
    assert (row["Last decision"], row["Decided on"]) == ("", "")


def test_a_copy_stands_in_the_ledger_and_a_hidden_vendor_is_not_in_it(people, database, stored):
    stored("Acme")
    stored("Secret", is_need_to_know=True)
    rows = rows_of(people.browser(ADIL).get("/vendors/download?format=csv&q=sec"))
    assert rows == []
    with database.reading() as session:
        entry = session.scalars(select(Entry).where(Entry.action == "vendor.export")).one()
    assert entry.detail == {"format": "csv", "query": "q=sec"}


@pytest.mark.parametrize("address", ["format=exe", "format=csv&tier=9", "format=csv&sort=secret"])
def test_nothing_is_given_out_for_an_address_that_is_not_understood(people, address):
    assert people.browser(PERVEZ).get(f"/vendors/download?{address}").status_code == 422


def test_an_empty_file_says_its_columns(people):
    browser = people.browser(PERVEZ)
    assert rows_of(browser.get("/vendors/download?format=csv")) == []
    assert json.loads(browser.get("/vendors/download?format=json").get_data()) == []
    assert browser.get("/vendors/download?format=xlsx").status_code == 200
