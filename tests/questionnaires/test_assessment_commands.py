"""Sending: one transaction, a frozen version, a link that lives, and what may not be sent."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from foundation import clock
from foundation.errors import Conflict, Refused
from identity import invitations
from identity.models import Invitation
from mail.models import Letter
from questionnaires import assessment_commands, library, post, queries, sheet
from questionnaires.commands import store
from questionnaires.models import Assessment
from questionnaires.rules import AssessmentState
from tests import people as cast
from tests.makers import (
    make_assessment,
    make_contact,
    make_staff,
    make_vendor,
    make_version,
)
from tests.questionnaires.stories import hand_in


@pytest.fixture
def pervez(session):
    return make_staff(session)


@pytest.fixture
def assessment(session):
    return make_assessment(session)


def test_what_is_sent_stays_as_it_was_when_the_questionnaire_changes(session, pervez):
    from dataclasses import replace

    sent = make_assessment(session)
    before = sheet.of(session, sent).questionnaire
    changed = replace(library.load("tier4"), title="Another title")
    newer = store(session, changed, by=pervez.actor, at=clock.now())
    assert newer.number == 2
    assert newer.id != sent.questionnaire_version_id
    assert sheet.of(session, sent).questionnaire == before


def test_the_letter_names_everything_and_carries_the_link(session, assessment):
    from foundation import vault
    from mail.commands import place_of

    letter = session.scalars(select(Letter)).one()
    body = vault.unseal(letter.body_sealed, context=place_of(letter.id)).decode()
    link = session.scalars(select(Invitation)).one()
    assert f"http://localhost/p/i/{invitations.token_of(link)}" in body
    for part in ("Dear Vania Petrova", "Acme Cloud", "A-0001", "9 March 2026", "Pervez Anwar"):
        assert part in body
    assert f"{assessment.n_visible} questions" in body
    assert assessment.n_visible > 0
    assert letter.subject.startswith("[Northwind Payments]")


def test_counts_before_the_first_answer_are_not_a_score_of_something(session, assessment):
    assert assessment.n_answered == 0
    assert assessment.claimed == 0.0


def test_an_unscored_questionnaire_has_no_number(session, field_data, pervez):
    version = make_version(session, field_data / "vsaq" / "infrastructure.json")
    sent = make_assessment(session, version=version)
    assert (sent.claimed, sent.evidenced, sent.score) == (None, None, None)
    assert sheet.of(session, sent).score is None


def test_without_a_tier_nothing_is_sent(session, pervez):
    vendor = make_vendor(session)
    vendor.tier = None
    with pytest.raises(Refused, match="tier of Acme Cloud is not known"):
        make_assessment(session, vendor=vendor)


def test_a_contact_of_another_vendor_is_refused(session):
    acme, borealis = make_vendor(session), make_vendor(session, name="Borealis")
    viktor = make_contact(session, borealis, cast.VIKTOR)
    with pytest.raises(Refused, match="no longer acts"):
        make_assessment(session, vendor=acme, contact=viktor)
    assert session.scalars(select(Assessment)).all() == []


@pytest.mark.parametrize("days", [-1, 400])
def test_a_due_date_must_make_sense(session, days):
    with pytest.raises(Refused, match="due date"):
        make_assessment(session, due_on=clock.now().date() + timedelta(days=days))


def test_sending_again_and_copying_keep_the_mailed_link_alive(session, assessment, pervez):
    link = session.scalars(select(Invitation)).one()
    token = invitations.token_of(link)
    copied = assessment_commands.copy_link(session, assessment, by=pervez, at=clock.now())
    assessment_commands.resend(session, assessment, by=pervez, at=clock.now())
    assert copied == f"/p/i/{token}"
    assert invitations.find(session, token, clock.now()) is not None
    assert len(post.letters_of(session, assessment.id)) == 2


def test_a_dead_link_is_replaced(session, assessment, pervez, later):
    with later(days=60):
        path = assessment_commands.copy_link(session, assessment, by=pervez, at=clock.now())
        token = path.rsplit("/", 1)[1]
        assert invitations.find(session, token, clock.now()).for_id == assessment.id


def test_withdrawing_kills_the_links_and_says_so(session, assessment, pervez):
    token = invitations.token_of(session.scalars(select(Invitation)).one())
    assessment_commands.withdraw(session, assessment, by=pervez, at=clock.now())
    assert invitations.find(session, token, clock.now()) is None
    assert assessment.state is AssessmentState.WITHDRAWN
    assert post.letters_of(session, assessment.id)[0].kind in {"withdrawn", "invitation"}
    with pytest.raises(Conflict):
        assessment_commands.withdraw(session, assessment, by=pervez, at=clock.now())
    with pytest.raises(Conflict):
        assessment_commands.resend(session, assessment, by=pervez, at=clock.now())


def test_more_time_is_only_ever_more(session, assessment, pervez):
    due = assessment.due_on
    with pytest.raises(Refused, match="later"):
        assessment_commands.extend(session, assessment, due_on=due, by=pervez, at=clock.now())
    longer = due + timedelta(days=3)
    assessment_commands.extend(session, assessment, due_on=longer, by=pervez, at=clock.now())
    assert assessment.due_on == longer


def test_accepting_closes_what_was_submitted(session, assessment, pervez):
    with pytest.raises(Conflict):
        assessment_commands.accept(session, assessment, by=pervez, at=clock.now())
    hand_in(session, assessment)
    assessment_commands.accept(session, assessment, by=pervez, at=clock.now())
    assert assessment.state is AssessmentState.ACCEPTED


def test_a_rolled_back_sending_leaves_neither_letter_nor_link(database):
    with database.open(writes=True) as session:
        make_assessment(session)
        session.rollback()
    with database.reading() as session:
        for table in (Assessment, Letter, Invitation):
            assert session.scalars(select(table)).all() == []


def test_need_to_know_hides_assessments(session):
    rabia, pervez = make_staff(session, cast.RABIA), make_staff(session)
    vendor = make_vendor(session, by=rabia, is_need_to_know=True)
    hidden = make_assessment(session, vendor=vendor, by=rabia)
    assert queries.find_assessment(session, rabia.person_id, hidden.id) is hidden
    assert queries.find_assessment(session, pervez.person_id, hidden.id) is None
    assert [row.reference for row in queries.assessments_of(session, vendor.id)] == ["A-0001"]
