"""Templates: strict about the undefined, filters for dates and numbers."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import dates
from flask import Flask, g
from flask_babel import Babel, format_date, gettext
from jinja2 import StrictUndefined
from markupsafe import Markup

from foundation import labels, translations
from foundation.csrf import csrf_field, csrf_token
from foundation.dates import day_in, zone_name
from foundation.idempotency import once_field

NOTHING = "–"


def install(app: Flask) -> None:
    """Set the template environment up."""
    app.jinja_options = {**app.jinja_options, "undefined": StrictUndefined}
    Babel(app, default_locale="en")
    translations.install(app)
    environment = app.jinja_env
    environment.trim_blocks = True
    environment.lstrip_blocks = True
    environment.filters.update(
        label=labels.label,
        tone=labels.tone,
        day=day,
        moment=moment,
        month=month,
        paragraphs=paragraphs,
        score=score,
        size=size,
        weekday=weekday,
    )
    environment.globals.update(csrf_field=csrf_field, csrf_token=csrf_token, once_field=once_field)


def day(value: date | None) -> str:
    """Write a date as 18 December 2026; nothing known is a dash.

    A moment is written as its day for everybody, in the zone in which days are counted.
    """
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        value = day_in(value, g.get("zone_of_days", "UTC"))
    return _day_in(translations.language(), value)


@lru_cache(maxsize=4096)
def _day_in(language: Any, value: date) -> str:  # noqa: ANN401  flask_babel is not typed
    """Write a day in a language; a list says the same few days again and again."""
    return dates.format_date(value, "d MMMM y", locale=language or "en")


def month(value: date) -> str:
    """Write the month of a date as December 2026."""
    return str(format_date(value, "MMMM y"))


def weekday(value: date, short: bool = False) -> str:
    """Write the day of the week as Friday, or as Fri."""
    return str(format_date(value, "EEE" if short else "EEEE"))


def moment(value: datetime | None) -> str:
    """Write a moment in the reader's zone, with the zone named."""
    if value is None:
        return NOTHING
    zone = g.get("time_zone", "UTC")
    local = value.astimezone(ZoneInfo(zone))
    return f"{day(day_in(value, zone))}, {local:%H:%M} {zone_name(local)}"


def score(value: float | Decimal | None) -> str:
    """Write a number with one decimal; an unknown one in words, never as a number."""
    return gettext("not scored") if value is None else f"{value:.1f}"


def size(value: int) -> str:
    """Write a number of bytes for people."""
    if value < 1000:
        return f"{value} B"
    if value < 1_000_000:
        return f"{value / 1000:.0f} kB"
    return f"{value / 1_000_000:.1f} MB"


def paragraphs(text: str) -> Markup:
    """Write plain text as paragraphs, escaped."""
    parts = [part for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]
    return Markup("").join(Markup("<p dir=auto>{}</p>").format(part) for part in parts)
