"""Letters that tell of a vendor few may know: who reads the post of others reads no word of these.

A letter to us bears the vendor's name in its subject, one to the vendor goes to its people, and
a daily mail names many. So all three are looked at: its subject, its reader and its words.
"""

import re
from dataclasses import dataclass
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from identity.models import Person
from vendors.models import Contact, Vendor, VendorAlias
from vendors.queries import visible_vendors

SHORTEST_NAME = 2
APART = _l("About a vendor you may not see")
"""What stands in the place of the subject of such a letter."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """What tells of the vendors somebody need not know."""

    vendor_ids: frozenset[UUID]
    addresses: frozenset[str]
    names: re.Pattern[str] | None

    def is_told_by(self, about_id: UUID | None, to: str, *texts: str) -> bool:
        """Say whether a letter tells of one of them."""
        if about_id in self.vendor_ids or to in self.addresses:
            return True
        return self.names is not None and any(self.names.search(each) for each in texts)


def unknown_to(session: Session, viewer_id: UUID) -> Unknown:
    """Return what tells of the vendors a person may not see; one statement, of few rows."""
    chosen = (
        select(
            Vendor.id,
            Vendor.name,
            Vendor.legal_name,
            Vendor.reference,
            VendorAlias.name,
            Person.email,
        )
        .outerjoin(VendorAlias, VendorAlias.vendor_id == Vendor.id)
        .outerjoin(Contact, Contact.vendor_id == Vendor.id)
        .outerjoin(Person, Person.id == Contact.person_id)
        .where(Vendor.is_need_to_know, Vendor.erased_at.is_(None), ~visible_vendors(viewer_id))
    )
    rows = session.execute(chosen).all()
    names = {name for _, *names, _ in rows for name in names if len(name or "") >= SHORTEST_NAME}
    return Unknown(
        vendor_ids=frozenset(row[0] for row in rows),
        addresses=frozenset(row[-1] for row in rows if row[-1]),
        names=_any_of(names) if names else None,
    )


def _any_of(names: set[str]) -> re.Pattern[str]:
    """Return what finds any of these names as whole words, however it is written."""
    one = "|".join(r"\s+".join(map(re.escape, name.split())) for name in sorted(names, key=len))
    return re.compile(rf"(?<!\w)(?:{one})(?!\w)", re.IGNORECASE)
