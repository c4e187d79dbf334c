"""What a file is: extension and first bytes must agree; names are kept but made harmless."""

import codecs
import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from typing import BinaryIO

from foundation.errors import Refused

MOST_MEGABYTES = 25
MOST_BYTES = MOST_MEGABYTES * 1024 * 1024
NAME_LENGTH = 200
PART = 64 * 1024
"""Bytes that are looked at at once: nobody's file lies in memory whole."""
TAKEN = "PDF, DOCX, XLSX, PNG, JPG, TXT or CSV"
LOCKED = b"locked"
"""What the closer look answers of a file with a password."""
WRONG_TYPE = f"The selected file must be a {TAKEN}."
EMPTY = "The selected file is empty."
TOO_BIG = "The selected file must be smaller than 25MB."


class FileType(StrEnum):
    """The types of file that are taken in."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PNG = "png"
    JPEG = "jpg"
    TXT = "txt"
    CSV = "csv"


MEDIA_TYPES = {
    FileType.PDF: "application/pdf",
    FileType.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileType.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileType.PNG: "image/png",
    FileType.JPEG: "image/jpeg",
    FileType.TXT: "text/plain; charset=utf-8",
    FileType.CSV: "text/csv; charset=utf-8",
}
# What must also be looked at inside the sandbox (task "evidence.inspect").
DEEP_TYPES = frozenset({FileType.PDF, FileType.DOCX, FileType.XLSX, FileType.PNG, FileType.JPEG})

EXTENSIONS = {file_type.value: file_type for file_type in FileType} | {"jpeg": FileType.JPEG}
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_MAGIC = {
    FileType.PDF: b"%PDF-",
    FileType.DOCX: _ZIP,
    FileType.XLSX: _ZIP,
    FileType.PNG: b"\x89PNG\r\n\x1a\n",
    FileType.JPEG: b"\xff\xd8\xff",
}
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_NOT_TEXT = bytes(set(range(32)) - set(b"\t\n\r\f")) + b"\x7f"
_ACTIVE = re.compile(
    r"^\s*(?:<!--(?:(?!-->).)*-->\s*)*+"
    r"(?:<(?:!doctype|!entity|\?xml|html|svg|script|head|body|iframe|mhtml|"
    r"meta|img|object|embed|math|style|link|hta:|xml)\b|mime-version:|from: <saved|"
    r"\[internetshortcut\])",
    re.IGNORECASE | re.DOTALL,
)
"""How pages, pictures and shortcuts begin that a program would carry out.

Remarks before them are read in one way only: a row of n of them could be parted in 2^n ways.
"""
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def sniff(stream: BinaryIO, name: str) -> FileType:
    """Say what the file is, or refuse it with the sentence for its uploader; rewinds it."""
    stream.seek(0, 2)
    size = stream.tell()
    stream.seek(0)
    if not size:
        raise Refused(EMPTY)
    if size > MOST_BYTES:
        raise Refused(TOO_BIG)
    file_type = EXTENSIONS.get(name.rpartition(".")[2].strip().lower()) if "." in name else None
    if file_type is None or "\0" in name:
        raise Refused(WRONG_TYPE)
    first = stream.read(1024)
    if file_type in _MAGIC:
        agrees = first.startswith(_MAGIC[file_type]) or (
            file_type in {FileType.DOCX, FileType.XLSX} and is_locked_package(stream)
        )
    else:
        agrees = not _ACTIVE.match(_decoded(first)) and _is_text(stream, first)
    stream.seek(0)
    if not agrees:
        raise Refused(WRONG_TYPE)
    return file_type


def is_locked_package(stream: BinaryIO) -> bool:
    """Say whether it is what office programs make of a file with a password; rewinds it."""
    stream.seek(0)
    is_locked = stream.read(len(_OLE)) == _OLE and _holds(stream, _ENCRYPTED_PACKAGE)
    stream.seek(0)
    return is_locked


def display_name(raw: str) -> str:
    """Keep the uploader's name in any script, without folders, control or direction characters."""
    last = re.split(r"[/\\]", raw)[-1]
    kept = "".join(
        char for char in last if unicodedata.category(char) not in {"Cc", "Cs", "Zl", "Zp"}
    )
    shown = "".join(char for char in kept if char not in _BIDI).strip()
    if not shown.strip("."):
        return "file"
    stem, dot, extension = shown.rpartition(".")
    if len(shown) > NAME_LENGTH and dot and len(extension) <= 10:
        return stem[: NAME_LENGTH - len(extension) - 1] + dot + extension
    return shown[:NAME_LENGTH]


def _is_text(stream: BinaryIO, first: bytes) -> bool:
    """Say whether it is text all through: no control bytes, or UTF-16 with its mark."""
    is_wide = first.startswith(_UTF16_MARKS)
    if any(first.startswith(magic) for magic in (*_MAGIC.values(), _OLE, b"MZ", b"\x7fELF")):
        return False
    stream.seek(0)
    if is_wide:
        return not any("\0" in text or "\ufffd" in text for text in _wide_parts(stream))
    while part := stream.read(PART):
        if len(part.translate(None, _NOT_TEXT)) != len(part):
            return False
    return True


def _holds(stream: BinaryIO, sought: bytes) -> bool:
    """Say whether something stands in the rest of a stream, also across two parts."""
    last = b""
    while part := stream.read(PART):
        if sought in last + part:
            return True
        last = part[-len(sought) :]
    return False


def _wide_parts(stream: BinaryIO) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
    while part := stream.read(PART):
        yield decoder.decode(part)
    yield decoder.decode(b"", final=True)


def _decoded(first: bytes) -> str:
    """Read the beginning of a text; an odd byte at its end is no matter."""
    is_wide = first.startswith(_UTF16_MARKS)
    return first.decode("utf-16" if is_wide else "utf-8-sig", errors="replace")
