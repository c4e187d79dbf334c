"""The page of an assessment: progress before, answers after, the link only when asked for."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from audit.actions import Action
from audit.models import Entry
from foundation import clock
from identity import invitations
from mail.models import Letter
from questionnaires.answer_commands import RawAnswer, save_answer
from questionnaires.models import Assessment
from questionnaires.rules import AssessmentState
from tests import people as cast
from tests.makers import make_assessment, make_staff, make_vendor, vendor_author
from tests.questionnaires.stories import hand_in

LINK = re.compile(r'id="link">http://localhost/p/i/([^<]+)<')


@pytest.fixture
def pervez(people):
    return people.browser(cast.PERVEZ)


@pytest.fixture
def sent(database):
    with database.writing() as session:
        return make_assessment(session)


def test_before_submission_only_progress_is_shown(pervez, database, sent):
    with database.writing() as session:
        save_answer(
            session,
            session.get_one(Assessment, sent.id),
            RawAnswer("reg_countries", text="Secretland"),
            base_version=0,
            sequence=1,
            by=vendor_author(session),
            at=clock.now(),
        )
    shown = pervez.get(f"/assessments/{sent.id}").text
    assert "Secretland" not in shown
    assert "Being answered" in shown
    assert "once the vendor has submitted them" in shown
    assert "queued" not in shown  # no raw value


def test_after_submission_the_answers_are_shown(pervez, database, sent):
    with database.writing() as session:
        hand_in(session, session.get_one(Assessment, sent.id), countries="Pakistan & Oman")
    shown = pervez.get(f"/assessments/{sent.id}").text
    assert "Pakistan &amp; Oman" in shown
    assert "declared true by Vania Petrova, Security lead" in shown
    assert "The risk team" in shown


def test_the_link_is_shown_when_asked_for_and_noted(pervez, database, sent):
    page = pervez.get(f"/assessments/{sent.id}").text
    assert "/p/i/" not in page
    shown = pervez.post(f"/assessments/{sent.id}/link").text
    token = LINK.search(shown)[1]
    with database.reading() as session:
        assert invitations.find(session, token, clock.now()).for_id == sent.id
        noted = session.scalars(
            select(Entry).where(Entry.action == Action.INVITATION_COPY.value)
        ).all()
        assert len(noted) == 1
    again = LINK.search(pervez.post(f"/assessments/{sent.id}/link").text)[1]
    assert again == token


def test_send_again_more_time_withdraw(pervez, database, sent):
    assert pervez.post(f"/assessments/{sent.id}/resend").status_code == 303
    later = sent.due_on + timedelta(days=5)
    extended = pervez.post(
        f"/assessments/{sent.id}/extend", data={"due_on": later.isoformat()}, follow_redirects=True
    )
    assert "more time" in extended.text
    earlier = pervez.post(f"/assessments/{sent.id}/extend", data={"due_on": "2026-03-01"})
    assert earlier.status_code == 422
    assert "must be later" in earlier.text
    assert pervez.post(f"/assessments/{sent.id}/withdraw").status_code == 303
    with database.reading() as session:
        found = session.get_one(Assessment, sent.id)
        assert (found.state, found.due_on) == (AssessmentState.WITHDRAWN, later)
        kinds = [letter.kind for letter in session.scalars(select(Letter))]
        assert sorted(kinds) == ["due_date", "invitation", "invitation", "withdrawn"]
    assert pervez.post(f"/assessments/{sent.id}/link").status_code == 409


def test_an_assessment_of_a_hidden_vendor_is_not_there(people, database):
    with database.writing() as session:
        rabia = make_staff(session, cast.RABIA)
        vendor = make_vendor(session, by=rabia, is_need_to_know=True)
        hidden = make_assessment(session, vendor=vendor, by=rabia)
    pervez = people.browser(cast.PERVEZ)
    for path in ("", "/link", "/resend", "/extend", "/withdraw"):
        call = pervez.post if path else pervez.get
        assert call(f"/assessments/{hidden.id}{path}").status_code == 404
    assert people.browser(cast.RABIA).get(f"/assessments/{hidden.id}").status_code == 200


def test_an_auditor_reads_and_changes_nothing(people, sent):
    amna = people.browser(cast.AMNA)
    shown = amna.get(f"/assessments/{sent.id}")
    assert shown.status_code == 200
    assert "Copy link" not in shown.text
    assert amna.post(f"/assessments/{sent.id}/withdraw").status_code == 403


def test_without_a_mail_server_no_page_speaks_of_mailed_letters(pervez, sent):
    shown = pervez.get(f"/assessments/{sent.id}").text
    assert "No mail server is set" in shown
    assert "an administrator reads it under Settings, Mail" in shown
    link = pervez.post(f"/assessments/{sent.id}/link").text
    assert "was mailed, " not in link
    assert "Nothing was mailed: no mail server is set" in link
    again = pervez.post(f"/assessments/{sent.id}/resend", follow_redirects=True).text
    assert "on its way" not in again
