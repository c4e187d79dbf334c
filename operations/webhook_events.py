"""Events become messages in the transaction that causes them: ids and references, no contents."""

import json
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.commands import sealed_now
from audit.models import Entry
from foundation.ids import new_id
from operations.event_scope import vendors_of
from operations.ledger_subjects import names_of_subjects
from operations.webhook_models import WebhookDelivery, WebhookEndpoint
from operations.webhook_rules import KINDS, DeliveryState
from vendors.models import Vendor

REFERENCED = frozenset(
    {"vendor", "assessment", "evidence", "contract", "review", "finding", "report"}
)
"""Kinds whose name is a reference such as V-0042 and nothing somebody wrote."""
_TOLD = frozenset(kind.value for kind in KINDS)


def publish(session: Session) -> None:
    """Write a message for each endpoint that asked for what was just sealed in the ledger."""
    entries = [entry for entry in sealed_now(session) if entry.action in _TOLD]
    if not entries:
        return
    chosen = select(WebhookEndpoint).where(WebhookEndpoint.is_on)
    asked = {entry.action for entry in entries}
    endpoints = [each for each in session.scalars(chosen) if asked.intersection(each.kinds)]
    if not endpoints:
        return
    owners = vendors_of(session, [(each.subject_kind, each.subject_id) for each in entries])
    vendors = _vendors(session, owners.values())
    names = names_of_subjects(session, entries)
    for entry in entries:
        vendor = vendors.get(owners.get(entry.subject_id, entry.subject_id))
        for endpoint in endpoints:
            if entry.action in endpoint.kinds and _may_tell(endpoint, vendor):
                body = _body(entry, vendor, names.get(entry.subject_id, ""))
                session.add(_message(endpoint.id, entry, vendor, body))


def message(
    endpoint_id: UUID,
    *,
    event: str,
    kind: str,
    vendor_id: UUID | None,
    body: dict[str, object],
    at: datetime,
) -> WebhookDelivery:
    """Return a message that waits to be sent."""
    return WebhookDelivery(
        id=new_id(),
        endpoint_id=endpoint_id,
        event=event,
        kind=kind,
        vendor_id=vendor_id,
        body=json.dumps(body, separators=(",", ":")),
        state=DeliveryState.WAITING,
        next_try_at=at,
        created_at=at,
    )


def _may_tell(endpoint: WebhookEndpoint, vendor: Vendor | None) -> bool:
    """Say whether an endpoint may know; what cannot be tied to a vendor is told to nobody."""
    if vendor is None:
        return False
    return endpoint.includes_need_to_know or not vendor.is_need_to_know


def _message(
    endpoint_id: UUID, entry: Entry, vendor: Vendor | None, body: dict[str, object]
) -> WebhookDelivery:
    return message(
        endpoint_id,
        event=str(entry.seq),
        kind=entry.action,
        vendor_id=vendor.id if vendor else None,
        body=body,
        at=entry.at,
    )


def _body(entry: Entry, vendor: Vendor | None, name: str) -> dict[str, object]:
    subject = {"kind": entry.subject_kind, "id": str(entry.subject_id)}
    if entry.subject_kind in REFERENCED:
        subject["reference"] = name
    data: dict[str, object] = {"event": entry.seq, "subject": subject}
    if vendor is not None:
        data["vendor"] = {"id": str(vendor.id), "reference": vendor.reference}
    return {"type": entry.action, "timestamp": entry.at.isoformat(), "data": data}


def _vendors(session: Session, vendor_ids: Iterable[UUID]) -> dict[UUID, Vendor]:
    chosen = select(Vendor).where(Vendor.id.in_(set(vendor_ids)))
    return {vendor.id: vendor for vendor in session.scalars(chosen)}
