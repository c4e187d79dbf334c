"""Numbers a company is registered under: their kinds, their checks and how they are shown."""

import re
from dataclasses import dataclass
from enum import StrEnum

from foundation.cards import find_card_number
from foundation.errors import Refused
from foundation.idnumbers import is_cnic, is_iban, is_lei, is_ntn, mask, normalised

LONGEST = 40
_DUNS = re.compile(r"[0-9]{9}")
_CNIC = re.compile(r"[0-9]{5}[-\u2010-\u2015][0-9]{7}[-\u2010-\u2015][0-9]")
"""An identity card as it is written; without dashes, thirteen digits are many things."""
_ANY = re.compile(r"[A-Z0-9/()#&:_]{3,40}")


class IdentifierKind(StrEnum):
    """What a number is given by: a register, a tax office, a bank."""

    REGISTRATION = "registration"
    TAX = "tax"
    LEI = "lei"
    DUNS = "duns"
    IBAN = "iban"


@dataclass(frozen=True, slots=True)
class Number:
    """A checked number: how it is compared, whether it is secret, and what a page prints."""

    kind: IdentifierKind
    value: str
    """Capitals, without spaces, dashes and dots."""
    is_secret: bool
    shown: str


def kind_of(typed: str) -> IdentifierKind:
    """Return what a number somebody typed without saying must be given by."""
    if is_iban(typed):
        return IdentifierKind.IBAN
    if is_lei(typed):
        return IdentifierKind.LEI
    return IdentifierKind.TAX if is_ntn(typed) or is_cnic(typed) else IdentifierKind.REGISTRATION


def checked_number(kind: IdentifierKind, typed: str) -> Number:
    """Return a number in the form it is kept in. Raises Refused, saying how it must look.

    Bank accounts and identity cards are secret: they are sealed and shown masked.
    """
    if find_card_number(typed) is not None and kind is not IdentifierKind.IBAN:
        raise Refused(
            "This looks like a card number. Duly never stores card numbers.", where="number"
        )
    sentence = _flaw(kind, normalised(typed.strip()))
    if sentence:
        raise Refused(sentence, where="number")
    return number_of(kind, typed)


def number_of(kind: IdentifierKind, typed: str) -> Number:
    """Return a number in the form it is kept in, unchecked: lists of others say what they say.

    Bank accounts and identity cards are secret whatever kind somebody calls them.
    """
    compact = normalised(typed.strip())
    is_card = is_cnic(compact) and (kind is IdentifierKind.TAX or bool(_CNIC.search(typed)))
    is_secret = kind is IdentifierKind.IBAN or is_iban(compact) or is_card
    return Number(kind, compact, is_secret, mask(compact) if is_secret else " ".join(typed.split()))


def _flaw(kind: IdentifierKind, compact: str) -> str:
    if not compact:
        return "Write the number."
    if kind is IdentifierKind.LEI and not is_lei(compact):
        return (
            "This is not an LEI: 20 letters and digits, the last two of which are check digits. "
            "Compare it with the register at gleif.org."
        )
    if kind is IdentifierKind.DUNS and not _DUNS.fullmatch(compact):
        return "A D-U-N-S number has nine digits, like 15-048-3782."
    if kind is IdentifierKind.IBAN and not is_iban(compact):
        return (
            "This is not an IBAN: its country, length or check digits do not fit. "
            "Copy it again from their invoice."
        )
    if not _ANY.fullmatch(compact):
        return (
            f"A number has 3 to {LONGEST} letters, digits and the signs / ( ) # & : _ . "
            "Remove what does not belong to it."
        )
    return ""
