"""Reading the organisation."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from organisation.models import BusinessUnit, LegalEntity, OrganisationSettings
from organisation.rules import Workweek, workweek

MOST_VERSIONS = 100


def find_settings(session: Session) -> OrganisationSettings | None:
    """Return the settings in force, or None before the first set-up."""
    newest = select(OrganisationSettings).order_by(OrganisationSettings.number.desc()).limit(1)
    return session.scalars(newest).first()


def name_of_organisation(session: Session) -> str:
    """Return the organisation's name as vendors read it."""
    found = find_settings(session)
    return found.name if found else "Your organisation"


def time_zone_of_organisation(session: Session) -> str:
    """Return the zone in which our days begin and end."""
    found = find_settings(session)
    return found.time_zone if found else "UTC"


def find_version(session: Session, number: int) -> OrganisationSettings | None:
    """Return one version of the settings, or None."""
    chosen = select(OrganisationSettings).where(OrganisationSettings.number == number)
    return session.scalars(chosen).first()


def list_versions(session: Session, limit: int = MOST_VERSIONS) -> list[OrganisationSettings]:
    """Return the versions of the settings, the newest first."""
    newest = OrganisationSettings.number.desc()
    return list(session.scalars(select(OrganisationSettings).order_by(newest).limit(limit)))


def workweek_of(settings: OrganisationSettings | None) -> Workweek:
    """Return our working days; before the first set-up every day is one."""
    return workweek(settings.weekend, settings.holidays) if settings else Workweek()


def list_units(session: Session) -> list[BusinessUnit]:
    """Return the units in use, by name."""
    chosen = select(BusinessUnit).where(BusinessUnit.archived_at.is_(None))
    return list(session.scalars(chosen.order_by(BusinessUnit.name)))


def list_entities(session: Session) -> list[LegalEntity]:
    """Return our legal entities, by name."""
    return list(session.scalars(select(LegalEntity).order_by(LegalEntity.name)))
