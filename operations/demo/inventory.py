"""What people note about vendors over time: tags, numbers, other names, sub-processors, notes."""

from collections.abc import Mapping

from foundation import clock
from operations.demo.stage import Stage
from vendors.exemption_commands import Override, override_tier
from vendors.field_commands import add_field, set_values
from vendors.field_rules import FieldKind
from vendors.group_commands import set_countries
from vendors.identifier_commands import add_alias, add_identifier
from vendors.models import Vendor
from vendors.note_commands import add_note
from vendors.numbers import IdentifierKind
from vendors.pasting import read_pasted
from vendors.queries import default_service
from vendors.rules import Presence, Visibility
from vendors.sub_processor_commands import record_all
from vendors.tag_commands import set_tags

TAGS: Mapping[str, tuple[str, ...]] = {
    "Indus Card Processing": ("cards", "critical"),
    "Quartz Token Vault": ("cards",),
    "Copper Payment Terminals": ("cards", "hardware"),
    "Kestrel Managed Cloud": ("cloud", "critical"),
    "Halcyon Hosting": ("cloud",),
    "Basalt Data Centres": ("critical",),
}
SUB_PROCESSORS: Mapping[str, str] = {
    "Indus Card Processing": "Kestrel Managed Cloud, hosting of the switch, Pakistan\n"
    "Granite Backup, copies outside the city, Pakistan",
    "Bellwether Messaging": "Pine Telecom, delivery of messages, Pakistan",
    "Helix People Software": "Kestrel Managed Cloud, hosting, Pakistan\n"
    "Willow Support, help desk, United Arab Emirates",
    "Verity Identity Checks": "Kestrel Managed Cloud, hosting, Pakistan",
}
NUMBERS: Mapping[str, tuple[IdentifierKind, str]] = {
    "Indus Card Processing": (IdentifierKind.TAX, "1234567-8"),
    "Kestrel Managed Cloud": (IdentifierKind.REGISTRATION, "KHI-0047/2011"),
    "Acme Payroll Services": (IdentifierKind.IBAN, "PK36SCBL0000001123456702"),
}


def note_down(stage: Stage) -> None:
    """Let procurement keep the inventory for a while, and the lead set one tier by hand."""
    by = stage.cast["Pervez"]
    with stage.day(30, 10) as session:
        at = clock.now()
        vendors = {
            name: session.get_one(Vendor, vendor_id) for name, vendor_id in stage.vendors.items()
        }
        for name, tags in TAGS.items():
            set_tags(session, vendors[name], tags, by=by, at=at)
        for name, (kind, number) in NUMBERS.items():
            if name in vendors:
                add_identifier(session, vendors[name], kind, number, by=by, at=at)
        for name, pasted in SUB_PROCESSORS.items():
            rows = read_pasted(pasted)
            record_all(session, vendors[name], rows, rank=2, by=by, at=at)
        cloud = vendors["Kestrel Managed Cloud"]
        add_alias(session, cloud, "Kestrel Hosting", by=by, at=at)
        set_countries(session, cloud, Presence.SERVES_FROM, ["PK"], by=by, at=at)
        note = "Their account manager changes in spring; the new one is Saad Waheed."
        add_note(session, cloud, note, Visibility.INTERNAL, by=by, at=at)
        shared = "The next audit of your data centre is planned for the second week of March."
        add_note(session, cloud, shared, Visibility.VENDOR, by=by, at=at)
        field = add_field(session, "Cost centre", FieldKind.TEXT, by=by, at=at)
        set_values(session, cloud, {field.id: "4711"}, by=by, at=at)
    _set_tier_by_hand(stage, "Marble Analytics")


def _set_tier_by_hand(stage: Stage, name: str) -> None:
    with stage.day(25, 11) as session:
        service = default_service(session, stage.vendors[name])
        override = Override(
            tier=2,
            reason="They are to get the refunds as well; we look closer until that is decided.",
            ends_on=stage.on(-60),
            approver_id=stage.cast["Asif"].person_id,
        )
        override_tier(session, service, override, by=stage.cast["Laila"], at=clock.now())
