"""Reading the organisation."""

from datetime import date, datetime

from sqlalchemy import ScalarSelect, event, select
from sqlalchemy.orm import Session, UOWTransaction

from foundation import clock
from foundation.dates import day_in
from organisation.models import (
    BusinessFunction,
    BusinessUnit,
    LegalEntity,
    OrganisationSettings,
)
from organisation.rules import PageSize, SecondLanguage
from organisation.working_days import Calendar, calendar_of

MOST_VERSIONS = 100
LARGEST_NUMBER = 2**31 - 1
_IN_FORCE = "organisation settings in force"
_ZONE = "zone of our days"
_NEWEST = select(OrganisationSettings).order_by(OrganisationSettings.number.desc()).limit(1)


def find_settings(session: Session) -> OrganisationSettings | None:
    """Return the settings in force, or None before the first set-up; read once a transaction."""
    if _IN_FORCE not in session.info:
        session.info[_IN_FORCE] = session.scalars(_NEWEST).first()
    return known_settings(session)


def known_settings(session: Session) -> OrganisationSettings | None:
    """Return the settings this transaction has read already, without a statement."""
    known: OrganisationSettings | None = session.info.get(_IN_FORCE)
    return known


@event.listens_for(Session, "after_flush")
def _forget_older(session: Session, context: UOWTransaction) -> None:
    """Read again after a new version was stored; a stored version never changes."""
    del context
    if any(isinstance(each, OrganisationSettings) for each in session.new):
        _forget(session)


@event.listens_for(Session, "after_commit")
@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_IN_FORCE, None)
    session.info.pop(_ZONE, None)


def calendar_of_organisation(session: Session) -> Calendar:
    """Return which days count as working days with us."""
    found = find_settings(session)
    return calendar_of(found.weekend, found.holidays) if found else Calendar()


def name_of_organisation(session: Session) -> str:
    """Return the organisation's name as vendors read it."""
    found = find_settings(session)
    return found.name if found else "Your organisation"


def time_zone_of_organisation(session: Session) -> str:
    """Return the zone in which our days begin and end; no statement where the door has read it."""
    if known_settings(session) is None and _ZONE in session.info:
        told: str = session.info[_ZONE]
        return told
    found = find_settings(session)
    return found.time_zone if found else "UTC"


def zone_as_known(zone: str | None) -> dict[str, str]:
    """Return what a door has learnt of our zone, for the session of its request."""
    return {_ZONE: zone or "UTC"}


def day_of(session: Session, at: datetime) -> date:
    """Return the day a moment falls on with us: the one day that is stored, compared and printed.

    One statement for each transaction, and none when the settings were read in it already.
    """
    return day_in(at, time_zone_of_organisation(session))


def today_of(session: Session) -> date:
    """Return the day it is with us."""
    return day_of(session, clock.now())


def page_size_of_reports(session: Session) -> PageSize:
    """Return what reports are printed on."""
    found = find_settings(session)
    return PageSize(found.page_size) if found else PageSize.A4


def second_language_of_reports(session: Session) -> SecondLanguage:
    """Return the language of a second summary in reports."""
    found = find_settings(session)
    return SecondLanguage(found.second_language) if found else SecondLanguage.NONE


def zone_in_force() -> ScalarSelect[str]:
    """Return the choice of the same zone, for use inside another query."""
    newest = select(OrganisationSettings.time_zone).order_by(OrganisationSettings.number.desc())
    return newest.limit(1).scalar_subquery()


def find_version(session: Session, number: int) -> OrganisationSettings | None:
    """Return one version of the settings, or None."""
    if not 0 < number <= LARGEST_NUMBER:
        return None
    chosen = select(OrganisationSettings).where(OrganisationSettings.number == number)
    return session.scalars(chosen).first()


def list_versions(session: Session, limit: int = MOST_VERSIONS) -> list[OrganisationSettings]:
    """Return the versions of the settings, the newest first."""
    newest = OrganisationSettings.number.desc()
    return list(session.scalars(select(OrganisationSettings).order_by(newest).limit(limit)))


def working_day_from(session: Session, day: date) -> date:
    """Return the day itself when we work on it, else the next day on which we do."""
    return calendar_of_organisation(session).on_or_after(day)


def list_units(session: Session) -> list[BusinessUnit]:
    """Return the units in use, by name."""
    chosen = select(BusinessUnit).where(BusinessUnit.archived_at.is_(None))
    return list(session.scalars(chosen.order_by(BusinessUnit.name)))


def list_entities(session: Session) -> list[LegalEntity]:
    """Return our legal entities, by name."""
    return list(session.scalars(select(LegalEntity).order_by(LegalEntity.name)))


def list_functions(session: Session) -> list[BusinessFunction]:
    """Return what we do that services support, by name."""
    return list(session.scalars(select(BusinessFunction).order_by(BusinessFunction.name)))
