"""Rules of accounts: roles."""

from enum import StrEnum


class Role(StrEnum):
    """What a member of staff is here for; one person may hold several."""

    PROCUREMENT = "procurement"
    ANALYST = "analyst"
    LEAD = "lead"
    APPROVER = "approver"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
