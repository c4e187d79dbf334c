"""Decisions' side of the JSON API: proposing what is decided, and how far a decision is."""

from uuid import UUID

from flask import jsonify, url_for
from flask.typing import ResponseReturnValue

from accounts.api_access import api_requires
from accounts.permissions import Permission
from accounts.signin import me
from foundation import clock
from foundation.api_operations import Answer, Operation, describes
from foundation.db import session
from foundation.errors import Missing, Refused
from foundation.json_body import Body, read_object, text_in, yes_or_no_in
from foundation.json_values import choice_in, day_in, find_id_in, objects_in
from identity.rules import Scope
from questionnaires.queries import get_assessment
from reviews import api_shapes, decision_commands, rows, signing
from reviews.commands import review_of_assessment
from reviews.decision_commands import NewCondition, Proposal
from reviews.decision_models import Decision
from reviews.models import Review
from reviews.queries import get_review
from reviews.rules import Outcome
from reviews.views import bp

__all__ = ["bp"]

GROUP = "Decisions"
NO_REVIEW = "No review looks at this assessment yet: it is not submitted, or nobody opened one."


@bp.get("/api/v1/assessments/<uuid:assessment_id>/decision")
@api_requires(Permission.REVIEW_READ)
@describes(
    Operation(
        group=GROUP,
        does="Read what was decided",
        more="The newest proposal that was not withdrawn, in the review of this assessment.",
        answers={200: Answer("The decision, final or not.", api_shapes.DECISION)},
    )
)
def api_decision(assessment_id: UUID) -> ResponseReturnValue:
    """Answer the newest decision of the review of an assessment."""
    return jsonify(_newest(_review(assessment_id)))


@bp.post("/api/v1/assessments/<uuid:assessment_id>/decision")
@api_requires(Permission.REVIEW_DECIDE, scope=Scope.WRITE)
@describes(
    Operation(
        group=GROUP,
        does="Propose a decision",
        more="Signed at once where your role is one that is needed; final when everybody the tier"
        " demands has signed. Where gates, findings or clauses stand in the way, `reasons` names"
        " every one. The first proposal of a round wins.",
        body=api_shapes.PROPOSAL,
        answers={201: Answer("It is proposed, or final.", api_shapes.DECISION)},
    )
)
def api_propose(assessment_id: UUID) -> ResponseReturnValue:
    """Propose an outcome for the review of an assessment."""
    body = read_object(api_shapes.PROPOSAL.keys)
    review = _review(assessment_id)
    proposal = _proposal(review, body)
    decision_commands.propose(session(), review, proposal, by=me().author, at=clock.now())
    reply = jsonify(_newest(review))
    reply.status_code = 201
    reply.headers["Location"] = url_for("reviews.api_decision", assessment_id=assessment_id)
    return reply


def _review(assessment_id: UUID) -> Review:
    get_assessment(session(), me().person_id, assessment_id)
    found = review_of_assessment(session(), assessment_id)
    if found is None:
        raise Missing(NO_REVIEW)
    return get_review(session(), me().person_id, found.id)


def _proposal(review: Review, body: Body) -> Proposal:
    outcome, note = choice_in(body, "outcome", Outcome), text_in(body, "note").strip()
    if not note:
        raise Refused("Write why: the reason is part of the record.", where="note")
    given = objects_in(
        body, "conditions", api_shapes.NEW_CONDITION.keys, most=api_shapes.MOST_CONDITIONS
    )
    if given and outcome is not Outcome.APPROVED_WITH_CONDITIONS:
        raise Refused("Only approved_with_conditions has conditions.", where="conditions")
    return Proposal(
        outcome=outcome,
        round=decision_commands.next_round(session(), review.id),
        note=note,
        conditions=tuple(_condition(review, each) for each in given),
        is_escalated=bool(yes_or_no_in(body, "escalate", otherwise=False)),
    )


def _condition(review: Review, given: Body) -> NewCondition:
    due_on = day_in(given, "due_on")
    if due_on is None:
        raise Refused("Give this condition a date.", where="due_on")
    owner_id = find_id_in(given, "owner_id") or review.vendor.owner_id
    return NewCondition(text_in(given, "text"), due_on, owner_id)


def _newest(review: Review) -> api_shapes.Shape:
    history = rows.decisions_of_review(session(), review.id)
    found = next((each for each in history if each.withdrawn_at is None), None)
    if found is None:
        raise Missing("Nothing was proposed or decided here yet.")
    decision = session().get_one(Decision, found.decision_id)
    missing = signing.missing_signatures(session(), decision) if found.is_waiting else ()
    return api_shapes.decision(found, rows.sign_offs_of(session(), decision.id), missing)
