"""Facts in words: what a condition asks for, and what the exposure says."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from questionnaires.conditions import Touches
from questionnaires.facts import Fact, is_known, level_of
from vendors.tier_model import MEANINGS, WORST, Factor
from vendors.tiering import Exposure

_NO_OR_YES: Mapping[Fact, tuple[Any, Any]] = {
    Fact.CARDS: (_l("no card data comes into it"), _l("card data comes into it")),
    Fact.ACCOUNT_DATA: (
        _l("no card numbers reach the vendor"),
        _l("card numbers reach the vendor"),
    ),
    Fact.CDE: (
        _l("the vendor cannot affect our card systems"),
        _l("the vendor can affect our card systems"),
    ),
    Fact.CRITICAL_FUNCTION: (
        _l("no critical function depends on it"),
        _l("a critical function depends on it"),
    ),
}


def asked_for(part: Touches, *, is_denied: bool = False) -> str:
    """Return what a condition asks of a fact, or that it asks for the contrary."""
    if not part.fact.is_level:
        return str(_NO_OR_YES[part.fact][not is_denied])
    meaning = _meaning(part.fact, part.at_least)
    if is_denied:
        return str(_("not (%(meaning)s or more)", meaning=meaning))
    return meaning if part.at_least == WORST else str(_("%(meaning)s or more", meaning=meaning))


def said_of(fact: Fact, exposure: Exposure) -> str:
    """Return what the exposure says of a fact."""
    level = level_of(fact, exposure)
    words = _meaning(fact, level) if fact.is_level else str(_NO_OR_YES[fact][level])
    if is_known(fact, exposure):
        return words
    return str(_("%(fact)s (not known yet, so the worst case counts)", fact=words))


def intake_says(facts: Iterable[Fact], exposure: Exposure) -> str:
    """Quote the intake on these facts as it is now."""
    return str(_("The intake says: %(facts)s.", facts=_quoted(facts, exposure)))


def intake_said(facts: Iterable[Fact], exposure: Exposure) -> str:
    """Quote the intake on these facts as it was when something was sent."""
    return str(_("At sending the intake said: %(facts)s.", facts=_quoted(facts, exposure)))


def intake_now_says(facts: Iterable[Fact], exposure: Exposure) -> str:
    """Quote the intake on these facts where it is not what it was at sending."""
    return str(_("The intake now says: %(facts)s.", facts=_quoted(facts, exposure)))


def _quoted(facts: Iterable[Fact], exposure: Exposure) -> str:
    return ", ".join(said_of(fact, exposure) for fact in facts)


def _meaning(fact: Fact, level: int) -> str:
    return str(_("the service %(meaning)s", meaning=MEANINGS[Factor(fact.value)][level]))
