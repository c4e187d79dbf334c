"""The sandbox entry: a file and its name in, its sheets out."""

from foundation.errors import Refused
from vendors.importing.table import MOST_BYTES, Reading, packed
from vendors.importing.text_file import read_text
from vendors.importing.workbook import read_workbook

_OLE = b"\xd0\xcf\x11\xe0"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_FOREIGN = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"{\\rtf": "a text document",
}


def read(payload: bytes) -> bytes:
    """Read a file: its name in UTF-8, a NUL, its bytes. Returns the packed reading."""
    name, _, file = payload.partition(b"\0")
    return packed(read_file(file, name.decode("utf-8", errors="replace")))


def read_file(file: bytes, name: str) -> Reading:
    """Read a list of vendors in any form we know, going by what it is, not by its name."""
    if not file:
        raise Refused("This file is empty. Choose one with a row for each vendor.")
    if len(file) > MOST_BYTES:
        raise Refused(f"The file is larger than {MOST_BYTES // 1_000_000} MB. Split it.")
    for start, what in _FOREIGN.items():
        if file.startswith(start):
            raise Refused(f"This is {what}, not a list. Save the list as XLSX or CSV.")
    if file.startswith(_OLE):
        raise Refused(_of_old_container(file))
    if file.startswith(b"PK"):
        return read_workbook(file)
    return read_text(file, name)


def _of_old_container(file: bytes) -> str:
    if _LOCKED in file:
        return (
            "This workbook is locked with a password. Open it, take the password off "
            "and save it again."
        )
    return (
        "This is a workbook of the old Excel format (.xls). Open it and save it as XLSX, "
        "then choose that file."
    )
