"""A closer look, for the sandbox only: is a file whole, open, and free of macros and bombs.

The task takes the type, a line break and the file; it gives nothing or raises Refused.
"""

import io
import re
import zipfile
import zlib

import pikepdf
from PIL import Image, UnidentifiedImageError

from evidence.sniff import LOCKED, WRONG_TYPE, FileType
from foundation.errors import Refused

DAMAGED = "The selected file is damaged and cannot be opened."
MACROS = "The selected file contains macros. Save it without macros and select it again."
TOO_DENSE = "The selected file is packed too tightly to be opened safely."
TOO_MANY_PIXELS = "The selected picture has too many pixels. Save it smaller than 50 megapixels."

MOST_ENTRIES = 2000
MOST_UNPACKED = 300 * 1024 * 1024
MOST_RATIO = 200
RATIO_COUNTS_FROM = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000
_MAIN_PART = {FileType.DOCX: "word/document.xml", FileType.XLSX: "xl/workbook.xml"}
_TYPES_PART = "[Content_Types].xml"
_MACRO_PART = re.compile(r"(^|/)(vbaproject|vbadata)|(^|/)macrosheets/", re.IGNORECASE)
_FORMATS = {FileType.PNG: "PNG", FileType.JPEG: "JPEG"}


def inspect(payload: bytes) -> bytes:
    """Look closely at one file; gives nothing, or raises Refused for its uploader."""
    written, _, content = payload.partition(b"\n")
    file_type = FileType(written.decode("ascii"))
    if file_type is FileType.PDF:
        _inspect_pdf(content)
    elif file_type in _MAIN_PART:
        _inspect_office(content, file_type)
    elif file_type in _FORMATS:
        _inspect_picture(content, file_type)
    return b""


def _inspect_pdf(content: bytes) -> None:
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            has_pages = len(document.pages) > 0
    except pikepdf.PasswordError:
        raise Refused(LOCKED) from None
    except pikepdf.PdfError:
        raise Refused(DAMAGED) from None
    if not has_pages:
        raise Refused(DAMAGED)


def _inspect_office(content: bytes, file_type: FileType) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_entries(entries, len(content))
            names = {entry.filename for entry in entries}
            if _TYPES_PART not in names or _MAIN_PART[file_type] not in names:
                raise Refused(WRONG_TYPE)
            with archive.open(_TYPES_PART) as part:
                types = part.read(1024 * 1024)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, UnicodeError, OSError):
        raise Refused(DAMAGED) from None
    if b"macroenabled" in types.lower() or b"vbaproject" in types.lower():
        raise Refused(MACROS)


def _check_entries(entries: list[zipfile.ZipInfo], size: int) -> None:
    """Judge an archive by its table of contents, before anything is unpacked."""
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused(LOCKED)
    if any(_MACRO_PART.search(entry.filename) for entry in entries):
        raise Refused(MACROS)
    names = [entry.filename.lower() for entry in entries]
    if len(set(names)) != len(names) or any(_leaves_the_archive(name) for name in names):
        raise Refused(DAMAGED)
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    is_bomb = unpacked > RATIO_COUNTS_FROM and unpacked > MOST_RATIO * packed
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or packed > size or is_bomb:
        raise Refused(TOO_DENSE)


def _leaves_the_archive(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name)


def _inspect_picture(content: bytes, file_type: FileType) -> None:
    try:
        with Image.open(io.BytesIO(content), formats=[_FORMATS[file_type]]) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise Refused(TOO_MANY_PIXELS)
            picture.verify()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError):
        raise Refused(DAMAGED) from None
