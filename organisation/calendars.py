"""Public holidays of countries, proposed by the `holidays` library; a person accepts or edits."""

from collections.abc import Iterable

import holidays

from foundation.errors import Refused
from organisation.rules import FIRST_YEAR, LAST_YEAR, MOST_YEARS, Holiday


def has_calendar(country: str) -> bool:
    """Say whether public holidays of a country can be proposed."""
    return country in holidays.list_supported_countries(include_aliases=False)


def public_holidays(country: str, years: Iterable[int]) -> tuple[Holiday, ...]:
    """Return a country's public holidays; those that follow the moon are estimates.

    Raises Refused for an unknown country and for years outside of the calendar.
    """
    wanted = sorted(set(years))
    if not wanted or len(wanted) > MOST_YEARS or wanted[0] < FIRST_YEAR or wanted[-1] > LAST_YEAR:
        raise Refused(
            f"Choose 1 to {MOST_YEARS} years between {FIRST_YEAR} and {LAST_YEAR}.", where="years"
        )
    if not has_calendar(country):
        raise Refused(
            "There is no calendar of this country. Type its public holidays yourself.",
            where="country",
        )
    found = holidays.country_holidays(country, years=wanted, language="en_US")
    return tuple(Holiday(day, name) for day, name in sorted(found.items()))
