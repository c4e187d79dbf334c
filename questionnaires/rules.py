"""Rules of assessments: their states and the moves between them."""

from datetime import date, timedelta
from enum import StrEnum

from vendors.rules import VendorState
from vendors.tier_model import TIER_MODEL, Pace


class AssessmentState(StrEnum):
    """Where an assessment is."""

    SENT = "sent"
    ANSWERING = "answering"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


WITH_VENDOR = frozenset({AssessmentState.SENT, AssessmentState.ANSWERING, AssessmentState.RETURNED})
"""The vendor has the ball."""


class Ball(StrEnum):
    """Who has to act next."""

    VENDOR = "vendor"
    REVIEWER = "reviewer"
    NOBODY = "nobody"


LIVE = WITH_VENDOR | {AssessmentState.SUBMITTED}

_MOVES = {
    AssessmentState.SENT: {AssessmentState.ANSWERING, AssessmentState.WITHDRAWN},
    AssessmentState.ANSWERING: {AssessmentState.SUBMITTED, AssessmentState.WITHDRAWN},
    AssessmentState.SUBMITTED: {
        AssessmentState.RETURNED,
        AssessmentState.ACCEPTED,
        AssessmentState.WITHDRAWN,
    },
    AssessmentState.RETURNED: {AssessmentState.SUBMITTED, AssessmentState.WITHDRAWN},
    AssessmentState.ACCEPTED: set(),
    AssessmentState.WITHDRAWN: set(),
}

_REFUSALS = {
    AssessmentState.SENT: "The vendor has not started this assessment yet.",
    AssessmentState.ANSWERING: "The vendor is still answering this assessment.",
    AssessmentState.SUBMITTED: "This assessment has been submitted and is being reviewed.",
    AssessmentState.RETURNED: "This assessment is back with the vendor for clarification.",
    AssessmentState.ACCEPTED: "This assessment is closed; its answers can no longer change.",
    AssessmentState.WITHDRAWN: "This assessment was withdrawn; nothing in it can change.",
}


def is_declared(number: int) -> bool:
    """Say whether a round is declared true: the first is; a later one only replies."""
    return number == 1


def ball_of(state: AssessmentState) -> Ball:
    """Return who has to act next on an assessment."""
    if state in WITH_VENDOR:
        return Ball.VENDOR
    return Ball.REVIEWER if state is AssessmentState.SUBMITTED else Ball.NOBODY


def refusal_to_move(source: AssessmentState, target: AssessmentState) -> str | None:
    """Return why an assessment may not go from one state to another, or None when it may."""
    return None if target in _MOVES[source] else _REFUSALS[source]


def refusal_to_answer(state: AssessmentState, *, is_in_play: bool) -> str | None:
    """Return why an answer may not change now, or None when it may.

    After the first submission only the questions asked back are in play.
    """
    if state in {AssessmentState.SENT, AssessmentState.ANSWERING}:
        return None
    if state is AssessmentState.RETURNED:
        return None if is_in_play else "Only the questions asked back can be changed now."
    return _REFUSALS[state]


LONGEST_WINDOW = timedelta(days=366)
LINK_OUTLIVES_DUE_DATE = timedelta(days=30)

_SENDABLE = frozenset({VendorState.ONBOARDING, VendorState.ACTIVE, VendorState.OFFBOARDING})


def default_due_on(tier: int, today: date, pace: Pace = TIER_MODEL.pace) -> date:
    """Return the due date a tier suggests."""
    return today + timedelta(days=pace.answer_days[tier])


def days_of_link(due_on: date, today: date) -> int:
    """Return how many days a link lives: past the due date, so that late answers come in."""
    return (max(due_on, today) + LINK_OUTLIVES_DUE_DATE - today).days


def refusal_to_send(
    vendor_name: str, state: VendorState, tier: int | None, is_archived: bool
) -> str | None:
    """Return why a vendor may not be sent a questionnaire, or None when it may."""
    if is_archived:
        return f"{vendor_name} is archived. Nothing is sent to a vendor that was put away."
    if state not in _SENDABLE:
        return f"We no longer work with {vendor_name}. Take the vendor up again first."
    if tier is None:
        return (
            f"The tier of {vendor_name} is not known yet. "
            "Say first what our use of the vendor touches; the tier decides what to ask."
        )
    return None


def refusal_of_due_date(due_on: date, today: date) -> str | None:
    """Return what is wrong with a due date, or None."""
    if due_on < today:
        return "The due date has passed already. Choose today or a later day."
    if due_on > today + LONGEST_WINDOW:
        return "The due date is more than a year away. Choose an earlier day."
    return None
