"""Pages of deciding: proposing, signing, withdrawing, accepting the risk of a failed gate."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.permissions import Permission, requires
from accounts.queries import list_staff
from accounts.rules import Role
from accounts.signin import me
from foundation import clock
from foundation.choices import offered
from foundation.db import session
from foundation.errors import Conflict, Refused
from foundation.web import page, redirect_to
from reviews import decision_commands, gate_commands, queries, rows, send_back_commands
from reviews.decision_commands import NewCondition, Proposal
from reviews.decision_models import Decision
from reviews.decision_page import decision_page
from reviews.finding_views import acceptance_of
from reviews.forms import (
    DecideForm,
    GateAcceptanceForm,
    SendBackForm,
    SignForm,
    refuse_invalid,
)
from reviews.gates import TITLES, Gate
from reviews.models import Review
from reviews.proposals import newest_returned
from reviews.rules import Outcome
from reviews.views import bp

__all__ = ["bp"]


@bp.get("/reviews/<uuid:review_id>/decide")
@requires(Permission.REVIEW_READ)
def decide(review_id: UUID) -> ResponseReturnValue:
    """Show what a decision rests on, what stands in its way, and who signs."""
    review = _review(review_id)
    return _page(review, _blank(review))


@bp.post("/reviews/<uuid:review_id>/decide")
@requires(Permission.REVIEW_DECIDE)
def propose(review_id: UUID) -> ResponseReturnValue:
    """Propose an outcome; the first proposal of a round wins."""
    review = _review(review_id)
    form = _offered(review, DecideForm(request.form))
    if not form.validate():
        return _page(review, form), 422
    try:
        decision = decision_commands.propose(
            session(), review, _proposal(form), by=me().author, at=clock.now()
        )
    except Conflict:
        raise
    except Refused as refusal:
        session().rollback()
        form.form_errors += list(refusal.reasons or (str(refusal),))
        return _page(_review(review_id), form), 422
    _say(decision)
    return redirect_to("reviews.decide", review_id=review_id)


@bp.post("/reviews/<uuid:review_id>/sign")
@requires(Permission.REVIEW_SIGN)
def sign(review_id: UUID) -> ResponseReturnValue:
    """Sign the proposal that was on the page."""
    review = _review(review_id)
    form = SignForm(request.form)
    refuse_invalid(form)
    decision = _waiting(review, form.decision_id.data)
    if form.role.data not in {role.value for role in Role}:
        raise Refused(_("Choose the role you sign in."))
    decision_commands.sign(
        session(),
        review,
        decision,
        role=Role(form.role.data),
        by=me().author,
        at=clock.now(),
        note=form.note.data or "",
    )
    _say(decision)
    return redirect_to("reviews.decide", review_id=review_id)


@bp.post("/reviews/<uuid:review_id>/send-back")
@requires(Permission.REVIEW_SIGN)
def send_back(review_id: UUID) -> ResponseReturnValue:
    """Send the proposal that was on the page back to the reviewer."""
    review = _review(review_id)
    form = SendBackForm(request.form)
    decision = _waiting(review, form.decision_id.data)
    if not form.validate():
        return _page(review, _blank(review), form), 422
    reason, by = form.reason.data or "", me().author
    try:
        send_back_commands.send_back(
            session(), review, decision, reason=reason, by=by, at=clock.now()
        )
    except Conflict:
        raise
    except Refused as refusal:
        form.reason.errors = [*form.reason.errors, str(refusal)]
        return _page(review, _blank(review), form), 422
    flash(_("The proposal is sent back. The review is open again."), "ok")
    return redirect_to("reviews.decide", review_id=review_id)


@bp.post("/reviews/<uuid:review_id>/withdraw")
@requires(Permission.REVIEW_DECIDE)
def withdraw(review_id: UUID) -> ResponseReturnValue:
    """Take a proposal back before it is final."""
    review = _review(review_id)
    decision = queries.get_waiting_decision(session(), review)
    decision_commands.withdraw(session(), review, decision, by=me().author, at=clock.now())
    flash(_("The proposal is withdrawn. The review is open again."), "ok")
    return redirect_to("reviews.decide", review_id=review_id)


@bp.get("/reviews/<uuid:review_id>/gates/<string:gate>/acceptance")
@requires(Permission.REVIEW_ACCEPT_RISK)
def gate_acceptance(review_id: UUID, gate: str) -> ResponseReturnValue:
    """Show the form for accepting the risk of a failed gate."""
    review = _review(review_id)
    start = {"gate": gate, "version": review.version, "owner_id": str(review.vendor.owner_id)}
    return _acceptance_page(review, _with_people(GateAcceptanceForm(data=start)))


@bp.post("/reviews/<uuid:review_id>/gates/acceptance")
@requires(Permission.REVIEW_ACCEPT_RISK)
def accept_gate_risk(review_id: UUID) -> ResponseReturnValue:
    """Accept the risk of a failed gate until a date."""
    review = _review(review_id)
    form = _with_people(GateAcceptanceForm(request.form))
    if not form.validate():
        return _acceptance_page(review, form), 422
    gate = Gate(form.gate.data)
    try:
        gate_commands.accept_gate_risk(
            session(), review, gate, acceptance_of(form), by=me().author, at=clock.now()
        )
    except Refused as refusal:
        form.form_errors.append(str(refusal))
        return _acceptance_page(review, form), 422
    flash(_("The risk is accepted. Gate: %(title)s.", title=TITLES[gate]), "ok")
    return redirect_to("reviews.decide", review_id=review_id)


def _review(review_id: UUID) -> Review:
    return queries.get_review(session(), me().person_id, review_id)


def _waiting(review: Review, seen: UUID) -> Decision:
    decision = queries.get_waiting_decision(session(), review)
    if decision.id != seen:
        raise Conflict(_("Another proposal waits now. Reload the page and read it first."))
    return decision


def _proposal(form: DecideForm) -> Proposal:
    rows = [row.form for row in form.conditions if row.form.text.data]
    is_conditional = form.outcome.data == Outcome.APPROVED_WITH_CONDITIONS.value
    return Proposal(
        outcome=Outcome(form.outcome.data),
        round=form.round.data,
        note=form.note.data,
        conditions=tuple(
            NewCondition(row.text.data, row.due_on.data, UUID(row.owner_id.data))
            for row in (rows if is_conditional else [])
        ),
        is_escalated=form.is_escalated.data,
    )


def _say(decision: Decision) -> None:
    if decision.is_final:
        flash(_("The decision is final."), "ok")
    else:
        flash(_("The proposal waits for signatures."), "info")


def _people() -> list[Any]:
    return offered((str(row.person_id), row.name) for row in list_staff(session()))


def _offered(review: Review, form: DecideForm) -> DecideForm:
    return form.offer(_people(), str(review.vendor.owner_id))


def _blank(review: Review) -> DecideForm:
    """Return a form for the next proposal; one that was sent back is there to be mended."""
    start: dict[str, Any] = {"round": decision_commands.next_round(session(), review.id)}
    if newest_returned(session(), review.id) is not None:
        last = rows.decisions_of_review(session(), review.id)[0]
        start |= {
            "outcome": last.outcome.value,
            "note": last.note,
            "is_escalated": last.basis["is_escalated"],
            "conditions": [_as_typed(kept) for kept in last.basis["conditions"]],
        }
    return DecideForm(data=start)


def _as_typed(kept: dict[str, str]) -> dict[str, Any]:
    return {**kept, "due_on": date.fromisoformat(kept["due_on"])}


def _page(review: Review, form: DecideForm, send_back: SendBackForm | None = None) -> str:
    shown = decision_page(review, send_back)
    return page("reviews/decide.html", form=_offered(review, form), **shown)


def _with_people(form: GateAcceptanceForm) -> GateAcceptanceForm:
    form.owner_id.choices = _people()
    return form


def _acceptance_page(review: Review, form: GateAcceptanceForm) -> str:
    title = TITLES.get(form.gate.data, "")
    return page(
        "reviews/gate_acceptance.html", review=review, vendor=review.vendor, form=form, title=title
    )
