"""Whose move it is with a vendor, and what is late: the one rule every page asks. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from vendors.rules import VendorState


class Turn(StrEnum):
    """Who has to move: who has the ball."""

    BUYER = "buyer"
    VENDOR = "vendor"
    RISK = "risk"
    SIGNERS = "signers"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What decides who has a vendor's ball."""

    is_proposed: bool = False
    """A decision waits for signatures."""
    is_away: bool = False
    """The vendor holds a questionnaire, or questions about one."""
    is_back: bool = False
    """Answers are in, and nobody has decided about them."""
    is_begun: bool = False
    """It is being onboarded, or a review of it is open."""
    is_leaving: bool = False
    is_over: bool = False
    """It ended, was declined, or was put away."""
    has_loose_contract: bool = False
    """In use without its contract in force, or over while a contract still runs."""


class Errand(StrEnum):
    """What procurement has to do while it has the ball."""

    ASK = "ask"
    LEAVE = "leave"
    ACTIVATE = "activate"
    END = "end"


def turn_of(held: Held) -> Turn:
    """Say who has to move next.

    A signature comes before everything, what the vendor holds before what is with us.
    """
    if not held.is_over:
        if held.is_proposed:
            return Turn.SIGNERS
        if held.is_away:
            return Turn.VENDOR
        if held.is_back:
            return Turn.RISK
    return Turn.NOBODY if errand_of(held) is None else Turn.BUYER


def errand_of(held: Held) -> Errand | None:
    """Say what procurement has to do once nobody else is at it.

    It asks, and it leaves; once the vendor is cleared it brings the contract into force (PCI DSS
    12.8.2), and once the vendor is over it ends what still runs.
    """
    if held.is_over:
        return Errand.END if held.has_loose_contract else None
    if held.is_leaving:
        return Errand.LEAVE
    if held.is_begun:
        return Errand.ASK
    return Errand.ACTIVATE if held.has_loose_contract else None


def are_answers_late(turn: Turn, due_on: date | None, today: date) -> bool:
    """Say whether the vendor has the ball past the day its answers were due.

    What is in is not late any more, whenever it came.
    """
    return turn is Turn.VENDOR and due_on is not None and due_on < today


def is_review_late(state: VendorState, next_review_on: date | None, today: date) -> bool:
    """Say whether a vendor is used past the day of its next review, begun or not."""
    return state is VendorState.ACTIVE and next_review_on is not None and next_review_on < today
