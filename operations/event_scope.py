"""Whose business an entry of the ledger is: of a vendor, or of the house."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from audit.models import Entry
from identity.models import Invitation
from operations.ledger_subjects import KINDS
from questionnaires.models import Assessment
from reviews.attestation_models import Attestation
from vendors.inventory_models import Exemption
from vendors.models import Vendor
from vendors.queries import visible_vendors

_OF_INVITATION = func.coalesce(
    *(
        select(table.vendor_id)
        .where(table.id == Invitation.for_id)
        .correlate(Invitation)
        .scalar_subquery()
        for table in (Assessment, Attestation)
    )
)
OF_VENDOR: dict[str, tuple[Any, Any]] = {
    **{name: (kind.id, kind.vendor) for name, kind in KINDS.items() if kind.vendor is not None},
    "exemption": (Exemption.id, Exemption.vendor_id),
    "invitation": (Invitation.id, _OF_INVITATION),
}
"""Kinds of things that are a vendor's: where their id stands, and whose they are."""

OF_HOUSE = frozenset(
    {
        "business_function",
        "business_unit",
        "field",
        "import",
        "installation",
        "legal_entity",
        "letter",
        "organisation",
        "person",
        "questionnaire",
        "tag",
        "tier_model",
        "unit",
        "web_session",
        "webhook",
    }
)
"""Kinds of things that are nobody's but ours. A kind in neither list is shown to nobody."""


def may_see(viewer_id: UUID) -> ColumnElement[bool]:
    """Return the condition under which somebody may know of an entry; one look-up for each."""
    parts: list[ColumnElement[bool]] = [Entry.subject_kind.in_(OF_HOUSE)]
    for kind, (thing_id, vendor_id) in OF_VENDOR.items():
        seen = exists().where(thing_id == Entry.subject_id, _knows(vendor_id, viewer_id))
        known = _knows(Entry.subject_id, viewer_id) if kind == "vendor" else seen
        parts.append(and_(Entry.subject_kind == kind, known))
    staff = exists().where(Invitation.id == Entry.subject_id, Invitation.for_id.is_(None))
    parts.append(and_(Entry.subject_kind == "invitation", staff))
    return or_(*parts)


def _knows(vendor_id: Any, viewer_id: UUID) -> ColumnElement[bool]:  # noqa: ANN401  a column
    return exists().where(Vendor.id == vendor_id, visible_vendors(viewer_id))


def vendors_of(session: Session, subjects: Iterable[tuple[str, UUID]]) -> dict[UUID, UUID]:
    """Return whose each thing is, by its id; what is nobody's is left out. One statement."""
    wanted: dict[str, set[UUID]] = {}
    for kind, thing_id in subjects:
        if kind in OF_VENDOR:
            wanted.setdefault(kind, set()).add(thing_id)
    parts = [
        select(OF_VENDOR[kind][0].label("id"), OF_VENDOR[kind][1].label("vendor_id")).where(
            OF_VENDOR[kind][0].in_(ids)
        )
        for kind, ids in wanted.items()
    ]
    if not parts:
        return {}
    united = parts[0].union_all(*parts[1:]) if len(parts) > 1 else parts[0]
    return {row.id: row.vendor_id for row in session.execute(united) if row.vendor_id}
