"""Rules of webhooks: which events, how a message is signed, when it is tried again. Pure."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from audit.actions import Action

KINDS = (
    Action.VENDOR_ADD,
    Action.VENDOR_EDIT,
    Action.VENDOR_EXPOSURE,
    Action.VENDOR_RETIER,
    Action.VENDOR_CLEAR,
    Action.VENDOR_ACTIVATE,
    Action.VENDOR_MOVE,
    Action.ASSESSMENT_SEND,
    Action.ASSESSMENT_SUBMIT,
    Action.ASSESSMENT_RETURN,
    Action.ASSESSMENT_ACCEPT,
    Action.ASSESSMENT_WITHDRAW,
    Action.EVIDENCE_ADD,
    Action.CONTRACT_ADD,
    Action.CONTRACT_ACTIVATE,
    Action.CONTRACT_END,
    Action.FINDING_RAISE,
    Action.FINDING_CLOSE,
    Action.FINDING_ACCEPT,
    Action.DECISION_PROPOSE,
    Action.DECISION_FINAL,
    Action.CONDITION_MEET,
    Action.REPORT_ISSUE,
)
"""The acts of the ledger an endpoint can ask for."""
TEST_KIND = "webhook.test"

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 300, 600, 840, 1200, 1440))
"""After the first try and each further one: 1, 5 and 30 minutes, 2, 5, 10, 14, 20, 24 hours."""
MOST_ATTEMPTS = len(WAITS) + 1
LEASE = timedelta(minutes=2)
DISABLED_AFTER = timedelta(days=5)
"""How long an endpoint may fail without one success."""
OVERLAP = timedelta(days=1)
"""How long the secret before still signs after a new one was made."""
KEPT = timedelta(days=30)
"""How long a delivery that is over is kept."""
SECRET_PREFIX = "whsec_"  # noqa: S105  the name of the scheme
GONE = 410


class DeliveryState(StrEnum):
    """Where a message is."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    WITHHELD = "withheld"


def secret_text(secret: bytes) -> str:
    """Return a secret as its receiver keeps it (Standard Webhooks, Signature scheme)."""
    return SECRET_PREFIX + base64.b64encode(secret).decode()


def signed(secrets: Iterable[bytes], message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers of a message, signed by every secret that is good (Standard Webhooks)."""
    moment = str(int(at.timestamp()))
    said = b".".join((message_id.encode(), moment.encode(), body))
    found = [hmac.new(secret, said, hashlib.sha256).digest() for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(f"v1,{base64.b64encode(each).decode()}" for each in found),
    }


def is_success(status: int) -> bool:
    """Say whether a message was taken; a redirect is not followed and counts as a failure."""
    return 200 <= status < 300


def next_try(attempts: int, at: datetime) -> datetime | None:
    """Return when a message that failed so many times is tried again, or None for never."""
    return at + WAITS[attempts - 1] if attempts < MOST_ATTEMPTS else None
