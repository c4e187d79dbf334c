"""Already known? Vendors that look like one somebody is about to add."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from accounts.queries import names_in_role
from accounts.rules import Role
from foundation import vault
from foundation.idnumbers import normalised
from vendors.duplicate_hosts import telling_host
from vendors.models import Vendor, VendorAlias, VendorIdentifier
from vendors.naming import looks_like, name_key
from vendors.numbers import IdentifierKind
from vendors.queries import visible_vendors

MOST_COMPARED = 400
MOST_SHOWN = 5
_ENDS = 3
_SHORTEST_NUMBER = 3


class Sameness(StrEnum):
    """Why two vendors could be one."""

    NUMBER = "number"
    NAME = "name"
    DOMAIN = "domain"
    LOOKS = "looks"


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody has typed of a company so far."""

    name: str
    website: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A vendor already in the inventory that could be the same company."""

    vendor_id: UUID
    reference: str
    name: str
    sameness: Sameness


@dataclass(frozen=True, slots=True)
class Known:
    """Who is known already: those the viewer may see, and how one they may not see is the same."""

    shown: tuple[Duplicate, ...] = ()
    hidden: Sameness | None = None
    whom_to_ask: tuple[str, ...] = ()
    """The risk leads, where something is hidden."""

    def __bool__(self) -> bool:
        return bool(self.shown) or self.hidden is not None


def duplicates_of(
    session: Session, viewer_id: UUID, name: str, website: str = ""
) -> list[Duplicate]:
    """Return vendors that look the same; one the viewer may not see is never named."""
    return list(known_like(session, viewer_id, Typed(name, website)).shown)


def known_like(session: Session, viewer_id: UUID, typed: Typed) -> Known:
    """Return who is known already, in one statement.

    Of a vendor the viewer may not see only this is told: that one has the same number, name or
    website. A name that merely looks alike tells nothing.
    """
    key, host = name_key(typed.name), telling_host(typed.website)
    indexes = _indexes(typed.number)
    if len(key) < 2 and not host and not indexes:
        return Known()
    is_aliased = exists().where(VendorAlias.vendor_id == Vendor.id, VendorAlias.name_key == key)
    is_numbered = exists().where(
        VendorIdentifier.vendor_id == Vendor.id, VendorIdentifier.value_index.in_(indexes)
    )
    chosen = (
        select(
            Vendor.id,
            Vendor.reference,
            Vendor.name,
            Vendor.name_key,
            Vendor.domain_key,
            visible_vendors(viewer_id),
            is_aliased,
            is_numbered,
            names_in_role(Role.LEAD),
        )
        .where(Vendor.archived_at.is_(None), or_(is_aliased, is_numbered, *_alike(key, host)))
        .order_by(Vendor.name_key != key, func.abs(func.length(Vendor.name_key) - len(key)))
        .limit(MOST_COMPARED)
    )
    return _sorted_out(session.execute(chosen), typed.name, key, host)


def _sorted_out(rows: Iterable[Any], typed_name: str, key: str, host: str) -> Known:
    shown: list[Duplicate] = []
    hidden: list[Sameness] = []
    asked: list[str] = []
    for (
        vendor_id,
        reference,
        name,
        known_key,
        known_host,
        may_see,
        aliased,
        numbered,
        leads,
    ) in rows:
        is_host = bool(host) and known_host == host
        sameness = _sameness(numbered, known_key == key or aliased, is_host)
        if may_see and (sameness or looks_like(typed_name, name)):
            shown.append(Duplicate(vendor_id, reference, name, sameness or Sameness.LOOKS))
        elif sameness and not may_see:
            hidden.append(sameness)
            asked = sorted((leads or "").splitlines())
    order = list(Sameness).index
    shown.sort(key=lambda one: order(one.sameness))
    return Known(tuple(shown[:MOST_SHOWN]), min(hidden, key=order, default=None), tuple(asked))


def _sameness(is_numbered: bool, is_named: bool, is_host: bool) -> Sameness | None:
    if is_numbered:
        return Sameness.NUMBER
    if is_named:
        return Sameness.NAME
    return Sameness.DOMAIN if is_host else None


def _alike(key: str, host: str) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Vendor.name_key == key]
    if host:
        found.append(Vendor.domain_key == host)
    if len(key) >= _ENDS:
        longest = max(key.split(), key=len)
        found += [
            Vendor.name_key.startswith(key[:_ENDS], autoescape=True),
            Vendor.name_key.endswith(key[-_ENDS:], autoescape=True),
            Vendor.name_key.contains(longest, autoescape=True),
        ]
    return found


def _indexes(number: str) -> list[bytes]:
    """Return the indexes a number is found by, whatever kind it is and whichever key was used."""
    compact = normalised(number)
    if len(compact) < _SHORTEST_NUMBER:
        return []
    return [index for kind in IdentifierKind for index in vault.blind_indexes(kind.value, compact)]
