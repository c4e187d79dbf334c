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
SENT = 3 * PROCESSES * BURST // 2


def test_J07_a_script_is_slowed_and_another_vendor_is_not(site):
    abusive, calm = answer(site), answer(site)
    with ThreadPoolExecutor(6) as pool:
        storm = [
            pool.submit(replace(abusive, who=replace(abusive.who)).send, key=False)
            for _ in range(SENT)
        ]
        assert calm.send(key=False).status == 200
        answers = [each.result() for each in storm]
    statuses = {each.status for each in answers}
    assert statuses == {200, 429}
    put_off = [each for each in answers if each.status == 429]
    assert all(each.header("Retry-After") for each in put_off)
    assert abusive.who.send("GET", abusive.path.replace("/answers", "")).status == 200
    with site.database.reading() as session:
        theirs = Answer.assessment_id.in_([abusive.subject, calm.subject])
        chosen = select(func.count()).select_from(AnswerEvent).join(Answer).where(theirs)
        assert session.scalar(chosen) == 2
