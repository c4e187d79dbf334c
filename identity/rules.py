"""Rules of identity: doors, stages, purposes, and how typed codes are read."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from audit.actions import Actor
from foundation.normal_forms import normal

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""32 signs without look-alikes: no I, L, O or U (Crockford's base 32)."""
CODE_LENGTH = 8
RECOVERY_LENGTH = 24
"""24 signs of 5 bits: 120 bits."""
CODE_LIVES = timedelta(minutes=10)
CODE_TRIES = 5
HALF_WAY_LIVES = timedelta(minutes=15)
"""How long somebody may stand between the password and the second factor."""
CHALLENGE_LIVES = timedelta(minutes=5)
"""How long a device has to sign with a passkey."""
SIGN_ON_LIVES = timedelta(minutes=10)
"""How long somebody may stay at the provider of work accounts before they come back."""
FRESH_FOR = timedelta(minutes=15)
"""How long after proving who they are somebody may do dangerous things without doing so again."""

_LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})

ERASED_NAME = "An erased person"
"""What stands wherever the name of somebody stood who was erased."""


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


class InvitationState(StrEnum):
    """Whether a link still leads somewhere, and why not."""

    LIVE = "live"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"


class Ending(StrEnum):
    """How a session came to its end."""

    IDLE = "idle"
    AGED = "aged"
    SLOW = "slow"
    """The second factor was not given in time."""
    SHUT = "shut"
    """From another browser, by an administrator, or by a new password."""


class Ceremony(StrEnum):
    """What a passkey is asked to sign for."""

    ENROL = "enrol"
    SIGN_IN = "sign_in"
    """Without a password."""
    SECOND_FACTOR = "second_factor"
    AGAIN = "again"
    """By somebody who is signed in, before a dangerous act."""


class Scope(StrEnum):
    """What a bearer token may do."""

    READ = "read"
    WRITE = "write"


def is_fresh(proved_at: datetime, at: datetime) -> bool:
    """Return whether somebody proved who they are recently enough for a dangerous act."""
    return at - proved_at <= FRESH_FOR


def plain_code(typed: str) -> str:
    """Return a typed code in the one form it is compared in: upper-case, no blanks, no dashes."""
    compatible = normal("NFKC", typed).upper()
    return re.sub(r"[\s\-‐-―−]", "", compatible).translate(_LOOK_ALIKES)


def plain_digits(typed: str) -> str:
    """Return the ASCII digits of a typed number, blanks and dashes removed.

    Digits of other scripts count as the digits they are; anything else makes it empty.
    """
    shorter = re.sub(r"[\s\-‐-―−]", "", typed)
    if not all(unicodedata.decimal(char, None) is not None for char in shorter):
        return ""
    return "".join(str(unicodedata.decimal(char)) for char in shorter)


def grouped(code: str) -> str:
    """Return a code in groups of four, as it is printed for people."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
