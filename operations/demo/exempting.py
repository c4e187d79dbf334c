"""What follows a decision in the demo: accepted findings, waived clauses, met conditions."""

from uuid import UUID

from sqlalchemy import select

from contracts import clause_commands
from contracts.clause_queries import clauses_of
from contracts.models import ClauseCheck
from contracts.rules import ClauseStatus
from foundation import clock
from operations.demo.stage import Stage
from reviews.condition_commands import meet
from reviews.decision_models import Condition, Decision
from reviews.finding_commands import accept_risk
from reviews.gate_commands import Acceptance
from reviews.models import Finding


def accept_findings(
    stage: Stage, days_ago: int, review_id: UUID, reason: str, *, ends_in: int
) -> None:
    """Let the lead accept the findings of a review until a date."""
    chosen = Acceptance(
        owner_id=stage.cast["Pervez"].person_id,
        reason=reason,
        ends_on=stage.on(-ends_in),
        compensating_control="The day desk repeats the night's checks every morning.",
    )
    with stage.day(days_ago, 12) as session:
        for finding in session.scalars(select(Finding).where(Finding.review_id == review_id)):
            accept_risk(
                session,
                finding,
                chosen,
                version=finding.version,
                by=stage.cast["Laila"],
                at=clock.now(),
            )


def meet_conditions(stage: Stage, days_ago: int, review_id: UUID, note: str) -> None:
    """Let the analyst see that the conditions of a decision were met."""
    chosen = select(Condition).join(Decision).where(Decision.review_id == review_id)
    with stage.day(days_ago, 13) as session:
        for condition in session.scalars(chosen):
            meet(
                session,
                condition,
                note=note,
                version=condition.version,
                by=stage.cast["Rabia"],
                at=clock.now(),
            )


def waive_open_clauses(
    stage: Stage, days_ago: int, contract_id: UUID, reason: str, *, ends_in: int
) -> None:
    """Let the lead do without the clauses of a contract that are still open, until a date."""
    waiver = clause_commands.Waiver(
        owner_id=stage.cast["Pervez"].person_id, reason=reason, ends_on=stage.on(-ends_in)
    )
    with stage.day(days_ago, 12) as session:
        for row in clauses_of(session, contract_id):
            if row.is_required and row.check_id and row.status is ClauseStatus.OPEN:
                clause_commands.waive(
                    session,
                    session.get_one(ClauseCheck, row.check_id),
                    waiver,
                    by=stage.cast["Laila"],
                    at=clock.now(),
                )
