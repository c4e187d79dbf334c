"""Leaving a contract: the day it ends once notice was given, and the end it came too late for."""

from dataclasses import dataclass, fields
from datetime import date, timedelta

from contracts.rules import notice_deadline, renewal_of


@dataclass(frozen=True, slots=True)
class Terms:
    """What the last day of a contract is counted from; notice in days, renewal in months."""

    starts_on: date | None
    ends_on: date | None
    notice_days: int | None
    auto_renews: bool
    renewal_months: int | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What notice given on a day does; `missed_on` is the end it came too late for."""

    leaves_on: date
    missed_on: date | None = None


def terms_of(stated: object) -> Terms:
    """Return the terms of a contract, or of the facts somebody typed about one."""
    return Terms(*(getattr(stated, field.name) for field in fields(Terms)))


def effect_of(terms: Terms, given_on: date) -> Effect | None:
    """Return what notice given on a day does; None where the terms do not tell.

    A contract without an end runs for the days of notice. One that renews itself runs to the
    first end this notice is in time for: after the last day to give notice, a term longer. One
    with a fixed end ends there, whenever notice is given before it.
    """
    if terms.ends_on is not None and not terms.auto_renews:
        return Effect(terms.ends_on) if given_on <= terms.ends_on else None
    if terms.notice_days is None:
        return None
    ahead = timedelta(days=terms.notice_days)
    if terms.ends_on is None:
        return Effect(given_on + ahead)
    in_time = notice_deadline(
        terms.ends_on,
        terms.notice_days,
        auto_renews=True,
        renewal_months=terms.renewal_months,
        today=given_on,
    )
    if in_time is None:
        return None
    renewal = renewal_of(terms.ends_on, terms.notice_days, terms.renewal_months, today=given_on)
    missed = renewal.on if renewal is not None and renewal.is_settled else None
    return Effect(in_time + ahead, missed)
