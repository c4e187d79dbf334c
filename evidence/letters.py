"""Letters about files that are dangerous or were tampered with."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.queries import StaffRow, list_staff
from accounts.rules import Role
from audit.actions import ActorKind
from evidence.models import Evidence
from foundation.links import absolute
from identity.models import Person
from mail.commands import queue
from mail.letters import Text, compose
from mail.models import Letter
from organisation.queries import day_of, name_of_organisation
from vendors.models import Vendor
from vendors.queries import find_vendor


def virus_was_found(session: Session, row: Evidence, *, at: datetime) -> None:
    """Write to the vendor's owner and to every administrator who may know of the vendor."""
    vendor = session.get_one(Vendor, row.vendor_id)
    for each in list_staff(session):
        is_reader = each.person_id == vendor.owner_id or Role.ADMINISTRATOR in each.roles
        if is_reader and find_vendor(session, each.person_id, vendor.id) is not None:
            text = _composed(
                session,
                "virus_found",
                each.name,
                row,
                vendor=vendor.name,
                link=absolute(f"/vendors/{vendor.id}/evidence"),
            )
            _queue(session, "virus_found", row, each, text, at=at)


def tell_uploader(session: Session, row: Evidence, *, at: datetime) -> None:
    """Write to whoever brought a file in which a virus was found only later."""
    if row.uploaded_by_id is None or row.uploaded_by_kind is ActorKind.SYSTEM:
        return
    person = session.get_one(Person, row.uploaded_by_id)
    text = _composed(session, "virus_found_in_yours", person.name, row, title=row.title)
    queue(
        session,
        dedupe_key=f"virus_found_in_yours:{row.id}:{person.email}",
        kind="virus_found_in_yours",
        to=(person.email, person.name),
        text=text,
        at=at,
        about_id=row.vendor_id,
    )


def was_refused(session: Session, row: Evidence, found: str, *, at: datetime) -> bool:
    """Write to every administrator, once a day: a stored file is not what was stored.

    Returns whether this is the first word of the day about it. The vendor is not named: an
    administrator need not know of it.
    """
    once = f":{day_of(session, at)}"
    key = Letter.dedupe_key.startswith(f"evidence_refused:{row.id}{once}:", autoescape=True)
    is_first = session.scalars(select(Letter.id).where(key).limit(1)).first() is None
    for each in list_staff(session, Role.ADMINISTRATOR):
        text = _composed(
            session, "evidence_refused", each.name, row, found=found, link=absolute("/ledger")
        )
        _queue(session, "evidence_refused", row, each, text, at=at, once=once)
    return is_first


def _composed(session: Session, kind: str, name: str, row: Evidence, **told: object) -> Text:
    org = name_of_organisation(session)
    return compose(kind, org=org, name=name, reference=row.reference, **told)


def _queue(  # noqa: PLR0913  every part of a letter is named
    session: Session,
    kind: str,
    row: Evidence,
    reader: StaffRow,
    text: Text,
    *,
    at: datetime,
    once: str = "",
) -> None:
    queue(
        session,
        dedupe_key=f"{kind}:{row.id}{once}:{reader.email}",
        kind=kind,
        to=(reader.email, reader.name),
        text=text,
        at=at,
        about_id=row.vendor_id,
    )
