"""Decisions that wait for signatures, with what a signer wants to know first; two statements."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.rules import Role
from identity.models import Person
from reviews.decision_models import Decision, SignOff
from reviews.models import Review
from reviews.residual import Band
from reviews.rules import Outcome, sign_off_problems
from reviews.weighing import ESCALATED
from vendors.models import Vendor
from vendors.queries import visible_vendors
from vendors.rules import OVER

MOST_READ = 300


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposal that is not final yet, and who has signed it."""

    decision_id: UUID
    review_id: UUID
    review_reference: str
    vendor_id: UUID
    vendor: str
    vendor_tier: int | None
    outcome: Outcome
    band: Band | None
    tier: int
    is_escalated: bool
    n_conditions: int
    proposed_by: str
    proposed_at: datetime
    signed: tuple[tuple[UUID, Role], ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """One sentence for each signature that is missing."""
        return self._missing(self.signed)

    def is_helped_by(self, person_id: UUID, roles: Iterable[Role]) -> bool:
        """Say whether this person's signature, in one of these roles, would bring it forward."""
        if any(person_id == signer for signer, _ in self.signed):
            return False
        now = len(self.missing)
        return any(len(self._missing((*self.signed, (person_id, role)))) < now for role in roles)

    def _missing(self, signed: Iterable[tuple[UUID, Role]]) -> tuple[str, ...]:
        tier = ESCALATED if self.is_escalated else self.tier
        people = [(str(person_id), (role,)) for person_id, role in signed]
        return sign_off_problems(people, tier, self.band)


def decisions_waiting(session: Session, viewer_id: UUID) -> list[Waiting]:
    """Return the proposals a person may see, the oldest first."""
    columns: tuple[Any, ...] = (
        Decision.id,
        Review.id,
        Review.reference,
        Vendor.id,
        Vendor.name,
        Vendor.tier,
        Decision.outcome,
        Decision.band,
        Decision.tier,
        Decision.basis,
        Person.name,
        Decision.proposed_at,
    )
    chosen = (
        select(*columns)
        .join(Review, Review.id == Decision.review_id)
        .join(Vendor, Vendor.id == Review.vendor_id)
        .join(Person, Person.id == Decision.proposed_by_id)
        .where(
            Decision.is_final.is_(False),
            Decision.withdrawn_at.is_(None),
            visible_vendors(viewer_id),
            Vendor.archived_at.is_(None),
            Vendor.state.not_in(OVER),
        )
        .order_by(Decision.proposed_at, Decision.id)
        .limit(MOST_READ)
    )
    rows = [tuple(row) for row in session.execute(chosen)]
    signed = _signed(session, [row[0] for row in rows]) if rows else {}
    return [_waiting(row, signed.get(row[0], [])) for row in rows]


def _signed(session: Session, decisions: list[UUID]) -> dict[UUID, list[tuple[UUID, Role]]]:
    chosen = select(SignOff.decision_id, SignOff.person_id, SignOff.role).where(
        SignOff.decision_id.in_(decisions)
    )
    found: dict[UUID, list[tuple[UUID, Role]]] = defaultdict(list)
    for decision_id, person_id, role in session.execute(chosen):
        found[decision_id].append((person_id, role))
    return found


def _waiting(row: tuple[Any, ...], signed: list[tuple[UUID, Role]]) -> Waiting:
    *head, band, tier, basis, proposed_by, proposed_at = row
    rest = (
        Band(band) if band else None,
        tier,
        bool(basis.get("is_escalated")),
        len(basis.get("conditions", ())),
        proposed_by,
        proposed_at,
        tuple(signed),
    )
    return Waiting(*(*head, *rest))
