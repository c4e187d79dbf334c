"""Changing services: what they are, whether we still buy them, and which one comes first."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from audit.actions import Action
from audit.changes import put
from foundation.db import lock_row
from foundation.errors import Conflict, Refused
from identity.rules import Author
from vendors.models import Vendor
from vendors.queries import services_of
from vendors.rules import PciScope
from vendors.service_commands import note_service, refuse_taken, retier
from vendors.service_models import Service
from vendors.wording import checked_name, checked_text


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceEdit:
    """A service as somebody left it, made on top of `version`."""

    version: int
    name: str
    description: str = ""
    is_ict: bool = True
    pci_scope: PciScope
    function_id: UUID | None = None


def edit_service(
    session: Session,
    vendor: Vendor,
    service: Service,
    change: ServiceEdit,
    *,
    by: Author,
    at: datetime,
) -> None:
    """Store what a service is. Raises Conflict when somebody was faster, Refused for the name."""
    lock_row(service)
    if change.version != service.version:
        raise Conflict(
            f"{service.name} was changed by somebody else while you were editing. "
            "Both texts are shown below: keep what is right and save again.",
            theirs=service,
        )
    name = checked_name(change.name, what="The service's name")
    refuse_taken(session, vendor, name, but=service.id)
    values: dict[str, object] = {
        "name": name,
        "description": checked_text(change.description, what="The description"),
        "is_ict": change.is_ict,
        "pci_scope": change.pci_scope,
        "function_id": change.function_id,
    }
    changes = put(service, values)
    session.flush()
    if changes:
        told = {"fields": list(changes), "changes": changes}
        note_service(session, Action.SERVICE_EDIT, service, by=by, at=at, **told)


def archive_service(session: Session, service: Service, *, by: Author, at: datetime) -> None:
    """Say that we buy a service no longer: it counts in no tier. Raises Refused for the last."""
    if service.archived_at is not None:
        return
    others = [one for one in services_of(session, service.vendor_id) if one.id != service.id]
    if not others:
        raise Refused(
            "This is the only service we buy from this vendor. If we buy nothing any more, "
            "end the relationship on its life cycle page."
        )
    service.archived_at = at
    if service.is_default:
        service.is_default = False
        session.flush()  # one first service at a time: the index allows no second
        others[0].is_default = True
    vendor = retier(session, service.vendor_id)
    note_service(session, Action.SERVICE_ARCHIVE, service, by=by, at=at, tier_after=vendor.tier)


def restore_service(session: Session, service: Service, *, by: Author, at: datetime) -> None:
    """Buy a service again: its tier counts as it stands."""
    if service.archived_at is None:
        return
    service.archived_at = None
    vendor = retier(session, service.vendor_id)
    note_service(session, Action.SERVICE_RESTORE, service, by=by, at=at, tier_after=vendor.tier)
