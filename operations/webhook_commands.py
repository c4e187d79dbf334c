"""What an administrator does with webhooks: endpoints, their secrets, and messages again."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from audit.actions import Action, Actor
from audit.commands import record
from foundation import vault
from foundation.errors import Conflict, Missing, Refused
from foundation.ids import new_id
from foundation.outbound import checked_address
from operations.webhook_events import message
from operations.webhook_models import WebhookDelivery, WebhookEndpoint
from operations.webhook_reach import reach
from operations.webhook_rules import KINDS, OVERLAP, TEST_KIND, DeliveryState, secret_text
from vendors.wording import checked_name

SECRET_BYTES = 32
OFF = "This webhook is off, so nothing is sent to it. Turn it on first."


@dataclass(frozen=True, slots=True)
class EndpointFacts:
    """What an endpoint is: its name, its address, what it is told of."""

    name: str
    url: str
    kinds: tuple[str, ...]
    includes_need_to_know: bool = False


def add(
    session: Session, facts: EndpointFacts, *, by: Actor, at: datetime
) -> tuple[WebhookEndpoint, str]:
    """Add an endpoint and return it with its secret, which is shown once. Raises Refused."""
    values = _checked(session, facts, except_id=None)
    endpoint_id, secret = new_id(), secrets.token_bytes(SECRET_BYTES)
    sealed = vault.seal(secret, context=place_of(endpoint_id))
    endpoint = WebhookEndpoint(id=endpoint_id, secret_sealed=sealed, created_at=at, **values)
    session.add(endpoint)
    session.flush()
    _note(session, Action.WEBHOOK_ADD, endpoint, by=by, at=at)
    return endpoint, secret_text(secret)


def edit(
    session: Session,
    endpoint: WebhookEndpoint,
    facts: EndpointFacts,
    *,
    version: int,
    by: Actor,
    at: datetime,
) -> None:
    """Store what an endpoint is. Raises Conflict when somebody was faster, and Refused."""
    if version != endpoint.version:
        raise Conflict(
            "Somebody else changed this webhook while you had it open. "
            "Both are shown below: keep what is right and save again.",
            theirs=endpoint,
        )
    for name, value in _checked(session, facts, except_id=endpoint.id).items():
        setattr(endpoint, name, value)
    session.flush()
    _note(session, Action.WEBHOOK_EDIT, endpoint, by=by, at=at)


def rotate(session: Session, endpoint: WebhookEndpoint, *, by: Actor, at: datetime) -> str:
    """Make a new secret and return it, shown once; for a day the one before signs as well."""
    secret = secrets.token_bytes(SECRET_BYTES)
    endpoint.previous_sealed, endpoint.previous_until = endpoint.secret_sealed, at + OVERLAP
    endpoint.secret_sealed = vault.seal(secret, context=place_of(endpoint.id))
    session.flush()
    _note(session, Action.WEBHOOK_ROTATE, endpoint, by=by, at=at)
    return secret_text(secret)


def turn(
    session: Session, endpoint: WebhookEndpoint, *, is_on: bool, by: Actor, at: datetime
) -> None:
    """Turn an endpoint on or off; what it missed while it was off is not made up."""
    if endpoint.is_on == is_on:
        return
    endpoint.is_on, endpoint.why_off, endpoint.failing_since = is_on, "", None
    session.flush()
    _note(session, Action.WEBHOOK_TURN, endpoint, by=by, at=at, state="on" if is_on else "off")


def send_test(session: Session, endpoint: WebhookEndpoint, *, at: datetime) -> WebhookDelivery:
    """Write a message that says nothing but that the way is open. Raises Refused when it is off."""
    _refuse_off(endpoint)
    delivery = message(
        endpoint.id,
        event=f"test:{new_id()}",
        kind=TEST_KIND,
        vendor_id=None,
        body={"type": TEST_KIND, "timestamp": at.isoformat(), "data": {"webhook": endpoint.name}},
        at=at,
    )
    session.add(delivery)
    session.flush()
    return delivery


def replay(
    session: Session, endpoint: WebhookEndpoint, delivery_id: UUID, *, by: Actor, at: datetime
) -> None:
    """Send one message again, under the id it had. Raises Missing, and Refused when it waits."""
    _refuse_off(endpoint)
    delivery = session.get(WebhookDelivery, delivery_id)
    if delivery is None or delivery.endpoint_id != endpoint.id:
        raise Missing
    if delivery.state not in {DeliveryState.DELIVERED, DeliveryState.UNDELIVERED}:
        raise Refused("Only a message that was delivered or given up can be sent again.")
    _again(session, at, WebhookDelivery.id == delivery_id)
    _note(session, Action.WEBHOOK_REPLAY, endpoint, by=by, at=at, count=1)


def replay_failed(session: Session, endpoint: WebhookEndpoint, *, by: Actor, at: datetime) -> int:
    """Send every message that was given up again and return how many. Raises Refused for none."""
    _refuse_off(endpoint)
    count = _again(
        session,
        at,
        WebhookDelivery.endpoint_id == endpoint.id,
        WebhookDelivery.state == DeliveryState.UNDELIVERED,
    )
    if not count:
        raise Refused("No message was given up, so there is nothing to send again.")
    _note(session, Action.WEBHOOK_REPLAY, endpoint, by=by, at=at, count=count)
    return count


def place_of(endpoint_id: UUID) -> str:
    """Name the one place where an endpoint's secrets open."""
    return f"webhook-secret|{endpoint_id}"


def _checked(session: Session, facts: EndpointFacts, *, except_id: UUID | None) -> dict[str, Any]:
    name = checked_name(facts.name, what="The name")
    url = checked_address(facts.url, reach())
    same = select(WebhookEndpoint.id).where(
        WebhookEndpoint.url == url, WebhookEndpoint.id != (except_id or new_id())
    )
    if session.scalars(same).first() is not None:
        raise Refused("There is a webhook with this address already.", where="url")
    known = [kind.value for kind in KINDS if kind.value in facts.kinds]
    if not known or len(known) != len(set(facts.kinds)):
        raise Refused("Choose at least one event it is told of.", where="kinds")
    return {
        "name": name,
        "url": url,
        "kinds": known,
        "includes_need_to_know": facts.includes_need_to_know,
    }


def _again(session: Session, at: datetime, *which: Any) -> int:  # noqa: ANN401  conditions
    values = {
        "state": DeliveryState.WAITING,
        "attempts": 0,
        "next_try_at": at,
        "leased_until": None,
        "done_at": None,
    }
    done = session.execute(update(WebhookDelivery).where(*which).values(**values))
    return int(cast("CursorResult[Any]", done).rowcount)


def _refuse_off(endpoint: WebhookEndpoint) -> None:
    if not endpoint.is_on:
        raise Refused(OFF)


def _note(
    session: Session,
    action: Action,
    endpoint: WebhookEndpoint,
    *,
    by: Actor,
    at: datetime,
    **detail: object,
) -> None:
    """Note the act without the address: its path may hold a secret of theirs."""
    record(
        session,
        at=at,
        actor=by,
        action=action,
        subject=("webhook", endpoint.id),
        detail={"name": endpoint.name, **detail},
    )
