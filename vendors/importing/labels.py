"""Words of importing: fields, how sure a guess is, problems, what becomes of a row."""

from flask_babel import lazy_gettext as _l

from foundation.labels import register
from vendors.importing.dates import DateOrder
from vendors.importing.fields import ImportField
from vendors.importing.mapping import Confidence
from vendors.importing.outcome import ProblemKind, RowKind, Stayed
from vendors.importing.words import PastDecision

F, K = ImportField, ProblemKind

register(
    {
        F.NAME: (_l("Name"), "none"),
        F.REFERENCE: (_l("Reference in Duly (V-0042)"), "none"),
        F.LEGAL_NAME: (_l("Legal name"), "none"),
        F.ALIASES: (_l("Other names"), "none"),
        F.WEBSITE: (_l("Website"), "none"),
        F.COUNTRY: (_l("Country"), "none"),
        F.CATEGORY: (_l("Category"), "none"),
        F.PURPOSE: (_l("What they do"), "none"),
        F.OWNER: (_l("Owner"), "none"),
        F.UNIT: (_l("Unit"), "none"),
        F.TAGS: (_l("Tags"), "none"),
        F.REGISTRATION: (_l("Registration number"), "none"),
        F.TAX: (_l("Tax number"), "none"),
        F.LEI: (_l("LEI"), "none"),
        F.CONTACT_NAME: (_l("Contact name"), "none"),
        F.CONTACT_EMAIL: (_l("Contact mail"), "none"),
        F.CONTACT_ROLE: (_l("Contact role"), "none"),
        F.STATE: (_l("State before Duly"), "none"),
        F.TIER: (_l("Tier before Duly"), "none"),
        F.DECISION: (_l("Last decision"), "none"),
        F.DECIDED_ON: (_l("Decided on"), "none"),
        F.DECIDED_BY: (_l("Decided by"), "none"),
        F.NEXT_REVIEW: (_l("Next review"), "none"),
        F.PARENT: (_l("Parent company"), "none"),
        F.SUB_PROCESSOR_OF: (_l("Sub-processor of"), "none"),
        F.NOTES: (_l("Notes"), "none"),
        F.DATA_CLASS: (_l("Most sensitive data, 0 to 4"), "none"),
        F.DATA_VOLUME: (_l("Number of people, 0 to 4"), "none"),
        F.ACCESS: (_l("Access to our systems, 0 to 4"), "none"),
        F.CRITICALITY: (_l("How soon we miss it, 0 to 4"), "none"),
        F.SUBSTITUTABILITY: (_l("How hard to replace, 0 to 4"), "none"),
        F.REGULATORY: (_l("Rules it falls under, 0 to 4"), "none"),
        F.LOCATION: (_l("Where it works, 0 to 4"), "none"),
        F.SUBCONTRACTING: (_l("What it passes on, 0 to 4"), "none"),
        F.ACCOUNT_DATA: (_l("Card account data, yes or no"), "none"),
        F.CDE: (_l("Reaches our card systems, yes or no"), "none"),
        F.CRITICAL_FUNCTION: (_l("Supports a critical function, yes or no"), "none"),
    }
)

register(
    {
        Confidence.SURE: (_l("Sure"), "ok"),
        Confidence.LIKELY: (_l("Likely"), "info"),
        Confidence.GUESS: (_l("A guess"), "warn"),
        Confidence.REMEMBERED: (_l("As last time"), "ok"),
        Confidence.NONE: (_l("Not recognised"), "none"),
    }
)
register(
    {
        RowKind.NEW: (_l("New"), "ok"),
        RowKind.UPDATE: (_l("Update"), "info"),
        RowKind.UNCHANGED: (_l("Unchanged"), "none"),
        RowKind.PROBLEM: (_l("Problem"), "bad"),
        RowKind.SKIPPED: (_l("Left out"), "none"),
    }
)
register(
    {
        Stayed.CHANGED: (_l("it was changed since"), "warn"),
        Stayed.USED: (_l("something was begun with it since"), "warn"),
        Stayed.MERGED: (_l("it was merged with another vendor since"), "warn"),
        Stayed.UNSEEN: (_l("whoever undid the import could not see this vendor"), "warn"),
    }
)
register(
    {
        PastDecision.APPROVED: (_l("Approved before Duly"), "info"),
        PastDecision.WITH_CONDITIONS: (_l("Approved with conditions before Duly"), "info"),
        PastDecision.REJECTED: (_l("Rejected before Duly"), "warn"),
    }
)
register(
    {
        DateOrder.DAY_FIRST: (_l("Day first: 31/12/2026"), "none"),
        DateOrder.MONTH_FIRST: (_l("Month first: 12/31/2026"), "none"),
    }
)
register(
    {
        K.SAME_COMPANY: (_l("Is it the same company?"), "warn"),
        K.UNKNOWN_WORD: (_l("Words we do not know"), "warn"),
        K.AMBIGUOUS_DATE: (_l("Day or month first?"), "warn"),
        K.BAD_DATE: (_l("Dates that do not exist or do not fit"), "bad"),
        K.MISSING_NAME: (_l("Rows without a name"), "bad"),
        K.BAD_VALUE: (_l("Cells that cannot be what their column says"), "bad"),
        K.TOO_LONG: (_l("Texts that are too long"), "bad"),
        K.CARD: (_l("Card numbers, which Duly never stores"), "bad"),
        K.FORMULA: (_l("Formulas without a result"), "bad"),
        K.UNKNOWN_VENDOR: (_l("Companies we cannot find"), "warn"),
        K.TAKEN_NUMBER: (_l("Numbers that are in use"), "bad"),
        K.TOO_MANY_CELLS: (_l("Rows with more cells than the header"), "bad"),
    }
)
