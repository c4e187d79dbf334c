"""Whether an assessment can be worked on, and the plain page when it cannot."""

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from foundation.web import page, redirect_to
from portal.given_back import typed_in
from questionnaires.models import Assessment
from questionnaires.rules import AssessmentState

ANSWERABLE = frozenset({AssessmentState.SENT, AssessmentState.ANSWERING})
HANDED_IN = frozenset({AssessmentState.SUBMITTED, AssessmentState.ACCEPTED})


def lock_page(assessment: Assessment) -> ResponseReturnValue:
    """Say why nothing can be changed now, with the status of a conflict."""
    return page("portal/locked.html", sentence=sentence_of(assessment), typed=typed_in()), 409


def sentence_of(assessment: Assessment) -> str:
    """Return why nothing can be changed now."""
    sentences = {
        AssessmentState.SUBMITTED: _("These answers were submitted and are being reviewed."),
        AssessmentState.ACCEPTED: _("This questionnaire is closed; its answers are final."),
        AssessmentState.WITHDRAWN: _("This questionnaire was taken back; nothing is to be done."),
        AssessmentState.RETURNED: _("Only the questions that came back can be changed now."),
    }
    return str(sentences.get(assessment.state, _("This can be answered now.")))


def way_on(assessment: Assessment) -> ResponseReturnValue | None:
    """Return where somebody belongs who wants to answer now, or None when it is here."""
    if assessment.state in ANSWERABLE:
        return None
    if assessment.state is AssessmentState.RETURNED:
        return redirect_to("portal.clarify", assessment_id=assessment.id)
    if assessment.state in HANDED_IN:
        return redirect_to("portal.submitted", assessment_id=assessment.id)
    return lock_page(assessment)
