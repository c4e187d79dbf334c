"""The dry run: what is new, what changes, what is wrong and how to mend it."""

import json
from dataclasses import replace
from datetime import date

import pytest

from bench.faulty_list import HEADER, as_csv
from foundation.ids import new_id
from organisation.models import BusinessUnit
from tests.makers import make_staff, make_vendor
from tests.people import RABIA
from tests.vendors.lists import checked, prepared
from vendors.importing.checking import check
from vendors.importing.dates import DateOrder
from vendors.importing.fields import ImportField as F
from vendors.importing.inventory import Inventory
from vendors.importing.outcome import Choices, ProblemKind, RowKind, Surroundings

K = ProblemKind


def dry(file, *, choices=None, name="list.csv", **around):
    """Check a list against an empty inventory, without a database."""
    source, guessed = prepared(file, name)
    nothing = Inventory(index_of=lambda kind, text: f"{kind} {text}".encode())
    known = {"today": date(2026, 3, 2), "owners": {}, "units": {}, **around}
    return check(source, choices(guessed) if choices else guessed, Surroundings(**known), nothing)


def kinds(found):
    return [(one.row, one.kind) for one in found.problems]


def test_every_planted_fault_of_a_long_list_is_named_by_row_and_column():
    file, planted = as_csv(5_000, 200)
    found = dry(file)
    named = {(one.row, HEADER[one.column], one.kind.value) for one in found.problems}
    for fault in planted:
        assert (fault.row, fault.column, fault.kind) in named, fault
    assert len(found.problems) == len(planted) == 200
    assert found.count(RowKind.NEW) == 4_800
    assert all(one.expected and one.fix for one in found.problems)


def test_public_lists_have_the_counts_expected(field_data):
    expected = json.loads((field_data / "expected.json").read_text())
    lists = [name for name in expected if name.startswith("vendor_lists/") and name.endswith(".md")]
    assert len(lists) == 7
    for name in lists:
        found = dry((field_data / name).read_bytes(), name=name)
        assert len(found.rows) == expected[name]["vendors"], name
        assert not found.problems, name
        assert found.count(RowKind.NEW) + found.count(RowKind.UPDATE) == len(found.rows)


def test_a_place_is_named_as_people_find_it():
    found = dry("Vendor,Next review\nAcme,2026-05-01\nBeta,31/02/2026\n")
    [problem] = found.problems
    assert problem.where == "List, row 3, column B (Next review)"
    assert problem.what == "Expected a day that exists, found “31/02/2026”."
    assert problem.fix == "Write it like 2026-03-31."


def test_one_company_in_three_spellings_is_one_vendor():
    found = dry("Vendor,Country,Tags\nACME Payments (Pvt) Ltd,PK,a\nAcme Payments,,b\nacme-payments inc.,DE,\n")  # fmt: skip
    assert len(found.planned) == 1
    assert found.planned[0].values[F.TAGS] == ("a", "b")
    assert [row.joins for row in found.rows] == [None, 2, 2]
    assert "two values for country" in found.remarks[0].text


def test_the_same_website_asks_and_the_answer_counts():
    file = "Vendor,Website\nAcme,acme.com\nAcme Cloud Hosting,www.acme.com/cloud\n"
    found = dry(file)
    assert kinds(found) == [(3, K.SAME_COMPANY)]
    assert [value for value, _ in found.problems[0].options] == ["row:2", "new"]
    another = dry(file, choices=lambda c: replace(c, same={3: "new"}))
    assert another.count(RowKind.NEW) == 2
    same = dry(file, choices=lambda c: replace(c, same={3: "row:2"}))
    assert same.planned[0].values[F.ALIASES] == ("Acme Cloud Hosting",)


def test_day_or_month_first_is_asked_unless_the_column_tells():
    file = "Vendor,Next review\nAcme,03/04/2026\nBeta,05/06/2026\n"
    assert kinds(dry(file)) == [(2, K.AMBIGUOUS_DATE), (3, K.AMBIGUOUS_DATE)]
    told = dry(file + "Gamma,31/12/2026\n")
    assert not told.problems
    assert told.planned[0].values[F.NEXT_REVIEW] == date(2026, 4, 3)
    chosen = dry(file, choices=lambda c: replace(c, orders={1: DateOrder.MONTH_FIRST}))
    assert chosen.planned[0].values[F.NEXT_REVIEW] == date(2026, 3, 4)


def test_what_was_made_of_a_doubtful_date_is_said():
    found = dry("Vendor,Next review\nAcme,03/04/2026\nBeta,31/12/2026\nGamma,46388\n")
    assert [(one.row, one.text) for one in found.remarks] == [
        (4, "Next review: 46388 was read as 2027-01-01, as a spreadsheet counts days."),
        (2, "Next review: dates were read with the day first, as others in it show."),
    ]


def test_one_answer_mends_every_cell_with_the_same_word():
    file = "Vendor,Status\nAcme,Zombie\nBeta,zombie\nGamma,Live\n"
    assert kinds(dry(file)) == [(2, K.UNKNOWN_WORD), (3, K.UNKNOWN_WORD)]
    mended = dry(file, choices=lambda c: replace(c, replaced={(1, "zombie"): "ended"}))
    assert [one.values[F.STATE] for one in mended.planned] == ["ended", "ended", "active"]


def test_a_cell_is_mended_in_place_and_a_row_left_out():
    file = "Vendor,Contact email\nAcme,not a mail\n,x@y.example\n"
    assert kinds(dry(file)) == [(2, K.BAD_VALUE), (3, K.MISSING_NAME)]
    mended = dry(file, choices=lambda c: replace(c, edits={(2, 1): "a@acme.example"}, skipped=frozenset({3})))  # fmt: skip
    assert not mended.problems
    assert [row.kind for row in mended.rows] == [RowKind.NEW, RowKind.SKIPPED]


@pytest.mark.parametrize(
    ("column", "text", "kind"),
    [
        ("Notes", "paid with 4111 1111 1111 1111", K.CARD),
        ("Category", "#REF!", K.FORMULA),
        ("Category", "x" * 201, K.TOO_LONG),
        ("What they do", "bell \x07", K.BAD_VALUE),
        ("LEI", "529900T8BM49AURSDO56", K.BAD_VALUE),
        ("Criticality", "1,5", K.UNKNOWN_WORD),
        ("Owner", "nobody@northwind.example", K.UNKNOWN_WORD),
        ("Decision date", "2099-01-01", K.BAD_DATE),
        ("Parent company", "Nobody knows", K.UNKNOWN_VENDOR),
        ("Parent company", "Acme", K.UNKNOWN_VENDOR),
    ],
)
def test_a_bad_cell_is_named(column, text, kind):
    found = dry(f'Vendor,{column}\nAcme,"{text}"\n')
    assert kinds(found) == [(2, kind)]
    assert found.problems[0].header in {column, ""}
    assert found.rows[0].kind is RowKind.PROBLEM


def test_odd_names_are_names_and_nothing_is_not():
    found = dry("Vendor,Tax number\n🚀 Rocket,007\nشركة الأمل,0012\n=cmd()|x,1\n-,5\nn/a,6\n")
    assert [row.kind.value for row in found.rows] == ["new"] * 3 + ["problem"] * 2
    assert found.planned[0].values[F.TAX] == "007"


def test_more_cells_than_the_header_is_a_shifted_row():
    found = dry("Vendor,Country\nAcme,PK\nBeta,DE,EXTRA,MORE\nGamma\n")
    assert kinds(found) == [(3, K.TOO_MANY_CELLS)]


def test_the_same_tax_number_is_the_same_company_and_said():
    found = dry("Vendor,Tax number\nAcme,0012345-6\nAcme Trading House,00123456\n")
    assert found.rows[1].joins == 2
    assert "the number is the same" in found.remarks[0].text


def test_a_contact_without_a_mail_address_becomes_a_note():
    found = dry("Vendor,Contact name,Contact title\nAcme,Vania,CISO\n")
    assert found.planned[0].values[F.NOTES] == "Contact: Vania, CISO"
    assert "kept as a note" in found.remarks[0].text


def test_parents_may_be_later_rows_but_not_circles():
    fine = dry("Vendor,Parent company\nAcme Cloud,Acme Holding\nAcme Holding,\n")
    assert fine.planned[0].parent.row == 3
    circle = dry("Vendor,Parent company\nAcme,Beta\nBeta,Acme\n")
    assert [kind for _, kind in kinds(circle)] == [K.UNKNOWN_VENDOR] * 2


def test_rows_are_compared_with_what_is_on_record(session):
    acme = make_vendor(session, name="Acme Cloud")
    unit = BusinessUnit(id=new_id(), name="Treasury")
    session.add(unit)
    session.flush()
    found = checked(
        session,
        "Vendor,Country,Unit,Owner\nACME cloud ltd.,DE,treasury,rabia@northwind.example\n"
        "Beta,PK,,\n"
        if make_staff(session, RABIA)
        else "",
    )
    assert [row.kind for row in found.rows] == [RowKind.UPDATE, RowKind.NEW]
    assert found.rows[0].target_id == acme.id
    assert set(found.rows[0].changes) == {F.COUNTRY, F.UNIT, F.OWNER}
    same = checked(session, "Vendor,What they do\nAcme Cloud,Hosts our web site\n")
    assert same.rows[0].kind is RowKind.UNCHANGED


def test_a_hidden_vendor_is_neither_matched_nor_named(session):
    make_vendor(session, name="Secret Project", by=make_staff(session, RABIA), is_need_to_know=True)
    found = checked(session, "Vendor\nSecret Project\n")
    assert found.rows[0].kind is RowKind.NEW
    assert "V-" not in found.rows[0].target


def test_an_answer_counts_for_a_text_in_any_case():
    chosen = Choices(mapping={0: F.NAME}, replaced={(0, "a"): "b"})
    assert chosen.text_of(1, 0, "A") == "b"
    assert chosen.text_of(1, 0, "C") == "C"
