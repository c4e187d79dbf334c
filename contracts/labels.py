"""Words for states of contracts, of their clauses and of the PCI responsibility matrix."""

from flask_babel import lazy_gettext as _l

from contracts.matrix_rules import MatrixStanding, Share
from contracts.rules import ClauseStatus, ContractState
from foundation.labels import register

register(
    {
        ContractState.DRAFT: (_l("Draft"), "info"),
        ContractState.ACTIVE: (_l("Active"), "ok"),
        ContractState.ENDED: (_l("Ended"), "none"),
    }
)
register(
    {
        ClauseStatus.OPEN: (_l("Not checked"), "warn"),
        ClauseStatus.PRESENT: (_l("Present"), "ok"),
        ClauseStatus.PARTIAL: (_l("Only part of it"), "warn"),
        ClauseStatus.MISSING: (_l("Missing"), "bad"),
        ClauseStatus.NEGOTIATING: (_l("Being negotiated"), "info"),
        ClauseStatus.NOT_APPLICABLE: (_l("Does not apply"), "none"),
        ClauseStatus.WAIVED: (_l("Waived"), "accent"),
    }
)
register(
    {
        Share.VENDOR: (_l("The vendor"), "none"),
        Share.OURS: (_l("We"), "none"),
        Share.SHARED: (_l("Shared"), "info"),
        Share.NOT_APPLICABLE: (_l("Does not apply"), "none"),
    }
)
register(
    {
        MatrixStanding.HOLDS: (_l("Complete, and in force"), "ok"),
        MatrixStanding.GAPS: (_l("Not complete"), "warn"),
        MatrixStanding.NOT_AGREED: (_l("Not agreed yet"), "warn"),
        MatrixStanding.OVER: (_l("Past its end"), "bad"),
        MatrixStanding.MISSING: (_l("Nothing on record"), "bad"),
    }
)
