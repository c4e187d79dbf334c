"""Guessing which column fills which field, from the header and from a sample of cells. Pure."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

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


@dataclass(frozen=True, slots=True)
class Remembered:
    """How the columns of the last list with the same header were chosen, when, and by whom."""

    mapping: Mapping
    at: datetime
    by_id: UUID | None
    """None where that was not kept yet."""


_MAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_MAIL_WORDS = frozenset({"mail", "email", "mails", "emails", "address", "addresses"})
_URL = re.compile(r"^(https?://|www\.)\S+$|^[a-z0-9][a-z0-9.-]+\.[a-z]{2,12}/?$", re.IGNORECASE)
_LEI = re.compile(r"^[0-9A-Z]{18}\d\d$")


def guess_columns(
    sheet: Sheet,
    header: Header,
    remembered: Remembered | None = None,
    *,
    colleagues: Collection[str] = (),
) -> list[Column]:
    """Return every filled column with the field it most likely is; a field is taken once.

    `colleagues` are names and mail addresses of our staff in lower case: a column of them says
    who of ours owns a vendor.
    """
    rows = data_rows(sheet, header)[:SAMPLE]
    cells = [[text for row in rows if (text := row.cell(i))] for i in range(sheet.width)]
    if remembered is not None:
        told = remembered.mapping
        chosen = {i: (told.get(i), Confidence.REMEMBERED) for i in range(sheet.width)}
    else:
        chosen = _guess(header.names, cells, colleagues)
    return [
        _column(i, header.names[i] if i < len(header.names) else "", cells[i], chosen.get(i))
        for i in range(sheet.width)
        if cells[i] or (i < len(header.names) and header.names[i])
    ]


def mapping_of(columns: Sequence[Column]) -> Mapping:
    """Return which column fills which field."""
    return {column.place: column.field for column in columns if column.field is not None}


F = ImportField
Offer = tuple[float, ImportField, Confidence]
Choice = tuple[ImportField | None, Confidence]


def _column(place: int, header: str, cells: list[str], choice: Choice | None) -> Column:
    field, confidence = choice or (None, Confidence.NONE)
    samples = tuple(dict.fromkeys(cells))[:SHOWN]
    return Column(place, header, samples, len(cells), field, confidence)


def _guess(
    names: Sequence[str], cells: list[list[str]], colleagues: Collection[str]
) -> dict[int, Choice]:
    offers: list[tuple[float, int, ImportField, Confidence]] = []
    for place, texts in enumerate(cells):
        header = names[place] if place < len(names) else ""
        offered = _told_by_cells(_offers(header, texts), header, texts, colleagues)
        offers += [(w, place, f, c) for w, f, c in offered]
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


def _offers(header: str, texts: list[str]) -> list[Offer]:
    found: list[Offer] = []
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


def _told_by_cells(
    offers: list[Offer], header: str, texts: list[str], colleagues: Collection[str]
) -> list[Offer]:
    """Let cells overrule a header: a column of addresses holds addresses, whatever it is called.

    Those of colleagues name the owner, all others the contact.
    """
    outright = field_named(header)
    named = {field for _, field, _ in offers}
    of_ours = sum(" ".join(text.split()).casefold() in colleagues for text in texts)
    is_open = outright in {None, ImportField.CONTACT_EMAIL, ImportField.CONTACT_NAME}
    if texts and is_open and F.DECIDED_BY not in named and of_ours >= len(texts) * 0.7:
        return [(0.7, ImportField.OWNER, Confidence.LIKELY)]
    is_mail = bool(texts) and sum(map(_is_mail, texts)) >= len(texts) * 0.9
    if not is_mail or named & {F.OWNER, F.DECIDED_BY, F.CONTACT_EMAIL, F.NOTES}:
        return _with_mail_words(offers, header, texts)
    return [(0.65, ImportField.CONTACT_EMAIL, Confidence.LIKELY)]


def _with_mail_words(offers: list[Offer], header: str, texts: list[str]) -> list[Offer]:
    """Take a header that speaks of mail for the contact's, unless its cells say otherwise."""
    if offers or not set(plain_words(header).split()) & _MAIL_WORDS:
        return offers
    if not texts or _misfits(ImportField.CONTACT_EMAIL, texts):
        return offers
    return [(0.5, ImportField.CONTACT_EMAIL, Confidence.LIKELY)]


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
