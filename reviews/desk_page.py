"""The page of the desk: shown by its own door, and again by every act on it that was refused."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from accounts.permissions import Permission
from accounts.queries import list_staff
from accounts.signin import me
from foundation.db import session
from foundation.errors import Conflict, Refused
from foundation.web import page
from organisation.queries import today_of
from questionnaires.sending import suggested_due_on
from reviews.case import areas_of, case_of
from reviews.desk import desk_of
from reviews.earlier_queries import earlier_of
from reviews.facts import gather
from reviews.labels import KIND_NAMES
from reviews.looks import Pile
from reviews.proposals import get_review_with_return
from reviews.residual import scale
from reviews.rules import ReviewState, Severity
from reviews.scoping import scopes_of
from reviews.slips import Slip, place_of
from reviews.standing import standing_from

Act = Callable[[UUID], ResponseReturnValue]


def desk_page(review_id: UUID, slip: Slip | None = None) -> str:
    """Print every answer with its proof, those that need a look first."""
    review, returned = get_review_with_return(session(), me().person_id, review_id)
    today = today_of(session())
    facts = gather(session(), review.vendor, review, today)
    case = case_of(facts)
    laid_out = desk_of(facts)
    may_judge = me().may(Permission.REVIEW_JUDGE) and review.state is ReviewState.OPEN
    return page(
        "reviews/desk.html",
        review=review,
        vendor=review.vendor,
        facts=facts,
        case=case,
        desk=laid_out,
        earlier=earlier_of(session(), facts),
        piles=[(pile, laid_out.pile(pile)) for pile in Pile],
        areas=areas_of(facts.told),
        standing=standing_from(facts, case, None),
        levels=scale(),
        scopes=scopes_of(facts),
        kinds=KIND_NAMES,
        severities=list(Severity),
        staff=list_staff(session()) if may_judge else [],
        may_judge=may_judge,
        returned=returned,
        answer_by=suggested_due_on(session(), case.tier, today),
        slip=slip,
        slip_place=place_of(slip, laid_out.cards) if slip else "",
    )


def stays_on_the_desk(act: Act) -> Act:
    """Show the desk again where an act is refused, with the reason and all that was typed."""

    @wraps(act)
    def tried(review_id: UUID) -> ResponseReturnValue:
        try:
            return act(review_id)
        except Refused as refusal:
            session().rollback()
            slip = Slip(act.__name__, refusal.reasons or (str(refusal),), request.form.to_dict())
            return desk_page(review_id, slip), 409 if isinstance(refusal, Conflict) else 422

    return tried
