"""Reading webhooks: the endpoints, and what became of their messages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session

from foundation.errors import Missing
from foundation.paging import SIZE, Page, moment_and_id, page_of
from operations.webhook_models import WebhookDelivery, WebhookEndpoint
from operations.webhook_rules import DeliveryState


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A message as its page shows it: what it is about stays in it."""

    delivery_id: UUID
    kind: str
    event: str
    state: DeliveryState
    attempts: int
    last_status: int | None
    last_error: str
    next_try_at: datetime
    created_at: datetime
    tried_at: datetime | None


def list_endpoints(session: Session) -> list[WebhookEndpoint]:
    """Return every endpoint, by name."""
    chosen = select(WebhookEndpoint).order_by(WebhookEndpoint.name, WebhookEndpoint.id)
    return list(session.scalars(chosen))


def get_endpoint(session: Session, endpoint_id: UUID) -> WebhookEndpoint:
    """Return an endpoint. Raises Missing."""
    found = session.get(WebhookEndpoint, endpoint_id)
    if found is None:
        raise Missing
    return found


def counts_of(session: Session, endpoint_id: UUID) -> dict[DeliveryState, int]:
    """Return how many messages of an endpoint are in each state."""
    chosen = (
        select(WebhookDelivery.state, func.count())
        .where(WebhookDelivery.endpoint_id == endpoint_id)
        .group_by(WebhookDelivery.state)
    )
    return {row[0]: row[1] for row in session.execute(chosen)}


def deliveries_of(
    session: Session,
    endpoint_id: UUID,
    cursor: str | None = None,
    *,
    state: DeliveryState | None = None,
) -> Page[DeliveryRow]:
    """Return a page of the messages of an endpoint, the newest first."""
    key = tuple_(WebhookDelivery.created_at, WebhookDelivery.id)
    chosen: Select[*tuple[Any, ...]] = (
        select(
            WebhookDelivery.id,
            WebhookDelivery.kind,
            WebhookDelivery.event,
            WebhookDelivery.state,
            WebhookDelivery.attempts,
            WebhookDelivery.last_status,
            WebhookDelivery.last_error,
            WebhookDelivery.next_try_at,
            WebhookDelivery.created_at,
            WebhookDelivery.tried_at,
        )
        .where(WebhookDelivery.endpoint_id == endpoint_id)
        .order_by(WebhookDelivery.created_at.desc(), WebhookDelivery.id.desc())
        .limit(SIZE + 1)
    )
    if state is not None:
        chosen = chosen.where(WebhookDelivery.state == state)
    after = moment_and_id(cursor)
    if after is not None:
        chosen = chosen.where(key < after)
    rows = [DeliveryRow(*row) for row in session.execute(chosen)]
    return page_of(rows, lambda row: [row.created_at.isoformat(), str(row.delivery_id)])
