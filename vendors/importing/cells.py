"""Reading one cell as its field asks for it; a Fault says what was expected and how to mend it."""

import re
from collections.abc import Callable
from datetime import date

from foundation.errors import Refused
from foundation.idnumbers import is_lei
from identity.addresses import canonical
from vendors.importing import cell_words
from vendors.importing.asked import MOST_IN_LIST, SHORT, Asked, Fault, check_text
from vendors.importing.dates import read_date
from vendors.importing.fields import SHAPES, ImportField, Shape, plain_words
from vendors.importing.outcome import ProblemKind
from vendors.importing.words import UNKNOWN
from vendors.naming import name_key
from vendors.wording import LONGEST_NAME, LONGEST_TAG, checked_website


def read_cell(asked: Asked) -> object:
    """Return the value of a cell; None when it says nothing. Raises Fault."""
    shape = SHAPES[asked.field]
    check_text(asked, shape)
    if shape not in {Shape.TEXT, Shape.COUNTRY, Shape.FLAG} and plain_words(asked.text) in UNKNOWN:
        return None
    return _READERS[shape](asked)


def _text(asked: Asked) -> object:
    text = asked.text.strip()
    if asked.field in SHORT:
        text = " ".join(text.split())
    return text or None


def _name(asked: Asked) -> object:
    text = " ".join(asked.text.split())
    if not name_key(text):
        return None
    if not any(char.isalnum() for char in text):
        raise Fault(
            ProblemKind.BAD_VALUE,
            "a name with letters or digits",
            "Write the name as it stands on their letters.",
        )
    return text


def _list(asked: Asked) -> object:
    parts = [" ".join(part.split()) for part in _parts(asked)]
    longest = LONGEST_TAG if asked.field is ImportField.TAGS else LONGEST_NAME
    if any(len(part) > longest for part in parts) or len(parts) > MOST_IN_LIST:
        raise Fault(
            ProblemKind.TOO_LONG,
            f"at most {MOST_IN_LIST} of up to {longest} characters, with commas between them",
            "Shorten it.",
        )
    return tuple(dict.fromkeys(part for part in parts if part)) or None


def _parts(asked: Asked) -> list[str]:
    text = asked.text
    if asked.field is ImportField.TAGS:  # a tag holds no separator; a company's name may
        return re.split(r"[,;|\n]", text)
    for sign in ";|\n":
        if sign in text:
            return text.replace("\n", sign).split(sign)
    return text.split(",")


def _website(asked: Asked) -> object:
    try:
        return checked_website(asked.text) or None
    except Refused as refusal:
        raise Fault(ProblemKind.BAD_VALUE, "a web address", "Write it like acme.com.") from refusal


def _number(asked: Asked) -> object:
    text = " ".join(asked.text.split())
    if not any(char.isalnum() for char in text):
        return None
    if asked.field is ImportField.LEI and not is_lei(text):
        raise Fault(
            ProblemKind.BAD_VALUE,
            "an LEI of 20 letters and digits whose check digits are right",
            "Compare it with the LEI register, or leave the cell empty.",
        )
    return text


def _email(asked: Asked) -> object:
    try:
        return canonical(asked.text.removeprefix("mailto:"))
    except Refused as refusal:
        raise Fault(
            ProblemKind.BAD_VALUE, "a mail address", "Write it like vania@acme.example."
        ) from refusal


def _date(asked: Asked) -> date:
    read = read_date(asked.text, asked.order)
    if read.is_ambiguous:
        raise Fault(
            ProblemKind.AMBIGUOUS_DATE,
            "a date",
            "Day or month first? Say it once for the whole column.",
        )
    if read.on is None:
        expected = "a day that exists" if read.is_impossible else "a date"
        raise Fault(ProblemKind.BAD_DATE, expected, "Write it like 2026-03-31.")
    if asked.field is ImportField.DECIDED_ON and read.on > asked.around.today:
        raise Fault(
            ProblemKind.BAD_DATE, "a day that has passed", "Write the day it was decided on."
        )
    return read.on


_READERS: dict[Shape, Callable[[Asked], object]] = {
    Shape.TEXT: _text,
    Shape.NAME: _name,
    Shape.LIST: _list,
    Shape.WEBSITE: _website,
    Shape.COUNTRY: cell_words.country,
    Shape.OWNER: cell_words.owner,
    Shape.UNIT: cell_words.unit,
    Shape.NUMBER: _number,
    Shape.EMAIL: _email,
    Shape.STATE: cell_words.state,
    Shape.DECISION: cell_words.decision,
    Shape.DATE: _date,
    Shape.FACTOR: cell_words.factor,
    Shape.FLAG: cell_words.flag,
}
