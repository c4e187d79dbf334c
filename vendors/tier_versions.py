"""Reading the tier model: the version in force, and the one that made a tier."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.errors import Missing
from identity.models import Person
from vendors.tier_document import model_from
from vendors.tier_model import TIER_MODEL, TierModel
from vendors.tier_version_models import TierModelVersion

FIRST = 1
_KEPT = "vendors.tier_versions"
"""Where a session keeps the models it has read: a published one never changes."""


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version as the list of versions shows it; the shipped one has no author and no day."""

    number: int
    model: TierModel
    note: str
    published_by: str | None
    published_at: datetime | None


SHIPPED = VersionRow(FIRST, TIER_MODEL, "", None, None)


def number_in_force(session: Session) -> int:
    """Return the number of the version in force."""
    return newest(session)[0]


def model_in_force(session: Session) -> TierModel:
    """Return the model new tiers are computed with."""
    return newest(session)[1]


def newest(session: Session) -> tuple[int, TierModel]:
    """Return number and model of the version in force; one statement for each session."""
    kept = session.info.get(_KEPT)
    if kept is None:
        chosen = select(TierModelVersion).order_by(TierModelVersion.number.desc()).limit(1)
        found = session.scalars(chosen).first()
        kept = (found.number, _read(found)) if found else (FIRST, TIER_MODEL)
        session.info[_KEPT] = kept
    number, model = kept
    return number, model


def forget(session: Session) -> None:
    """Read the version in force anew the next time: another one was published."""
    session.info.pop(_KEPT, None)


def model_named(session: Session, name: str) -> TierModel:
    """Return the version of this name. Raises Missing."""
    if name == TIER_MODEL.version:
        return TIER_MODEL
    in_force = model_in_force(session)
    if in_force.version == name:
        return in_force
    found = session.scalars(select(TierModelVersion).where(TierModelVersion.name == name)).first()
    if found is None:
        raise Missing
    return _read(found)


def list_versions(session: Session) -> list[VersionRow]:
    """Return every version, the newest first; the shipped one is the last."""
    chosen = (
        select(TierModelVersion, Person.name)
        .join(Person, Person.id == TierModelVersion.published_by_id)
        .order_by(TierModelVersion.number.desc())
    )
    return [
        *(
            VersionRow(one.number, _read(one), one.note, name, one.published_at)
            for one, name in session.execute(chosen)
        ),
        SHIPPED,
    ]


def _read(found: TierModelVersion) -> TierModel:
    return model_from(found.content, found.name)
