"""Rules of assessments: their states and the moves between them."""

from enum import StrEnum


class AssessmentState(StrEnum):
    """Where an assessment is."""

    SENT = "sent"
    ANSWERING = "answering"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


WITH_VENDOR = frozenset(
    {AssessmentState.SENT, AssessmentState.ANSWERING, AssessmentState.RETURNED}
)
"""The vendor has the ball."""

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
