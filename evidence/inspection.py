"""A closer look, for the sandbox only: is a file whole, open, and free of macros and bombs.

The task takes the type, a line break and the file; it gives nothing, says that the file is locked
with a password, or raises Refused.
"""

import io
import re
import zipfile
import zlib

import pikepdf
from PIL import Image, UnidentifiedImageError

from evidence.markup import (
    LONGEST_PROLOG,
    UNSAFE,
    XINCLUDE,
    declares_a_document_type,
    elements,
    has_declarations,
    loads_from_elsewhere,
)
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
_MACRO_TYPES = ("macroenabled", "vbaproject")
_MACRO_PART = re.compile(
    r"(^|/)(vbaproject|vbadata)|(^|/)(macrosheets|dialogsheets|activex)/", re.IGNORECASE
)
_XML_PART = re.compile(r"\.(xml|rels|vml)$", re.IGNORECASE)
_PART = 1024 * 1024
_LONGEST_RELATIONS = 16 * _PART
_FORMATS = {FileType.PNG: "PNG", FileType.JPEG: "JPEG"}


def inspect(payload: bytes) -> bytes:
    """Look closely at one file; gives nothing or that it is locked, or raises Refused."""
    written, _, content = payload.partition(b"\n")
    file_type = FileType(written.decode("ascii"))
    if file_type is FileType.PDF:
        return _inspect_pdf(content)
    if file_type in _MAIN_PART:
        return _inspect_office(content, file_type)
    if file_type in _FORMATS:
        _inspect_picture(content, file_type)
    return b""


def _inspect_pdf(content: bytes) -> bytes:
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            has_pages = len(document.pages) > 0
            described = document.Root.get("/Metadata")
            if isinstance(described, pikepdf.Stream) and has_declarations(described.read_bytes()):
                raise Refused(UNSAFE)
    except pikepdf.PasswordError:
        return LOCKED
    except (pikepdf.PdfError, AttributeError, TypeError, ValueError) as fault:
        if isinstance(fault, Refused):
            raise
        raise Refused(DAMAGED) from None
    if not has_pages:
        raise Refused(DAMAGED)
    return b""


def _inspect_office(content: bytes, file_type: FileType) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_entries(entries, len(content))
            names = {entry.filename for entry in entries}
            if _TYPES_PART not in names or _MAIN_PART[file_type] not in names:
                raise Refused(WRONG_TYPE)
            if any(entry.flag_bits & 1 for entry in entries):
                return LOCKED
            _check_types(archive)
            for entry in entries:
                if _XML_PART.search(entry.filename):
                    _check_part(archive, entry)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, UnicodeError, OSError):
        raise Refused(DAMAGED) from None
    return b""


def _check_types(archive: zipfile.ZipFile) -> None:
    """Ask the list of types, as its reader sees it: a part with macros may have any name."""
    with archive.open(_TYPES_PART) as part:
        content = part.read(_LONGEST_RELATIONS + 1)
    _refuse_macros(content.replace(b"\0", b"").decode("utf-8", "replace"))
    for _, attributes in _read_list(content):
        _refuse_macros(" ".join(attributes.values()))


def _refuse_macros(types: str) -> None:
    if any(word in types.lower() for word in _MACRO_TYPES):
        raise Refused(MACROS)


def _read_list(content: bytes) -> list[tuple[str, dict[str, str]]]:
    if len(content) > _LONGEST_RELATIONS:
        raise Refused(TOO_DENSE)
    if declares_a_document_type(content[:LONGEST_PROLOG]):
        raise Refused(UNSAFE)
    try:
        return elements(content)
    except ValueError:
        raise Refused(DAMAGED) from None


def _check_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Read one part whole: its checksum holds then, and nothing in it loads or starts anything."""
    is_book = "externallinks/" in entry.filename.lower()
    with archive.open(entry) as part:
        read = part.read(_PART)
        is_hostile = declares_a_document_type(read[:LONGEST_PROLOG])
        if entry.filename.lower().endswith(".rels") and not is_hostile:
            read += part.read(_LONGEST_RELATIONS)
            is_hostile = len(read) > _LONGEST_RELATIONS or _loads(read)
        while read and not is_hostile:
            plain = read.replace(b"\0", b"")
            is_hostile = XINCLUDE in plain or (is_book and b"ddeLink" in plain)
            read = read[-2 * len(XINCLUDE) :] + part.read(_PART) if len(read) >= _PART else b""
    if is_hostile:
        raise Refused(UNSAFE)


def _loads(relations: bytes) -> bool:
    try:
        return loads_from_elsewhere(relations)
    except ValueError:
        raise Refused(DAMAGED) from None


def _check_entries(entries: list[zipfile.ZipInfo], size: int) -> None:
    """Judge an archive by its table of contents, before anything is unpacked."""
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
        if has_declarations(content):
            raise Refused(UNSAFE)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError):
        raise Refused(DAMAGED) from None
