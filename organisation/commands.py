"""Changing the organisation: references and settings."""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from audit.actions import Action, Actor
from audit.changes import changed as changes_of
from audit.commands import record
from foundation.ids import new_id
from organisation.models import OrganisationSettings, ReferenceCounter
from organisation.queries import find_settings
from organisation.rules import PageSize, SecondLanguage


def next_reference(session: Session, kind: str) -> str:
    """Return the next readable reference of a kind, such as V-0042; gaps are possible."""
    return next_references(session, kind, 1)[0]


def next_references(session: Session, kind: str, number: int) -> list[str]:
    """Return so many references of a kind in one step."""
    counted = (
        update(ReferenceCounter)
        .where(ReferenceCounter.kind == kind)
        .values(last=ReferenceCounter.last + number)
        .returning(ReferenceCounter.last)
    )
    last = session.scalars(counted, execution_options={"synchronize_session": False}).one()
    return [f"{kind}-{each:04d}" for each in range(last - number + 1, last + 1)]


def set_up(session: Session, *, at: datetime, by: Actor, **values: object) -> OrganisationSettings:
    """Store a new version of the settings; what is not given stays as it was."""
    before = find_settings(session)
    kept = _values_of(before) if before else DEFAULTS
    after = OrganisationSettings(
        id=new_id(),
        number=before.number + 1 if before else 1,
        created_at=at,
        actor_id=by.id,
        **{**kept, **values},
    )
    session.add(after)
    changed = {"changes": changes_of(before, values)} if before else {}
    record(
        session,
        at=at,
        actor=by,
        action=Action.ORGANISATION_EDIT,
        subject=("organisation", after.id),
        detail={"version": after.number, "fields": sorted(values), **changed},
    )
    session.flush()
    return after


DEFAULTS: dict[str, Any] = {
    "name": "Your organisation",
    "home_country": "PK",
    "time_zone": "Asia/Karachi",
    "currency": "PKR",
    "weekend": [6, 7],
    "holidays": [],
    "regimes": ["pci"],
    "thresholds": {},
    "retention_months": {},
    "regime_facts": {},
    "page_size": PageSize.A4.value,
    "second_language": SecondLanguage.NONE.value,
}


def _values_of(settings: OrganisationSettings) -> dict[str, Any]:
    return {name: getattr(settings, name) for name in DEFAULTS}
