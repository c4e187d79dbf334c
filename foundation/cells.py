"""Cells on their way out and back: no spreadsheet may take them for a formula. Pure."""

import csv
import io
from collections.abc import Iterable

BYTE_ORDER_MARK = "\ufeff"
"""Without it a well-known spreadsheet reads a UTF-8 file as something else."""

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "−", "＝", "＋", "－", "＠")


def neutral(text: str) -> str:
    """Return a text no spreadsheet takes for a formula: a quote goes before what could be one.

    A text that begins with such a quote gets another, so that reading gives back what was written.
    """
    if text[:1].isalnum():
        return text
    return f"'{text}" if _is_risky(text) else text


def as_csv(rows: Iterable[Iterable[str]]) -> str:
    """Return rows as a CSV file (RFC 4180), every cell of it neutral."""
    text = io.StringIO()
    text.write(BYTE_ORDER_MARK)
    csv.writer(text).writerows([neutral(cell) for cell in row] for row in rows)
    return text.getvalue()


def restored(text: str) -> str:
    """Return what `neutral` was given."""
    return text[1:] if text.startswith("'") and _is_risky(text) else text


def _is_risky(text: str) -> bool:
    bare = text.lstrip("'")
    return bare.startswith(_STARTS) or bare.lstrip().startswith(_STARTS)
