"""Vendors as JSON: every key that leaves stands here by name."""

from collections.abc import Iterable
from typing import Any

from vendors.duplicate_queries import Duplicate
from vendors.list_queries import VendorRow
from vendors.models import Vendor

Shape = dict[str, Any]


def row(found: VendorRow) -> Shape:
    """Return a line of the inventory."""
    return {
        "id": str(found.vendor_id),
        "reference": found.reference,
        "name": found.name,
        "state": found.state.value,
        "tier": found.tier,
        "is_tier_provisional": found.is_provisional,
        "owner": found.owner,
        "next_review_on": found.next_review_on.isoformat() if found.next_review_on else None,
        "is_need_to_know": found.is_need_to_know,
    }


def whole(vendor: Vendor) -> Shape:
    """Return the facts of a vendor; all are the vendor's own, so its version covers them."""
    return {
        "id": str(vendor.id),
        "reference": vendor.reference,
        "name": vendor.name,
        "legal_name": vendor.legal_name,
        "website": vendor.website,
        "purpose": vendor.purpose,
        "country": vendor.country,
        "category": vendor.category,
        "state": vendor.state.value,
        "tier": vendor.tier,
        "computed_tier": vendor.computed_tier,
        "is_tier_provisional": vendor.is_tier_provisional,
        "owner_id": str(vendor.owner_id),
        "is_need_to_know": vendor.is_need_to_know,
        "cleared_on": vendor.cleared_on.isoformat() if vendor.cleared_on else None,
        "next_review_on": vendor.next_review_on.isoformat() if vendor.next_review_on else None,
        "created_at": vendor.created_at.isoformat(),
        "version": vendor.version,
    }


def alike(found: Iterable[Duplicate]) -> list[Shape]:
    """Return the vendors somebody's new one may be the same as."""
    return [
        {"id": str(each.vendor_id), "reference": each.reference, "name": each.name}
        for each in found
    ]
