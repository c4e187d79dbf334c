"""G07: the score kept with each save is that of all answers at once, whatever came before."""

from random import Random

import pytest

from foundation import clock
from questionnaires import answer_commands, sheet
from questionnaires.answer_commands import RawAnswer
from questionnaires.nodes import questions_of
from questionnaires.settling import stored_score
from tests import makers

SEEDS = range(4)
CHANGES = 25


@pytest.mark.parametrize("seed", SEEDS)
def test_kept_with_each_change_it_is_what_all_answers_give(session, seed):
    chance = Random(seed)
    sent = makers.make_assessment(session)
    vania = makers.vendor_author(session)
    questions = [
        each for each in questions_of(sheet.of(session, sent).questionnaire) if each.options
    ]
    for _ in range(CHANGES):
        question = chance.choice(questions)
        stored = sheet.of(session, sent).answers.get(question.code)
        said = {"options": (chance.choice(question.options).code,)}
        if question.allows_not_applicable and chance.random() < 0.2:
            said = {"not_applicable": True, "reason": "We have no such thing."}
        answer_commands.save_answer(
            session,
            sent,
            RawAnswer(code=question.code, **said),
            base_version=stored.version if stored else 0,
            sequence=1,
            by=vania,
            at=clock.now(),
        )
        session.flush()
        session.expire_all()
        anew = sheet.of(session, sent)
        assert sent.score == stored_score(anew.score)
        assert (sent.n_answered, sent.n_visible) == (
            anew.progress.total.answered,
            anew.progress.total.total,
        )
