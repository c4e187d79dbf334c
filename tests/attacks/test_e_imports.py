"""E: lists that are read row by row. They are too large, lie about their size, or hide something."""

import io
import os
import random
import zipfile

import pytest
import xlsxwriter
from sqlalchemy import func, select

from questionnaires.models import QuestionnaireVersion
from tests.attacks import corpus
from tests.attacks.files_ground import TRACES, Hand, multipart, print_scale
from tests.evidence.makers import SMALL, archive
from tests.people import LAILA, PERVEZ
from vendors.models import Vendor

pytestmark = pytest.mark.slow

ROUNDS = 300 if os.environ.get("DULY_ATTACKS") == "long" else 4
"""Damaged copies of each kind that every reader gets; the scale of the long test here."""
HEAD = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def workbook(*, name="Vendors", date_1904=False, hidden=False, rows=(("Vendor",), ("Acme",))):
    book = xlsxwriter.Workbook(file := io.BytesIO(), {"date_1904": date_1904, "in_memory": True})
    sheet = book.add_worksheet(name)
    if hidden:
        book.add_worksheet("Secret").hide()
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, str) and value.startswith("="):
                sheet.write_formula(number, place, value, value=42)
            else:
                sheet.write(number, place, value)
    sheet.merge_range("D1:F3", "merged")
    book.close()
    return file.getvalue()


def with_sheet(xml):
    """Return an honest workbook whose sheet was taken for another."""
    with (
        zipfile.ZipFile(io.BytesIO(workbook())) as honest,
        zipfile.ZipFile(file := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for part in honest.infolist():
            is_sheet = part.filename == "xl/worksheets/sheet1.xml"
            made.writestr(part.filename, xml if is_sheet else honest.read(part))
    return file.getvalue()


def cell(place, value="x"):
    return f'<c r="{place}" t="str"><v>{value}</v></c>'


REFUSED = {
    "a million rows.csv": b"a\n" * 1_000_001,
    "many columns.csv": b"Vendor" + b",x" * 20_000 + b"\nAcme\n",
    "one endless cell.csv": b"Vendor\n" + b"a" * 20_000_000,
    "far corner.xlsx": with_sheet(
        f'{HEAD}<sheetData><row r="1048576">{cell("XFD1048576")}</row></sheetData></worksheet>'
    ),
    "many rows.xlsx": with_sheet(
        HEAD
        + "<sheetData>"
        + "".join(f'<row r="{n}">{cell(f"A{n}")}</row>' for n in range(1, 30_000))
        + "</sheetData></worksheet>"
    ),
    "entities.xlsx": with_sheet(
        "<!DOCTYPE x [<!ENTITY a 'b'>]>" + HEAD + "<sheetData/></worksheet>"
    ),
    "entities in UTF-16.xlsx": with_sheet(
        ("<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet/>").encode("utf-16")
    ),
    "bomb.xlsx": archive("xl/workbook.xml", content=bytes(300_000_000)),
    "macros.xls": corpus.OLE + bytes(600),
    "locked.xlsx": corpus.LOCKED_PACKAGE,
    "nothing.xlsx": b"",
    "repeated.ods": archive(
        "content.xml",
        content=b'<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
        b'table:number-columns-repeated="16384"/></table:table-row>',
    ),
    "picture.xlsx": SMALL["png"],
}
TAKEN = {
    "small dimension.xlsx": with_sheet(
        f'{HEAD}<dimension ref="A1:XFD1048576"/><sheetData><row r="1">{cell("A1", "Vendor")}</row>'
        f'<row r="2">{cell("A2", "Acme")}</row></sheetData></worksheet>'
    ),
    "formulas.xlsx": workbook(
        rows=(
            ("Vendor", "Sum"),
            ("Acme", "=1+1"),
            ("Beta", '=HYPERLINK("http://attacker.example")'),
        )
    ),
    "elsewhere.xlsx": workbook(rows=(("Vendor",), ("='[http://attacker.example/b.xlsx]A'!A1",))),
    "old dates.xlsx": workbook(date_1904=True, rows=(("Vendor", "Reviewed"), ("Acme", 0.5))),
    "hidden.xlsx": workbook(hidden=True),
    "numbers.csv": b"Vendor,Amount\nAcme,nan\nBeta,1e999\nGamma," + b"9" * 400 + b"\n",
    "twice.csv": b"Vendor,Website\nAcme,a.example\nAcme,a.example\nACME,a.example\n",
    "bom.csv": b"\xef\xbb\xbfVendor;Website\r\nAcme;a.example\r\n",
    "wide.csv": "\ufeffVendor\tWebsite\nAcme\ta.example\n".encode("utf-16-le"),
    "lines.csv": b'Vendor,Notes\n"Ac\nme","a\n\n\nb"\n',
    "tags.csv": b"Vendor,Notes\n<img src=x onerror=alert(1)>,=cmd|' /C calc'!A0\n",
}


@pytest.fixture(scope="module")
def pervez(files):
    return files.staff(PERVEZ, files.vendor().vendor_id)


def bring(hand, path, content, name, **fields):
    body, boundary = multipart(content, name, "application/octet-stream", fields)
    return Hand.ask(
        hand, "POST", path, body, {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    )


def count(files, table):
    with files.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


@pytest.mark.parametrize("name", REFUSED)
def test_E21_a_list_that_is_no_list_is_refused_in_words(files, pervez, name):
    before = count(files, Vendor)
    got = bring(pervez, "/vendors/import", REFUSED[name], name)
    assert got.status in {413, 422}, (name, got.status, got.headers.get("location"))
    assert not TRACES.search(got.text)
    assert count(files, Vendor) == before


@pytest.mark.parametrize("name", TAKEN)
def test_E21_an_odd_list_is_shown_before_anything_is_kept(files, pervez, name):
    before = count(files, Vendor)
    got = bring(pervez, "/vendors/import", TAKEN[name], name)
    assert got.status in {303, 422}, (name, got.status, got.text[:300])
    if got.status == 422:
        assert not TRACES.search(got.text)
        return
    page = pervez.ask("GET", got.headers["location"])
    assert page.status == 200
    assert "<img src=x" not in page.text
    checked = pervez.ask(
        "POST",
        got.headers["location"],
        b"column-0=name",
        {"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert checked.status in {303, 422}
    if checked.status == 303:
        page = pervez.ask("GET", checked.headers["location"])
        assert page.status == 200, page.text[:300]
        assert "<img src=x" not in page.text
    assert count(files, Vendor) == before, "something was kept before anybody said so"
    draft = got.headers["location"].split("/")[3]
    assert pervez.ask("POST", f"/vendors/import/{draft}/discard").status == 303


READERS = {
    "vendors": ("/vendors/import", PERVEZ, ("csv", "xlsx")),
    "a matrix": ("/vendors/{}/pci-matrix/import", LAILA, ("csv", "xlsx")),
    "a questionnaire": ("/questionnaires/import", LAILA, ("yaml", "json")),
    "a report": ("/verify", LAILA, ("pdf",)),
}
SEEDS = {
    "csv": b"Vendor;Website\r\nAcme;a.example\r\n",
    "xlsx": workbook(),
    "pdf": SMALL["pdf"],
    "json": b'{"questionnaire": [{"type": "block", "id": "a", "text": "b", "items": []}]}',
    "yaml": b"format: duly-questionnaire-1\ncode: a\ntitle: A\nsections:\n- code: s\n  title: S\n",
}


@pytest.mark.parametrize("reader", READERS)
def test_E22_damaged_lists_and_questionnaires_end_nothing_but_themselves(files, reader):
    path, who, kinds = READERS[reader]
    print_scale(ROUNDS, f"damaged files for {reader}")
    hand = files.staff(who, files.vendor().vendor_id)
    before, chance = count(files, QuestionnaireVersion), random.Random(f"E22 {reader}")
    for kind in kinds:
        for content in corpus.mutants(SEEDS[kind], ROUNDS, chance):
            got = bring(hand, path.format(hand.vendor_id), content, f"a.{kind}")
            assert got.status in {200, 303, 422, 429}, (got.status, got.text[:300])
            assert not TRACES.search(got.text)
            draft = got.headers.get("location", "")
            if draft.startswith("/vendors/import/"):
                hand.ask("POST", f"/vendors/import/{draft.split('/')[3]}/discard")
    assert count(files, QuestionnaireVersion) == before
    assert "Traceback" not in files.log.read_text()


@pytest.mark.parametrize(
    "content",
    [
        b"a: &a [x,x,x,x,x,x,x,x,x]\n"
        + b"".join(
            b"%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n" % ((98 + n,) * 2 + (97 + n,) * 8)
            for n in range(9)
        ),
        b"!!python/object/apply:os.system ['touch /tmp/owned']",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"\xff\xfe\0\0",
    ],
    ids=["laughs", "objects", "brackets", "braces", "UTF-32"],
)
def test_E22_a_questionnaire_that_unfolds_without_end_is_refused(files, content):
    hand = files.staff(LAILA, files.vendor().vendor_id)
    for name in ("a.yaml", "a.json"):
        got = bring(hand, "/questionnaires/import", content, name)
        assert got.status in {200, 422}, (got.status, got.text[:300])
        assert not TRACES.search(got.text)
