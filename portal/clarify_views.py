"""What came back: only the questions asked about, a reply to each, and sending it all back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from evidence.queries import EvidenceRow
from foundation import clock
from foundation.db import database, session
from foundation.errors import Conflict, Refused
from foundation.web import page, redirect_to
from portal import attaching
from portal.access import my_assessment, my_membership
from portal.forms import intake
from portal.locks import lock_page
from portal.queries import sender_of
from portal.question_cards import Card, Typed, cards_of
from portal.section_page import library_of
from portal.section_saving import posted_in, save_changed
from portal.session import PortalContact, contact_required
from portal.views import bp
from questionnaires import sheet
from questionnaires.answer_rows import ClarificationRow
from questionnaires.clarification_commands import reply as store_reply
from questionnaires.models import Assessment
from questionnaires.rules import AssessmentState
from questionnaires.sheet import Sheet, codes_in_play
from questionnaires.submission_commands import submit as submit_answers
from reviews.commands import receive_submission

RETURNED = AssessmentState.RETURNED


@dataclass(frozen=True, slots=True)
class Replies:
    """Replies that were typed but not stored, by clarification, and why."""

    typed: dict[UUID, str]
    errors: dict[UUID, str]


@bp.get("/p/a/<uuid:assessment_id>/clarify")
@contact_required
def clarify(contact: PortalContact, assessment_id: UUID) -> ResponseReturnValue:
    """Show only what came back."""
    assessment = my_assessment(session(), contact, assessment_id)
    if assessment.state is AssessmentState.WITHDRAWN:
        return lock_page(assessment)
    return _clarify_page(assessment, sheet.of(session(), assessment))


@bp.post("/p/a/<uuid:assessment_id>/clarify")
@contact_required
def send_back(contact: PortalContact, assessment_id: UUID) -> ResponseReturnValue:
    """Store replies and changed answers, and hand the round in when that was pressed."""
    with database().reading() as reading:
        known = my_assessment(reading, contact, assessment_id)
    if known.state is not RETURNED:
        return lock_page(known)
    wish = attaching.wanted(contact, known.vendor_id)
    assessment = my_assessment(session(), contact, assessment_id)
    if assessment.state is not RETURNED:
        return lock_page(assessment)
    at, before = clock.now(), sheet.of(session(), assessment)
    typed, replies = _store(contact, assessment, before, request.form, at)
    if wish is not None:
        refusal = attaching.attach(session(), assessment, wish, contact=contact)
        typed = typed.with_refusal(wish.code, refusal)
    attaching.detach(session(), assessment, contact=contact)
    if not typed.is_clean or replies.errors or not request.form.get("send"):
        seen = sheet.of(session(), assessment)
        return _clarify_page(assessment, seen, typed=typed, replies=replies)
    return _hand_in(contact, assessment, at)


def _store(
    contact: PortalContact,
    assessment: Assessment,
    before: Sheet,
    form: MultiDict[str, str],
    at: datetime,
) -> tuple[Typed, Replies]:
    in_play = codes_in_play(before, assessment)
    posted = [
        one
        for section in before.questionnaire.sections
        for one in posted_in(section, form)
        if one.raw.code in in_play
    ]
    typed, _last = save_changed(
        session(), assessment, posted, before.questionnaire, by=contact.author, at=at
    )
    replies = Replies({}, {})
    for row in _waiting(before, assessment):
        text = form.get(f"reply:{row.clarification_id}", "")
        if text.strip() in {"", row.reply}:
            continue
        try:
            store_reply(session(), assessment, row.clarification_id, text, by=contact.author, at=at)
        except Refused as refusal:
            replies.typed[row.clarification_id] = text
            replies.errors[row.clarification_id] = str(refusal)
    return typed, replies


def _hand_in(contact: PortalContact, assessment: Assessment, at: datetime) -> ResponseReturnValue:
    place = my_membership(contact, assessment.vendor_id)
    role = place.job_title or place.vendor_name
    try:
        submit_answers(
            session(), assessment, name=contact.name, role=role, by=contact.author, at=at
        )
    except Conflict:
        return lock_page(assessment)
    except Refused as refusal:
        reasons = (str(refusal), *refusal.reasons)
        return _clarify_page(assessment, sheet.of(session(), assessment), reasons=reasons)
    receive_submission(session(), assessment, by=contact.actor, at=at)
    return redirect_to("portal.submitted", assessment_id=assessment.id)


def _waiting(seen: Sheet, assessment: Assessment) -> list[ClarificationRow]:
    return [
        row
        for rows in seen.clarifications.values()
        for row in rows
        if row.is_asked_since(assessment.submitted_at)
    ]


def _clarify_page(
    assessment: Assessment,
    seen: Sheet,
    *,
    typed: Typed | None = None,
    replies: Replies | None = None,
    reasons: tuple[str, ...] = (),
) -> str:
    library = library_of(assessment)
    waiting = _waiting(seen, assessment) if assessment.state is RETURNED else []
    return page(
        "portal/clarify.html",
        assessment=assessment,
        sheet=seen,
        cards=_cards_in_play(assessment, seen, library, typed) if waiting else (),
        waiting={row.clarification_id for row in waiting},
        asked={row.code for row in waiting},
        library=library,
        intake=intake(),
        sender=sender_of(session(), assessment),
        replies=replies or Replies({}, {}),
        reasons=reasons,
    )


def _cards_in_play(
    assessment: Assessment, seen: Sheet, library: list[EvidenceRow], typed: Typed | None
) -> tuple[Card, ...]:
    in_play = codes_in_play(seen, assessment)
    mine = frozenset(row.evidence_id for row in library)
    return tuple(
        card
        for section in seen.questionnaire.sections
        for card in cards_of(seen, section, mine=mine, typed=typed)
        if card.code in in_play and card.shape in {"question", "tip"}
    )
