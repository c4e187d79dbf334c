"""J: one vendor's script sends changes without a pause; it is slowed, and nobody else is."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from foundation.pace import BURST
from questionnaires.answer_models import Answer, AnswerEvent
from tests.attacks.acts import answer

pytestmark = pytest.mark.slow

PROCESSES = 2
SENT = 2 * PROCESSES * BURST
MOST_STORMS = 5
"""A machine so slow that nobody is too fast on it needs more than one."""


def storm(act, *, meanwhile):
    """Send an act without a pause, and another one in the middle of it."""
    with ThreadPoolExecutor(6) as pool:
        sent = [
            pool.submit(replace(act, who=replace(act.who)).send, key=False) for _ in range(SENT)
        ]
        assert meanwhile.send(key=False).status == 200
        return [each.result() for each in sent]


def test_J07_a_script_is_slowed_and_another_vendor_is_not(site):
    abusive, calm = answer(site), answer(site)
    answers = []
    for _ in range(MOST_STORMS):
        answers += storm(abusive, meanwhile=calm)
        if any(each.status == 429 for each in answers):
            break
    statuses = {each.status for each in answers}
    assert statuses == {200, 429}
    put_off = [each for each in answers if each.status == 429]
    assert all(each.header("Retry-After") for each in put_off)
    assert abusive.who.send("GET", abusive.path.replace("/answers", "")).status == 200
    with site.database.reading() as session:
        theirs = Answer.assessment_id.in_([abusive.subject, calm.subject])
        chosen = select(func.count()).select_from(AnswerEvent).join(Answer).where(theirs)
        assert session.scalar(chosen) == 2
