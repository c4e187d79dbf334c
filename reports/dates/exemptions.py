"""Days on which waivers, acceptances and overrides end."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy.orm import Session

from identity.models import Person
from reminders.standing import is_exemption_running
from reports.dates.row import DateKind, DateRow, Wanted
from reports.dates.selecting import of_vendors, rows_of, within
from vendors.inventory_models import Exemption
from vendors.models import Vendor

GONE = timedelta(days=30)
"""How long one that has ended is shown."""


def exemptions(session: Session, wanted: Wanted) -> Iterable[DateRow]:
    """Yield exemptions that run, and those that ended lately."""
    chosen = (
        of_vendors(
            wanted,
            Exemption.id.label("about"),
            Exemption.ends_on.label("on"),
            Vendor.reference,
            Exemption.reason.label("detail"),
            Exemption.owner_id,
            Exemption.approver_id.label("also_id"),
            Person.name.label("holder"),
            Exemption.kind.label("word"),
            Exemption.created_at.label("made_at"),
            owners=(Exemption.owner_id, Exemption.approver_id),
        )
        .select_from(Vendor)
        .join(Exemption, Exemption.vendor_id == Vendor.id)
        .join(Person, Person.id == Exemption.owner_id)
        .where(
            within(wanted, Exemption.ends_on, Exemption.id),
            Exemption.ends_on >= wanted.today - GONE,
            is_exemption_running(),
        )
        .order_by(Exemption.ends_on, Exemption.id)
    )
    return rows_of(session, chosen, DateKind.EXEMPTION, wanted)
