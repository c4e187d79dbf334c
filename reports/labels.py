"""Words for where a report is."""

from flask_babel import lazy_gettext as _l

from foundation.labels import register
from reports.rules import ReportState

register(
    {
        ReportState.WAITING: (_l("Waiting to be built"), "info"),
        ReportState.BUILDING: (_l("Being built"), "accent"),
        ReportState.ISSUED: (_l("Issued"), "ok"),
        ReportState.FAILED: (_l("Could not be built"), "bad"),
    }
)
