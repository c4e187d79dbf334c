"""Attaching a file to a question: a new upload, or one that is in the library already."""

from dataclasses import dataclass
from uuid import UUID

from flask import request
from sqlalchemy.orm import Session

from evidence.received import Received
from foundation import clock
from foundation.errors import Refused
from portal import uploads
from portal.access import my_evidence
from portal.question_cards import anchor_of
from portal.session import PortalContact
from portal.uploads import Facts
from questionnaires.citation_commands import cite, uncite
from questionnaires.models import Assessment

NOTHING_CHOSEN = "Choose a file to upload, or one of your documents."


@dataclass(frozen=True, slots=True)
class Attachment:
    """What the form wants attached to which question, or why that cannot be."""

    code: str
    received: Received | None = None
    facts: Facts | None = None
    chosen: UUID | None = None
    page: str = ""
    note: str = ""
    refusal: str = ""


def wanted(contact: PortalContact, vendor_id: UUID) -> Attachment | None:
    """Read the pressed "Attach" button, storing an uploaded file; no transaction is open here."""
    code = request.form.get("attach", "")
    if not code:
        return None
    name = anchor_of(code)
    try:
        facts = uploads.facts_of(
            request.form.get(f"{name}:kind", ""), request.form.get(f"{name}:issued_on", "")
        )
        has_file = uploads.has_file(f"{name}:file")
        received = uploads.receive(contact, vendor_id, f"{name}:file") if has_file else None
    except Refused as refusal:
        return Attachment(code, refusal=str(refusal))
    chosen = _id_in(request.form.get(f"{name}:cite", ""))
    return Attachment(
        code,
        received,
        facts,
        chosen,
        page=request.form.get(f"{name}:page", ""),
        note=request.form.get(f"{name}:note", ""),
        refusal="" if received or chosen else NOTHING_CHOSEN,
    )


def attach(
    session: Session, assessment: Assessment, wish: Attachment, *, contact: PortalContact
) -> str:
    """Record and cite what was wanted; return the refusal, or nothing when it is done."""
    if wish.refusal:
        return wish.refusal
    try:
        if wish.received is not None and wish.facts is not None:
            file = uploads.put_on_record(session, wish.received, wish.facts, contact=contact)
        elif wish.chosen is not None:
            file = my_evidence(session, contact, wish.chosen)
        else:
            return NOTHING_CHOSEN
        cite(
            session,
            assessment,
            wish.code,
            file,
            page=wish.page,
            note=wish.note,
            by=contact.author,
            at=clock.now(),
        )
    except Refused as refusal:
        return str(refusal)
    return ""


def detach(session: Session, assessment: Assessment, *, contact: PortalContact) -> str | None:
    """Take the citation away whose "Remove" button was pressed, and return its question.

    The button's value is the citation and the code; None when no such button was pressed.
    """
    text, _, code = request.form.get("remove", "").partition(" ")
    chosen = _id_in(text)
    if chosen is None:
        return None
    uncite(session, assessment, chosen, by=contact.author, at=clock.now())
    return code


def _id_in(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
