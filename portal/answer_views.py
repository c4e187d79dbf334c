"""Answering: the hub, a section as one form, and the saving of a single answer."""

from uuid import UUID

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from foundation import clock
from foundation.db import database, session
from foundation.errors import Conflict, Missing, Refused
from foundation.web import page, redirect_to
from organisation.queries import today_of
from portal import attaching, autosave, section_page
from portal.access import my_assessment, my_membership
from portal.locks import ANSWERABLE, lock_page, way_on
from portal.queries import sender_of
from portal.rules import minutes_for
from portal.section_saving import posted_in, raw_in, save_changed
from portal.session import PortalContact, contact_required
from portal.views import bp
from questionnaires import answer_commands, sheet
from questionnaires.pass_on import may_pass_on
from questionnaires.rules import AssessmentState


@bp.get("/p/a/<uuid:assessment_id>")
@contact_required
def hub(contact: PortalContact, assessment_id: UUID) -> ResponseReturnValue:
    """Show every section and how far it is; before the start, what it is about."""
    assessment = my_assessment(session(), contact, assessment_id)
    way = way_on(assessment)
    if way is not None:
        return way
    seen = sheet.of(session(), assessment)
    sender = sender_of(session(), assessment)
    minutes = minutes_for(seen.progress.total.total - seen.progress.total.answered)
    place = my_membership(contact, assessment.vendor_id)
    shown = {
        "assessment": assessment,
        "sheet": seen,
        "sender": sender,
        "minutes": minutes,
        "may_pass_on": may_pass_on(assessment, place.contact_id, place.role),
    }
    if assessment.state is AssessmentState.SENT:
        return page("portal/begin.html", **shown)
    return page("portal/hub.html", today=today_of(session()), next_section=next_of(seen), **shown)


@bp.post("/p/a/<uuid:assessment_id>/start")
@contact_required
def begin(contact: PortalContact, assessment_id: UUID) -> ResponseReturnValue:
    """Note that the vendor has begun, and open the first section."""
    assessment = my_assessment(session(), contact, assessment_id)
    if assessment.state not in ANSWERABLE:
        return lock_page(assessment)
    answer_commands.start(session(), assessment, by=contact.author, at=clock.now())
    code = next_of(sheet.of(session(), assessment))
    if code is None:
        return redirect_to("portal.hub", assessment_id=assessment_id)
    return redirect_to("portal.section", assessment_id=assessment_id, section_code=code)


@bp.get("/p/a/<uuid:assessment_id>/s/<section_code>")
@contact_required
def section(contact: PortalContact, assessment_id: UUID, section_code: str) -> ResponseReturnValue:
    """Show one section as one form."""
    assessment = my_assessment(session(), contact, assessment_id)
    way = way_on(assessment)
    if way is not None:
        return way
    seen = sheet.of(session(), assessment)
    return section_page.shown(contact, assessment, seen, section_code)


@bp.post("/p/a/<uuid:assessment_id>/s/<section_code>")
@contact_required
def save_section(
    contact: PortalContact, assessment_id: UUID, section_code: str
) -> ResponseReturnValue:
    """Save what was changed in a section; without scripts this is how answers arrive."""
    with database().reading() as reading:
        known = my_assessment(reading, contact, assessment_id)
        if known.state not in ANSWERABLE:
            return lock_page(known)
    wish = attaching.wanted(contact, known.vendor_id)
    assessment = my_assessment(session(), contact, assessment_id)
    if assessment.state not in ANSWERABLE:
        return lock_page(assessment)
    before = sheet.of(session(), assessment)
    part = section_page.part_of(before, section_code)
    posted = posted_in(part, request.form)
    typed, _last = save_changed(
        session(), assessment, posted, before.questionnaire, by=contact.author, at=clock.now()
    )
    if wish is not None:
        typed = typed.with_refusal(
            wish.code, attaching.attach(session(), assessment, wish, contact=contact)
        )
    removed_at = attaching.detach(session(), assessment, contact=contact)
    after = sheet.of(session(), assessment)
    if not typed.is_clean:
        return section_page.shown(contact, assessment, after, section_code, typed=typed)
    stay_at = wish.code if wish else removed_at
    return section_page.after_saving(assessment, before, after, part, stay_at=stay_at)


@bp.post("/p/a/<uuid:assessment_id>/answers")
@contact_required
def save_answer(contact: PortalContact, assessment_id: UUID) -> ResponseReturnValue:
    """Save one answer and say what it changed, for the script of the page."""
    assessment = my_assessment(session(), contact, assessment_id)
    at = clock.now()
    try:
        saved = answer_commands.save_answer(
            session(),
            assessment,
            raw_in(request.form, request.form.get("code", "")),
            base_version=autosave.number_in(request.form.get("version", "")),
            sequence=autosave.number_in(request.form.get("sequence", "")),
            by=contact.author,
            at=at,
        )
    except Conflict as clash:
        return jsonify(autosave.clash_of(clash, contact.time_zone)), 409
    except (Missing, Refused) as refusal:
        is_locked = assessment.state not in ANSWERABLE | {AssessmentState.RETURNED}
        return jsonify({"error": str(refusal)}), 409 if is_locked else 422
    return jsonify(autosave.reply_of(saved, contact.time_zone))


def next_of(seen: sheet.Sheet) -> str | None:
    """Return the code of the first section that is not complete, else the first."""
    open_ones = [code for code, done in seen.progress.sections.items() if not done.is_complete]
    return next(iter([*open_ones, *seen.progress.sections]), None)
