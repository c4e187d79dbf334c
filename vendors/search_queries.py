"""The one question the full-text index is asked, on either database."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, cast, column, func, literal_column, select, table, tuple_, union
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import Subquery

from foundation import vault
from foundation.idnumbers import normalised
from vendors.models import VendorIdentifier
from vendors.search_models import VendorIndex
from vendors.search_words import asked_words

MOST_CANDIDATES = 500
"""Matches that are looked at; whoever finds more is asked for another word."""

NUMBER_KINDS = ("registration", "tax", "lei", "duns", "iban")
"""Kinds of identifiers; each is found by the whole number, sealed or not."""

_SHORTEST_NUMBER = 5
_FULL_TEXT = table("vendor_index_fts", column("rowid"))


def candidates(session: Session, text: str) -> Subquery:
    """Return the vendors that hold every word of a text; its last word may be a beginning.

    Whoever may see them is not asked here: join it with visible_vendors. No sign in the text is
    an operator, since only letters and digits are left of it.
    """
    words = asked_words(text)
    found = _holding(session, words).limit(MOST_CANDIDATES) if words else _nothing()
    number = normalised(text)
    if len(number) < _SHORTEST_NUMBER or not any(char.isdigit() for char in number):
        return found.subquery("candidates")
    return union(select(found.subquery()), _numbered(number)).subquery("candidates")


def many_more(session: Session, text: str) -> Select[UUID]:
    """Return a statement that has a row when more vendors match than are looked at."""
    words = asked_words(text)
    found = _holding(session, words) if words else _nothing()
    return found.offset(MOST_CANDIDATES).limit(1)


def _holding(session: Session, words: tuple[str, ...]) -> Select[UUID]:
    *whole, last = words
    if session.get_bind().dialect.name == "sqlite":
        asked = " ".join([f'"{word}"' for word in whole] + [f'"{last}"*'])
        matches: Any = literal_column("vendor_index_fts").op("MATCH")(asked)
        joined = _FULL_TEXT.join(VendorIndex, VendorIndex.number == _FULL_TEXT.c.rowid)
        return select(VendorIndex.vendor_id).select_from(joined).where(matches)
    asked = " & ".join([f"'{word}'" for word in whole] + [f"'{last}':*"])
    kept: Any = func.array_to_tsvector(
        func.string_to_array(VendorIndex.words, literal_column("' '"))
    )
    return select(VendorIndex.vendor_id).where(kept.op("@@")(cast(asked, TSQUERY)))


def _nothing() -> Select[UUID]:
    return select(VendorIndex.vendor_id).where(VendorIndex.number < 0)


def _numbered(number: str) -> Select[UUID]:
    known = [(kind, each) for kind in NUMBER_KINDS for each in vault.blind_indexes(kind, number)]
    place = tuple_(VendorIdentifier.kind, VendorIdentifier.value_index)
    return select(VendorIdentifier.vendor_id).where(place.in_(known))
