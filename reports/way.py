"""A vendor's running cycle, or else the one that is over: what the steps of its page rest on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from foundation.dates import day_in
from questionnaires.queries import AssessmentRow
from questionnaires.rules import LIVE, WITH_VENDOR, AssessmentState
from reports.ball_queries import BallRow
from reports.loose_ends import LooseEnds
from reports.progress import Way
from reviews.facts import Facts
from reviews.models import Review
from reviews.rows import DecisionRow
from reviews.rules import Outcome
from reviews.standing import Standing
from reviews.turns import Errand, Turn
from vendors.rules import OVER, VendorState


@dataclass(frozen=True, slots=True)
class Cycle:
    """What belongs to one cycle, so that no step of another is taken for one of it."""

    zone: str
    """In which its days are counted."""
    began_on: date
    is_again: bool
    sent: tuple[AssessmentRow, ...]
    decisions: tuple[DecisionRow, ...]
    """The newest first."""
    decided: DecisionRow | None
    """What ended it; None while it runs."""

    def day_of(self, at: datetime | None) -> date | None:
        """Return the day of a moment with us; that of none is None."""
        return day_in(at, self.zone) if at else None


def cycle_of(
    facts: Facts,
    reviews: Iterable[Review],
    decisions: Iterable[DecisionRow],
    assessments: Iterable[AssessmentRow],
    ball: BallRow | None,
    zone: str,
) -> Cycle:
    """Return the running cycle of a vendor, or the last one where none runs.

    `zone` is that of our days.
    """
    made = list(decisions)
    final = [one for one in made if _ends_a_cycle(one)]
    is_running = ball is not None and ball.errand in {None, Errand.ASK}
    decided = None if is_running or not final else final[0]
    before = final[0:1] if is_running else final[1:2]
    since = before[0].decided_at if before else None
    sent = tuple(one for one in assessments if _is_of(one, since, decided))
    began = _began(reviews, decided, sent, ball) if since else None
    return Cycle(
        zone=zone,
        began_on=day_in(began or facts.vendor.created_at, zone),
        is_again=since is not None,
        sent=sent,
        decisions=tuple(one for one in made if since is None or one.proposed_at > since),
        decided=decided,
    )


def outcomes_of(
    decisions: Iterable[DecisionRow], assessments: Iterable[AssessmentRow]
) -> dict[UUID, Outcome]:
    """Return what the decision that closed each assessment said of the vendor.

    One review runs at a time, so it is the first one that ended a cycle after the sending.
    """
    final = sorted(
        (one.decided_at, one.outcome) for one in decisions if _ends_a_cycle(one) and one.decided_at
    )
    found = {}
    for one in assessments:
        if one.state is AssessmentState.ACCEPTED:
            after = (outcome for at, outcome in final if at >= one.sent_at)
            outcome = next(after, None)
            if outcome is not None:
                found[one.assessment_id] = outcome
    return found


def way_of(
    cycle: Cycle, facts: Facts, standing: Standing, loose: LooseEnds, ball: BallRow | None
) -> Way:
    """Return how far a vendor has come in a cycle."""
    vendor, clauses, decided = facts.vendor, standing.clauses, cycle.decided
    answered = [one.submitted_at for one in cycle.sent if one.submitted_at]
    newest = cycle.decisions[0] if cycle.decisions else None
    held = [one.sent_at for one in cycle.sent if one.state in WITH_VENDOR]
    return Way(
        began_on=cycle.began_on,
        is_again=cycle.is_again,
        turn=ball.turn if ball else Turn.NOBODY,
        errand=ball.errand if ball else None,
        sent_on=cycle.day_of(min((one.sent_at for one in cycle.sent), default=None)),
        answered_on=cycle.day_of(min(answered, default=None)),
        reviewed_on=cycle.day_of(newest.proposed_at if newest else None),
        are_clauses_settled=clauses.required > 0 and not (clauses.open or clauses.missing),
        decided_on=cycle.day_of(decided.decided_at if decided else None),
        has_contract=any(row.contract_id for row in clauses.rows) or not clauses.uncovered,
        asked_on=cycle.day_of(max(held, default=None)),
        asks_more=_asks_more(newest, answered),
        is_active=vendor.state in {VendorState.ACTIVE, VendorState.OFFBOARDING},
        is_closed=vendor.state in OVER or vendor.is_archived,
        has_late_condition=loose.late_condition is not None,
        has_open_finding=bool(standing.open_findings),
    )


def _ends_a_cycle(one: DecisionRow) -> bool:
    return one.is_final and one.outcome is not Outcome.MORE_NEEDED and one.decided_at is not None


def _is_of(one: AssessmentRow, since: datetime | None, decided: DecisionRow | None) -> bool:
    """Say whether an assessment belongs to the cycle that came after a decision, up to another."""
    if one.state is AssessmentState.WITHDRAWN:
        return False
    if decided is None and one.state in LIVE:
        return True
    until = decided.decided_at if decided else None
    return (since is None or one.sent_at > since) and (until is None or one.sent_at <= until)


def _began(
    reviews: Iterable[Review],
    decided: DecisionRow | None,
    sent: Iterable[AssessmentRow],
    ball: BallRow | None,
) -> datetime | None:
    """Return when a later cycle began: when its review opened, or the first question went out."""
    wanted = decided.review_id if decided else (ball.review_id if ball else None)
    moments = [one.opened_at for one in reviews if one.id == wanted]
    moments += [one.sent_at for one in sent]
    if not moments and ball is not None:
        moments = [ball.since]
    return min(moments, default=None)


def _asks_more(newest: DecisionRow | None, answered: list[datetime]) -> bool:
    """Say whether more was asked for, and no answers came in since."""
    if newest is None or newest.outcome is not Outcome.MORE_NEEDED or newest.decided_at is None:
        return False
    return not answered or max(answered) <= newest.decided_at
