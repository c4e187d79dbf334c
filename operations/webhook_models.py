"""Tables of webhooks: where events go, and every message on its way."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.columns import Id, by_value
from foundation.db import Model, Versioned
from operations.webhook_rules import DeliveryState


class WebhookEndpoint(Versioned, Model):
    """An address of another system that is told of events."""

    __tablename__ = "webhook_endpoint"
    __table_args__ = (
        CheckConstraint(
            "(previous_sealed IS NULL) = (previous_until IS NULL)", name="previous_has_end"
        ),
    )

    id: Mapped[Id]
    name: Mapped[str]
    url: Mapped[str] = mapped_column(unique=True)
    kinds: Mapped[list[str]] = mapped_column(JSON)
    """Acts of the ledger, by value."""
    includes_need_to_know: Mapped[bool] = mapped_column(default=False)
    secret_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    previous_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    previous_until: Mapped[datetime | None]
    is_on: Mapped[bool] = mapped_column(default=True)
    why_off: Mapped[str] = mapped_column(default="")
    """A sentence where Duly turned it off; empty where a person did."""
    failing_since: Mapped[datetime | None]
    """The first failure after the last success."""
    created_at: Mapped[datetime]


class WebhookDelivery(Model):
    """One message to one endpoint, written in the transaction of what it tells of."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "event"),
        CheckConstraint("(state = 'waiting') = (done_at IS NULL)", name="done_has_moment"),
        Index("ix_webhook_delivery_due", "state", "next_try_at"),
        Index("ix_webhook_delivery_endpoint", "endpoint_id", "created_at"),
    )

    id: Mapped[Id]
    endpoint_id: Mapped[UUID] = mapped_column(ForeignKey("webhook_endpoint.id"))
    event: Mapped[str]
    """The number of the ledger's entry, or a test's own id: once for each endpoint."""
    kind: Mapped[str]
    vendor_id: Mapped[UUID | None]
    """Whose it is, to look once more before sending whether it may be told."""
    body: Mapped[str]
    state: Mapped[DeliveryState] = mapped_column(by_value(DeliveryState, name="state"))
    attempts: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int] = mapped_column(default=0)
    last_status: Mapped[int | None]
    last_error: Mapped[str] = mapped_column(default="")
    next_try_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
