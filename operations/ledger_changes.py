"""What an entry says that changed: each field with its word, as it was and as it is."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.rules import Role
from audit.actions import Action
from audit.models import Entry
from foundation.jinja import day
from foundation.labels import label
from identity.models import Person
from operations.settings_words import lines_of
from organisation.differences import FIELDS, Difference
from organisation.models import BusinessFunction, BusinessUnit, LegalEntity
from reviews.rules import FindingState
from vendors.countries import country_name
from vendors.models import Vendor
from vendors.queries import visible_vendors
from vendors.rules import PciScope, VendorState
from vendors.service_models import Service

WORDS: Mapping[str, LazyString] = {
    "archived_at": _l("Archived"),
    "auto_renews": _l("Renews itself"),
    "category": _l("Category"),
    "country": _l("Country"),
    "description": _l("Description"),
    "ends_on": _l("Last day"),
    "entity_id": _l("Legal entity"),
    "function_id": _l("Business function"),
    "governing_law": _l("Governing law"),
    "is_critical": _l("Critical"),
    "is_ict": _l("ICT service"),
    "is_need_to_know": _l("Need to know"),
    "legal_name": _l("Legal name"),
    "lei": _l("LEI"),
    "may_see": _l("May see it"),
    "name": _l("Name"),
    "notice_days": _l("Our notice in days"),
    "owner_id": _l("Owner"),
    "parent": _l("Parent company"),
    "parent_id": _l("Stands below"),
    "pci_scope": _l("PCI scope"),
    "provider_notice_days": _l("Their notice in days"),
    "purpose": _l("What they do for us"),
    "renewal_months": _l("Renews by months"),
    "reviewer_id": _l("Reviewer"),
    "role": _l("Role"),
    "rpo_hours": _l("RPO in hours"),
    "rto_hours": _l("RTO in hours"),
    "services": _l("Services covered"),
    "signing_entity_id": _l("Our company that signs"),
    "starts_on": _l("First day"),
    "state": _l("State"),
    "tags": _l("Tag"),
    "tier": _l("Tier"),
    "title": _l("Title"),
    "unit_id": _l("Business unit"),
    "website": _l("Website"),
    "yearly_cost": _l("Yearly cost"),
}
"""Words of fields; an added field has its own name."""

LONG, BOTH = 240, 2
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(T[\d:.+]+)?", re.ASCII)
_TIERS = frozenset({Action.VENDOR_EXPOSURE, Action.VENDOR_OVERRIDE, Action.VENDOR_RETIER})
_MOVES = frozenset({Action.VENDOR_MOVE, Action.VENDOR_ACTIVATE})
_STATES: Mapping[str, type[VendorState] | type[FindingState]] = {
    "vendor": VendorState,
    "finding": FindingState,
}
_SPOKEN: Mapping[str, Callable[[str], str]] = {
    "country": country_name,
    "pci_scope": lambda text: label(PciScope(text)),
    "role": lambda text: label(Role(text)),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One field that changed, in words."""

    word: str
    was: str
    now: str

    @property
    def is_long(self) -> bool:
        """Whether a page folds it: a list of holidays would push everything else away."""
        return len(self.was) + len(self.now) > LONG

    def __str__(self) -> str:
        """Return it as a line of a file."""
        return f"{self.word}: {self.was} → {self.now}"


def names_in(session: Session, viewer_id: UUID, entries: Iterable[Entry]) -> dict[str, str]:
    """Return the names of what changes point to; of vendors only those the viewer may know."""
    found = {text for entry in entries for text in _texts(_pairs(entry)) if _ID.fullmatch(text)}
    if not found:
        return {}
    ids = [UUID(text) for text in found]
    parts = [
        select(table.id.label("id"), table.name.label("name")).where(table.id.in_(ids))
        for table in (Person, BusinessUnit, BusinessFunction, LegalEntity)
    ]
    known = select(Vendor.id).where(visible_vendors(viewer_id))
    of_vendors = (
        select(Service.id, Service.name).where(Service.id.in_(ids), Service.vendor_id.in_(known)),
        select(Vendor.id, Vendor.name).where(Vendor.id.in_(ids), Vendor.id.in_(known)),
    )
    rows = session.execute(parts[0].union_all(*parts[1:], *of_vendors))
    return {str(row.id): row.name for row in rows}


def changes_of(entry: Entry, names: Mapping[str, str]) -> tuple[Change, ...]:
    """Return what changed with an entry, in words; empty where it does not say."""
    pairs = _pairs(entry)
    if entry.subject_kind == "organisation":
        told = [Difference(name, *pairs[name]) for name in FIELDS if name in pairs]
        return tuple(
            Change(one.field, one.was or _nothing(), one.now or _nothing())
            for one in lines_of(told)
        )
    return tuple(
        Change(
            str(WORDS.get(name, name)),
            _say(entry.subject_kind, name, was, names),
            _say(entry.subject_kind, name, now, names),
        )
        for name, (was, now) in pairs.items()
    )


def _pairs(entry: Entry) -> dict[str, list[Any]]:
    """Return fields with both values; some acts keep the one thing they change by its own name."""
    kept = entry.detail.get("changes")
    if isinstance(kept, dict):
        whole = {name: both for name, both in kept.items() if isinstance(both, list)}
        return {name: both for name, both in whole.items() if len(both) == BOTH}
    name, was, now = _one(entry.action, entry.detail)
    return {} if was == now else {name: [was, now]}


def _one(action: str, detail: Mapping[str, object]) -> tuple[str, object, object]:
    before, after = detail.get("before"), detail.get("after")
    if action in _TIERS:
        return "tier", before, after
    if action in _MOVES:
        return "state", before, after
    if action == Action.VENDOR_SIGHT:
        who = detail.get("person")
        return ("may_see", None, who) if detail.get("may_see") else ("may_see", who, None)
    role = detail.get("role")
    if action == Action.ROLE_GRANT:
        return "role", None, role
    return ("role", role, None) if action == Action.ROLE_REVOKE else ("", None, None)


def _texts(pairs: Mapping[str, list[Any]]) -> Iterator[str]:
    for both in pairs.values():
        for value in both:
            yield from (str(one) for one in (value if isinstance(value, list) else [value]))


def _say(kind: str, name: str, value: object, names: Mapping[str, str]) -> str:
    if value is None or value in ("", []):
        return _nothing()
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, list):
        return ", ".join(sorted(_say(kind, name, one, names) for one in value))
    text = str(value)
    if _ID.fullmatch(text):
        return names.get(text) or str(_("somebody or something no longer known"))
    return _in_words(kind, name, text)


def _in_words(kind: str, name: str, text: str) -> str:
    say = _SPOKEN.get(name)
    if say is not None:
        return say(text)
    if name == "state" and kind in _STATES:
        return label(_STATES[kind](text))
    return _day(text) if _DAY.fullmatch(text) else text


def _day(text: str) -> str:
    try:
        return day(date.fromisoformat(text[:10]))
    except ValueError:  # somebody's own words that look like a day
        return text


def _nothing() -> str:
    return str(_("nothing"))
