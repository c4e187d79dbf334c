"""Pages of an assessment: where it is, who has the ball, what was mailed, what was answered."""

from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.permissions import Permission, requires
from accounts.signin import me
from foundation import clock
from foundation.db import session
from foundation.errors import Conflict, Refused
from foundation.links import absolute
from foundation.web import page, redirect_to
from mail.delivery import has_mail
from organisation.queries import working_day_from
from questionnaires import assessment_commands, post, queries, sheet
from questionnaires.forms import DueForm
from questionnaires.models import Assessment
from questionnaires.reading import read_sections
from questionnaires.rules import WITH_VENDOR, AssessmentState, ball_of
from questionnaires.scope_told import scope_told
from questionnaires.views import bp
from vendors.scoping import exposure_of_vendor

MAY_SEND = requires(Permission.ASSESSMENT_SEND)
ENDED = frozenset({AssessmentState.ACCEPTED, AssessmentState.WITHDRAWN})


@bp.get("/assessments/<uuid:assessment_id>")
@requires(Permission.REVIEW_READ)
def assessment(assessment_id: UUID) -> ResponseReturnValue:
    """Show where an assessment is; answers only once they were handed in."""
    found = _assessment(assessment_id)
    return _assessment_page(found, DueForm(due_on=working_day_from(session(), found.due_on)))


@bp.post("/assessments/<uuid:assessment_id>/link")
@MAY_SEND
def reveal_link(assessment_id: UUID) -> ResponseReturnValue:
    """Show the vendor's link, and note who saw it."""
    found = _assessment(assessment_id)
    path = assessment_commands.copy_link(session(), found, by=me().author, at=clock.now())
    return page(
        "questionnaires/reveal_link.html",
        assessment=found,
        link=absolute(path),
        has_mail=has_mail(),
    )


@bp.post("/assessments/<uuid:assessment_id>/resend")
@MAY_SEND
def resend(assessment_id: UUID) -> ResponseReturnValue:
    """Mail the link again."""
    found = _assessment(assessment_id)
    assessment_commands.resend(session(), found, by=me().author, at=clock.now())
    if has_mail():
        flash(_("The link is on its way to %(name)s again.", name=found.contact.person.name), "ok")
    else:
        flash(_("The letter was written again, but no mail server is set: copy the link."), "warn")
    return redirect_to("questionnaires.assessment", assessment_id=assessment_id)


@bp.post("/assessments/<uuid:assessment_id>/extend")
@MAY_SEND
def extend(assessment_id: UUID) -> ResponseReturnValue:
    """Give the vendor more time."""
    found, form = _assessment(assessment_id), DueForm(request.form)
    if not form.validate():
        return _assessment_page(found, form), 422
    try:
        assessment_commands.extend(
            session(), found, due_on=form.day, by=me().author, at=clock.now()
        )
    except Conflict:
        raise
    except Refused as refusal:
        form.due_on.errors = [str(refusal)]
        return _assessment_page(found, form), 422
    flash(_("The vendor has more time now and was told so."), "ok")
    return redirect_to("questionnaires.assessment", assessment_id=assessment_id)


@bp.post("/assessments/<uuid:assessment_id>/withdraw")
@MAY_SEND
def withdraw(assessment_id: UUID) -> ResponseReturnValue:
    """Take the assessment back."""
    found = _assessment(assessment_id)
    assessment_commands.withdraw(session(), found, by=me().author, at=clock.now())
    flash(_("The assessment is withdrawn and the vendor was told so."), "ok")
    return redirect_to("questionnaires.assessment", assessment_id=assessment_id)


def _assessment(assessment_id: UUID) -> Assessment:
    return queries.get_assessment(session(), me().person_id, assessment_id)


def _assessment_page(found: Assessment, form: DueForm) -> str:
    stands = sheet.of(session(), found)
    may_send = me().may(Permission.ASSESSMENT_SEND)
    now = None if found.state in ENDED else exposure_of_vendor(session(), found.vendor_id)
    return page(
        "questionnaires/assessment.html",
        assessment=found,
        form=form,
        ball=ball_of(found.state),
        scope=scope_told(stands, now),
        progress=stands.progress,
        form_sections=stands.form.sections,
        answers=read_sections(stands) if found.submitted_at else (),
        letters=post.letters_of(session(), found.id),
        submissions=queries.submissions_of(session(), found.id),
        has_mail=has_mail(),
        may_send=may_send and found.state in WITH_VENDOR,
        may_withdraw=may_send and found.state not in ENDED,
    )
