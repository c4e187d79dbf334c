"""Changing the settings: checked, as a new version, and never over somebody else's change."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from babel.numbers import is_currency
from sqlalchemy.orm import Session

from audit.actions import Actor
from foundation.errors import Conflict, Refused
from organisation.commands import DEFAULTS, set_up
from organisation.differences import Difference, differences
from organisation.models import OrganisationSettings
from organisation.queries import find_settings, find_version
from organisation.regimes import checked_regimes
from organisation.retention import checked_lengths
from organisation.rules import PageSize, SecondLanguage, checked_name, checked_weekend

CHANGED_MEANWHILE = (
    "Somebody else saved these settings while you had them open. Both are shown below; "
    "nothing of yours was stored yet. Save again to put yours in their place."
)


def change_settings(
    session: Session, values: Mapping[str, Any], *, based_on: int, by: Actor, at: datetime
) -> tuple[Difference, ...]:
    """Store a new version with these values and return what changed; nothing changed, no version.

    Raises Refused for a value that cannot stand, and Conflict when one of these fields was
    changed since the version `based_on`; another field that was changed meanwhile stays changed.
    """
    checked = checked_values(values)
    now = find_settings(session)
    before = values_of(now)
    if now is not None and now.number != based_on:
        seen = values_of(find_version(session, based_on))
        meanwhile = differences(seen, before)
        if any(changed.field in checked for changed in meanwhile):
            raise Conflict(CHANGED_MEANWHILE, theirs=before)
    changed = differences(before, checked)
    if changed:
        set_up(session, at=at, by=by, **{one.field: one.now for one in changed})
    return changed


def checked_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as they are stored. Raises Refused for one that cannot stand."""
    return {field: _CHECKS.get(field, _as_it_is)(value) for field, value in values.items()}


def values_of(settings: OrganisationSettings | None) -> dict[str, Any]:
    """Return every field of a version, or the defaults before the first one."""
    if settings is None:
        return dict(DEFAULTS)
    return {field: getattr(settings, field) for field in DEFAULTS}


@cache
def list_zones() -> tuple[str, ...]:
    """Return the time zones to choose from: continents and cities, and UTC."""
    unusual = ("Etc/", "posix/", "right/", "SystemV/", "US/")
    cities = {z for z in available_timezones() if "/" in z and not z.startswith(unusual)}
    return tuple(sorted(cities | {"UTC"}))


def checked_zone(typed: str) -> str:
    """Return a time zone of the list. Raises Refused for an abbreviation such as PKT."""
    known = {zone.casefold(): zone for zone in list_zones()}
    zone = known.get(typed.strip().replace(" ", "_").casefold())
    if zone is None:
        raise Refused(
            f"“{typed[:40]}” is no time zone of the list. Write continent and city, "
            "such as Asia/Karachi; abbreviations mean different things in different countries.",
            where="time_zone",
        )
    return zone


def checked_currency(typed: str) -> str:
    """Return a currency's code (ISO 4217). Raises Refused."""
    code = typed.strip().upper()
    if len(code) != 3 or not is_currency(code):
        raise Refused(
            f"“{typed[:20]}” is no currency code. Write three letters, such as PKR, USD or EUR.",
            where="currency",
        )
    return code


def _country(code: str) -> str:
    if len(code) != 2 or code not in Locale("en").territories:
        raise Refused("Choose a country of the list.", where="home_country")
    return code


def _one_of(kind: type[StrEnum], where: str) -> Callable[[str], str]:
    """Return a check that a value is one of a closed list."""

    def check(typed: str) -> str:
        if typed not in set(kind):
            raise Refused("Choose one of the list.", where=where)
        return kind(typed).value

    return check


def _as_it_is(value: object) -> object:
    return value


_CHECKS: Mapping[str, Callable[[Any], Any]] = {
    "name": lambda typed: checked_name(typed, "the organisation"),
    "home_country": _country,
    "time_zone": checked_zone,
    "currency": checked_currency,
    "weekend": checked_weekend,
    "regimes": checked_regimes,
    "retention_months": checked_lengths,
    "page_size": _one_of(PageSize, "page_size"),
    "second_language": _one_of(SecondLanguage, "second_language"),
}
