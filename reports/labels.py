"""Words for where a report is, and for what can be found."""

from flask_babel import lazy_gettext as _l

from foundation.labels import register
from reports.rules import ReportState
from reports.search import Kind

register(
    {
        ReportState.WAITING: (_l("Waiting to be built"), "info"),
        ReportState.BUILDING: (_l("Being built"), "accent"),
        ReportState.ISSUED: (_l("Issued"), "ok"),
        ReportState.FAILED: (_l("Could not be built"), "bad"),
        Kind.VENDOR: (_l("Vendors"), "none"),
        Kind.CONTACT: (_l("Contacts"), "none"),
        Kind.QUESTION: (_l("Questions"), "none"),
        Kind.FINDING: (_l("Findings"), "none"),
        Kind.CONTRACT: (_l("Contracts"), "none"),
        Kind.CLAUSE: (_l("Clauses in contracts"), "none"),
        Kind.EVIDENCE: (_l("Evidence"), "none"),
    }
)
