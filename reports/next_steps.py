"""What follows from a vendor's intake: tier, questionnaire, clauses, and how long it takes."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from contracts.coverage import ClauseRow
from contracts.queries import coverage
from questionnaires import sending
from questionnaires.rules import refusal_to_send
from questionnaires.sending import Offer
from reports.durations import Usual, usual_days
from vendors.models import Vendor
from vendors.queries import get_vendor, services_of, tiering_of
from vendors.scoping import exposure_of_all
from vendors.service_models import Service
from vendors.tier_model import Pace
from vendors.tier_versions import model_in_force
from vendors.tiering import Tiering

_CLOSEST = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class NextSteps:
    """Everything the page prints."""

    vendor: Vendor
    service: Service
    """The service that gives the vendor its tier."""
    tiering: Tiering
    tier: int
    fitting: Offer | None
    """The questionnaire of the tier, when the library of this installation has it."""
    clauses: tuple[ClauseRow, ...]
    usual: Usual
    expected_on: date | None
    pace: Pace
    refusal: str | None

    @property
    def other_floors(self) -> tuple[str, ...]:
        """The floors that apply and are not among the reasons already."""
        sentences = (floor.sentence for floor in self.tiering.floors)
        return tuple(one for one in sentences if one not in self.tiering.reasons)

    @property
    def is_long(self) -> bool:
        """Whether the questionnaire shows more questions than the tier should be asked."""
        most = self.pace.most_questions[self.tier]
        return self.fitting is not None and self.fitting.n_questions > most


def next_steps_of(session: Session, viewer_id: UUID, vendor_id: UUID, today: date) -> NextSteps:
    """Return what comes after the intake of a vendor the person may see. Raises Missing."""
    vendor = get_vendor(session, viewer_id, vendor_id)
    services = services_of(session, vendor_id)
    closest = min(services, key=lambda one: one.tier or _CLOSEST)
    tier = vendor.tier or _CLOSEST
    usual = usual_days(session, viewer_id, tier)
    rows = coverage(session, vendor_id, today=today).rows
    return NextSteps(
        vendor=vendor,
        service=closest,
        tiering=tiering_of(closest),
        tier=tier,
        fitting=sending.fitting(session, tier, exposure_of_all(services)),
        clauses=tuple(row for row in rows if row.is_required),
        usual=usual,
        expected_on=None if usual.median is None else today + timedelta(days=usual.median),
        pace=model_in_force(session).pace,
        refusal=refusal_to_send(vendor.name, vendor.state, vendor.tier, vendor.is_archived),
    )
