"""Setting a rule aside for a time: waivers, acceptances, and another tier by override."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.queries import roles_of
from accounts.rules import Role
from audit.actions import SYSTEM, Action, Actor
from audit.commands import record
from foundation.dates import add_months
from foundation.errors import Refused
from foundation.ids import new_id
from identity.rules import Author
from organisation.queries import day_of
from vendors.inventory_models import Exemption
from vendors.models import Vendor
from vendors.override_letters import tell_approver
from vendors.queries import exposure_of_service, find_vendor, model_of, tiering_of
from vendors.rules import ExemptionKind
from vendors.service_commands import end_overrides, keep_record, retier
from vendors.service_models import Service
from vendors.tiering import describe
from vendors.wording import checked_text

LONGEST_MONTHS = 12
LOWEST = 4
APPROVERS = frozenset({Role.LEAD, Role.APPROVER})
SUBJECTS = frozenset({"clause", "finding", "gate", "service"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Another tier for a service, who approved it, why, and until when."""

    tier: int
    approver_id: UUID
    reason: str
    ends_on: date
    compensating_control: str = ""


def grant(  # noqa: PLR0913  the one shape of waiver, acceptance and override
    session: Session,
    *,
    kind: ExemptionKind,
    vendor_id: UUID,
    subject: tuple[str, UUID],
    owner_id: UUID,
    approver_id: UUID | None,
    reason: str,
    ends_on: date,
    frozen_rating: str,
    by: Author,
    at: datetime,
    compensating_control: str = "",
) -> Exemption:
    """Store an exemption. Raises Refused without a reason or an end within twelve months."""
    if subject[0] not in SUBJECTS:
        raise ValueError(f"An exemption is about one of {', '.join(sorted(SUBJECTS))}.")
    kept = checked_text(reason, what="The reason")
    if not kept:
        raise Refused("Write the reason: who reads this later must understand it.", where="reason")
    _check_end(ends_on, today=day_of(session, at))
    exemption = Exemption(
        id=new_id(),
        kind=kind,
        vendor_id=vendor_id,
        subject_kind=subject[0],
        subject_id=subject[1],
        owner_id=owner_id,
        approver_id=approver_id,
        reason=kept,
        compensating_control=checked_text(compensating_control, what="What is done instead"),
        ends_on=ends_on,
        frozen_rating=frozen_rating,
        created_at=at,
    )
    session.add(exemption)
    session.flush()
    detail: dict[str, object] = {
        "kind": kind.value,
        "subject": [subject[0], str(subject[1])],
        "ends_on": ends_on.isoformat(),
    }
    _note(session, Action.EXEMPTION_GRANT, exemption, by=by.actor, at=at, detail=detail)
    return exemption


def revoke(session: Session, exemption: Exemption, *, by: Author, at: datetime) -> None:
    """End an exemption before its date; an ended override gives the computed tier back."""
    if exemption.revoked_at is not None:
        raise Refused("This exemption has already ended.")
    _end(session, exemption, by=by.actor, at=at)


def override_tier(
    session: Session, service: Service, override: Override, *, by: Author, at: datetime
) -> Exemption:
    """Give a service another tier for a time; the computed one is kept beside it.

    Raises Refused when it is the computed tier, or when one person would decide alone.
    """
    tiering = tiering_of(service)
    if not 1 <= override.tier <= LOWEST or override.tier == tiering.tier:
        raise Refused(
            f"The computed tier is {tiering.tier} already. Choose another one.", where="tier"
        )
    vendor = session.get_one(Vendor, service.vendor_id)
    _refuse_alone(session, vendor, override, is_lower=override.tier > tiering.tier, by=by)
    end_overrides(session, service.id, by=by, at=at)
    exemption = grant(
        session,
        kind=ExemptionKind.OVERRIDE,
        vendor_id=vendor.id,
        subject=("service", service.id),
        owner_id=vendor.owner_id,
        approver_id=override.approver_id,
        reason=override.reason,
        compensating_control=override.compensating_control,
        ends_on=override.ends_on,
        frozen_rating=f"Tier {tiering.tier}, {tiering.score:.1f} points",
        by=by,
        at=at,
    )
    service.tier = override.tier
    result = describe(exposure_of_service(service), model_of(service))
    result["override"] = {"tier": override.tier, "exemption": str(exemption.id)}
    keep_record(session, service, exposure_of_service(service), result, at=at)
    retier(session, vendor.id)
    tell_approver(session, vendor, exemption, override.tier, by=by, at=at)
    detail: dict[str, object] = {"before": tiering.tier, "after": override.tier}
    _note(session, Action.VENDOR_OVERRIDE, exemption, by=by.actor, at=at, detail=detail)
    return exemption


def lapse_overrides(session: Session, *, today: date, at: datetime) -> int:
    """Give services their computed tier back where the override's last day is over."""
    chosen = select(Exemption).where(
        Exemption.kind == ExemptionKind.OVERRIDE,
        Exemption.revoked_at.is_(None),
        Exemption.ends_on < today,
    )
    lapsed = list(session.scalars(chosen))
    for exemption in lapsed:
        _end(session, exemption, by=SYSTEM, at=at)
    return len(lapsed)


def _end(session: Session, exemption: Exemption, *, by: Actor, at: datetime) -> None:
    exemption.revoked_at = at
    session.flush()
    _note(session, Action.EXEMPTION_END, exemption, by=by, at=at)
    if exemption.kind is ExemptionKind.OVERRIDE:
        _back_to_computed(session, session.get_one(Service, exemption.subject_id))


def _back_to_computed(session: Session, service: Service) -> None:
    service.tier = tiering_of(service).tier
    retier(session, service.vendor_id)


def _refuse_alone(
    session: Session, vendor: Vendor, override: Override, *, is_lower: bool, by: Author
) -> None:
    """Two people set a tier; who answers for the vendor never lowers or approves it."""
    if override.approver_id == by.person_id:
        raise Refused(
            "Somebody else must approve this. Name another person as approver.", where="approver"
        )
    may_see = find_vendor(session, override.approver_id, vendor.id) is not None
    if not may_see or not roles_of(session, override.approver_id) & APPROVERS:
        raise Refused(
            "Only a risk lead or an approver who may see this vendor can approve another tier. "
            "Choose one of them.",
            where="approver",
        )
    if is_lower and vendor.owner_id in {by.person_id, override.approver_id}:
        raise Refused(
            "The vendor's owner cannot lower its tier or approve that: somebody else must. "
            "Ask another risk lead.",
            where="approver" if vendor.owner_id == override.approver_id else "",
        )


def _check_end(ends_on: date, *, today: date) -> None:
    if ends_on <= today:
        raise Refused("The end date must be after today.", where="ends_on")
    latest = add_months(today, LONGEST_MONTHS)
    if ends_on > latest:
        raise Refused(
            f"An exemption lasts twelve months at most: choose {latest:%d %B %Y} or earlier.",
            where="ends_on",
        )


def _note(
    session: Session,
    action: Action,
    exemption: Exemption,
    *,
    by: Actor,
    at: datetime,
    detail: dict[str, object] | None = None,
) -> None:
    record(
        session,
        at=at,
        actor=by,
        action=action,
        subject=("vendor", exemption.vendor_id),
        detail={"exemption": str(exemption.id), **(detail or {})},
    )
