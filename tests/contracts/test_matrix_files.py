"""A matrix as a file: what leaves comes back, and each row that is not understood is named."""

import io
import re

import pytest

from audit.actions import Action
from audit.models import Entry
from contracts.matrix_file import FORMATS
from contracts.matrix_queries import find_matrix
from contracts.matrix_reading import understand
from contracts.matrix_rules import NAMES, Line, Share, in_order
from foundation.errors import Refused
from tests import people as cast
from tests.contracts.matrices import card_vendor, make_matrix, whole
from vendors.importing.reading import read_file
from vendors.importing.table import Reading, Row, Sheet

UGLY = in_order(
    whole(
        Line("3.1", Share.OURS),
        Line("3.10", Share.SHARED, "=1+1"),
        Line("6", Share.NOT_APPLICABLE, "line one\nline two, “quoted”; ہم"),
        Line("7"),
    )
)


def sheet_of(*rows, first=1, hidden=False):
    numbered = tuple(Row(number, tuple(cells)) for number, cells in enumerate(rows, first))
    return Sheet("Matrix", numbered, hidden)


def said(*rows, **stated):
    return understand(Reading("csv", (sheet_of(*rows, **stated),)))


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_leaves_comes_back_as_it_was(ending):
    found = understand(read_file(FORMATS[ending][1](UGLY), f"matrix.{ending}"))
    assert found.problems == ()
    assert found.lines == UGLY
    assert found.others == ("In our words",)


def test_nothing_in_a_file_is_a_formula():
    text = FORMATS["csv"][1](UGLY).decode()
    assert "'=1+1" in text


def test_columns_with_marks_are_how_providers_say_it():
    found = said(
        ["Responsibility matrix 2026"],
        ["PCI DSS requirement", "TPSP", "Customer", "Shared", "N/A", "Comments", "Evidence"],
        ["Networks"],
        ["Requirement 1", "X", "", "", "", "", "AOC"],
        ["1.2.3 Diagrams", "", "✓"],
        ["2", "x", "x"],
        ["3.", "", "", "", "yes", "None is kept"],
        ["4", "-", "no"],
    )
    assert found.problems == ()
    assert found.lines == (
        Line("1", Share.VENDOR),
        Line("1.2.3", Share.OURS),
        Line("2", Share.SHARED),
        Line("3", Share.NOT_APPLICABLE, "None is kept"),
        Line("4"),
    )
    assert found.headings == (3,)
    assert found.others == ("Evidence",)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (["", "vendor"], "Row 2: cell A2 is empty."),
        (["A1.1", "vendor"], "Row 2: in cell A2, “A1.1” is not the number"),
        (["2026-03-05", "vendor"], "in cell A2, “2026” is not the number"),
        (["3,5", "vendor"], "“3,5” is not the number"),
        (["13.1", "we"], "“13.1” is not the number"),
        (["3", "the bank"], "Row 2: cell B2 says “the bank”. Write one of “vendor”, “we”"),
        (["3", "we", "n" * 501], "Row 2: the note has 501 characters"),
        (["3", "we", "card number removed: 1111"], "it held a card number"),
        (["12", "we"], "Row 3: requirement 12 stands in row 2 already"),
    ],
)
def test_a_row_that_is_not_understood_is_named_and_nothing_is_taken(row, sentence):
    rows = [["Requirement", "Owner", "Note"], row, *([["12", "we"]] if row[0] == "12" else [])]
    found = said(*rows)
    assert found.lines == ()
    assert sentence in found.problems[0]
    assert len(found.problems) == 1


def test_a_file_of_names_only_is_said():
    assert said(["Requirement", "Who"]).problems[0].startswith("There is no row below")


def test_a_mark_that_says_two_things_is_named():
    head = ["No.", "Provider", "We", "Not applicable"]
    found = said(head, ["3", "x", "", "x"], ["4", "partly"])
    assert "as not applying and as somebody's" in found.problems[0]
    assert "Row 3: cell B3 says “partly”" in found.problems[1]


def test_every_row_is_named_not_only_the_first():
    found = said(["Requirement", "Who"], *(["x", "nobody"] for _ in range(30)))
    assert len(found.problems) == 30


@pytest.mark.parametrize("rows", [[], [["Name", "Tier"]], [["Requirement", "Note"], ["3", "we"]]])
def test_without_names_of_columns_the_file_says_nothing(rows):
    with pytest.raises(Refused, match="No row names the columns"):
        said(*rows)


def test_a_sheet_that_is_seen_comes_before_a_hidden_one():
    head = ["Requirement", "Owner"]
    sheets = (sheet_of(head, ["3", "we"], hidden=True), sheet_of(head, ["3", "vendor"]))
    found = understand(Reading("xlsx", sheets))
    assert found.lines == (Line("3", Share.VENDOR),)
    assert found.sheets == ("Matrix",), "what was not read is named"


def test_more_lines_than_a_matrix_has_are_refused_and_not_cut_off():
    found = said(
        ["Requirement", "Who"], *([f"3.{n}.{m}", "we"] for n in (1, 2, 3) for m in range(1, 81))
    )
    assert found.lines == ()
    assert "at most 250 lines" in found.problems[0]


@pytest.fixture
def vendor_id(scene):
    return scene(_vendor_id)


def _vendor_id(database):
    with database.writing() as session:
        vendor = card_vendor(session)
        make_matrix(session, vendor)
        return vendor.id


def address(vendor_id, door):
    return f"/vendors/{vendor_id}/pci-matrix/{door}"


def sent(text, name="matrix.csv"):
    return {"file": (io.BytesIO(text.encode()), name)}


def test_it_is_taken_away_and_the_ledger_says_who(people, database, vendor_id):
    browser = people.browser(cast.AMNA)
    answer = browser.get(address(vendor_id, "download?format=csv"))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.text.count("vendor\r\n") + answer.text.count("vendor,") >= len(NAMES)
    with database.reading() as session:
        entry = session.query(Entry).order_by(Entry.seq.desc()).first()
        assert entry.action == Action.MATRIX_EXPORT
    assert browser.get(address(vendor_id, "download?format=exe")).status_code == 422


def test_a_filled_file_comes_into_the_form_and_is_stored_only_by_saving(
    people, database, vendor_id
):
    browser = people.browser(cast.PERVEZ)
    text = "Requirement,Owner,Note\n3,shared,They encrypt\n3.5,we,\n"
    answer = browser.post(address(vendor_id, "import"), data=sent(text))
    assert answer.status_code == 200
    assert "2 lines were read." in answer.text
    assert "They encrypt" in answer.text
    assert 'name="version" type="hidden" value="1"' in answer.text
    assert "a file does not say it" in answer.text
    with database.reading() as session:
        assert find_matrix(session, vendor_id).lines == in_order(whole())


@pytest.mark.parametrize(
    ("text", "name", "sentence"),
    [
        ("", "matrix.csv", "This file is empty"),
        ("Requirement,Owner\n3,the bank\n", "matrix.csv", "Row 2: cell B2 says"),
        ("%PDF-1.7 no list", "matrix.pdf", "This is a PDF"),
        ("Requirement,Owner\n3,<script>alert(1)</script>\n", "matrix.csv", "&lt;script&gt;"),
        ("PK\x03\x04 broken", "matrix.xlsx", "The file was not taken"),
    ],
)
def test_a_file_that_is_not_understood_changes_nothing(
    people, database, vendor_id, text, name, sentence
):
    answer = people.browser(cast.PERVEZ).post(address(vendor_id, "import"), data=sent(text, name))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Nothing was stored." in answer.text
    with database.reading() as session:
        assert find_matrix(session, vendor_id).version == 1


def test_the_page_that_answers_a_file_is_shown_by_the_browser_itself(people, vendor_id):
    text = people.browser(cast.PERVEZ).get(f"/vendors/{vendor_id}/pci-matrix").text
    assert address(vendor_id, "import") in text
    (field,) = re.findall(r'<input type="file"[^>]*>', text)
    assert "data-upload" not in field, "that script follows a redirect, and here there is none"


def test_no_file_at_all_is_said(people, vendor_id):
    answer = people.browser(cast.PERVEZ).post(address(vendor_id, "import"), data={})
    assert answer.status_code == 422
    assert "Select a file." in answer.text


def test_files_are_behind_the_same_rights(people, database, vendor_id):
    assert people.browser(cast.AMNA).post(address(vendor_id, "import")).status_code == 403
    assert people.browser(cast.ADIL).get(address(vendor_id, "download")).status_code == 403
    with database.writing() as session:
        hidden = card_vendor(session, name="Hidden", is_need_to_know=True).id
    laila = people.browser(cast.LAILA)
    assert laila.get(address(hidden, "download")).status_code == 404
    assert laila.post(address(hidden, "import"), data=sent("x")).status_code == 404
