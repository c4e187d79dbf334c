"""Tells the formats apart by what a file holds, never by its name."""

import re

from questionnaires.formats import house_yaml, vsaq
from questionnaires.formats.outcome import Import

_BEFORE_JSON = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s+|//[^\n]*\n|/\*.*?\*/)*", re.DOTALL)


def read(payload: bytes, name: str) -> Import:
    """Read a questionnaire file of any known format; the outcome says if it was refused."""
    match = _BEFORE_JSON.match(payload)
    first = payload[match.end() : match.end() + 1] if match else b""
    if first in {b"{", b"["} or payload.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"//", b"/*")):
        return vsaq.read(payload, name)
    return house_yaml.read(payload, name)
