"""What the head of a request says about its size, read before anybody serves it.

This decides who waits where and nothing else: what a request is, the server's own parser says.
"""

from enum import Enum, auto

SMALL = 64 * 1024
"""Bytes of a body that are collected before a thread is taken; larger ones are read by one."""
LONGEST_HEAD = 64 * 1024
ANSWERED_BY_FILES = (b"/download", b"/content", b".pdf", b".csv", b".xlsx")
"""How addresses end whose answer is a file, which may be large or has to be printed first."""
_END = b"\r\n\r\n"


class Need(Enum):
    """What a request needs next."""

    MORE = auto()
    PAGE = auto()
    FILE = auto()
    SHORTER = auto()
    """Its head is longer than any browser's."""


def need_of(got: bytes | bytearray) -> Need:
    """Say what a request needs of which these bytes have come."""
    end = got.find(_END)
    if end < 0:
        return Need.SHORTER if len(got) > LONGEST_HEAD else Need.MORE
    head = bytes(got[:end])
    if _values(head, b"transfer-encoding"):
        return Need.FILE
    lengths = _values(head, b"content-length") or [b"0"]
    if len(lengths) > 1 or not lengths[0].isdigit():
        return Need.PAGE  # the parser refuses it
    return _by_length(head, lengths[0], len(got) - end - len(_END))


def session_of(got: bytes | bytearray, names: tuple[bytes, ...]) -> bytes:
    """Return the token a request shows: of a cookie with one of these names, or a program's."""
    head = bytes(got[: got.find(_END)])
    for cookies in _values(head, b"cookie"):
        for each in cookies.split(b";"):
            name, _, value = each.strip().partition(b"=")
            if name in names:
                return value
    return b"".join(_values(head, b"authorization"))


def _by_length(head: bytes, told: bytes, here: int) -> Need:
    """Return the need of a body of the length that was told, as decimal digits."""
    digits = told.lstrip(b"0")
    if len(digits) > len(str(SMALL)) or int(digits or b"0") > SMALL:
        return Need.FILE
    if here < int(digits or b"0"):
        return Need.FILE if _values(head, b"expect") else Need.MORE
    words = head.partition(b"\r\n")[0].split(b" ")
    address = words[1].partition(b"?")[0] if len(words) > 1 else b""
    return Need.FILE if address.endswith(ANSWERED_BY_FILES) else Need.PAGE


def _values(head: bytes, wanted: bytes) -> list[bytes]:
    lines = (line.partition(b":") for line in head.split(b"\r\n")[1:])
    return [value.strip() for name, _, value in lines if name.strip().lower() == wanted]
