"""Reading the checklist of a vendor we are leaving."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from identity.models import Person
from vendors.offboarding import LineState
from vendors.offboarding_models import OffboardingLine


@dataclass(frozen=True, slots=True)
class SettledLine:
    """What was done about a line, by whom and when."""

    state: LineState
    note: str
    evidence_id: UUID | None
    by: str
    at: datetime


def settled_lines(session: Session, vendor_id: UUID) -> dict[str, SettledLine]:
    """Return the settled lines of the present or last offboarding, by code."""
    chosen = (
        select(
            OffboardingLine.code,
            OffboardingLine.state,
            OffboardingLine.note,
            OffboardingLine.evidence_id,
            Person.name,
            OffboardingLine.at,
        )
        .join(Person, Person.id == OffboardingLine.by_id)
        .where(OffboardingLine.vendor_id == vendor_id, OffboardingLine.is_past.is_(False))
    )
    return {row[0]: SettledLine(*row[1:]) for row in session.execute(chosen)}
