"""Addresses are kebab-case with typed parts; endpoints are room.view."""

import re

from tests.house.rooms import ROOMS

PART = re.compile(
    r"^(?:[a-z0-9]+(?:[-.][a-z0-9]+)*|<(?:uuid|int|string):[a-z_]+>|<path:filename>)$"
)
BARE = {"<token>", "<section_code>"}
"""Secrets and stable codes, which have no narrower type."""


def is_kebab(address: str) -> bool:
    """Return whether every part of an address is kebab-case or a typed variable."""
    parts = [part for part in address.split("/") if part]
    return all(PART.match(part) or part in BARE for part in parts)


def test_addresses_are_kebab_case(app):
    assert [r.rule for r in app.url_map.iter_rules() if not is_kebab(r.rule)] == []


def test_endpoints_are_named_after_rooms(app):
    endpoints = {r.endpoint for r in app.url_map.iter_rules()} - {"static"}
    assert {e.split(".")[0] for e in endpoints} <= set(ROOMS)


def test_the_fence_bites():
    assert not is_kebab("/Vendors/new_one")
    assert not is_kebab("/vendors/<vendor_id>")
    assert is_kebab("/vendors/<uuid:vendor_id>/send")
