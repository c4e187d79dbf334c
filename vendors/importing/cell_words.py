"""Cells of closed lists: countries, people, units, states, decisions, factors, yes and no. Pure."""

from typing import TypeVar
from uuid import UUID

from vendors.importing.asked import Asked, Fault
from vendors.importing.fields import plain_words
from vendors.importing.outcome import ProblemKind
from vendors.importing.words import (
    DECISION_WORDS,
    NO,
    STATE_WORDS,
    UNKNOWN,
    YES,
    PastDecision,
    country_code,
)
from vendors.rules import VendorState

_Found = TypeVar("_Found")


def country(asked: Asked) -> object:
    """Return the code of a country; None when it says nothing. Raises Fault."""
    code = country_code(asked.text)
    if code is None and plain_words(asked.text) in UNKNOWN:
        return None
    return _meant(
        code,
        "a country, by name or two-letter code",
        "Choose the country meant, or leave the cell empty.",
    )


def owner(asked: Asked) -> UUID:
    """Return who of ours is named. Raises Fault."""
    found = asked.around.owners.get(" ".join(asked.text.split()).casefold())
    return _meant(
        found,
        "the mail address or name of somebody who works here",
        "Choose who owns these vendors. Somebody new is added under People first.",
    )


def unit(asked: Asked) -> UUID:
    """Return the business unit that is named. Raises Fault."""
    found = asked.around.units.get(" ".join(asked.text.split()).casefold())
    return _meant(
        found, "the name of a business unit", "Choose the unit meant, or leave the cell empty."
    )


def state(asked: Asked) -> VendorState:
    """Return the state that is meant. Raises Fault."""
    found = STATE_WORDS.get(plain_words(asked.text))
    return _meant(
        found,
        "a state such as onboarding, active, offboarding, ended or declined",
        "Choose the state meant, or leave the cell empty.",
    )


def decision(asked: Asked) -> PastDecision:
    """Return the decision that is meant. Raises Fault."""
    found = DECISION_WORDS.get(plain_words(asked.text))
    return _meant(
        found,
        "approved, approved with conditions, or rejected",
        "Choose the decision meant, or leave the cell empty.",
    )


def factor(asked: Asked) -> int:
    """Return the value of a factor. Raises Fault."""
    text = asked.text.strip().removesuffix(".0")
    return _meant(
        int(text) if text in {"0", "1", "2", "3", "4"} else None,
        "a whole number from 0 to 4",
        "Choose the value meant, or leave the cell empty: it is then not known yet.",
    )


def flag(asked: Asked) -> bool | None:
    """Return yes or no; None when nobody knows. Raises Fault."""
    word = plain_words(asked.text)
    if word in YES or asked.text.strip() in {"✓", "✔", "☑"}:
        return True
    if word in UNKNOWN:
        return None
    return _meant(
        False if word in NO else None,
        "yes or no",
        "Choose one, or leave the cell empty: it is then not known yet.",
    )


def _meant(found: _Found | None, expected: str, mend: str) -> _Found:
    """Return what a word was found to mean. Raises Fault for one that means nothing here."""
    if found is None:
        raise Fault(ProblemKind.UNKNOWN_WORD, expected, mend)
    return found
