"""What a file is: name and bytes must agree; names keep their script and lose their tricks."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence import sniff as sniffing
from evidence.sniff import FileType, display_name, sniff
from foundation.errors import Refused
from tests.evidence.makers import SMALL

BINARY = ("pdf", "docx", "xlsx", "png", "jpg")


def of(content, name):
    return sniff(io.BytesIO(content), name)


@pytest.mark.parametrize("extension", SMALL)
def test_each_type_is_known_in_any_case(extension):
    for name in (f"a.{extension}", f"A.B.{extension.upper()}", f"اردو.{extension}"):
        assert of(SMALL[extension], name) == FileType(extension)


def test_jpeg_has_two_extensions():
    assert of(SMALL["jpg"], "a.jpeg") is FileType.JPEG


@pytest.mark.parametrize("claimed", BINARY)
@pytest.mark.parametrize("real", [*SMALL, "exe"])
def test_bytes_of_another_type_are_refused(claimed, real):
    content = {**SMALL, "exe": b"MZ\x90\0"}[real]
    if claimed == real or {claimed, real} == {"docx", "xlsx"}:
        return  # the sandbox tells DOCX from XLSX
    with pytest.raises(Refused, match="must be a PDF, DOCX, XLSX, PNG, JPG, TXT or CSV"):
        of(content, f"a.{claimed}")


@pytest.mark.parametrize(
    "content",
    [
        *(SMALL[extension] for extension in BINARY),
        b"MZ\x90\x00",
        b"\x7fELF",
        b"text\0text",
        b"a" * 100_000 + b"\0",
        b"<html><script>",
        b"\xef\xbb\xbf \n<!DOCTYPE html>",
        b"<svg onload=x>",
        b"<?xml version='1.0'?>",
        b"<!-- a remark --> <html>",
        b"\xff\xfe" + "<script>x</script>".encode("utf-16-le"),
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related",
        b"[InternetShortcut]\nURL=file:///x",
        b"<HTA:APPLICATION>",
        b"\xff\xfea",
    ],
)
@pytest.mark.parametrize("extension", ["txt", "csv"])
def test_what_is_not_plain_text_is_refused(content, extension):
    with pytest.raises(Refused, match="must be a PDF"):
        of(content, f"a.{extension}")


def test_a_row_of_remarks_is_read_in_one_way_only():
    """Each could end at any of the signs that follow: all ways would take years."""
    remarks = b"<!---->" * 140
    assert of(remarks + b"x", "a.txt") is FileType.TXT
    with pytest.raises(Refused, match="must be a PDF"):
        of(remarks + b"<html>", "a.txt")


@pytest.mark.parametrize("text", ["\ufeffa,b".encode("utf-16-le"), "é".encode("cp1252"), b"a\tb\f"])
def test_text_of_other_programs_is_taken(text):
    assert of(text, "a.csv") is FileType.CSV


@pytest.mark.parametrize(
    "name",
    [
        "a.pdf.exe",
        "a.pdf\0.exe",
        "\0.pdf",
        "pdf",
        "",
        ".",
        "a.svg",
        "a.html",
        "a.docm",
        "a.xls",
        "a.zip",
        "a.",
    ],
)
def test_other_extensions_are_refused(name):
    with pytest.raises(Refused, match="must be a PDF"):
        of(SMALL["pdf"], name)


def test_size_limits_are_exact(monkeypatch):
    with pytest.raises(Refused, match=r"^The selected file is empty\.$"):
        of(b"", "a.pdf")
    monkeypatch.setattr(sniffing, "MOST_BYTES", 100)
    assert of(b"x" * 100, "a.txt") is FileType.TXT
    with pytest.raises(Refused, match=r"^The selected file must be smaller than 25MB\.$"):
        of(b"x" * 101, "a.txt")


class Sipped(io.BytesIO):
    """Never gives more than a small part at once, and fails whoever asks for more."""

    def read(self, size=-1):
        assert 0 <= size <= sniffing.PART, f"{size} bytes at once"
        return super().read(size)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"%PDF-1.7" + bytes(300_000), "a.pdf"),
        (SMALL["docx"] + bytes(300_000), "a.docx"),
        (sniffing._OLE + bytes(300_000) + sniffing._ENCRYPTED_PACKAGE, "a.xlsx"),
        (b"a line\n" * 50_000, "a.txt"),
        (("\ufeff" + "a line\n" * 50_000).encode("utf-16-le"), "a.csv"),
    ],
)
def test_a_file_never_lies_in_memory_whole(content, name):
    stream = Sipped(content)
    assert sniff(stream, name) == FileType(name[2:])
    assert sniffing.is_locked_package(stream) == (name == "a.xlsx")
    assert stream.tell() == 0


@pytest.mark.parametrize("before", range(0, 40, 3))
def test_a_mark_that_lies_across_two_parts_is_seen(before):
    filled = sniffing.PART - before
    content = sniffing._OLE + bytes(filled) + sniffing._ENCRYPTED_PACKAGE + bytes(9)
    assert sniffing.is_locked_package(io.BytesIO(content))


@pytest.mark.parametrize("before", range(4))
def test_a_wide_sign_that_lies_across_two_parts_is_one_sign(before):
    text = "a" * (sniffing.PART // 2 - 3 + before) + "🔐"
    wide = b"\xff\xfe" + text.encode("utf-16-le")
    assert of(wide, "a.txt") is FileType.TXT
    for broken in (wide[:-1], wide[:-2], wide + b"\0\0"):
        with pytest.raises(Refused):
            of(broken, "a.txt")


def test_an_encrypted_office_file_is_known_as_one():
    locked = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    )
    assert of(locked, "a.docx") is FileType.DOCX
    assert sniffing.is_locked_package(io.BytesIO(locked))
    assert not sniffing.is_locked_package(io.BytesIO(SMALL["docx"]))
    with pytest.raises(Refused, match="must be a PDF"):
        of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.docx")


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("SOC 2.pdf", "SOC 2.pdf"),
        ("رپورٹ ۲۰۲۶.pdf", "رپورٹ ۲۰۲۶.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\a.pdf", "a.pdf"),
        ("a\r\nX: y.pdf", "aX: y.pdf"),
        ("\u202egpj.exe", "gpj.exe"),
        ("<img onerror=x>.pdf", "<img onerror=x>.pdf"),
        ("", "file"),
        ("..", "file"),
        ("a/", "file"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("x" * 300, "x" * 200),
    ],
)
def test_names_are_kept_but_harmless(raw, shown):
    assert display_name(raw) == shown


@given(st.text())
def test_no_name_is_empty_long_or_a_path(raw):
    shown = display_name(raw)
    assert 0 < len(shown) <= 200
    assert not set(shown) & set("/\\\r\n\0\u202e\u2066")
