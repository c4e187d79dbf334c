"""Words of vendors: states, roles, scopes, tiers, factors, countries."""

from flask_babel import lazy_gettext as _l

from foundation.labels import register
from vendors.duplicate_queries import Sameness
from vendors.field_rules import FieldKind
from vendors.numbers import IdentifierKind
from vendors.offboarding import LineState
from vendors.rules import (
    BulkKind,
    ContactRole,
    Duty,
    ExemptionKind,
    PciScope,
    Presence,
    VendorState,
    Visibility,
)
from vendors.tiering import Factor, Flag

TIER_NAMES = {
    1: _l("Tier 1 · critical"),
    2: _l("Tier 2 · high"),
    3: _l("Tier 3 · moderate"),
    4: _l("Tier 4 · low"),
}

register(
    {
        VendorState.ONBOARDING: (_l("Onboarding"), "info"),
        VendorState.ACTIVE: (_l("Active"), "ok"),
        VendorState.OFFBOARDING: (_l("Offboarding"), "warn"),
        VendorState.ENDED: (_l("Ended"), "none"),
        VendorState.DECLINED: (_l("Declined"), "bad"),
    }
)
register(
    {
        ContactRole.LEAD: (_l("Lead contact"), "accent"),
        ContactRole.MEMBER: (_l("Contact"), "none"),
    }
)
register(
    {
        PciScope.SHARES_ACCOUNT_DATA: (_l("Card data is shared with it"), "bad"),
        PciScope.AFFECTS_SECURITY: (_l("It can affect the safety of card data"), "warn"),
        PciScope.NONE: (_l("Out of PCI scope"), "none"),
    }
)
register(
    {
        Duty.SECURITY: (_l("Security"), "none"),
        Duty.INCIDENTS: (_l("Incidents, day and night"), "none"),
        Duty.PRIVACY: (_l("Privacy"), "none"),
        Duty.CONTRACT: (_l("Contract"), "none"),
        Duty.BILLING: (_l("Billing"), "none"),
    }
)
register(
    {
        Presence.OPERATES: (_l("Operates in"), "none"),
        Presence.SERVES_FROM: (_l("Serves us from"), "none"),
    }
)
register(
    {
        IdentifierKind.REGISTRATION: (_l("Company registration"), "none"),
        IdentifierKind.TAX: (_l("Tax number"), "none"),
        IdentifierKind.LEI: (_l("LEI"), "none"),
        IdentifierKind.DUNS: (_l("D-U-N-S"), "none"),
        IdentifierKind.IBAN: (_l("Bank account (IBAN)"), "none"),
    }
)
register(
    {
        FieldKind.TEXT: (_l("Text"), "none"),
        FieldKind.NUMBER: (_l("Number"), "none"),
        FieldKind.DATE: (_l("Date"), "none"),
        FieldKind.CHOICE: (_l("Choice of a list"), "none"),
        FieldKind.YES_NO: (_l("Yes or no"), "none"),
    }
)
register(
    {
        LineState.DONE: (_l("Done"), "ok"),
        LineState.NOT_NEEDED: (_l("Does not apply"), "none"),
    }
)
register(
    {
        Visibility.INTERNAL: (_l("Only we see it"), "none"),
        Visibility.VENDOR: (_l("The vendor sees it too"), "info"),
    }
)
register(
    {
        BulkKind.OWNER: (_l("Owner changed"), "none"),
        BulkKind.ADD_TAG: (_l("Tag added"), "none"),
        BulkKind.REMOVE_TAG: (_l("Tag taken off"), "none"),
        BulkKind.ARCHIVE: (_l("Vendors archived"), "none"),
    }
)
register(
    {
        ExemptionKind.WAIVER: (_l("Waiver"), "warn"),
        ExemptionKind.ACCEPTANCE: (_l("Accepted risk"), "warn"),
        ExemptionKind.OVERRIDE: (_l("Override"), "warn"),
    }
)
register(
    {
        Factor.DATA_CLASS: (_l("Most sensitive data"), "none"),
        Factor.DATA_VOLUME: (_l("Number of people"), "none"),
        Factor.ACCESS: (_l("Access to our systems"), "none"),
        Factor.CRITICALITY: (_l("How soon we miss it"), "none"),
        Factor.SUBSTITUTABILITY: (_l("How hard to replace"), "none"),
        Factor.REGULATORY: (_l("Rules it falls under"), "none"),
        Factor.LOCATION: (_l("Where it works"), "none"),
        Factor.SUBCONTRACTING: (_l("What it passes on"), "none"),
    }
)
register(
    {
        Flag.ACCOUNT_DATA: (_l("Card account data"), "none"),
        Flag.CDE: (_l("Reaches our card systems"), "none"),
        Flag.CRITICAL_FUNCTION: (_l("Supports a critical function"), "none"),
    }
)
register(
    {
        Sameness.NUMBER: (_l("has the same number"), "warn"),
        Sameness.NAME: (_l("has the same name"), "warn"),
        Sameness.DOMAIN: (_l("has the same website"), "warn"),
        Sameness.LOOKS: (_l("has a name that looks alike"), "warn"),
    }
)
