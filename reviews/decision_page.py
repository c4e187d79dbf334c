"""What the decision page shows: the standing, the ways open, the signatures."""

from typing import Any

from accounts.permissions import Permission
from accounts.signin import me
from foundation.db import session
from organisation.queries import today_of
from reviews import signing
from reviews.case import case_of
from reviews.closing import due_again_on
from reviews.decision_models import Decision
from reviews.facts import gather
from reviews.forms import SendBackForm
from reviews.gates import GateStatus
from reviews.labels import KIND_NAMES
from reviews.models import Review
from reviews.proposals import ProposalRow, proposals_of
from reviews.residual import Band, scale
from reviews.rules import ReviewState
from reviews.scoping import scopes_of
from reviews.standing import decision_in_force, standing_from
from reviews.weighing import places_for, ways


def decision_page(review: Review, send_back: SendBackForm | None = None) -> dict[str, Any]:
    """Return what the template of the decision page prints, with a refused form to send back."""
    today = today_of(session())
    facts = gather(session(), review.vendor, review, today)
    case = case_of(facts)
    is_open = review.state is ReviewState.OPEN
    proposals = proposals_of(session(), review.id)
    return {
        "review": review,
        "vendor": review.vendor,
        "kinds": KIND_NAMES,
        "case": case,
        "standing": standing_from(facts, case, decision_in_force(session(), review.vendor_id)),
        "levels": scale(),
        "scopes": scopes_of(facts),
        "failed": [g for g in case.gates if g.result.status is GateStatus.FAILED],
        "ways": ways(case),
        "open_outcomes": [outcome.value for outcome, against in ways(case) if not against],
        "is_critical": case.band is Band.CRITICAL,
        "places": places_for(case),
        "next_review_on": due_again_on(session(), case, today),
        "history": proposals,
        "returned": proposals[0].returned if proposals and is_open else None,
        "may_propose": is_open and me().may(Permission.REVIEW_DECIDE),
        "may_issue_report": review.state is ReviewState.DECIDED
        and me().may(Permission.REPORT_ISSUE),
        "may_accept_risk": is_open and me().may(Permission.REVIEW_ACCEPT_RISK),
        **_signatures(proposals, send_back),
    }


def _signatures(proposals: list[ProposalRow], send_back: SendBackForm | None) -> dict[str, Any]:
    """Return the newest proposal that was not withdrawn, who signed it and who still may."""
    newest = next((each for each in proposals if each.decision.withdrawn_at is None), None)
    if newest is None:
        return {"proposal": None, "signed": (), "missing": (), "roles": (), "may_withdraw": False}
    found = newest.decision
    decision = session().get_one(Decision, found.decision_id)
    may_sign = found.is_waiting and me().may(Permission.REVIEW_SIGN)
    return {
        "proposal": found,
        "send_back": send_back or SendBackForm(data={"decision_id": str(found.decision_id)}),
        "signed": newest.signed,
        "missing": signing.missing_signatures(session(), decision) if found.is_waiting else (),
        "roles": signing.roles_that_help(session(), decision, me().author) if may_sign else (),
        "may_withdraw": found.is_waiting and me().may(Permission.REVIEW_DECIDE),
    }
