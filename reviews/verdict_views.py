"""Doors of the desk: accepting, asking back, raising a finding, handing back, judging gates."""

from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from accounts.permissions import Permission, requires
from accounts.queries import list_staff
from accounts.signin import me
from foundation import clock
from foundation.choices import offered
from foundation.db import session
from foundation.errors import Conflict
from foundation.web import redirect_to
from organisation.queries import today_of
from reviews import finding_commands, forms, gate_commands, queries, verdict_commands
from reviews.desk import Desk, desk_of
from reviews.desk_page import stays_on_the_desk
from reviews.facts import gather
from reviews.finding_commands import NewFinding
from reviews.gate_commands import HandAnswer
from reviews.gates import TITLES, Gate, GateStatus
from reviews.looks import Pile
from reviews.models import Review
from reviews.rules import Severity, VerdictOutcome
from reviews.verdict_commands import Judgement, Place
from reviews.views import bp

__all__ = ["bp"]


@bp.post("/reviews/<uuid:review_id>/accept")
@requires(Permission.REVIEW_JUDGE)
@stays_on_the_desk
def accept(review_id: UUID) -> ResponseReturnValue:
    """Accept one answer; for "does not apply" this is the reviewer's consent."""
    review = _review(review_id)
    form = forms.AcceptForm(request.form)
    forms.refuse_invalid(form)
    place = _place(form)
    judgement = Judgement(VerdictOutcome.ACCEPTED, form.note.data or "")
    verdict_commands.judge(session(), review, place, judgement, by=me().author, at=clock.now())
    return _on(review, place)


@bp.post("/reviews/<uuid:review_id>/ask")
@requires(Permission.REVIEW_JUDGE)
@stays_on_the_desk
def ask(review_id: UUID) -> ResponseReturnValue:
    """Pile up a question about one answer."""
    review = _review(review_id)
    form = forms.AskForm(request.form)
    forms.refuse_invalid(form)
    place = _place(form)
    verdict_commands.ask_back(session(), review, place, form.words, by=me().author, at=clock.now())
    flash(_("The question is piled up. Hand back to send all of them as one mail."), "ok")
    return _on(review, place)


@bp.post("/reviews/<uuid:review_id>/finding")
@requires(Permission.REVIEW_JUDGE)
@stays_on_the_desk
def raise_finding(review_id: UUID) -> ResponseReturnValue:
    """Raise a finding from one answer."""
    review = _review(review_id)
    form = forms.FindingForm(request.form)
    form.owner_id.choices = offered((str(row.person_id), row.name) for row in list_staff(session()))
    forms.refuse_invalid(form)
    place = _place(form)
    finding = finding_commands.raise_from_answer(
        session(),
        review,
        place,
        NewFinding(
            title=form.title.data,
            severity=Severity(form.severity.data),
            description=form.description.data or "",
            owner_id=UUID(form.owner_id.data),
            due_on=form.due_on.data,
        ),
        is_contradicted=form.is_contradicted.data,
        by=me().author,
        at=clock.now(),
    )
    flash(_("%(reference)s is raised.", reference=finding.reference), "ok")
    return _on(review, place)


@bp.post("/reviews/<uuid:review_id>/accept-rest")
@requires(Permission.REVIEW_JUDGE)
@stays_on_the_desk
def accept_rest(review_id: UUID) -> ResponseReturnValue:
    """Accept in one go what nothing speaks against, if it is still what the page showed."""
    review = _review(review_id)
    cards = _desk(review).pile(Pile.REST)
    seen = request.form.getlist("seen")
    if sorted(seen) != sorted(f"{c.assessment_id}|{c.version}|{c.question.code}" for c in cards):
        raise Conflict(
            _("The answers have changed since you opened the page. Reload it and look again.")
        )
    places = [Place(card.assessment_id, card.question.code, card.version) for card in cards]
    count = verdict_commands.accept_rest(session(), review, places, by=me().author, at=clock.now())
    flash(ngettext("%(num)s answer accepted.", "%(num)s answers accepted.", count), "ok")
    return redirect_to("reviews.desk", review_id=review_id)


@bp.post("/reviews/<uuid:review_id>/hand-back")
@requires(Permission.REVIEW_JUDGE)
@stays_on_the_desk
def hand_back(review_id: UUID) -> ResponseReturnValue:
    """Send everything asked back to the vendor, as one mail."""
    review = _review(review_id)
    form = forms.HandBackForm(request.form)
    forms.refuse_invalid(form)
    verdict_commands.hand_back(
        session(),
        review,
        form.assessment_id.data,
        due_on=form.due_on.data,
        by=me().author,
        at=clock.now(),
    )
    flash(_("Handed back to %(name)s.", name=review.vendor.name), "ok")
    return redirect_to("reviews.desk", review_id=review_id)


@bp.post("/reviews/<uuid:review_id>/take-back")
@requires(Permission.REVIEW_JUDGE)
@stays_on_the_desk
def take_back(review_id: UUID) -> ResponseReturnValue:
    """Withdraw a question that was asked back."""
    review = _review(review_id)
    form = forms.TakeBackForm(request.form)
    forms.refuse_invalid(form)
    verdict_commands.take_back_question(
        session(),
        review,
        form.assessment_id.data,
        form.clarification_id.data,
        by=me().author,
        at=clock.now(),
    )
    flash(_("The question is withdrawn."), "ok")
    return redirect_to("reviews.desk", review_id=review_id)


@bp.post("/reviews/<uuid:review_id>/gates")
@requires(Permission.REVIEW_JUDGE)
@stays_on_the_desk
def judge_gate(review_id: UUID) -> ResponseReturnValue:
    """Answer a gate by hand."""
    review = _review(review_id)
    form = forms.GateForm(request.form)
    forms.refuse_invalid(form)
    answer = HandAnswer(GateStatus(form.status.data), form.note.data, form.version.data)
    gate = Gate(form.gate.data)
    gate_commands.judge_gate(session(), review, gate, answer, by=me().author, at=clock.now())
    flash(_("Answered. Gate: %(title)s.", title=TITLES[gate]), "ok")
    return redirect_to("reviews.desk", review_id=review_id, _anchor="gates")


def _review(review_id: UUID) -> Review:
    return queries.get_review(session(), me().person_id, review_id)


def _place(form: forms.PlaceForm) -> Place:
    return Place(form.assessment_id.data, form.code.data, form.version.data)


def _desk(review: Review) -> Desk:
    return desk_of(gather(session(), review.vendor, review, today_of(session())))


def _on(review: Review, place: Place) -> ResponseReturnValue:
    """Go on with the next answer that needs a look."""
    following = _desk(review).after(place.assessment_id, place.code)
    anchor = following.anchor if following else "queue"
    return redirect_to("reviews.desk", review_id=review.id, _anchor=anchor)
