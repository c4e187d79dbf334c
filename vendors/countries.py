"""Countries: ISO 3166-1 codes for storing, names for reading."""

from functools import lru_cache

from babel import Locale
from flask_babel import get_locale

_NO_COUNTRY = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})


def country_name(code: str) -> str:
    """Return the name of a country in the reader's language; other text as it is."""
    return str(_locale().territories.get(code, code))


def country_choices() -> list[tuple[str, str]]:
    """Return code and name of every country, by name in the reader's language."""
    return list(_sorted(str(_locale())))


def is_country(code: str) -> bool:
    """Say whether a code is one of the list."""
    return any(code == known for known, _ in _sorted("en"))


@lru_cache
def _sorted(language: str) -> tuple[tuple[str, str], ...]:
    territories = Locale.parse(language).territories
    found = [
        (code, str(name))
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY
    ]
    return tuple(sorted(found, key=lambda one: one[1].casefold()))


def _locale() -> Locale:
    return get_locale() or Locale("en")
