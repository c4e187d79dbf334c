"""Sending messages to webhooks: claimed, sent outside of any transaction, then marked."""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from accounts.queries import list_staff
from accounts.rules import Role
from audit.actions import SYSTEM, Action
from audit.commands import record
from foundation import outbound, vault
from foundation.db import Database
from foundation.links import absolute
from foundation.outbound import Unreached
from mail.commands import queue
from mail.letters import compose
from operations.webhook_commands import place_of
from operations.webhook_models import WebhookDelivery, WebhookEndpoint
from operations.webhook_reach import reach
from operations.webhook_rules import (
    DISABLED_AFTER,
    GONE,
    KEPT,
    LEASE,
    DeliveryState,
    is_success,
    next_try,
    signed,
)
from organisation.queries import name_of_organisation
from vendors.models import Vendor

_log = logging.getLogger(__name__)
MOST_SECONDS = 30
"""How long one round may send; mail and reports wait behind it."""
MOST_AT_ONCE = 50
AGENT = "Duly-Webhooks/1"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message leased to this worker; the fence number is its right to mark it."""

    delivery_id: UUID
    endpoint_id: UUID
    fence: int
    attempts: int
    url: str
    body: str
    secrets: tuple[bytes, ...]
    """Sealed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one try came to: the status of the answer, or why there was none."""

    status: int | None
    sentence: str = ""

    @property
    def is_success(self) -> bool:
        """Whether the message was taken."""
        return self.status is not None and is_success(self.status)


def deliver_due(database: Database, at: datetime) -> int:
    """Send what is due and return how many were taken.

    An endpoint that fails is left alone for the rest of the round, so that one does not hold up
    the others.
    """
    began, taken = time.monotonic(), 0
    failing: set[UUID] = set()
    for _ in range(MOST_AT_ONCE):
        passed = time.monotonic() - began
        if passed > MOST_SECONDS:
            break
        now = at + timedelta(seconds=passed)
        claimed = claim_next(database, now, without=failing)
        if claimed is None:
            break
        outcome = _try(claimed, now)
        mark(database, claimed, outcome, now)
        taken += outcome.is_success
        if not outcome.is_success:
            failing.add(claimed.endpoint_id)
    return taken


def claim_next(database: Database, now: datetime, *, without: set[UUID]) -> Claimed | None:
    """Lease the message that has waited longest; one that may not be told any more is withheld."""
    with database.writing() as session:
        chosen = (
            select(WebhookDelivery)
            .join(WebhookEndpoint, WebhookEndpoint.id == WebhookDelivery.endpoint_id)
            .where(_is_due(now), WebhookEndpoint.is_on, WebhookEndpoint.id.not_in(without))
            .order_by(WebhookDelivery.next_try_at, WebhookDelivery.created_at, WebhookDelivery.id)
            .with_for_update(skip_locked=True, of=WebhookDelivery)
        )
        for delivery in session.scalars(chosen.limit(MOST_AT_ONCE)):
            endpoint = session.get_one(WebhookEndpoint, delivery.endpoint_id)
            if _may_tell(session, endpoint, delivery):
                return _leased(delivery, endpoint, now)
            delivery.state, delivery.done_at = DeliveryState.WITHHELD, now
        return None


def mark(database: Database, claimed: Claimed, outcome: Outcome, now: datetime) -> bool:
    """Write down what became of a try; False when another worker has the message by now."""
    later = None if outcome.is_success else next_try(claimed.attempts, now)
    values: dict[str, Any] = {
        "leased_until": None,
        "tried_at": now,
        "last_status": outcome.status,
        "last_error": outcome.sentence,
    }
    if later is not None:
        values["next_try_at"] = later
    else:
        is_done = outcome.is_success
        values["state"] = DeliveryState.DELIVERED if is_done else DeliveryState.UNDELIVERED
        values["done_at"] = now
    still_ours = and_(
        WebhookDelivery.id == claimed.delivery_id,
        WebhookDelivery.fence == claimed.fence,
        WebhookDelivery.state == DeliveryState.WAITING,
    )
    with database.writing() as session:
        done = session.execute(update(WebhookDelivery).where(still_ours).values(**values))
        if not done.rowcount:  # type: ignore[attr-defined]
            _log.warning("message %s was leased to another worker", claimed.delivery_id)
            return False
        _judge(session, claimed.endpoint_id, outcome, now)
    return True


def forget(session: Session, at: datetime) -> None:
    """Remove messages that were over a month ago, and secrets that sign no more."""
    old = WebhookDelivery.done_at < at - KEPT
    for delivery in session.scalars(select(WebhookDelivery).where(old).limit(1000)):
        session.delete(delivery)
    over = WebhookEndpoint.previous_until <= at
    for endpoint in session.scalars(select(WebhookEndpoint).where(over)):
        endpoint.previous_sealed, endpoint.previous_until = None, None


def _try(claimed: Claimed, now: datetime) -> Outcome:
    place = place_of(claimed.endpoint_id)
    secrets = [vault.unseal(each, context=place) for each in claimed.secrets]
    body = claimed.body.encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": AGENT,
        **signed(secrets, f"msg_{claimed.delivery_id}", now, body),
    }
    try:
        status = outbound.post(claimed.url, body, headers, reach())
    except Unreached as why:
        return Outcome(None, str(why))
    return Outcome(status, "" if is_success(status) else f"The answer was {status}.")


def _judge(session: Session, endpoint_id: UUID, outcome: Outcome, now: datetime) -> None:
    """Remember since when an endpoint fails, and turn it off when that lasts too long."""
    chosen = select(WebhookEndpoint).where(WebhookEndpoint.id == endpoint_id).with_for_update()
    endpoint = session.scalars(chosen).one()
    if outcome.is_success:
        endpoint.failing_since = None
        return
    endpoint.failing_since = endpoint.failing_since or now
    days = DISABLED_AFTER.days
    if outcome.status == GONE:
        _turn_off(session, endpoint, "The server said that nothing is there any more (410).", now)
    elif now - endpoint.failing_since >= DISABLED_AFTER:
        _turn_off(session, endpoint, f"Nothing was taken for {days} days.", now)


def _turn_off(session: Session, endpoint: WebhookEndpoint, why: str, at: datetime) -> None:
    if not endpoint.is_on:
        return
    endpoint.is_on, endpoint.why_off = False, why
    record(
        session,
        at=at,
        actor=SYSTEM,
        action=Action.WEBHOOK_TURN,
        subject=("webhook", endpoint.id),
        detail={"name": endpoint.name, "state": "off", "reason": why},
    )
    for person in list_staff(session, Role.ADMINISTRATOR):
        link = absolute(f"/settings/webhooks/{endpoint.id}")
        about = {"name": person.name, "webhook": endpoint.name, "why": why, "link": link}
        text = compose("webhook_off", org=name_of_organisation(session), **about)
        queue(
            session,
            dedupe_key=f"webhook_off:{endpoint.id}:{at:%Y-%m-%dT%H:%M:%S}:{person.person_id}",
            kind="webhook_off",
            to=(person.email, person.name),
            text=text,
            at=at,
        )


def _leased(delivery: WebhookDelivery, endpoint: WebhookEndpoint, now: datetime) -> Claimed:
    delivery.leased_until = now + LEASE
    delivery.fence += 1
    delivery.attempts += 1
    sealed = [endpoint.secret_sealed]
    if endpoint.previous_sealed is not None and (endpoint.previous_until or now) > now:
        sealed.append(endpoint.previous_sealed)
    return Claimed(
        delivery_id=delivery.id,
        endpoint_id=endpoint.id,
        fence=delivery.fence,
        attempts=delivery.attempts,
        url=endpoint.url,
        body=delivery.body,
        secrets=tuple(sealed),
    )


def _may_tell(session: Session, endpoint: WebhookEndpoint, delivery: WebhookDelivery) -> bool:
    """Look once more: a vendor may have become need-to-know since."""
    if delivery.vendor_id is None or endpoint.includes_need_to_know:
        return True
    vendor = session.get(Vendor, delivery.vendor_id)
    return vendor is not None and not vendor.is_need_to_know


def _is_due(now: datetime) -> Any:  # noqa: ANN401  a condition
    return and_(
        WebhookDelivery.state == DeliveryState.WAITING,
        WebhookDelivery.next_try_at <= now,
        or_(WebhookDelivery.leased_until.is_(None), WebhookDelivery.leased_until <= now),
    )
