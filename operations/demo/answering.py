"""What the people of vendors do in the demo: answer, prove, hand in, reply."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from evidence.models import Evidence
from foundation import clock
from identity.queries import get_person
from operations.demo.profiles import Profile
from operations.demo.stage import Stage
from questionnaires import clarification_commands as clarifications
from questionnaires import sheet
from questionnaires.answer_rows import clarifications_of
from questionnaires.bulk_commands import cite_from_many, save_first_answers
from questionnaires.models import Assessment
from questionnaires.sending import answer_days_later
from questionnaires.submission_commands import submit
from reviews.commands import receive_submission
from vendors.models import Contact

PACE = timedelta(seconds=40)
"""How long somebody takes for one question."""


def answer(
    stage: Stage, days_ago: int, assessment_id: UUID, profile: Profile, *, share: float = 1.0
) -> None:
    """Answer as the contact does: the first `share` (0 to 1) of what they are shown.

    What an answer shows besides is answered in the next round.
    """
    by = stage.contacts[assessment_id]
    with stage.day(days_ago, 11) as session:
        assessment = session.get_one(Assessment, assessment_id)
        asked = sheet.of(session, assessment).form.questions
        answered = 0
        while asked:
            wanted = asked[: max(round((answered + len(asked)) * share) - answered, 0)]
            raws = [profile.answer_to(each, answered + n) for n, each in enumerate(wanted, 1)]
            answered += len(raws)
            after = save_first_answers(
                session, assessment, raws, by=by, at=clock.now() + PACE * answered
            )
            is_partial = len(wanted) < len(asked)
            asked = tuple(q for q in after.form.questions if q.code not in after.answers)
            if is_partial:
                break


def prove(
    stage: Stage, days_ago: int, assessment_id: UUID, profile: Profile, *, age_days: int = 20
) -> None:
    """Upload the files of a profile, issued `age_days` before, and cite them where they fit."""
    by = stage.contacts[assessment_id]
    with stage.database.reading() as session:
        assessment = session.get_one(Assessment, assessment_id)
        vendor_id = assessment.vendor_id
        shown = sheet.of(session, assessment).form.questions
    with clock.fixed(stage.moment(days_ago, 13)):
        files = [
            stage.upload(vendor_id, title, kind, by=by, age_days=age_days)
            for title, kind in profile.files
        ]
    with stage.day(days_ago, 14) as session:
        assessment = session.get_one(Assessment, assessment_id)
        for number, evidence_id in enumerate(files):
            codes = [each.code for each in shown if profile.file_for(each) == number]
            cite_from_many(
                session,
                assessment,
                codes,
                session.get_one(Evidence, evidence_id),
                page=str(3 + 2 * number),
                by=by,
                at=clock.now(),
            )


def hand_in(stage: Stage, days_ago: int, assessment_id: UUID) -> UUID:
    """Hand the answers in; returns the review that receives them."""
    by = stage.contacts[assessment_id]
    with stage.day(days_ago, 15) as session:
        assessment = session.get_one(Assessment, assessment_id)
        contact = session.get_one(Contact, assessment.contact_id)
        submit(
            session,
            assessment,
            name=get_person(session, contact.person_id).name,
            role=contact.job_title or "Contact",
            by=by,
            at=clock.now(),
        )
        return receive_submission(session, assessment, by=by.actor, at=clock.now()).id


def ask_back(stage: Stage, days_ago: int, assessment_id: UUID, texts: Mapping[str, str]) -> None:
    """Ask questions back, as an analyst, and hand the assessment to the vendor again."""
    by = stage.cast["Rabia"]
    with stage.day(days_ago, 16) as session:
        assessment = session.get_one(Assessment, assessment_id)
        for code, text in texts.items():
            clarifications.ask(session, assessment, code, text, by=by, at=clock.now())
        due_on = answer_days_later(session, stage.on(days_ago), 5)
        clarifications.hand_back(session, assessment, due_on=due_on, by=by, at=clock.now())


def reply(stage: Stage, days_ago: int, assessment_id: UUID, text: str) -> None:
    """Reply to everything that was asked back, with the same words, and hand in again."""
    by = stage.contacts[assessment_id]
    with stage.day(days_ago, 11) as session:
        assessment = session.get_one(Assessment, assessment_id)
        for rows in clarifications_of(session, assessment_id).values():
            for row in rows:
                clarifications.reply(
                    session, assessment, row.clarification_id, text, by=by, at=clock.now()
                )
    hand_in(stage, days_ago, assessment_id)
