"""Vendors as JSON: every key that leaves stands here by name."""

from collections.abc import Iterable
from typing import Any

from foundation.api_shapes import (
    day,
    ident,
    integer,
    many,
    maybe,
    moment,
    number,
    one_of,
    record,
    text,
    yes_or_no,
)
from vendors.duplicate_queries import Duplicate
from vendors.list_queries import VendorRow
from vendors.models import Vendor
from vendors.rules import VendorState
from vendors.tier_model import WORST, Factor, Flag

Shape = dict[str, Any]

_TIER = maybe(integer("1 (highest) to 4; the one that counts.", least=1, most=4))
_BASE = {
    "id": ident(),
    "reference": text("As people say it.", like="V-0042"),
    "name": text(like="Acme Payments"),
    "state": one_of(VendorState),
    "tier": _TIER,
    "is_tier_provisional": yes_or_no("Something is not known yet and counts as the worst case."),
}
ROW = record(
    "VendorRow",
    {
        **_BASE,
        "owner": text("The name of who owns it here."),
        "next_review_on": maybe(day()),
        "is_need_to_know": yes_or_no(),
    },
)
_TYPED = {
    "name": text("What people call it.", like="Acme Payments"),
    "website": text(like="https://acme.example"),
    "purpose": text("What it does for us.", like="Takes our payments"),
    "country": text("Two letters (ISO 3166), or empty.", like="PK"),
}
NEW = record("NewVendor", _TYPED, optional=("website", "purpose", "country"))
EDIT_FIELDS = {**_TYPED, "legal_name": text(), "category": text(like="Payments")}
EDIT = record("VendorEdit", EDIT_FIELDS, optional=EDIT_FIELDS)
WHOLE = record(
    "Vendor",
    {
        **_BASE,
        **EDIT_FIELDS,
        "computed_tier": maybe(integer("The tier of its exposure alone.", least=1, most=4)),
        "owner_id": ident(),
        "is_need_to_know": yes_or_no(),
        "cleared_on": maybe(day("When a decision allowed its use.")),
        "next_review_on": maybe(day()),
        "created_at": moment(),
        "version": integer("The number in its ETag.", least=1),
    },
)
_ALIKE = record("VendorAlike", {"id": ident(), "reference": text(like="V-0007"), "name": text()})
ADDED = record("AddedVendor", {**WHOLE.fields, "may_be_the_same_as": many(_ALIKE)})
_FACTOR = "0 to 4; null or left out is not known yet and counts as the worst case."
_EXPOSURE: dict[str, Any] = {
    **{str(factor): maybe(integer(_FACTOR, least=0, most=WORST)) for factor in Factor},
    **{str(flag): maybe(yes_or_no("Left out is false; null is not known yet.")) for flag in Flag},
}
EXPOSURE = record("Exposure", _EXPOSURE, optional=_EXPOSURE)
TIERING = record(
    "Tiering",
    {
        "score": number("0 to 100."),
        "raw_tier": integer("Of the points alone.", least=1, most=4),
        "tier": integer("With the floors: the computed tier.", least=1, most=4),
        "floors": many(text(), "Rules that keep it at least there."),
        "reasons": many(text(), "Sentences for people."),
        "is_provisional": yes_or_no(),
        "not_known_yet": many(text()),
        "model_version": text(),
        "tier_in_force": _TIER,
    },
)


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
