"""Words for roles."""

from flask_babel import lazy_gettext as _l

from accounts.rules import Role
from foundation.labels import register
from identity.rules import Scope

ROLES = {
    Role.PROCUREMENT: (_l("Procurement"), "none"),
    Role.ANALYST: (_l("Risk analyst"), "none"),
    Role.LEAD: (_l("Risk lead"), "accent"),
    Role.APPROVER: (_l("Approver"), "accent"),
    Role.AUDITOR: (_l("Auditor"), "info"),
    Role.ADMINISTRATOR: (_l("Administrator"), "warn"),
}
DUTIES = {
    Role.PROCUREMENT: _l("Registers vendors, sends questionnaires, keeps contracts."),
    Role.ANALYST: _l("Judges answers and evidence, raises findings, proposes decisions."),
    Role.LEAD: _l("Signs for the risk team and grants exemptions."),
    Role.APPROVER: _l("Signs for the business on tier 1."),
    Role.AUDITOR: _l("Reads everything, the ledger included, and changes nothing."),
    Role.ADMINISTRATOR: _l("Lets people in and gives roles; judges no vendor."),
}
SCOPES = {
    Scope.READ: _l("Read only"),
    Scope.WRITE: _l("Read and write, as far as your roles allow"),
}

register(ROLES)
register({Scope.READ: (_l("Read only"), "none"), Scope.WRITE: (_l("Read and write"), "warn")})
