"""Reading a bounce: a mail server's report on a mail of ours (RFC 3464). Runs in the sandbox only.

What comes in was written by anybody. Only facts go out, each one bounded line: what the bounce says
became of whom, and which mail it is about.
"""

import json
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message
from email.policy import default

from foundation.errors import Refused

MOST_PARTS = 50
MOST_RECIPIENTS = 50
LONGEST = 300
NO_BOUNCE = (
    "This is no bounce, a mail server's report about a letter (RFC 3464). "
    "Nobody reads what comes to this address."
)


def read(payload: bytes) -> bytes:
    """Return what a bounce says as JSON. Raises Refused for anything that is none."""
    if payload.lower().count(b"boundary") > MOST_PARTS:
        raise Refused("This mail has more parts than a bounce of a letter of ours.")
    try:
        message = message_from_bytes(payload, policy=default)
        told = _told(message)
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise Refused(NO_BOUNCE) from None
    return json.dumps(told).encode()


def _told(message: Message) -> dict[str, object]:
    is_bounce = (
        message.get_content_type() == "multipart/report"
        and str(message.get_param("report-type", "")).lower() == "delivery-status"
    )
    if not is_bounce:
        raise Refused(NO_BOUNCE)
    parts = list(_parts(message))
    reports = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    if len(reports) != 1:
        raise Refused("This bounce holds no report, or more than one. Nothing was changed.")
    whole, *each = _groups(reports[0])
    return {
        "envelope": _line(whole, "original-envelope-id"),
        "message_ids": _message_ids(parts),
        "recipients": [_recipient(one) for one in each[:MOST_RECIPIENTS]],
    }


def _parts(message: Message) -> Iterator[Message]:
    """Yield the parts of the report itself: what is inside of a returned mail is its own affair."""
    inner = message.get_payload()
    for part in (inner if isinstance(inner, list) else [])[:MOST_PARTS]:
        if isinstance(part, Message):
            yield part


def _groups(report: Message) -> list[Message]:
    """Return the fields about the message, then those about each recipient."""
    groups = report.get_payload()
    found: list[Message] = []
    if isinstance(groups, list):
        found += (one for one in groups if isinstance(one, Message))
    return found or [Message()]


def _recipient(fields: Message) -> dict[str, str]:
    return {
        "action": _line(fields, "action").lower(),
        "status": _line(fields, "status").partition(" ")[0],
        "said": _after_type(_line(fields, "diagnostic-code")),
        "original": _address(_line(fields, "original-recipient")),
        "final": _address(_line(fields, "final-recipient")),
    }


def _message_ids(parts: list[Message]) -> list[str]:
    """Return the Message-ID of the mail that came back, whole or only its head."""
    found = []
    for part in parts:
        kind, inner = part.get_content_type(), part.get_payload()
        head: Message | None = None
        if kind in {"message/rfc822", "message/global"} and isinstance(inner, list) and inner:
            head = inner[0] if isinstance(inner[0], Message) else None
        elif kind in {"text/rfc822-headers", "message/global-headers"}:
            content = part.get_payload(decode=True)
            head = message_from_bytes(content) if isinstance(content, bytes) else None
        if head is not None:
            found += [_plain(str(value)) for value in head.get_all("message-id", [])]
    return found[:MOST_PARTS]


def _line(fields: Message, name: str) -> str:
    """Return a field as one line, if it is there once."""
    values = fields.get_all(name, [])
    return _plain(str(values[0])) if len(values) == 1 else ""


def _after_type(value: str) -> str:
    """Return what follows the type of a value: smtp; 550 No such user."""
    before, found, after = value.partition(";")
    return after.strip() if found and before.strip().replace("-", "").isalnum() else value


def _address(value: str) -> str:
    return _after_type(value).strip("<> ")


def _plain(text: str) -> str:
    """Return a text as one line of characters that can be shown, no longer than is bearable."""
    line = " ".join(text.split())
    return "".join(sign for sign in line if sign.isprintable())[:LONGEST]
