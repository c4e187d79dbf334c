"""Cells on their way out and back: no spreadsheet may take them for a formula. Pure."""

import csv
import io
import re
from collections.abc import Iterable

BYTE_ORDER_MARK = "\ufeff"
"""Without it a well-known spreadsheet reads a UTF-8 file as something else."""

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "−", "＝", "＋", "－", "＠")


_INSIDE = re.compile(r"(?<![;\s])([;\s]++)('*+)(?=[=+\-@|%−＝＋－＠])")
"""A gap before what begins like a formula; each gap is read once, however long it is."""
_NEW_CELL = frozenset(";\t\r\n")
"""Where a spreadsheet that parts cells by another sign, or lines by any, would see one begin."""


def neutral(text: str) -> str:
    """Return a text no spreadsheet takes for a formula: a quote goes before what could be one.

    A text that begins with such a quote gets another, so that reading gives back what was written.
    """
    safe = _INSIDE.sub(_with_one_quote, text)
    if safe[:1].isalnum():
        return safe
    return f"'{safe}" if _is_risky(safe) else safe


def as_csv(rows: Iterable[Iterable[str]]) -> str:
    """Return rows as a CSV file (RFC 4180), every cell of it neutral."""
    text = io.StringIO()
    text.write(BYTE_ORDER_MARK)
    csv.writer(text).writerows([neutral(cell) for cell in row] for row in rows)
    return text.getvalue()


def restored(text: str) -> str:
    """Return what `neutral` was given."""
    if "'" not in text:
        return text
    plain = text[1:] if text.startswith("'") and _is_risky(text) else text
    return _INSIDE.sub(_without_one_quote, plain)


def _with_one_quote(found: re.Match[str]) -> str:
    return f"{found[1]}'{found[2]}" if _NEW_CELL & set(found[1]) else found[0]


def _without_one_quote(found: re.Match[str]) -> str:
    return found[1] + found[2][1:] if _NEW_CELL & set(found[1]) else found[0]


def _is_risky(text: str) -> bool:
    bare = text.lstrip("'")
    return bare.startswith(_STARTS) or bare.lstrip().startswith(_STARTS)
