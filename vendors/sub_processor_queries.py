"""Reading the companies behind a vendor, and how many of our vendors lean on the same one."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from vendors.models import Vendor
from vendors.queries import visible_vendors
from vendors.service_models import SubProcessor


@dataclass(frozen=True, slots=True)
class User:
    """A vendor of ours that uses a company too."""

    vendor_id: UUID
    reference: str
    name: str


@dataclass(frozen=True, slots=True)
class SubProcessorRow:
    """A company a vendor uses, with who else of ours leans on it."""

    row_id: UUID
    name: str
    countries: tuple[str, ...]
    purpose: str
    rank: int
    provider_id: UUID | None
    """None too where the viewer may not see the vendor it is."""
    provider_reference: str
    users: tuple[User, ...]
    """Vendors the viewer may see, this one among them."""


def sub_processors_of(session: Session, viewer_id: UUID, vendor_id: UUID) -> list[SubProcessorRow]:
    """Return the companies behind a vendor, the nearest first; two statements."""
    provider = aliased(Vendor)
    seen = select(Vendor.id).where(visible_vendors(viewer_id))
    chosen = (
        select(SubProcessor, provider.id, provider.reference)
        .outerjoin(
            provider,
            (provider.id == SubProcessor.provider_id)
            & provider.archived_at.is_(None)
            & provider.id.in_(seen),
        )
        .where(SubProcessor.vendor_id == vendor_id)
        .order_by(SubProcessor.rank, SubProcessor.name_key, SubProcessor.id)
    )
    rows = session.execute(chosen).all()
    users = _users_of(session, viewer_id, vendor_id)
    return [
        SubProcessorRow(
            row_id=row.id,
            name=row.name,
            countries=tuple(filter(None, row.country.split(", "))),
            purpose=row.purpose,
            rank=row.rank,
            provider_id=provider_id,
            provider_reference=reference or "",
            users=_together(users[row.name_key], users[row.provider_id]),
        )
        for row, provider_id, reference in rows
    ]


def _users_of(
    session: Session, viewer_id: UUID, vendor_id: UUID
) -> dict[str | UUID | None, dict[UUID, User]]:
    """Return who uses the companies behind a vendor, by their name key and by our own row."""
    mine = (SubProcessor.vendor_id == vendor_id, SubProcessor.name_key != "")
    keys = select(SubProcessor.name_key).where(*mine)
    providers = select(SubProcessor.provider_id).where(*mine, SubProcessor.provider_id.is_not(None))
    chosen = (
        select(
            SubProcessor.name_key,
            SubProcessor.provider_id,
            Vendor.id,
            Vendor.reference,
            Vendor.name,
        )
        .join(Vendor, Vendor.id == SubProcessor.vendor_id)
        .where(or_(SubProcessor.name_key.in_(keys), SubProcessor.provider_id.in_(providers)))
        .where(visible_vendors(viewer_id), Vendor.archived_at.is_(None))
        .order_by(Vendor.name_key, Vendor.id)
    )
    found: dict[str | UUID | None, dict[UUID, User]] = defaultdict(dict)
    for key, provider_id, user_id, reference, name in session.execute(chosen):
        found[key][user_id] = User(user_id, reference, name)
        if provider_id is not None:
            found[provider_id][user_id] = User(user_id, reference, name)
    return found


def _together(*parts: dict[UUID, User]) -> tuple[User, ...]:
    every = {key: user for part in parts for key, user in part.items()}
    return tuple(sorted(every.values(), key=lambda user: user.name.casefold()))
