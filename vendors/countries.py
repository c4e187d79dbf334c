"""Countries: ISO 3166-1 codes for storing, names for reading."""

import re
from functools import lru_cache

from babel import Locale
from flask_babel import get_locale

_NO_COUNTRY = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})

_ALSO_CALLED = {
    "america": "US",
    "czech republic": "CZ",
    "england": "GB",
    "great britain": "GB",
    "holland": "NL",
    "hong kong": "HK",
    "ksa": "SA",
    "south korea": "KR",
    "turkey": "TR",
    "u.s.": "US",
    "u.s.a.": "US",
    "uae": "AE",
    "uk": "GB",
    "united states of america": "US",
    "usa": "US",
}
"""As sub-processor lists write them."""


def country_name(code: str) -> str:
    """Return the name of a country in the reader's language; other text as it is."""
    return str(_locale().territories.get(code, code))


def country_choices() -> list[tuple[str, str]]:
    """Return code and name of every country, by name in the reader's language."""
    return list(_sorted(str(_locale())))


def is_country(code: str) -> bool:
    """Say whether a code is one of the list."""
    return any(code == known for known, _ in _sorted("en"))


def countries_from(text: str) -> tuple[list[str], list[str]]:
    """Return the codes of countries written by code or name, and the words that name none."""
    known = _by_name(str(_locale())) | _by_name("en")
    words = [" ".join(word.split()) for word in re.split(r"[,;\n]", text)]
    codes: list[str] = []
    wrong: list[str] = []
    for word in filter(None, words):
        code = known.get(word.casefold().removeprefix("the "))
        (codes if code else wrong).append(code or word)
    return list(dict.fromkeys(codes)), wrong


@lru_cache
def _by_name(language: str) -> dict[str, str]:
    pairs = _sorted(language)
    return {
        **_ALSO_CALLED,
        **{name.casefold(): code for code, name in pairs},
        **{code.casefold(): code for code, _ in pairs},
    }


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
