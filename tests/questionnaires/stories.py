"""How a vendor answers the tier 4 questionnaire in full and hands it in."""

from foundation import clock
from questionnaires import sheet
from questionnaires.answer_commands import RawAnswer, save_answer
from questionnaires.nodes import QuestionKind
from questionnaires.submission_commands import submit
from tests.makers import vendor_author


def answer_all(session, assessment, *, countries="Pakistan", by=None, skip=()):
    """Answer every visible question with its first choice, or a text."""
    by = by or vendor_author(session)
    while True:
        stands = sheet.of(session, assessment)
        open_ones = [
            question
            for question in stands.form.questions
            if question.code not in stands.answers and question.code not in skip
        ]
        if not open_ones:
            return
        question = open_ones[0]
        chooses = question.kind in {QuestionKind.SINGLE, QuestionKind.MANY}
        save_answer(
            session,
            assessment,
            RawAnswer(
                question.code,
                options=(question.options[0].code,) if chooses else (),
                text="" if chooses else countries,
            ),
            base_version=0,
            sequence=0,
            by=by,
            at=clock.now(),
        )


def hand_in(session, assessment, *, countries="Pakistan"):
    """Answer everything and submit it as Vania."""
    answer_all(session, assessment, countries=countries)
    return submit(
        session,
        assessment,
        name="Vania Petrova",
        role="Security lead",
        by=vendor_author(session),
        at=clock.now(),
    )
