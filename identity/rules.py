"""Rules of identity: doors, purposes, codes, addresses, passwords."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from audit.actions import Actor


@dataclass(frozen=True, slots=True)
class Author:
    """Who acts: the pseudonym for the ledger and the person for the record."""

    actor: Actor
    person_id: UUID


class DoorKind(StrEnum):
    """Which door a session belongs to."""

    STAFF = "staff"
    VENDOR = "vendor"


class SessionStage(StrEnum):
    """How far a person has come; only FULL opens pages."""

    PASSWORD = "password"  # noqa: S105  a stage, not a secret
    FULL = "full"


class Purpose(StrEnum):
    """What an invitation leads to."""

    SET_PASSWORD = "set_password"  # noqa: S105  a purpose, not a secret
    VENDOR_ENTRY = "vendor_entry"
