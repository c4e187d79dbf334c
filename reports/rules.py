"""Rules of reports: their states."""

from enum import StrEnum


class ReportState(StrEnum):
    """Where a report is."""

    WAITING = "waiting"
    BUILDING = "building"
    ISSUED = "issued"
    FAILED = "failed"
