"""Reading lists in every form people keep them, and refusing what is none."""

import io
import zipfile
from datetime import date

import pytest

from foundation.errors import Refused
from tests.vendors.lists import book_of, rows_into
from vendors.importing import workbook
from vendors.importing.reading import read_file
from vendors.importing.table import CARD_REMOVED

NAMES = "Vendor,Country\nAcme,PK\n"


def cells(file, name="list.csv", sheet=0):
    payload = file if isinstance(file, bytes) else file.encode()
    return [row.cells for row in read_file(payload, name).sheets[sheet].rows]


@pytest.mark.parametrize(
    "payload",
    [
        NAMES.encode(),
        b"\xef\xbb\xbf\xef\xbb\xbf" + NAMES.encode(),
        NAMES.encode("utf-16"),
        NAMES.replace(",", "\t").encode("utf-16-be"),
        NAMES.replace(",", ";").encode(),
        NAMES.replace(",", "|").encode(),
        NAMES.replace("\n", "\r").encode(),
    ],
    ids=["utf8", "two boms", "utf16", "utf16be", "semicolon", "bar", "old mac"],
)
def test_the_same_list_in_every_dress(payload):
    assert cells(payload) == [("Vendor", "Country"), ("Acme", "PK")]


def test_windows_text_keeps_its_signs():
    found = cells("Vendor,Note\nSociété Générale d’Été,12 €\n".encode("cp1252"))
    assert found[1] == ("Société Générale d’Été", "12 €")


def test_line_breaks_and_commas_inside_quotation_marks():
    found = cells('Vendor,Note\n"A\nB ""Inc""","one, two"\n')
    assert found[1] == ('A\nB "Inc"', "one, two")


def test_rows_keep_the_numbers_of_the_spreadsheet():
    rows = read_file(b'Vendor,Note\n"A\nB",x\n\nC,y\n', "x.csv").sheets[0].rows
    assert [row.number for row in rows] == [1, 2, 4]


def test_a_column_of_pasted_names():
    reading = read_file("Acme\nBeta & Söhne\nشركة الأمل\n".encode(), "")
    assert reading.kind == "list"
    assert reading.sheets[0].rows[2].cells == ("شركة الأمل",)


def test_a_card_number_goes_no_further():
    found = cells("Vendor,Notes\nAcme,card 4111 1111 1111 1111 of Bob\n")
    assert found[1][1] == CARD_REMOVED + "**** 1111"


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (b"", "empty"),
        (b" \n \n", "nothing in this list"),
        (b"A,B\n1,\0\n", "Line 2 holds a NUL"),
        (b'A,B\n"x,1\ny,2\n', "line 2"),
        (b"A,B\nx," + b"y" * 3_000_000, "far too long"),
        (b"A,B\nx," + b"y" * 40_000, "cell B2 holds 40,000 characters"),
        (",".join(f"c{i}" for i in range(20_000)).encode(), "20,000 columns; 200"),
        (b"Vendor,X\n" + b"Acme,1\n" * 40_000, "more than 20,000 rows"),
        (b"<html><table><tr><td>Acme", "web page"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old Excel format"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"PK\x03\x04 half a workbook", "damaged or only half here"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_list_is_refused_in_a_sentence(file, told):
    with pytest.raises(Refused) as refusal:
        read_file(file, "vendors.xls")
    assert told in str(refusal.value)


def test_a_workbook_shows_what_people_see_in_it():
    def fill(sheet, book):
        sheet.write_row(0, 0, ["Vendor", "When", "Tax number", "Count", "Sum", "Bad", "Sure"])
        sheet.write_string("A2", "Acme")
        sheet.write_datetime("B2", date(2026, 3, 2), book.add_format({"num_format": 14}))
        sheet.write_string("C2", "00123")
        sheet.write_number("D2", 3)
        sheet.write_formula("E2", "=1+1", None, 2)
        sheet.write_formula("F2", "=A9/0", None, "#DIV/0!")
        sheet.write_boolean("G2", True)
        sheet.write_formula("A3", "=Z1", None, "")

    rows = cells(book_of(("First", rows_into([])), ("Vendors & more", fill)), "x.xlsx", 1)
    assert rows[1] == ("Acme", "2026-03-02", "00123", "3", "2", "#DIV/0!", "yes")
    assert rows[2] == ("#NO RESULT!",)


def test_merged_cells_count_for_every_row_they_cover():
    def fill(sheet, book):
        sheet.write_row(0, 0, ["Category", "Vendor"])
        sheet.merge_range("A2:A3", "Hosting")
        sheet.write("B2", "Acme")
        sheet.write("B3", "Beta")

    assert cells(book_of(("V", fill)), "x.xlsx")[1:] == [("Hosting", "Acme"), ("Hosting", "Beta")]


def test_a_cell_in_the_far_corner_is_named_and_nothing_falls_over():
    def fill(sheet, book):
        sheet.write("A1", "Vendor")
        sheet.write("XFD1048576", "x")

    far = book_of(("V", fill))
    with pytest.raises(Refused, match="XFD1048576"):
        read_file(far, "x.xlsx")


def test_a_bomb_and_a_trap_are_refused_before_they_unpack(monkeypatch):
    monkeypatch.setattr(workbook, "MOST_UNPACKED", 2_000_000)
    small = book_of(("V", rows_into([["Vendor"], ["Acme"]])))
    for part, data, told in (
        ("xl/worksheets/sheet2.xml", b"0" * 2_100_000, "larger than 2 MB"),
        ("xl/trap.xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>", "no spreadsheet writes"),
    ):
        out = io.BytesIO(small)
        with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(part, data)
        with pytest.raises(Refused, match=told):
            read_file(out.getvalue(), "x.xlsx")


def test_an_open_document_sheet_is_read_as_well():
    schema = "urn:oasis:names:tc:opendocument:xmlns:"
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = "".join(
        f"<table:table-row>{cell.format(text)}</table:table-row>" for text in ("Vendor", "Acme")
    )
    content = (
        f'<?xml version="1.0"?><office:document-content xmlns:office="{schema}office:1.0" '
        f'xmlns:table="{schema}table:1.0" xmlns:text="{schema}text:1.0"><office:automatic-styles/>'
        f'<office:body><office:spreadsheet><table:table table:name="V">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    reading = read_file(out.getvalue(), "x.ods")
    assert reading.kind == "ods"
    assert [row.cells for row in reading.sheets[0].rows] == [("Vendor",), ("Acme",)]


def test_markdown_tables_and_bullets():
    table = "---\ntags:\n  - not this\n---\n# List\n| Vendor | Use |\n|---|:-:|\n| **A** | [x](http://y) |\n"
    assert cells(table, "x.md") == [("Vendor", "Use"), ("A", "x")]
    bullets = "Ours:\n\n* [Acme](https://acme.example/a). Hosting.\n* Beta: cleaning\n* Gamma\n"
    found = read_file(bullets.encode(), "x.md").sheets[0].rows
    assert found[1].number == 3
    assert found[1].cells == ("Acme", "https://acme.example/a", "Hosting.")
    assert [row.cells[0] for row in found[1:]] == ["Acme", "Beta", "Gamma"]
