"""Words planted where only some may read them, and a look whether they came out anywhere."""

import re
from io import BytesIO

import pikepdf
from sqlalchemy import select, update

from audit.erasing import pass_for_erasing
from evidence.models import Evidence
from foundation.db import Model
from reviews.attestation_models import Attestation
from reviews.decision_models import Decision, GateJudgement, SentBack, SignOff
from reviews.models import Review, Verdict
from vendors.import_models import PastRecord
from vendors.inventory_models import CustomValue, Exemption, Note
from vendors.models import Vendor
from vendors.rules import Visibility
from vendors.service_models import Service

CANARY = re.compile(r"CANARY-[\w-]+")
OURS = {
    Verdict: ("note",),
    GateJudgement: ("note",),
    Decision: ("note",),
    SignOff: ("note",),
    SentBack: ("reason",),
    Note: ("text",),
    Exemption: ("reason", "compensating_control", "frozen_rating"),
    PastRecord: ("decided_by", "tier_before"),
    CustomValue: ("value",),
    Attestation: ("reason",),
    Evidence: ("title", "original_name"),
    Service: ("description",),
    Vendor: ("purpose", "category"),
}
"""What we write and compute about a vendor and keep to ourselves, by table."""


def word(table, column):
    return f"CANARY-{table.__tablename__}-{column}"


def rows_of(table, vendor_id):
    """Return the condition under which a row of ours is about a vendor."""
    if table is Vendor:
        return Vendor.id == vendor_id
    if hasattr(table, "vendor_id"):
        about = table.vendor_id == vendor_id
        is_ours = hasattr(table, "visibility")
        return about & (table.visibility == Visibility.INTERNAL) if is_ours else about
    reviews = select(Review.id).where(Review.vendor_id == vendor_id)
    if hasattr(table, "review_id"):
        return table.review_id.in_(reviews)
    return table.decision_id.in_(select(Decision.id).where(Decision.review_id.in_(reviews)))


def plant_ours(session, vendor_id):
    """Put a word of its own into everything of ours about a vendor; return where one stands."""
    planted = set()
    with pass_for_erasing(session):
        for table, columns in OURS.items():
            for column in columns:
                mine = rows_of(table, vendor_id), getattr(table, column) != ""
                changed = update(table).where(*mine).values({column: word(table, column)})
                if session.execute(changed).rowcount:
                    planted.add(word(table, column))
    return planted


FREE = {
    *("name", "title", "legal_name", "purpose", "category", "description", "text", "message"),
    *("reason", "note", "closing_note", "met_note", "value", "decided_by", "original_name"),
    *("job_title", "declared_name", "declared_role", "compensating_control", "frozen_rating"),
}
"""Columns that hold somebody's own words."""


def plant_whole(session, vendor_id):
    """Put a word into every free text of a vendor; return the words and its references."""
    words = set()
    for mapper in Model.registry.mappers:
        table = mapper.class_
        if table is not Vendor and not hasattr(table, "vendor_id"):
            continue
        key = table.id if table is Vendor else table.vendor_id
        for column in mapper.columns:
            if _is_free_text(column):
                planted = f"HIDDEN-{table.__tablename__}-{column.name}"
                found = session.execute(
                    update(table)
                    .where(key == vendor_id, column != "")
                    .values({column.name: planted})
                )
                if found.rowcount:
                    words.add(planted)
        if hasattr(table, "reference"):
            words |= set(session.scalars(select(table.reference).where(key == vendor_id)))
    return words


def _is_free_text(column):
    kind = type(column.type).__name__
    is_bound = column.foreign_keys or column.primary_key or column.unique
    return kind == "Text" and not is_bound and column.name in FREE


def text_of(answer):
    """Return what somebody reads in an answer, headers and the pages of a PDF included."""
    told = "\n".join(f"{name}: {value}" for name, value in answer.headers)
    if answer.raw.startswith(b"%PDF"):
        return f"{told}\n{pdf_text(answer.raw)}"
    return f"{told}\n{answer.text}"


def pdf_text(raw):
    """Return the data within a PDF: the paper is printed from it and from nothing else."""
    with pikepdf.open(BytesIO(raw)) as document:
        within = [each.get_file().read_bytes() for each in document.attachments.values()]
    return "\n".join(each.decode("utf-8", "replace") for each in within)
