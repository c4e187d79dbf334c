"""Unicode's normal forms at a cost that grows with the text and no faster.

Marks on one letter are put in order by comparing them with each other: eighty thousand of them on
one letter took half a minute, in which nobody else was served. No writing has thirty (UAX 15,
"Stream-Safe Text Format"), so what stands beyond is left out.
"""

import unicodedata
from collections.abc import Iterator
from typing import Literal

MOST_MARKS = 30

Form = Literal["NFC", "NFD", "NFKC", "NFKD"]


def normal(form: Form, text: str) -> str:
    """Return a text in a normal form; of a row of marks no more than thirty are kept."""
    if text.isascii():
        return text
    return unicodedata.normalize(form, "".join(_calm(text)))


def _calm(text: str) -> Iterator[str]:
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= MOST_MARKS:
            yield char
