"""Words of closed lists as people write them: countries, states, decisions, yes and no. Pure."""

import re
from enum import StrEnum
from functools import lru_cache

from babel import Locale

from vendors.importing.fields import plain_words
from vendors.rules import VendorState


class PastDecision(StrEnum):
    """How a decision made before Duly ended."""

    APPROVED = "approved"
    WITH_CONDITIONS = "with_conditions"
    REJECTED = "rejected"


_NO_COUNTRY = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})
_OTHER_COUNTRY_WORDS = {
    "usa": "US", "u s a": "US", "u s": "US", "united states of america": "US", "america": "US",
    "uk": "GB", "u k": "GB", "great britain": "GB", "england": "GB", "scotland": "GB",
    "wales": "GB", "northern ireland": "GB", "britain": "GB", "uae": "AE", "u a e": "AE",
    "emirates": "AE", "ksa": "SA", "holland": "NL", "the netherlands": "NL",
    "korea": "KR", "republic of korea": "KR", "russian federation": "RU", "viet nam": "VN",
    "czech republic": "CZ", "hong kong": "HK", "macau": "MO", "ivory coast": "CI",
    "turkey": "TR", "turkiye": "TR", "burma": "MM", "pakistan islamic republic": "PK",
    "islamic republic of pakistan": "PK", "deutschland": "DE", "espana": "ES", "italia": "IT",
    "schweiz": "CH", "suisse": "CH", "osterreich": "AT", "republic of ireland": "IE",
    "eire": "IE", "peoples republic of china": "CN", "prc": "CN", "mainland china": "CN",
    "taiwan": "TW", "republic of singapore": "SG", "s pore": "SG", "brasil": "BR",
}  # fmt: skip

_THREE_LETTERS = {"USA": "US", "GBR": "GB", "DEU": "DE", "FRA": "FR", "PAK": "PK", "IND": "IN",
    "ARE": "AE", "SAU": "SA", "NLD": "NL", "IRL": "IE", "SGP": "SG", "CHN": "CN",
    "JPN": "JP", "CAN": "CA", "AUS": "AU", "ESP": "ES", "ITA": "IT", "CHE": "CH",
    "SWE": "SE", "NOR": "NO", "DNK": "DK", "FIN": "FI", "POL": "PL", "TUR": "TR",
    "EST": "EE", "LTU": "LT", "LVA": "LV", "CZE": "CZ", "AUT": "AT", "BEL": "BE",
    "PRT": "PT", "BRA": "BR", "MEX": "MX", "ZAF": "ZA", "LUX": "LU", "ISR": "IL",
    "KOR": "KR", "HKG": "HK", "MYS": "MY", "BGD": "BD", "LKA": "LK"}  # fmt: skip

_STATES = {
    VendorState.ONBOARDING: "onboarding, new, pending, prospect, proposed, requested, draft, "
    "in review, under review, in progress, not started, planned, due diligence, candidate, "
    "in due diligence, awaiting approval, under evaluation, evaluation",
    VendorState.ACTIVE: "active, live, current, in use, ongoing, production, approved, yes, y, "
    "in production, contracted, engaged, running, operational, onboarded, existing, true",
    VendorState.OFFBOARDING: "offboarding, off boarding, leaving, terminating, exiting, exit, "
    "being terminated, phasing out, to be terminated, notice given, winding down",
    VendorState.ENDED: "ended, inactive, terminated, closed, former, expired, cancelled, canceled, "
    "archived, offboarded, off boarded, retired, dormant, no, n, no longer used, not in use, "
    "not active, past, disabled, false",
    VendorState.DECLINED: "declined, rejected, refused, blocked, not approved, blacklisted, "
    "denied, do not use",
}
_DECISIONS = {
    PastDecision.APPROVED: "approved, accepted, approve, ok, okay, pass, passed, yes, y, cleared, "
    "satisfactory, green, approved without conditions, acceptable, compliant, successful, "
    "signed off, true",
    PastDecision.WITH_CONDITIONS: "with conditions, conditional, approved with conditions, "
    "conditionally approved, approved conditionally, conditions, accepted with conditions, "
    "conditional approval, amber, pass with conditions, approved with remarks, "
    "partially approved, approved subject to conditions, provisional, provisionally approved",
    PastDecision.REJECTED: "rejected, declined, reject, refused, fail, failed, no, n, denied, "
    "not approved, unsatisfactory, red, not acceptable, non compliant, disapproved, false",
}
YES = frozenset({"yes", "y", "true", "1", "x", "t", "ja", "oui", "si", "ہاں"})
NO = frozenset({"no", "n", "false", "0", "f", "nein", "non", "نہیں"})
UNKNOWN = frozenset({"", "n a", "na", "unknown", "tbd", "tbc", "not known", "not known yet",
                     "none", "null", "nil", "not applicable", "to be confirmed"})  # fmt: skip
"""Words that say that nothing is known; a sign alone, such as "-" or "?", comes to "" too."""


@lru_cache(maxsize=4096)
def country_code(text: str) -> str | None:
    """Return the ISO 3166-1 code of a country written as code or name, or None."""
    code = text.strip().upper()
    countries = _countries()
    if code in countries.values() and len(code) == 2:
        return code
    plain = plain_words(text)
    return countries.get(plain) or countries.get(plain.removeprefix("the "))


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in ("en", "de", "fr", "es", "ur", "ar"):
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY:
                found.setdefault(plain_words(str(name)), code)
                found.setdefault(plain_words(re.sub(r"\(.*?\)", "", str(name))), code)
    found.update({plain_words(long): short for long, short in _THREE_LETTERS.items()})
    found.update(_OTHER_COUNTRY_WORDS)
    return found


STATE_WORDS = {
    word.strip(): member for member, words in _STATES.items() for word in words.split(",")
}
DECISION_WORDS = {
    word.strip(): member for member, words in _DECISIONS.items() for word in words.split(",")
}
