"""Forms of importing: the file or the paste, the columns, and what was mended."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import Field, FileField, TextAreaField
from wtforms.validators import Length

from foundation.forms import BaseForm
from vendors.importing.dates import DateOrder
from vendors.importing.fields import SEVERAL, ImportField
from vendors.importing.outcome import Choices
from vendors.importing.table import LONGEST_CELL, kept

LONGEST_PASTE = 1_500_000
EMPTY = "-"
"""Sent by a list to say that the cell is to be read as empty."""
_ANSWER = re.compile(r"new|row:\d{1,7}|[0-9a-f-]{36}")


class ListForm(BaseForm):
    """A file with a list of vendors, or its rows pasted."""

    file = FileField(
        _l("File with your vendors"),
        description=_l(
            "XLSX, ODS, CSV or Markdown, at most 10 MB and 20,000 rows. It is read at once, "
            "and the columns are shown next."
        ),
    )
    pasted = TextAreaField(
        _l("Or paste the rows"),
        description=_l("Copy them in your spreadsheet, the header too, and paste them here."),
        validators=[Length(max=LONGEST_PASTE, message=_l("Choose a file for so long a list."))],
    )

    def _refuse_card_number(self, field: Field) -> bool:
        """Let it pass: reading takes card numbers out of the cells and names each of them."""
        del field
        return True


def mapping_from(form: Mapping[str, str]) -> tuple[dict[int, ImportField], list[str]]:
    """Return the columns as chosen, and a sentence for each thing that cannot be."""
    known = {which.value for which in ImportField}
    mapping = {
        int(name[7:]): ImportField(text)
        for name, text in form.items()
        if name.startswith("column-") and _is_place(name[7:]) and text in known
    }
    chosen = list(mapping.values())
    faults = []
    if ImportField.NAME not in chosen:
        faults.append(gettext("Say which column holds the company's name."))
    twice = {which for which in chosen if chosen.count(which) > 1 and which not in SEVERAL}
    if twice:
        faults.append(gettext("Only one column can fill each of the fields marked below."))
    return mapping, faults


def doubled(mapping: Mapping[int, ImportField]) -> frozenset[ImportField]:
    """Return the fields that two columns fill and only one may."""
    chosen = list(mapping.values())
    return frozenset(f for f in chosen if chosen.count(f) > 1 and f not in SEVERAL)


def number_from(form: Mapping[str, str], name: str, *, least: int, most: int, usual: int) -> int:
    """Return a whole number of a form within bounds; the usual one when it is none."""
    text = form.get(name, "")
    return min(max(int(text), least), most) if _is_place(text) else usual


def mended(choices: Choices, form: Mapping[str, str], ticked: Iterable[str]) -> Choices:
    """Return the choices with what a check page sent: words, cells, orders, answers, left out."""
    replaced, edits = dict(choices.replaced), dict(choices.edits)
    orders, same = dict(choices.orders), dict(choices.same)
    skipped = set(choices.skipped)
    for name, text in form.items():
        way, _, key = name.partition("-")
        places = [int(part) for part in key.split("-") if _is_place(part)]
        found = form.get(f"found-{key}", "")
        if way == "order" and len(places) == 1 and text in set(DateOrder):
            orders[places[0]] = DateOrder(text)
        elif way == "same" and len(places) == 1 and _ANSWER.fullmatch(text):
            same[places[0]] = text
        elif way == "cell" and len(places) == 2 and _is_answer(text, found):
            edits[places[0], places[1]] = _typed(text)
        elif way == "word" and len(places) > 1 and found and _is_answer(text, found):
            replaced[places[1], found.casefold()] = _typed(text)
    for text in ticked:
        skipped |= {int(part) for part in text.split(",") if _is_place(part)}
    return replace(
        choices,
        replaced=_settled(replaced),
        edits=edits,
        orders=orders,
        same=same,
        skipped=frozenset(skipped),
    )


def _is_place(text: str) -> bool:
    """Say whether this is the number of a row or column, and no page of digits."""
    return text.isdecimal() and len(text) < 9


def _is_answer(text: str, found: str) -> bool:
    return kept(text) != found


def _typed(text: str) -> str:
    return "" if text == EMPTY else kept(text[:LONGEST_CELL])


def _settled(replaced: dict[tuple[int, str], str]) -> dict[tuple[int, str], str]:
    """Let what replaces a replacement replace the first text: cells are looked up once."""
    return {
        (column, text): replaced.get((column, to.casefold()), to)
        for (column, text), to in replaced.items()
    }
