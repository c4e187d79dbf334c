"""Words for states of contracts and of their clauses."""

from flask_babel import lazy_gettext as _l

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
