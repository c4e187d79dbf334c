"""Testing a draft of the tier model against history: which services would change tier, and why."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from vendors.models import Vendor
from vendors.queries import visible_vendors
from vendors.rules import OVER
from vendors.service_models import Service
from vendors.tier_model import Factor, Flag, TierModel
from vendors.tiering import Exposure, Tiering, tier_for

MOST_SHOWN = 200
_TOUCHED = (*Factor, *Flag)


@dataclass(frozen=True, slots=True)
class Change:
    """A service whose computed tier would be another one."""

    vendor_id: UUID
    reference: str
    vendor: str
    service: str
    service_id: UUID
    before: int | None
    after: int
    why: str


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What publishing and re-tiering would do, as far as the viewer may know of the vendors."""

    services: int
    changed: int
    shown: tuple[Change, ...]

    @property
    def left_out(self) -> int:
        """How many more there are than the page shows."""
        return self.changed - len(self.shown)


def rehearse(session: Session, viewer_id: UUID, draft: TierModel) -> Rehearsal:
    """Compute the services in use that the viewer may see anew; one statement."""
    total = changed = 0
    shown: list[Change] = []
    for row in session.execute(_in_use(viewer_id)):
        total += 1
        tiering = tier_for(_exposure(row), draft)
        if tiering.tier == row.computed_tier:
            continue
        changed += 1
        if len(shown) < MOST_SHOWN:
            shown.append(_change(row, tiering, draft))
    return Rehearsal(total, changed, tuple(shown))


def _in_use(viewer_id: UUID) -> Select[Any]:
    return (
        select(
            Vendor.id.label("vendor_id"),
            Vendor.reference,
            Vendor.name.label("vendor"),
            Service.id.label("service_id"),
            Service.name.label("service"),
            Service.computed_tier,
            Service.inherent_score,
            *(getattr(Service, name.value) for name in _TOUCHED),
        )
        .join(Vendor, Vendor.id == Service.vendor_id)
        .where(
            visible_vendors(viewer_id),
            Vendor.archived_at.is_(None),
            Vendor.state.not_in(OVER),
            Service.archived_at.is_(None),
        )
        .order_by(Vendor.name_key, Vendor.id, Service.name, Service.id)
    )


def _exposure(row: Any) -> Exposure:  # noqa: ANN401  a row of the statement above
    return Exposure(**{name.value: getattr(row, name.value) for name in _TOUCHED})


def _change(row: Any, tiering: Tiering, draft: TierModel) -> Change:  # noqa: ANN401
    return Change(
        vendor_id=row.vendor_id,
        reference=row.reference,
        vendor=row.vendor,
        service=row.service,
        service_id=row.service_id,
        before=row.computed_tier,
        after=tiering.tier,
        why=_why(row.inherent_score, tiering, draft),
    )


def _why(score: float | None, tiering: Tiering, draft: TierModel) -> str:
    deciding = [floor.sentence for floor in tiering.floors if floor.tier == tiering.tier]
    if deciding and tiering.tier < tiering.raw_tier:
        return deciding[0]
    before = "no points" if score is None else f"{score:.1f} points"
    return (
        f"{before} until now, {tiering.score:.1f} then; "
        f"tier {tiering.tier} begins at {draft.bands[tiering.tier]}."
    )
