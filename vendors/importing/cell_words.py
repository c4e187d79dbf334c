"""Cells of closed lists: countries, people, units, states, decisions, factors, yes and no. Pure."""

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


def country(asked: Asked) -> object:
    """Return the code of a country; None when it says nothing. Raises Fault."""
    code = country_code(asked.text)
    if code is None and plain_words(asked.text) in UNKNOWN:
        return None
    if code is None:
        raise Fault(
            ProblemKind.UNKNOWN_WORD,
            "a country, by name or two-letter code",
            "Choose the country meant, or leave the cell empty.",
        )
    return code


def owner(asked: Asked) -> UUID:
    """Return who of ours is named. Raises Fault."""
    found = asked.around.owners.get(" ".join(asked.text.split()).casefold())
    if found is None:
        raise Fault(
            ProblemKind.UNKNOWN_WORD,
            "the mail address or name of somebody who works here",
            "Choose who owns these vendors. Somebody new is added under People first.",
        )
    return found


def unit(asked: Asked) -> UUID:
    """Return the business unit that is named. Raises Fault."""
    found = asked.around.units.get(" ".join(asked.text.split()).casefold())
    if found is None:
        raise Fault(
            ProblemKind.UNKNOWN_WORD,
            "the name of a business unit",
            "Choose the unit meant, or leave the cell empty.",
        )
    return found


def state(asked: Asked) -> VendorState:
    """Return the state that is meant. Raises Fault."""
    found = STATE_WORDS.get(plain_words(asked.text))
    if found is None:
        raise Fault(
            ProblemKind.UNKNOWN_WORD,
            "a state such as onboarding, active, offboarding, ended or declined",
            "Choose the state meant, or leave the cell empty.",
        )
    return found


def decision(asked: Asked) -> PastDecision:
    """Return the decision that is meant. Raises Fault."""
    found = DECISION_WORDS.get(plain_words(asked.text))
    if found is None:
        raise Fault(
            ProblemKind.UNKNOWN_WORD,
            "approved, approved with conditions, or rejected",
            "Choose the decision meant, or leave the cell empty.",
        )
    return found


def factor(asked: Asked) -> int:
    """Return the value of a factor. Raises Fault."""
    text = asked.text.strip().removesuffix(".0")
    if text not in {"0", "1", "2", "3", "4"}:
        raise Fault(
            ProblemKind.UNKNOWN_WORD,
            "a whole number from 0 to 4",
            "Choose the value meant, or leave the cell empty: it is then not known yet.",
        )
    return int(text)


def flag(asked: Asked) -> bool | None:
    """Return yes or no; None when nobody knows. Raises Fault."""
    word = plain_words(asked.text)
    if word in YES or asked.text.strip() in {"✓", "✔", "☑"}:
        return True
    if word in UNKNOWN:
        return None
    if word in NO:
        return False
    raise Fault(
        ProblemKind.UNKNOWN_WORD,
        "yes or no",
        "Choose one, or leave the cell empty: it is then not known yet.",
    )
