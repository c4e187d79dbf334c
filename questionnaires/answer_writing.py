"""Writing one answer's row and its history."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from audit.actions import Action
from audit.commands import record
from foundation.errors import Conflict
from foundation.ids import new_id
from identity.rules import Author
from questionnaires.answer_models import Answer, AnswerEvent
from questionnaires.answer_rows import AnswerRow
from questionnaires.given import Given
from questionnaires.models import Assessment

_CHANGE = update(Answer).where(
    Answer.id == bindparam("answer_id"), Answer.version == bindparam("version_read")
)
CHANGED = "Somebody else changed this answer while you had it open. Compare the two and choose."


def made_row(
    code: str,
    wanted: Given,
    stored: AnswerRow | None,
    sequence: int,
    by: Author,
    at: datetime,
) -> AnswerRow:
    """Return the row an answer becomes."""
    return AnswerRow(
        answer_id=stored.answer_id if stored else new_id(),
        code=code,
        options=tuple(sorted(wanted.options)),
        text=wanted.text,
        is_not_applicable=wanted.not_applicable,
        reason=wanted.reason,
        version=stored.version + 1 if stored else 1,
        sequence=sequence,
        updated_at=at,
        by_kind=by.actor.kind,
        by_id=by.person_id,
        by_name="",
    )


def write(
    session: Session, assessment: Assessment, stored: AnswerRow | None, row: AnswerRow
) -> AnswerRow:
    """Write the row where the version still is the one that was read; else raise Conflict."""
    values = {
        "options": list(row.options),
        "text": row.text,
        "is_not_applicable": row.is_not_applicable,
        "reason": row.reason,
        "version": row.version,
        "sequence": row.sequence,
        "updated_at": row.updated_at,
        "updated_by_kind": row.by_kind,
        "updated_by_id": row.by_id,
    }
    if stored is None:
        try:
            session.add(
                Answer(id=row.answer_id, assessment_id=assessment.id, code=row.code, **values)
            )
            session.flush()
        except IntegrityError as clash:
            raise Conflict(CHANGED) from clash
        return row
    was = {"answer_id": stored.answer_id, "version_read": stored.version}
    written = session.connection().execute(_CHANGE, {**values, **was})
    if written.rowcount != 1:
        raise Conflict(CHANGED)
    return row


def append(session: Session, row: AnswerRow, *, before: AnswerRow | None, how: str) -> None:
    """Append the change to the answer's history."""
    session.add(
        AnswerEvent(
            answer_id=row.answer_id,
            number=row.version,
            at=row.updated_at,
            by_kind=row.by_kind,
            by_id=row.by_id,
            how=how,
            before=said(before) if before else None,
            after=said(row),
        )
    )


def note_answer(
    session: Session, assessment: Assessment, row: AnswerRow, *, by: Author, at: datetime
) -> None:
    """Note in the ledger that an answer was stored: its hash, never its text."""
    record(
        session,
        at=at,
        actor=by.actor,
        action=Action.ASSESSMENT_ANSWER,
        subject=("assessment", assessment.id),
        detail={"code": row.code, "version": row.version, "sha256": digest(row)},
    )


def said(row: AnswerRow) -> dict[str, Any]:
    """Return what an answer says as plain JSON values, in one order."""
    return {
        "options": list(row.options),
        "text": row.text,
        "not_applicable": row.is_not_applicable,
        "reason": row.reason,
    }


def digest(row: AnswerRow) -> str:
    """Return the hash of what an answer says: the ledger keeps it instead of the text."""
    text = json.dumps(said(row), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def is_late_repeat(
    session: Session, stored: AnswerRow, wanted: Given, *, sequence: int, by: Author
) -> bool:
    """Return whether this is an older save of the same person, arriving again after a newer."""
    if stored.by_id != by.person_id or not 0 < sequence <= stored.sequence:
        return False
    chosen = select(AnswerEvent.after).where(
        AnswerEvent.answer_id == stored.answer_id, AnswerEvent.by_id == by.person_id
    )
    return any(_given_in(after) == wanted for after in session.scalars(chosen))


def _given_in(after: Mapping[str, Any]) -> Given:
    return Given(
        frozenset(after["options"]), after["text"], after["not_applicable"], after["reason"]
    )
