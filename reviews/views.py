"""Pages of the risk team: the inbox and the review desk."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.permissions import Permission, requires
from accounts.signin import me
from foundation import clock
from foundation.db import session
from foundation.errors import Missing
from foundation.web import page, redirect_to
from organisation.queries import today_of
from questionnaires.queries import get_assessment
from reviews import commands, queries
from reviews.desk_page import desk_page
from reviews.inbox import SIZE, InboxRow, inbox
from reviews.labels import KIND_NAMES

bp = Blueprint("reviews", __name__)


@bp.get("/reviews")
@requires(Permission.REVIEW_READ)
def index() -> ResponseReturnValue:
    """Show the open reviews, filtered by the address."""
    everything = inbox(session(), me().person_id)
    tests = _filters()
    shown = request.args.get("show", "team")
    shown = shown if shown in tests else "team"
    first = max(request.args.get("from", 0, type=int), 0)
    rows = [row for row in everything if tests[shown](row)]
    waiting = queries.list_waiting(session(), me().person_id)
    return page(
        "reviews/index.html",
        rows=rows[first : first + SIZE],
        counts={name: sum(map(test, everything)) for name, test in tests.items()},
        shown=shown,
        next_url=_from(shown, first + SIZE) if len(rows) > first + SIZE else None,
        first_url=_from(shown) if first else None,
        waiting=waiting[: queries.MOST_WAITING],
        has_more_waiting=len(waiting) > queries.MOST_WAITING,
        today=today_of(session()),
        kinds=KIND_NAMES,
        may_judge=me().may(Permission.REVIEW_JUDGE),
    )


@bp.post("/reviews")
@requires(Permission.REVIEW_JUDGE)
def start() -> ResponseReturnValue:
    """Put a submitted assessment on the desk."""
    try:
        assessment_id = UUID(request.form.get("assessment_id", ""))
    except ValueError as wrong:
        raise Missing from wrong
    assessment = get_assessment(session(), me().person_id, assessment_id)
    review = commands.receive_submission(
        session(), assessment, by=me().author.actor, at=clock.now()
    )
    return redirect_to("reviews.desk", review_id=review.id)


@bp.get("/reviews/<uuid:review_id>")
@requires(Permission.REVIEW_READ)
def desk(review_id: UUID) -> ResponseReturnValue:
    """Show every answer with its proof, those that need a look first."""
    return desk_page(review_id)


@bp.post("/reviews/<uuid:review_id>/take")
@requires(Permission.REVIEW_JUDGE)
def take(review_id: UUID) -> ResponseReturnValue:
    """Make the visitor the reviewer."""
    review = queries.get_review(session(), me().person_id, review_id)
    commands.take(session(), review, by=me().author, at=clock.now())
    flash(_("This review is yours now."), "ok")
    return redirect_to("reviews.desk", review_id=review_id)


def _from(shown: str, first: int | None = None) -> str:
    return url_for("reviews.index", show=shown, **{"from": first} if first else {})  # type: ignore[arg-type]


def _filters() -> dict[str, Callable[[InboxRow], bool]]:
    mine, today = me().person_id, today_of(session())
    return {
        "team": lambda _row: True,
        "mine": lambda row: row.reviewer_id == mine,
        "new": lambda row: row.is_new,
        "overdue": lambda row: row.is_overdue(today),
    }
