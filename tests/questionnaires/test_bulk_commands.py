"""Several at once: all or none, one ledger entry each, nobody overwritten."""

import pytest
from sqlalchemy import func, select

from audit.actions import Action
from audit.models import Entry
from foundation import clock
from foundation.errors import Conflict, Missing, Refused
from questionnaires.answer_commands import RawAnswer, save_answer
from questionnaires.answer_models import Answer, Citation
from questionnaires.bulk_commands import cite_from_many, save_first_answers
from questionnaires.rules import AssessmentState
from tests.makers import make_assessment, make_vendor, vendor_author
from tests.questionnaires.test_citation_commands import make_evidence

YES = [RawAnswer("enc_in_transit", ("yes",)), RawAnswer("iam_second_factor", ("partial",))]


@pytest.fixture
def assessment(session):
    return make_assessment(session)


@pytest.fixture
def save(session, assessment):
    def do(raws):
        by = vendor_author(session)
        return save_first_answers(session, assessment, raws, by=by, at=clock.now())

    return do


def stored(session):
    return session.scalar(select(func.count()).select_from(Answer))


def entries(session, action):
    chosen = select(func.count()).where(Entry.action == action)
    return session.scalar(chosen.select_from(Entry))


def test_they_come_to_what_one_after_the_other_comes_to(session, assessment, save):
    after = save(YES)
    assert assessment.state is AssessmentState.ANSWERING
    assert assessment.n_answered == 2
    other = make_assessment(session)
    by = vendor_author(session)
    for number, raw in enumerate(YES):
        one = save_answer(
            session, other, raw, base_version=0, sequence=number, by=by, at=clock.now()
        )
    assert after.score == one.sheet.score
    assert after.progress == one.progress
    assert assessment.evidenced == other.evidenced
    session.commit()
    assert entries(session, Action.ASSESSMENT_ANSWER) == 4


def test_one_wrong_answer_stores_none(session, save):
    with pytest.raises(Refused):
        save([*YES, RawAnswer("net_updates", ("perhaps",))])
    with pytest.raises(Missing):
        save([*YES, RawAnswer("no_such_question", ("yes",))])
    with pytest.raises(Refused, match="card number"):
        save([*YES, RawAnswer("tpr_other_companies", (), "4111 1111 1111 1111")])
    assert stored(session) == 0


def test_what_was_answered_meanwhile_is_not_overwritten(session, save):
    save(YES[:1])
    with pytest.raises(Conflict):
        save(YES)
    assert stored(session) == 1


def test_one_file_proves_many_answers_once(session, assessment, save):
    save(YES)
    by = vendor_author(session)
    evidence = make_evidence(session, assessment.vendor_id)
    codes = [raw.code for raw in YES]
    before = assessment.evidenced
    for added in (2, 0):
        found = cite_from_many(
            session, assessment, codes, evidence, page="4", by=by, at=clock.now()
        )
        assert found == added
    assert session.scalar(select(func.count()).select_from(Citation)) == 2
    assert assessment.evidenced > before
    with pytest.raises(Missing):
        cite_from_many(session, assessment, ["nothing"], evidence, by=by, at=clock.now())


def test_a_file_of_somebody_else_is_not_there(session, assessment, save):
    save(YES)
    by = vendor_author(session)
    foreign = make_evidence(session, make_vendor(session, name="Viktor Ltd").id)
    with pytest.raises(Missing):
        cite_from_many(session, assessment, ["enc_in_transit"], foreign, by=by, at=clock.now())
