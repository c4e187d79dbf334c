"""Guessing which column fills which field, from the header and from a sample of cells. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from vendors.importing.dates import read_date
from vendors.importing.fields import SEVERAL, SYNONYMS, ImportField, plain_words
from vendors.importing.header import Header, data_rows, field_named
from vendors.importing.table import Sheet
from vendors.importing.words import country_code
from vendors.naming import domain_key

SAMPLE = 200
SHOWN = 3
Mapping = dict[int, ImportField]


class Confidence(StrEnum):
    """How sure a guessed column is."""

    SURE = "sure"
    LIKELY = "likely"
    GUESS = "guess"
    REMEMBERED = "remembered"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the list, with what we take it for."""

    place: int
    header: str
    samples: tuple[str, ...]
    filled: int
    field: ImportField | None
    confidence: Confidence


_MAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_URL = re.compile(r"^(https?://|www\.)\S+$|^[a-z0-9][a-z0-9.-]+\.[a-z]{2,12}/?$", re.IGNORECASE)
_LEI = re.compile(r"^[0-9A-Z]{18}\d\d$")


def guess_columns(sheet: Sheet, header: Header, remembered: Mapping | None = None) -> list[Column]:
    """Return every filled column with the field it most likely is; a field is taken once."""
    rows = data_rows(sheet, header)[:SAMPLE]
    cells = [[text for row in rows if (text := row.cell(i))] for i in range(sheet.width)]
    if remembered is not None:
        chosen = {i: (f, Confidence.REMEMBERED) for i, f in remembered.items()}
    else:
        chosen = _guess(header.names, cells)
    return [
        _column(i, header.names[i] if i < len(header.names) else "", cells[i], chosen.get(i))
        for i in range(sheet.width)
        if cells[i] or (i < len(header.names) and header.names[i])
    ]


def mapping_of(columns: Sequence[Column]) -> Mapping:
    """Return which column fills which field."""
    return {column.place: column.field for column in columns if column.field is not None}


Choice = tuple[ImportField, Confidence]


def _column(place: int, header: str, cells: list[str], choice: Choice | None) -> Column:
    field, confidence = choice or (None, Confidence.NONE)
    samples = tuple(dict.fromkeys(cells))[:SHOWN]
    return Column(place, header, samples, len(cells), field, confidence)


def _guess(names: Sequence[str], cells: list[list[str]]) -> dict[int, Choice]:
    offers: list[tuple[float, int, ImportField, Confidence]] = []
    for place, texts in enumerate(cells):
        header = names[place] if place < len(names) else ""
        offers += [(w, place, f, c) for w, f, c in _offers(header, texts)]
    found: dict[int, Choice] = {}
    taken: set[ImportField] = set()
    for _, place, field, confidence in sorted(offers, key=lambda one: (-one[0], one[1])):
        if place in found or (field in taken and field not in SEVERAL):
            continue
        found[place] = (field, confidence)
        taken.add(field)
    if ImportField.NAME not in taken:
        _take_first_as_name(found, cells)
    return found


def _offers(header: str, texts: list[str]) -> list[tuple[float, ImportField, Confidence]]:
    found = []
    outright = field_named(header)
    if outright is not None:
        misfit = _misfits(outright, texts)
        found.append((1.0 - misfit, outright, Confidence.LIKELY if misfit else Confidence.SURE))
    words = f" {plain_words(header)} "
    if outright is None and len(words) <= 80:
        partly = [(len(known), f) for known, f in SYNONYMS.items() if f" {known} " in words]
        if partly:
            length, field = max(partly, key=lambda one: one[0])
            if length >= 5 and not _misfits(field, texts):
                found.append((0.5 + length / 200, field, Confidence.LIKELY))
    if outright is None:
        found += [
            (0.3, field, Confidence.GUESS)
            for field, fits in _TELLING
            if texts and sum(map(fits, texts)) >= len(texts) * 0.7
        ]
    return found


def _misfits(field: ImportField, texts: list[str]) -> float:
    """Return how badly the cells fit the header: "Owner" full of web addresses is no owner."""
    fits = _CHECKS.get(field)
    if fits is None or not texts:
        return 0.0
    share = sum(map(fits, texts)) / len(texts)
    return 0.0 if share >= 0.5 else 0.35


def _take_first_as_name(found: dict[int, Choice], cells: list[list[str]]) -> None:
    for place, texts in enumerate(cells):
        if texts and place not in found and len(set(texts)) * 2 > len(texts):
            found[place] = (ImportField.NAME, Confidence.GUESS)
            return


def _is_mail(text: str) -> bool:
    return _MAIL.match(text) is not None


def _is_site(text: str) -> bool:
    return _URL.match(text) is not None and bool(domain_key(text))


def _is_country(text: str) -> bool:
    return country_code(text) is not None


def _is_date(text: str) -> bool:
    return read_date(text).is_date_like


_TELLING: tuple[tuple[ImportField, Callable[[str], bool]], ...] = (
    (ImportField.LEI, lambda text: _LEI.match(text) is not None),
    (ImportField.CONTACT_EMAIL, _is_mail),
    (ImportField.WEBSITE, _is_site),
    (ImportField.COUNTRY, _is_country),
)
_CHECKS: dict[ImportField, Callable[[str], bool]] = {
    ImportField.CONTACT_EMAIL: lambda text: "@" in text,
    ImportField.WEBSITE: lambda text: "." in text and " " not in text.strip(),
    ImportField.COUNTRY: _is_country,
    ImportField.DECIDED_ON: _is_date,
    ImportField.NEXT_REVIEW: _is_date,
}
