"""Handing in: complete or not at all, once, with a hash that follows the content."""

import threading

import pytest
from sqlalchemy import select

from foundation import clock
from foundation.errors import Conflict, Refused
from mail.models import Letter
from questionnaires import sheet
from questionnaires.answer_commands import RawAnswer, save_answer
from questionnaires.answer_models import Submission
from questionnaires.models import Assessment
from questionnaires.rules import AssessmentState
from questionnaires.submission_commands import content_hash, submit
from tests import people as cast
from tests.makers import make_assessment, vendor_author
from tests.questionnaires.stories import answer_all, hand_in


@pytest.fixture
def assessment(session):
    return make_assessment(session)


def sign(session, assessment, **changed):
    values = {"name": "Vania Petrova", "role": "Security lead", **changed}
    return submit(session, assessment, by=vendor_author(session), at=clock.now(), **values)


def test_a_full_sheet_is_handed_in_and_receipted(session, assessment):
    submission = hand_in(session, assessment)
    assert assessment.state is AssessmentState.SUBMITTED
    assert assessment.submitted_at == clock.now()
    assert submission.n_answers == assessment.n_answered == assessment.n_visible
    letters = session.scalars(select(Letter).where(Letter.kind.startswith("submitted"))).all()
    assert {(each.kind, each.to_email) for each in letters} == {
        ("submitted_receipt", cast.VANIA.email),
        ("submitted", cast.PERVEZ.email),
    }


def test_every_gap_is_named(session, assessment):
    answer_all(session, assessment, skip={"enc_in_transit", "net_updates"})
    with pytest.raises(Refused) as refusal:
        sign(session, assessment)
    assert len(refusal.value.reasons) == 2
    assert assessment.state is AssessmentState.ANSWERING
    assert session.scalars(select(Submission)).all() == []


def test_does_not_apply_needs_its_reason(session, assessment):
    answer_all(session, assessment, skip={"enc_in_transit"})
    save_answer(
        session,
        assessment,
        RawAnswer("enc_in_transit", not_applicable=True),
        base_version=0,
        sequence=1,
        by=vendor_author(session),
        at=clock.now(),
    )
    with pytest.raises(Refused) as refusal:
        sign(session, assessment)
    assert any("why this does not apply" in each for each in refusal.value.reasons)


def test_nothing_answered_is_refused(session, assessment):
    with pytest.raises(Refused, match="Nothing has been answered"):
        sign(session, assessment)


@pytest.mark.parametrize("changed", [{"name": " "}, {"role": ""}, {"name": "x" * 201}])
def test_a_declaration_has_a_name_and_a_role(session, assessment, changed):
    answer_all(session, assessment)
    with pytest.raises(Refused, match="declares the answers true"):
        sign(session, assessment, **changed)


def test_a_round_is_handed_in_once(session, assessment):
    hand_in(session, assessment)
    with pytest.raises(Conflict, match="already"):
        sign(session, assessment)
    assert len(session.scalars(select(Submission)).all()) == 1


def test_two_at_once_hand_in_once(database):
    with database.writing() as session:
        made = make_assessment(session)
        answer_all(session, made)
    barrier, came = threading.Barrier(2), []

    def go():
        barrier.wait()
        try:
            with database.writing() as session:
                came.append(sign(session, session.get_one(Assessment, made.id)))
        except Conflict as clash:
            came.append(clash)

    threads = [threading.Thread(target=go) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert sorted(type(each).__name__ for each in came) == ["Conflict", "Submission"]
    with database.reading() as session:
        assert len(session.scalars(select(Submission)).all()) == 1
        assert len(session.scalars(select(Letter).where(Letter.kind == "submitted")).all()) == 1


def test_the_hash_follows_what_is_visible(session, assessment):
    hand_in(session, assessment)
    before = content_hash(sheet.of(session, assessment))
    other = make_assessment(session, vendor=_vendor(session), contact=_contact(session, assessment))
    hand_in(session, other)
    assert content_hash(sheet.of(session, other)) == before
    third = make_assessment(session, vendor=_vendor(session), contact=_contact(session, assessment))
    hand_in(session, third, countries="Oman")
    assert content_hash(sheet.of(session, third)) != before


def _vendor(session):
    from vendors.models import Vendor

    return session.scalars(select(Vendor)).first()


def _contact(session, assessment):
    from vendors.models import Contact

    return session.get_one(Contact, assessment.contact_id)
