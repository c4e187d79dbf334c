"""Checking everything once, declaring it true, and the receipt."""

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from foundation import clock
from foundation.db import session
from foundation.errors import Conflict, Refused
from foundation.web import page, redirect_to
from portal.access import my_assessment, my_membership
from portal.check_page import CopiedSection, check_of, copy_of
from portal.forms import SubmitForm
from portal.locks import ANSWERABLE, lock_page, way_on
from portal.queries import sender_of, submissions_of
from portal.section_page import library_of
from portal.session import PortalContact, contact_required
from portal.views import bp
from questionnaires import sheet
from questionnaires.models import Assessment
from questionnaires.rules import AssessmentState
from questionnaires.sheet import Sheet
from questionnaires.submission_commands import submit as submit_answers
from reviews.commands import receive_submission


@bp.get("/p/a/<uuid:assessment_id>/check")
@contact_required
def check(contact: PortalContact, assessment_id: UUID) -> ResponseReturnValue:
    """Show what is missing and what stands out, and ask for the declaration."""
    assessment = my_assessment(session(), contact, assessment_id)
    way = way_on(assessment)
    if way is not None:
        return way
    place = my_membership(contact, assessment.vendor_id)
    form = SubmitForm(data={"name": contact.name, "role": place.job_title})
    return _check_page(assessment, sheet.of(session(), assessment), form)


@bp.post("/p/a/<uuid:assessment_id>/check")
@contact_required
def submit(contact: PortalContact, assessment_id: UUID) -> ResponseReturnValue:
    """Hand the answers in; refused as a whole while something is missing."""
    assessment = my_assessment(session(), contact, assessment_id)
    if assessment.state not in ANSWERABLE:
        return lock_page(assessment)
    form = SubmitForm(request.form)
    seen = sheet.of(session(), assessment)
    if not form.validate() or check_of(seen).missing:
        return _check_page(assessment, seen, form), 422
    name, role, at = form.name.data or "", form.role.data or "", clock.now()
    try:
        submit_answers(session(), assessment, name=name, role=role, by=contact.author, at=at)
    except Conflict:
        return lock_page(assessment)
    except Refused as refusal:
        form.form_errors.append(str(refusal))
        return _check_page(assessment, seen, form), 422
    receive_submission(session(), assessment, by=contact.actor, at=at)
    return redirect_to("portal.submitted", assessment_id=assessment_id)


@bp.get("/p/a/<uuid:assessment_id>/submitted")
@contact_required
def submitted(contact: PortalContact, assessment_id: UUID) -> ResponseReturnValue:
    """Show the receipt; it stays at this address."""
    assessment = my_assessment(session(), contact, assessment_id)
    rounds = submissions_of(session(), assessment.id)
    if assessment.state is AssessmentState.WITHDRAWN:
        return lock_page(assessment)
    if not rounds:
        return redirect_to("portal.hub", assessment_id=assessment_id)
    sender = sender_of(session(), assessment)
    return page("portal/submitted.html", assessment=assessment, rounds=rounds, sender=sender)


@bp.get("/p/a/<uuid:assessment_id>/copy")
@contact_required
def copy(contact: PortalContact, assessment_id: UUID) -> ResponseReturnValue:
    """Print every visible answer on one page, for the vendor's own records."""
    assessment = my_assessment(session(), contact, assessment_id)
    if assessment.state is AssessmentState.WITHDRAWN:
        return lock_page(assessment)
    sections = _read(assessment, sheet.of(session(), assessment))
    return page("portal/copy.html", assessment=assessment, sections=sections, at=clock.now())


def _check_page(assessment: Assessment, seen: Sheet, form: SubmitForm) -> str:
    return page(
        "portal/check.html",
        assessment=assessment,
        check=check_of(seen),
        sections=_read(assessment, seen),
        form=form,
    )


def _read(assessment: Assessment, seen: Sheet) -> list[CopiedSection]:
    return copy_of(seen, frozenset(row.evidence_id for row in library_of(assessment)))
