"""Passwords that everybody tries first: the words they are made of, and the hundred thousand.

The hundred thousand are kept as the first four bytes of the SHA-256 of each, sorted: enough to
know one when it is typed, and nothing to read. See docs/decisions/0022.
"""

import hashlib
import sys
from array import array
from bisect import bisect_left
from functools import cache
from pathlib import Path

COMMON = frozenset(
    """
    password passw0rd pa55word p@ssword p@ssw0rd letmein welcome iloveyou trustno1 monkey dragon
    football baseball superman batman princess sunshine master shadow starwars whatever
    qwerty qwertyuiop asdfghjkl zxcvbnm qazwsx 1qaz2wsx 1q2w3e4r q1w2e3r4 azerty
    abc123 abcdefghijkl administrator admin changeme secret default guest login access
    pakistan zindabad karachi lahore islamabad allah bismillah muhammad
    correcthorsebatterystaple summer winter spring autumn january
    """.split()  # noqa: SIM905  a list of words reads better as text
)
RUNS = (
    "01234567890123456789",
    "98765432109876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
)
"""Keys and letters in a row."""
MARK_BYTES = 4
"""One of 40,000 other passwords is taken for a common one, and another is chosen."""


def is_listed(word: str) -> bool:
    """Return whether a case-folded word is among the hundred thousand."""
    marks, mark = _marks(), _mark_of(word)
    place = bisect_left(marks, mark)
    return place < len(marks) and marks[place] == mark


def count() -> int:
    """Return how many are known."""
    return len(_marks())


def _mark_of(word: str) -> int:
    return int.from_bytes(hashlib.sha256(word.encode()).digest()[:MARK_BYTES], "big")


@cache
def _marks() -> "array[int]":
    marks = array("I", Path(__file__).with_suffix(".bin").read_bytes())
    if sys.byteorder == "little":
        marks.byteswap()
    return marks
