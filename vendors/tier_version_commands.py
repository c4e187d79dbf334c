"""Changing the tier model: publishing a version, and computing tiers anew under it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from audit.actions import Action
from audit.commands import record
from foundation.errors import Conflict, Refused
from foundation.ids import new_id
from identity.rules import Author
from vendors.inventory_models import Exemption
from vendors.models import Vendor
from vendors.queries import exposure_of_service, visible_vendors
from vendors.rules import OVER, ExemptionKind
from vendors.service_commands import end_overrides, keep_record, retier
from vendors.service_models import Service
from vendors.tier_document import differences, document_of, problems_of
from vendors.tier_model import TierModel
from vendors.tier_version_models import TierModelVersion
from vendors.tier_versions import forget, model_in_force, newest
from vendors.tiering import describe, tier_for
from vendors.wording import checked_text


def name_of(number: int, at: datetime) -> str:
    """Return the name a version is known by: year of publication and number."""
    return f"{at:%Y}-{number}"


def publish(
    session: Session, draft: TierModel, *, based_on: int, note: str, by: Author, at: datetime
) -> TierModelVersion:
    """Put a draft in force from now on; no tier changes by it.

    Raises Conflict when another version was published meanwhile, Refused with every problem.
    """
    number, current = newest(session)
    if based_on != number:
        raise _overtaken(current)
    problems = problems_of(draft)
    if problems:
        raise Refused(problems[0].sentence, reasons=tuple(one.sentence for one in problems))
    if not differences(current, draft):
        raise Refused("Nothing differs from the version in force, so there is nothing to publish.")
    kept = checked_text(note, what="The note")
    if not kept:
        raise Refused("Write what changes and why: whoever is asked later needs it.", where="note")
    version = TierModelVersion(
        id=new_id(),
        number=number + 1,
        name=name_of(number + 1, at),
        content=document_of(draft),
        note=kept,
        published_by_id=by.person_id,
        published_at=at,
    )
    session.add(version)
    try:
        session.flush()
    except IntegrityError as taken:
        raise _overtaken(current) from taken
    forget(session)
    detail: dict[str, object] = {"version": version.name, "before": current.version}
    record(
        session,
        at=at,
        actor=by.actor,
        action=Action.RULES_PUBLISH,
        subject=("tier_model", version.id),
        detail=detail,
    )
    return version


def outdated(session: Session, viewer_id: UUID) -> int:
    """Count the services in use, of vendors somebody may see, whose tier is of an older version."""
    chosen = (
        select(func.count(Service.id))
        .join(Vendor, Vendor.id == Service.vendor_id)
        .where(visible_vendors(viewer_id), *_outdated(model_in_force(session)))
    )
    return session.scalars(chosen).one()


def retier_services(session: Session, *, by: Author, at: datetime) -> int:
    """Compute every outdated tier anew, one ledger entry each, and return how many there were.

    Decisions, assessments and earlier records keep what they rest on. An override stays unless
    the computed tier has reached it.
    """
    model = model_in_force(session)
    chosen = (
        select(Service)
        .join(Vendor, Vendor.id == Service.vendor_id)
        .where(*_outdated(model))
        .order_by(Service.vendor_id, Service.id)
    )
    services = list(session.scalars(chosen))
    overrides = _overrides(session)
    for service in services:
        _compute_anew(session, service, model, overrides.get(service.id), by=by, at=at)
    for vendor_id in dict.fromkeys(service.vendor_id for service in services):
        retier(session, vendor_id)
    return len(services)


def _compute_anew(
    session: Session,
    service: Service,
    model: TierModel,
    override: Exemption | None,
    *,
    by: Author,
    at: datetime,
) -> None:
    exposure, before = exposure_of_service(service), service.tier
    tiering = tier_for(exposure, model)
    old = service.computed_tier if service.computed_tier is not None else tiering.tier
    service.tier_model, service.computed_tier = model.version, tiering.tier
    service.inherent_score = tiering.score
    service.is_tier_provisional = tiering.is_provisional
    result = describe(exposure, model)
    if override is None or _is_reached(service.tier, old, tiering.tier):
        end_overrides(session, service.id, by=by, at=at)
        service.tier = tiering.tier
    else:
        result["override"] = {"tier": service.tier, "exemption": str(override.id)}
    keep_record(session, service, exposure, result, at=at)
    detail: dict[str, object] = {
        "service": str(service.id),
        "model": model.version,
        "before": before,
        "after": service.tier,
    }
    record(
        session,
        at=at,
        actor=by.actor,
        action=Action.VENDOR_RETIER,
        subject=("vendor", service.vendor_id),
        detail=detail,
    )


def _is_reached(override: int | None, old: int, new: int) -> bool:
    """Say whether the computed tier has come to where an override set it, or past it."""
    if override is None:
        return True
    return new >= override if override > old else new <= override


def _overrides(session: Session) -> dict[object, Exemption]:
    chosen = select(Exemption).where(
        Exemption.kind == ExemptionKind.OVERRIDE, Exemption.revoked_at.is_(None)
    )
    return {one.subject_id: one for one in session.scalars(chosen)}


def _outdated(model: TierModel) -> tuple[ColumnElement[bool], ...]:
    return (
        Service.tier_model != model.version,
        Service.archived_at.is_(None),
        Vendor.archived_at.is_(None),
        Vendor.state.not_in(OVER),
    )


def _overtaken(theirs: TierModel) -> Conflict:
    return Conflict(
        "Somebody else published a version while you were drafting. Yours is not published, "
        "and everything you typed is still here: compare, test it again, and publish.",
        theirs=theirs,
    )
