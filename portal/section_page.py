"""One section on the page: what it shows, and where saving it leads."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from evidence.queries import EvidenceRow, evidence_of
from foundation.db import session
from foundation.errors import Missing
from foundation.web import page, redirect_to
from portal.forms import intake
from portal.question_cards import Typed, anchor_of, cards_of, rich
from portal.session import PortalContact
from questionnaires.given import NOTHING
from questionnaires.models import Assessment
from questionnaires.nodes import Section, questions_of
from questionnaires.sheet import Sheet
from questionnaires.visibility import is_answered
from vendors.rules import Visibility


def part_of(seen: Sheet, section_code: str) -> Section:
    """Return a whole section, hidden parts included. Raises Missing when it is not shown."""
    if seen.form.section(section_code) is None:
        raise Missing
    return next(one for one in seen.questionnaire.sections if one.code == section_code)


def library_of(assessment: Assessment) -> list[EvidenceRow]:
    """Return the vendor's files its own people may see."""
    rows = evidence_of(session(), assessment.vendor_id, visibility=Visibility.VENDOR)
    return [row for row in rows if row.erased_at is None]


def shown(
    contact: PortalContact,
    assessment: Assessment,
    seen: Sheet,
    section_code: str,
    *,
    typed: Typed | None = None,
) -> ResponseReturnValue:
    """Print a section, with what could not be stored where there is such."""
    part = part_of(seen, section_code)
    library = library_of(assessment)
    mine = frozenset(row.evidence_id for row in library)
    codes = [one.code for one in seen.form.sections]
    return page(
        "portal/section.html",
        contact=contact,
        assessment=assessment,
        sheet=seen,
        section=part,
        intro=rich(part.intro),
        cards=cards_of(seen, part, mine=mine, typed=typed),
        library=library,
        intake=intake(),
        number=codes.index(section_code) + 1,
        count=len(codes),
        done=seen.progress.sections[section_code],
    )


def after_saving(
    assessment: Assessment, before: Sheet, after: Sheet, part: Section, *, stay_at: str | None
) -> ResponseReturnValue:
    """Go on: to what has newly appeared here, else to the next section, else to the check."""
    here = url_for("portal.section", assessment_id=assessment.id, section_code=part.code)
    if stay_at is not None:
        return redirect(f"{here}#{anchor_of(stay_at)}" if stay_at else here, code=303)
    shown_before, shown_now = before.form.question_codes, after.form.question_codes
    for question in questions_of(part):
        is_new = question.code in shown_now - shown_before
        if is_new and not is_answered(question, after.given.get(question.code, NOTHING)):
            return redirect(f"{here}#{anchor_of(question.code)}", code=303)
    codes = [one.code for one in after.form.sections]
    following = codes[codes.index(part.code) + 1 :] if part.code in codes else codes
    if not following:
        return redirect_to("portal.check", assessment_id=assessment.id)
    return redirect_to("portal.section", assessment_id=assessment.id, section_code=following[0])
