"""What a signer does with a proposal in the demo when it does not convince."""

from uuid import UUID

from foundation import clock
from operations.demo.stage import Stage
from reviews.models import Review
from reviews.queries import get_waiting_decision
from reviews.send_back_commands import send_back


def not_yet(stage: Stage, days_ago: int, review_id: UUID, reason: str) -> None:
    """Let the approver send the proposal that waits back to the reviewer."""
    with stage.day(days_ago, 11) as session:
        review = session.get_one(Review, review_id)
        decision = get_waiting_decision(session, review)
        by = stage.cast["Asif"]
        send_back(session, review, decision, reason=reason, by=by, at=clock.now())
