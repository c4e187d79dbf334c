"""Asking back: one letter for all, only those answers open, and the round comes in again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from foundation import clock
from foundation.errors import Conflict, Missing, Refused
from mail.models import Letter
from questionnaires import assessment_commands, clarification_commands, sheet
from questionnaires.answer_commands import RawAnswer, save_answer
from questionnaires.rules import AssessmentState
from questionnaires.submission_commands import submit
from tests import people as cast
from tests.makers import make_assessment, make_contact, make_staff, make_vendor, vendor_author
from tests.questionnaires.stories import hand_in


@pytest.fixture
def rabia(session):
    return make_staff(session, cast.RABIA)


@pytest.fixture
def assessment(session):
    made = make_assessment(session)
    hand_in(session, made)
    return made


@pytest.fixture
def ask(session, assessment, rabia):
    def do(code, text="Which systems?"):
        return clarification_commands.ask(session, assessment, code, text, by=rabia, at=clock.now())

    return do


@pytest.fixture
def hand_back(session, assessment, rabia):
    def do(days=5):
        clarification_commands.hand_back(
            session,
            assessment,
            due_on=clock.now().date() + timedelta(days=days),
            by=rabia,
            at=clock.now(),
        )

    return do


def change(session, assessment, code, *options, text=""):
    stored = sheet.of(session, assessment).answers.get(code)
    return save_answer(
        session,
        assessment,
        RawAnswer(code, options, text=text),
        base_version=stored.version if stored else 0,
        sequence=0,
        by=vendor_author(session),
        at=clock.now(),
    )


def reply(session, assessment, asked, text="Only two of them."):
    return clarification_commands.reply(
        session, assessment, asked.id, text, by=vendor_author(session), at=clock.now()
    )


def test_all_that_was_asked_goes_out_as_one_letter(session, assessment, ask, hand_back, later):
    with later(hours=1):
        ask("enc_in_transit")
        ask("pci_card_numbers", "Who confirmed this?")
        assert session.scalars(select(Letter).where(Letter.kind == "clarification")).all() == []
        hand_back()
    letter = session.scalars(select(Letter).where(Letter.kind == "clarification")).one()
    assert "2 answers to clarify" in letter.subject
    assert (assessment.state, assessment.round) == (AssessmentState.RETURNED, 2)
    assert assessment.due_on == clock.now().date() + timedelta(days=5)


def test_only_what_was_asked_and_what_hangs_on_it_may_change(
    session, assessment, ask, hand_back, later
):
    with later(hours=1):
        ask("enc_in_transit")
        hand_back()
        change(session, assessment, "enc_in_transit", "partial")
        change(session, assessment, "reg_countries", text="Oman")  # its condition names the first
        with pytest.raises(Refused, match="Only the questions asked back"):
            change(session, assessment, "pci_card_numbers", "yes_attested")


def test_it_comes_in_again_when_all_is_replied_to(session, assessment, ask, hand_back, later):
    with later(hours=1):
        first, second = ask("enc_in_transit"), ask("pci_card_numbers")
        hand_back()
        reply(session, assessment, first)
        with pytest.raises(Refused) as refusal:
            _submit(session, assessment)
        assert refusal.value.reasons == ("Reply to what was asked back about this answer.",)
        reply(session, assessment, second)
    with later(hours=2):
        assert _submit(session, assessment).round == 2
    assert assessment.state is AssessmentState.SUBMITTED
    with pytest.raises(Conflict, match="no longer open"):
        reply(session, assessment, first)


def test_what_was_asked_in_an_earlier_round_is_closed(session, assessment, ask, hand_back, later):
    with later(hours=1):
        first = ask("enc_in_transit")
        hand_back()
        reply(session, assessment, first)
    with later(hours=2):
        _submit(session, assessment)
    with later(hours=3):
        ask("pci_card_numbers")
        hand_back()
        with pytest.raises(Refused, match="Only the questions asked back"):
            change(session, assessment, "enc_in_transit", "no")


def test_nothing_asked_nothing_to_hand_back(hand_back):
    with pytest.raises(Refused, match="at least one answer"):
        hand_back()


def test_one_open_question_for_each_answer(ask):
    ask("enc_in_transit")
    with pytest.raises(Conflict, match="already"):
        ask("enc_in_transit", "And which else?")


def test_a_question_taken_back_is_not_sent(session, assessment, ask, hand_back, rabia):
    asked = ask("enc_in_transit")
    clarification_commands.withdraw(session, assessment, asked.id, by=rabia, at=clock.now())
    with pytest.raises(Refused):
        hand_back()
    ask("enc_in_transit", "Better said")


def test_accepting_waits_for_what_is_piled_up(session, assessment, ask, rabia):
    ask("enc_in_transit")
    with pytest.raises(Refused, match="still wait to be sent"):
        assessment_commands.accept(session, assessment, by=rabia, at=clock.now())


def test_a_card_number_is_refused_in_question_and_reply(session, assessment, ask, hand_back):
    with pytest.raises(Refused, match="card number"):
        ask("enc_in_transit", "Is 4111111111111111 yours?")
    asked = ask("enc_in_transit")
    hand_back()
    with pytest.raises(Refused, match="card number"):
        reply(session, assessment, asked, "No, 4111111111111111 is.")


def test_a_question_of_another_vendor_is_not_found_through_mine(session, ask):
    asked = ask("enc_in_transit")
    vendor = make_vendor(session, name="Borealis")
    other = make_assessment(
        session, vendor=vendor, contact=make_contact(session, vendor, cast.VIKTOR)
    )
    with pytest.raises(Missing):
        reply(session, other, asked)


def test_nothing_is_asked_before_submission(session, rabia):
    early = make_assessment(session)
    with pytest.raises(Conflict):
        clarification_commands.ask(
            session, early, "enc_in_transit", "Why?", by=rabia, at=clock.now()
        )


def _submit(session, assessment):
    return submit(
        session,
        assessment,
        name="Vania Petrova",
        role="Security lead",
        by=vendor_author(session),
        at=clock.now(),
    )
