"""Citing files from answers: a file is uploaded once and cited as often as it proves something."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from audit.actions import Action, ActorKind
from audit.commands import record
from evidence.models import Evidence
from evidence.rules import ScanState
from foundation.errors import Conflict, Missing, Refused
from foundation.ids import new_id
from identity.rules import Author
from organisation.queries import day_of
from questionnaires import content, sheet
from questionnaires.answer_models import Citation
from questionnaires.checking import normalise_explanation
from questionnaires.models import Assessment
from questionnaires.settling import begin, lock, refuse_a_change, refuse_card_number, settle
from vendors.rules import Visibility

LONGEST_PAGE = 100


def cite(  # noqa: PLR0913  every part of a citation is named
    session: Session,
    assessment: Assessment,
    code: str,
    evidence: Evidence,
    *,
    page: str = "",
    note: str = "",
    by: Author,
    at: datetime,
) -> Citation:
    """Cite a file of the same vendor from an answer; citing it again updates page and note."""
    page, note = checked_page(page), normalise_explanation(note).text
    refuse_card_number(page, note)
    refuse_file(assessment, evidence, by)
    _open(session, assessment, code, by=by, at=at)
    cited = _known(session, assessment, code, evidence.id)
    if cited is None:
        cited = new_citation(assessment, code, evidence, by=by, at=at)
        session.add(cited)
    cited.page, cited.note = page, note
    try:
        session.flush()
    except IntegrityError as twice:
        raise Conflict("This file was cited here already. Reload the page.") from twice
    _close(session, assessment, cited, Action.CITATION_ADD, by=by, at=at)
    return cited


def uncite(
    session: Session, assessment: Assessment, citation_id: UUID, *, by: Author, at: datetime
) -> None:
    """Take a citation away; the file stays on record."""
    lock(session, assessment)
    chosen = select(Citation).where(
        Citation.id == citation_id, Citation.assessment_id == assessment.id
    )
    cited = session.scalars(chosen).first()
    if cited is None:
        raise Missing
    _open(session, assessment, cited.code, by=by, at=at)
    session.delete(cited)
    session.flush()
    _close(session, assessment, cited, Action.CITATION_REMOVE, by=by, at=at)


def _open(session: Session, assessment: Assessment, code: str, *, by: Author, at: datetime) -> None:
    """Check that this answer may be changed now; the first change begins the assessment."""
    lock(session, assessment)
    before = sheet.of(session, assessment, on=day_of(session, at))
    if content.question(before.questionnaire, code) is None:
        raise Missing("This questionnaire has no such question. Reload the page.")
    refuse_a_change(assessment, before, code)
    begin(session, assessment, by=by, at=at)


def _close(
    session: Session,
    assessment: Assessment,
    cited: Citation,
    action: Action,
    *,
    by: Author,
    at: datetime,
) -> None:
    settle(assessment, sheet.of(session, assessment, on=day_of(session, at)))
    note_citation(session, cited, action, by=by, at=at)
    session.flush()


def new_citation(
    assessment: Assessment, code: str, evidence: Evidence, *, by: Author, at: datetime
) -> Citation:
    """Return the row of a citation, not stored yet; page and note are for the caller to set."""
    return Citation(
        id=new_id(),
        assessment_id=assessment.id,
        code=code,
        evidence_id=evidence.id,
        cited_at=at,
        cited_by_id=by.person_id,
    )


def note_citation(
    session: Session, cited: Citation, action: Action, *, by: Author, at: datetime
) -> None:
    """Note that a file was cited from an answer, or is not any more."""
    record(
        session,
        at=at,
        actor=by.actor,
        action=action,
        subject=("assessment", cited.assessment_id),
        detail={"code": cited.code, "evidence": str(cited.evidence_id)},
    )


def _known(
    session: Session, assessment: Assessment, code: str, evidence_id: UUID
) -> Citation | None:
    chosen = select(Citation).where(
        Citation.assessment_id == assessment.id,
        Citation.code == code,
        Citation.evidence_id == evidence_id,
    )
    return session.scalars(chosen).first()


def refuse_file(assessment: Assessment, evidence: Evidence, by: Author) -> None:
    is_hidden = by.actor.kind is ActorKind.VENDOR and evidence.visibility is Visibility.INTERNAL
    if evidence.vendor_id != assessment.vendor_id or is_hidden:
        raise Missing
    if evidence.erased_at is not None:
        raise Refused("This file was erased and proves nothing any more. Choose another one.")
    if evidence.scan_state is ScanState.INFECTED:
        raise Refused("This file carries malware and cannot be used. Upload a clean copy.")


def checked_page(page: str) -> str:
    page = " ".join(page.split())
    if len(page) > LONGEST_PAGE:
        raise Refused(f"Name the page in at most {LONGEST_PAGE} characters.", where="page")
    return page
