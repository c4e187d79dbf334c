"""Taking a file from a contact: bytes are handled before any transaction begins."""

from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, cast
from uuid import UUID

from flask import request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from evidence import commands as evidence
from evidence.models import Evidence
from evidence.quota import check_room
from evidence.received import Received
from evidence.rules import EvidenceKind
from foundation import clock
from foundation.db import database
from foundation.errors import Refused
from portal.session import PortalContact
from vendors.rules import Visibility


@dataclass(frozen=True, slots=True)
class Facts:
    """What the uploader says about a file."""

    title: str
    kind: EvidenceKind
    issued_on: date | None


def has_file(name: str) -> bool:
    """Return whether the form brings a file under this name."""
    found = request.files.get(name)
    return found is not None and bool(found.filename)


def receive(contact: PortalContact, vendor_id: UUID, name: str) -> Received:
    """Judge, encrypt and store the file of a form field. Raises Refused with the reason."""
    with database().reading() as reading:
        check_room(reading, vendor_id, 1)
    upload = request.files[name]
    return evidence.receive(
        cast("BinaryIO", upload.stream),
        vendor_id=vendor_id,
        filename=upload.filename or "",
        by=contact.author,
        at=clock.now(),
    )


def facts_of(kind: str, issued_on: str, title: str = "") -> Facts:
    """Read what a form says about a file. Raises Refused for a date that is none."""
    try:
        day = date.fromisoformat(issued_on.strip()) if issued_on.strip() else None
    except ValueError:
        raise Refused(_("Write the day of issue as year, month, day: 2026-12-18.")) from None
    known = {each.value: each for each in EvidenceKind}
    return Facts(title, known.get(kind, EvidenceKind.OTHER), day)


def put_on_record(
    session: Session, received: Received, facts: Facts, *, contact: PortalContact
) -> Evidence:
    """Record a received file as the vendor's own, for both sides to see."""
    return evidence.put_on_record(
        session,
        received,
        vendor_id=received.vendor_id,
        title=facts.title,
        kind=facts.kind,
        issued_on=facts.issued_on,
        valid_until=None,
        visibility=Visibility.VENDOR,
        by=contact.author,
        at=clock.now(),
    )
