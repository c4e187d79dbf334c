"""What settings read like: fields and values in words, and what two versions differ in."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from foundation.jinja import day
from foundation.labels import label
from operations.settings_forms import WEEKDAYS
from organisation.differences import Difference
from organisation.regimes import BY_CODE
from organisation.rules import PageSize, RegimeStatus, SecondLanguage
from reviews.finding_deadlines import table_of
from reviews.rules import Severity
from vendors.countries import country_name

FIELDS: Mapping[str, Any] = {
    "name": _l("Name of the organisation"),
    "home_country": _l("Home country"),
    "time_zone": _l("Time zone"),
    "currency": _l("Currency"),
    "weekend": _l("Week-end"),
    "holidays": _l("Holidays"),
    "regimes": _l("Regimes"),
    "regime_facts": _l("Status of regimes"),
    "thresholds": _l("Days to mend a finding"),
    "retention_months": _l("Retention"),
    "page_size": _l("Page size of reports"),
    "second_language": _l("Second summary in reports"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One field that differs, in words."""

    field: str
    was: str
    now: str


def lines_of(changed: Iterable[Difference]) -> list[Line]:
    """Return differences in words; of long lists only what came and went."""
    return [_line(one) for one in changed]


def fields_in_words(changed: Iterable[Difference]) -> str:
    """Return the names of the fields that differ."""
    return ", ".join(str(FIELDS[one.field]) for one in changed)


def _line(one: Difference) -> Line:
    words = str(FIELDS[one.field])
    if one.field == "holidays":
        return Line(words, _days(one.removed), _days(one.added))
    if one.field == "thresholds":
        return Line(words, *_deadlines(one.was, one.now))
    say = _WORDS.get(one.field, str)
    return Line(words, say(one.was), say(one.now))


def _days(holidays: list[str]) -> str:
    return "; ".join(f"{day(date.fromisoformat(one[:10]))} {one[11:]}".strip() for one in holidays)


def _weekend(days: list[int]) -> str:
    names = {int(number): str(name) for number, name in WEEKDAYS}
    return ", ".join(names[one] for one in days) or _("No day")


def _regimes(codes: list[str]) -> str:
    return ", ".join(BY_CODE[code].name if code in BY_CODE else code for code in codes)


def _facts(facts: Mapping[str, Any]) -> str:
    return "; ".join(_fact(code, fact) for code, fact in facts.items())


def _fact(code: str, fact: Mapping[str, Any]) -> str:
    text = f"{_regimes([code])}: {label(RegimeStatus(fact['status']))}"
    since = fact.get("in_force_on")
    return f"{text} ({day(date.fromisoformat(since))})" if since else text


def _deadlines(was: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, str]:
    """Return the cells of the table that differ, before and after."""
    before, after = table_of(was), table_of(now)
    texts: tuple[list[str], list[str]] = ([], [])
    for tier, (place, severity) in product(before, enumerate(Severity)):
        if before[tier][place] != after[tier][place]:
            name = _("Tier %(tier)s, %(severity)s", tier=tier, severity=label(severity))
            texts[0].append(f"{name}: {_n_days(before[tier][place])}")
            texts[1].append(f"{name}: {_n_days(after[tier][place])}")
    return "; ".join(texts[0]), "; ".join(texts[1])


def _n_days(count: int | None) -> str:
    return str(_("no date") if count is None else ngettext("%(num)d day", "%(num)d days", count))


_WORDS: Mapping[str, Callable[[Any], str]] = {
    "home_country": country_name,
    "weekend": _weekend,
    "regimes": _regimes,
    "regime_facts": _facts,
    "page_size": lambda value: label(PageSize(value)),
    "second_language": lambda value: label(SecondLanguage(value)),
}
