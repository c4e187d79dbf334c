"""Demo doors: addresses that sign one of the cast in. They exist in demo mode only."""

import hashlib
import hmac
from dataclasses import dataclass

from foundation import keyring, links, settings
from foundation.errors import Missing, Refused
from identity.rules import DoorKind


@dataclass(frozen=True, slots=True)
class DemoDoor:
    """Whom a door signs in, and where they land."""

    name: str
    email: str
    kind: DoorKind
    lands_at: str


DOORS = (
    DemoDoor("procurement", "pervez@northwind.example", DoorKind.STAFF, "/"),
    DemoDoor("risk", "rabia@northwind.example", DoorKind.STAFF, "/"),
    DemoDoor("lead", "laila@northwind.example", DoorKind.STAFF, "/"),
    DemoDoor("approver", "asif@northwind.example", DoorKind.STAFF, "/"),
    DemoDoor("admin", "adil@northwind.example", DoorKind.STAFF, "/people"),
    DemoDoor("auditor", "amna@northwind.example", DoorKind.STAFF, "/"),
    DemoDoor("vendor", "vania@acme.example", DoorKind.VENDOR, "/p/"),
)


def address_of(door: DemoDoor) -> str:
    """Return the full address of a door. Raises Refused outside demo mode."""
    refuse_outside_demo()
    return links.absolute(f"/demo/{door.name}/{_token(door.name)}")


def find_door(name: str, token: str) -> DemoDoor:
    """Return the door an address names. Raises Missing for a wrong one."""
    refuse_outside_demo()
    for door in DOORS:
        if door.name == name and hmac.compare_digest(_token(name).encode(), token.encode()):
            return door
    raise Missing


def refuse_outside_demo() -> None:
    """Refuse to work on an installation that is not a demo."""
    if not settings.current().demo:
        raise Refused("Demo doors exist in demo mode only. Sign in with your own account.")


def _token(name: str) -> str:
    key = keyring.current().derive("demo-door|v1")
    return hmac.new(key, name.encode(), hashlib.sha256).hexdigest()[:32]
