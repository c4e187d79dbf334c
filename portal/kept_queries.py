"""What is kept of a vendor's person, counted, and until when."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from evidence.models import Evidence
from foundation.db import Model
from identity.models import Person, WebSession
from mail.models import Letter
from organisation.queries import find_settings
from organisation.retention import Kept, lengths
from portal.session import PortalContact
from questionnaires.answer_models import Answer, Submission


@dataclass(frozen=True, slots=True)
class KeptOfThem:
    """How much of each there is, and the months of each rule."""

    since: datetime
    answers: int
    declarations: int
    files: int
    letters: int
    sign_ins: int
    months: dict[str, int]
    is_in_force: bool
    """Whether the rules were set; before that nothing goes by itself."""


def kept_of(session: Session, contact: PortalContact) -> KeptOfThem:
    """Return what is kept of a person."""
    me, stored = contact.person_id, find_settings(session)
    chosen = stored.retention_months if stored else {}
    mine = (Evidence.uploaded_by_id == me, Evidence.erased_at.is_(None))
    return KeptOfThem(
        since=session.get_one(Person, me).created_at,
        answers=_of(session, Answer, Answer.updated_by_id == me),
        declarations=_of(session, Submission, Submission.by_id == me),
        files=_of(session, Evidence, *mine),
        letters=_of(session, Letter, Letter.to_email == contact.email),
        sign_ins=_of(session, WebSession, WebSession.person_id == me),
        months={kind.value: count for kind, count in lengths(chosen).items() if kind in TOLD},
        is_in_force=bool(chosen),
    )


TOLD = (Kept.CONTACTS, Kept.VENDORS, Kept.EVIDENCE, Kept.REPORTS, Kept.LETTERS, Kept.SESSIONS)


def _of(session: Session, table: type[Model], *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0
