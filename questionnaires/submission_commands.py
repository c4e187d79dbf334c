"""Handing a round in: declared true by a named person, once, with a hash of what was said."""

import hashlib
import json
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from audit.actions import Action
from audit.commands import record
from foundation.errors import Conflict, Refused
from foundation.ids import new_id
from identity.models import Person
from identity.queries import get_person
from identity.rules import Author
from organisation.queries import day_of
from questionnaires import post, sheet
from questionnaires.answer_models import Submission
from questionnaires.answer_writing import said
from questionnaires.models import Assessment
from questionnaires.rules import AssessmentState
from questionnaires.settling import lock, move, refuse_card_number, settle
from questionnaires.sheet import Sheet, codes_in_play, problems_of
from vendors.models import Contact

LONGEST_NAME = 200
TWICE = "These answers were handed in already. Nothing was sent twice."


def submit(
    session: Session, assessment: Assessment, *, name: str, role: str, by: Author, at: datetime
) -> Submission:
    """Hand the present round in; Refused lists all problems, Conflict when it was handed in."""
    name, role = _declared(name, role)
    lock(session, assessment)
    if assessment.state is AssessmentState.SUBMITTED:
        raise Conflict(TWICE)
    if assessment.state is AssessmentState.SENT:
        raise Refused("Nothing has been answered yet. Answer the questions first.")
    found = sheet.of(session, assessment, on=day_of(session, at))
    _refuse_problems(found, assessment)
    move(assessment, AssessmentState.SUBMITTED)
    assessment.submitted_at = at
    settle(assessment, found)
    submission = Submission(
        id=new_id(),
        assessment_id=assessment.id,
        round=assessment.round,
        at=at,
        by_id=by.person_id,
        declared_name=name,
        declared_role=role,
        n_answers=found.progress.total.answered,
        content_sha256=content_hash(found),
    )
    session.add(submission)
    try:
        session.flush()
    except IntegrityError as twice:
        raise Conflict(TWICE) from twice
    record(
        session,
        at=at,
        actor=by.actor,
        action=Action.ASSESSMENT_SUBMIT,
        subject=("assessment", assessment.id),
        detail={"round": assessment.round, "content_sha256": submission.content_sha256},
    )
    post.submitted(session, assessment, _submitters(session, assessment, by), at=at)
    session.flush()
    return submission


def content_hash(found: Sheet) -> str:
    """Return the hash of what is handed in: the visible answers and the files they cite."""
    shown = [each.code for each in found.form.questions] + [each.code for each in found.form.tips]
    parts = {
        code: {
            "answer": said(found.answers[code]) if code in found.answers else None,
            "files": sorted(
                [row.sha256.hex(), row.page, row.note] for row in found.citations.get(code, [])
            ),
        }
        for code in shown
    }
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _declared(name: str, role: str) -> tuple[str, str]:
    name, role = " ".join(name.split()), " ".join(role.split())
    if not name or len(name) > LONGEST_NAME:
        raise Refused("Write the name of the person who declares the answers true.", where="name")
    if not role or len(role) > LONGEST_NAME:
        raise Refused("Write the role of the person who declares the answers true.", where="role")
    refuse_card_number(name, role)
    return name, role


def _refuse_problems(found: Sheet, assessment: Assessment) -> None:
    problems = problems_of(found)
    if assessment.state is AssessmentState.RETURNED:
        # What was handed in before and cannot change now keeps nobody from answering.
        in_play = codes_in_play(found, assessment)
        problems = tuple(each for each in problems if each.code in in_play)
    if problems:
        count = len(problems)
        raise Refused(
            f"{count} answers need attention before you can hand this in."
            if count > 1
            else "One answer needs attention before you can hand this in.",
            reasons=tuple(problem.sentence for problem in problems),
        )


def _submitters(session: Session, assessment: Assessment, by: Author) -> list[Person]:
    contact = session.get_one(Contact, assessment.contact_id)
    ids = dict.fromkeys((contact.person_id, by.person_id))
    return [get_person(session, person_id) for person_id in ids]
