"""How long it usually takes from registering a vendor to deciding, from our own history."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reviews.decision_models import Decision
from reviews.models import Review
from reviews.rules import Outcome
from vendors.models import Vendor
from vendors.queries import visible_vendors

FEWEST = 3
"""With fewer cases a number would be a story about one vendor."""
MOST_READ = 500


@dataclass(frozen=True, slots=True)
class Usual:
    """What earlier cases took, in whole days; the days are None with fewer than three cases."""

    cases: int
    median: int | None = None
    shortest: int | None = None
    longest: int | None = None


def usual_of(days: Sequence[int]) -> Usual:
    """Return median and range of what earlier cases took."""
    if len(days) < FEWEST:
        return Usual(len(days))
    return Usual(len(days), round(median(days)), min(days), max(days))


def usual_days(session: Session, viewer_id: UUID, tier: int) -> Usual:
    """Return what the newest cases of a tier took, from registered to first decided.

    Only vendors this person may see count: the longest case would tell of a hidden one.
    """
    first = (
        select(Review.vendor_id, func.min(Decision.decided_at).label("decided_at"))
        .join(Review, Review.id == Decision.review_id)
        .where(
            Decision.tier == tier,
            Decision.is_final.is_(True),
            Decision.outcome != Outcome.MORE_NEEDED,
            Review.cycle == 1,
        )
        .group_by(Review.vendor_id)
        .subquery()
    )
    chosen = (
        select(Vendor.created_at, first.c.decided_at)
        .join(first, first.c.vendor_id == Vendor.id)
        .where(visible_vendors(viewer_id))
        .order_by(first.c.decided_at.desc())
        .limit(MOST_READ)
    )
    return usual_of([(decided - began).days for began, decided in session.execute(chosen)])
