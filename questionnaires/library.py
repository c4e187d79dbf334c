"""The questionnaires that come with the product, in our own words."""

from functools import cache

from questionnaires import bank
from questionnaires.bank import LIBRARY, TIERS
from questionnaires.formats import read
from questionnaires.nodes import Questionnaire

CODES = (*(f"tier{tier}" for tier in TIERS), "tier4")


@cache
def load_all() -> tuple[Questionnaire, ...]:
    """Return every shipped questionnaire, tier 1 first; ValueError when one has a fault."""
    return tuple(_load(code) for code in CODES)


def load(code: str) -> Questionnaire | None:
    """Return the shipped questionnaire with this code, or None."""
    return next((each for each in load_all() if each.code == code), None)


def file_of(code: str) -> tuple[bytes, str] | None:
    """Return the file of a shipped questionnaire and its name, or None."""
    return (_payload(code), f"{code}.yaml") if code in CODES else None


def _payload(code: str) -> bytes:
    path = LIBRARY / f"{code}.yaml"
    return path.read_bytes() if path.exists() else bank.file_for(int(code.removeprefix("tier")))


def _load(code: str) -> Questionnaire:
    outcome = read(_payload(code), f"{code}.yaml")
    if outcome.questionnaire is None or outcome.problems:
        said = "; ".join(f"{each.where}: {each.what} {each.fix}" for each in outcome.problems)
        raise ValueError(f"The shipped questionnaire {code} has a fault. {said}")
    return outcome.questionnaire
