"""Erasing a vendor wholly: rows, files, names; its reference and the hashes of reports stay."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from accounts.models import Staff
from audit.actions import Action
from audit.commands import record
from audit.erasing import forget_words_about, pass_for_erasing
from evidence.erasing import delete_after_commit
from evidence.holds import is_held
from evidence.models import Evidence
from foundation import vault
from foundation.db import Model
from foundation.errors import Refused
from identity.models import Challenge, Invitation, Person
from identity.rules import Author
from mail import erasing as mail
from mail.models import Letter
from operations.person_erasing import erase as erase_person
from operations.person_erasing import refusal_to_erase
from operations.vendor_tables import belongs, owned
from reminders.models import Reminder, Snooze
from reports.models import Report, ReportPaper
from vendors.inventory_models import BulkChange, ImportBatch
from vendors.models import Contact, Vendor
from vendors.search_index import refresh
from vendors.service_models import SubProcessor

NAME = "An erased vendor"
KEPT = frozenset({"report", "report_paper"})
"""The register of what was issued: its hashes verify a paper for ever, its bytes go."""
BY_ID = (Reminder, Snooze)
"""Rows that name what they are about by its id alone."""


def plan_of(session: Session, vendor: Vendor) -> dict[str, int]:
    """Return how many rows of each table would go; nothing is changed."""
    mine = select(Vendor.id).where(Vendor.id == vendor.id)
    found = {}
    for table in owned():
        counted = select(func.count()).select_from(table).where(belongs(table, mine))
        found[table.name] = session.scalar(counted) or 0
    return {name: count for name, count in found.items() if count and name not in KEPT}


def refusal_to_erase_vendor(session: Session, vendor: Vendor) -> str:
    """Return why a vendor cannot be erased now, with the way out; empty when it can."""
    if vendor.erased_at is not None:
        return str(_("This vendor was erased already."))
    if vendor.archived_at is None:
        return str(
            _("This vendor is in the lists. Archive it first: tick it in the list of vendors.")
        )
    if is_held(session, vendor.id):
        return str(_("This vendor, or a file of it, is held for a legal matter."))
    return ""


def erase_vendor(session: Session, vendor: Vendor, *, by: Author, at: datetime) -> dict[str, int]:
    """Erase everything of a vendor that was put away; return how many rows of each table went.

    Raises Refused for one that was not put away, or is held.
    """
    refusal = refusal_to_erase_vendor(session, vendor)
    if refusal:
        raise Refused(refusal)
    mine = select(Vendor.id).where(Vendor.id == vendor.id)
    people = list(session.scalars(_people_of_it_alone(vendor.id)))
    ids = _ids(session, mine)
    names = [one for one in (vendor.name, vendor.legal_name) if one]
    files = select(Evidence.object_id).where(Evidence.vendor_id == vendor.id)
    delete_after_commit(session, session.scalars(files))
    with pass_for_erasing(session):
        _forget_posts(session, ids, names)
        _empty_reports(session, vendor.id)
        rows = _delete_rows(session, mine)
        _scrub_changes(session, vendor.id)
    forget_words_about(session, [vendor.id, *ids])
    _become_tombstone(session, vendor, at)
    for person_id in people:
        person = session.get_one(Person, person_id)
        if not refusal_to_erase(session, person, by=by, at=at):
            erase_person(session, person, by=by, at=at)
    told: dict[str, object] = {"reference": vendor.reference, "vendors": sum(rows.values())}
    subject = ("vendor", vendor.id)
    record(session, at=at, actor=by.actor, action=Action.VENDOR_ERASE, subject=subject, detail=told)
    return rows


def _people_of_it_alone(vendor_id: UUID) -> Select[UUID]:
    other = aliased(Contact)
    elsewhere = exists().where(
        other.person_id == Person.id, other.vendor_id != vendor_id, other.removed_at.is_(None)
    )
    return (
        select(Person.id)
        .join(Contact, Contact.person_id == Person.id)
        .where(
            Contact.vendor_id == vendor_id,
            Person.erased_at.is_(None),
            ~elsewhere,
            ~exists().where(Staff.person_id == Person.id),
        )
    )


def _ids(session: Session, mine: Select[Any]) -> list[UUID]:
    """Return the id of everything of a vendor, for what names it by its id alone."""
    found: list[UUID] = []
    for table in owned():
        if "id" in table.columns and table.columns.id.primary_key:
            found += session.scalars(select(table.columns.id).where(belongs(table, mine))).all()
    return found


def _forget_posts(session: Session, ids: list[UUID], names: list[str]) -> None:
    """Take away links, letters and reminders about things of the vendor."""
    about = set(ids)
    links = select(Invitation.id).where(Invitation.for_id.in_(about))
    session.execute(delete(Challenge).where(Challenge.invitation_id.in_(links)))
    session.execute(delete(Invitation).where(Invitation.for_id.in_(about)))
    mail.forget_letters(session, Letter.about_id.in_(about))
    mail.forget_letters(session, or_(*(Letter.subject.contains(one) for one in names)))
    for table in BY_ID:
        session.execute(delete(table).where(table.subject_id.in_(about)))


def _empty_reports(session: Session, vendor_id: UUID) -> None:
    """Keep the register of issued reports, and none of their words or bytes."""
    for report in session.scalars(select(Report).where(Report.vendor_id == vendor_id)):
        empty_report(session, report)
        report.review_id, report.failure = None, ""
    session.flush()


def empty_report(session: Session, report: Report) -> None:
    """Take words and bytes out of a report; what it is verified by stays."""
    report.dossier_sealed = vault.seal(b"{}", context=f"report-dossier|{report.id}")
    report.file_sealed = None
    for paper in session.scalars(select(ReportPaper).where(ReportPaper.report_id == report.id)):
        paper.file_sealed = vault.seal(b"", context=f"report-paper|{paper.id}")
    session.flush()


def _delete_rows(session: Session, mine: Select[Any]) -> dict[str, int]:
    """Delete every row of a vendor, children before parents; return how many of each table."""
    others = update(SubProcessor).where(SubProcessor.provider_id.in_(mine))
    session.execute(others.values(provider_id=None))
    gone: dict[str, int] = {}
    doomed = {
        table: session.execute(select(*table.primary_key.columns).where(belongs(table, mine))).all()
        for table in owned()
        if table.name not in KEPT
    }
    session.expunge_all()
    for table in reversed(owned()):
        for keys in doomed.get(table, ()):
            same = [
                column == value
                for column, value in zip(table.primary_key.columns, keys, strict=True)
            ]
            session.execute(delete(table).where(*same))
        if doomed.get(table):
            gone[table.name] = len(doomed[table])
    return gone


def _scrub_changes(session: Session, vendor_id: UUID) -> None:
    """Take the vendor out of what imports and bulk changes remember of it."""
    for table in (BulkChange, ImportBatch):
        name = Model.metadata.tables[table.__tablename__]
        for key, rows in session.execute(select(name.c.id, name.c.rows)).all():
            kept = [one for one in rows if str(vendor_id) not in str(one)]
            if len(kept) != len(rows):
                session.execute(update(name).where(name.c.id == key).values(rows=kept))


def _become_tombstone(session: Session, vendor: Vendor, at: datetime) -> None:
    """Leave the reference and nothing else."""
    session.add(vendor)
    session.refresh(vendor)
    vendor.name, vendor.name_key, vendor.erased_at = NAME, "", at
    vendor.legal_name = vendor.website = vendor.domain_key = ""
    vendor.country = vendor.category = vendor.purpose = ""
    vendor.parent_id = vendor.unit_id = None
    vendor.next_review_on = None
    session.execute(update(Vendor).where(Vendor.parent_id == vendor.id).values(parent_id=None))
    session.flush()
    refresh(session.connection(), [vendor.id])
