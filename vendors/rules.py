"""Vendors: their states, the moves between them, and the closed lists."""

from dataclasses import dataclass
from enum import StrEnum


class VendorState(StrEnum):
    ONBOARDING = "onboarding"
    ACTIVE = "active"
    OFFBOARDING = "offboarding"
    ENDED = "ended"
    DECLINED = "declined"


OVER = (VendorState.ENDED, VendorState.DECLINED)
"""Vendors on no way any more: nothing is asked of them, and nobody has their ball."""


class ContactRole(StrEnum):
    LEAD = "lead"
    MEMBER = "member"


class Duty(StrEnum):
    """What a contact is turned to for, beside answering."""

    SECURITY = "security"
    INCIDENTS = "incidents"
    PRIVACY = "privacy"
    CONTRACT = "contract"
    BILLING = "billing"


class Presence(StrEnum):
    """How a vendor is in a country."""

    OPERATES = "operates"
    SERVES_FROM = "serves_from"


class PciScope(StrEnum):
    """How a service touches account data (PCI DSS 12.8.1)."""

    SHARES_ACCOUNT_DATA = "shares_account_data"
    AFFECTS_SECURITY = "affects_security"
    NONE = "none"


class Visibility(StrEnum):
    INTERNAL = "internal"
    VENDOR = "vendor"


class ExemptionKind(StrEnum):
    WAIVER = "waiver"
    ACCEPTANCE = "acceptance"
    OVERRIDE = "override"


class BulkKind(StrEnum):
    """What can be done to many vendors at once."""

    OWNER = "owner"
    ADD_TAG = "add_tag"
    REMOVE_TAG = "remove_tag"
    ARCHIVE = "archive"


@dataclass(frozen=True)
class Move:
    """Whether a move is allowed, and the sentence that says why; false when it is not."""

    is_allowed: bool
    sentence: str

    def __bool__(self) -> bool:
        return self.is_allowed


_MOVES: dict[tuple[VendorState, VendorState], str] = {
    (VendorState.ONBOARDING, VendorState.ACTIVE): "The vendor is cleared and may be used.",
    (VendorState.ONBOARDING, VendorState.DECLINED): "The vendor is declined and may not be used.",
    (VendorState.ACTIVE, VendorState.OFFBOARDING): "We are leaving this vendor.",
    (VendorState.OFFBOARDING, VendorState.ACTIVE): "We are staying with this vendor after all.",
    (VendorState.OFFBOARDING, VendorState.ENDED): "The relationship has ended.",
    (VendorState.DECLINED, VendorState.ONBOARDING): "The vendor is looked at again.",
    (VendorState.ENDED, VendorState.ONBOARDING): "The vendor comes back and is looked at again.",
}

_TAKEN_BACK = frozenset({VendorState.OFFBOARDING, VendorState.ENDED, VendorState.DECLINED})

_STATE_WORDS = {
    VendorState.ONBOARDING: "being onboarded",
    VendorState.ACTIVE: "active",
    VendorState.OFFBOARDING: "being offboarded",
    VendorState.ENDED: "ended",
    VendorState.DECLINED: "declined",
}


def may_move(source: VendorState, target: VendorState, *, is_cleared: bool) -> Move:
    """Say whether a vendor may go from one state to another (PCI DSS 12.8.3)."""
    if source is target:
        return Move(is_allowed=False, sentence=f"The vendor is already {_STATE_WORDS[target]}.")
    sentence = _MOVES.get((source, target))
    if sentence is None:
        return Move(is_allowed=False, sentence=_no_way(source, target))
    if target is VendorState.ACTIVE and not is_cleared:
        return Move(
            is_allowed=False,
            sentence="A vendor becomes active only after its review ended in an approval. "
            "Finish the due diligence and decide first.",
        )
    return Move(is_allowed=True, sentence=sentence)


def needs_reason(source: VendorState, target: VendorState) -> bool:
    """Say whether a move takes back an earlier decision and so has to be explained."""
    return source in _TAKEN_BACK and target in {VendorState.ACTIVE, VendorState.ONBOARDING}


def moves_from(source: VendorState, *, is_cleared: bool) -> tuple[VendorState, ...]:
    """List the states a vendor may go to now."""
    return tuple(t for t in VendorState if may_move(source, t, is_cleared=is_cleared))


def _no_way(source: VendorState, target: VendorState) -> str:
    ways = [_STATE_WORDS[t] for s, t in _MOVES if s is source]
    return (
        f"A vendor that is {_STATE_WORDS[source]} cannot become {_STATE_WORDS[target]}. "
        f"It can become: {', '.join(ways)}."
    )
