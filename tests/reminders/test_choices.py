"""Which mails one gets: chosen on a page or with one click in the mail, duties apart."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from audit.models import Entry
from foundation import clock
from mail.commands import queue
from mail.delivery import claim_next, deliver_due, message_of
from mail.letters import Text
from mail.models import Letter
from mail.rules import Stoppable
from mail.stopping import path_to_stop, read_token, stop, stopped_by
from reminders.choice_commands import CHOICES
from tests import makers
from tests.conftest import NOW
from tests.mail.server import Answering, running
from tests.people import LAILA, PERVEZ, RABIA, VANIA
from tests.reviews import stories


def stopped(database, email):
    with database.reading() as session:
        return stopped_by(session, [email]).get(email, frozenset())


def test_a_choice_is_kept_and_noted(people, database):
    pervez = people.browser(PERVEZ)
    page = pervez.get("/account/mail").text
    assert page.count(" checked") == len(CHOICES)
    assert "last days to give notice" in page, "duties are named"
    assert pervez.post("/account/mail", data={"kinds": ["evidence"]}).status_code == 303
    assert pervez.get("/account/mail").text.count(" checked") == 1
    assert stopped(database, PERVEZ.email) == {
        "attestation",
        "exemption",
        "matrix",
        "submitted",
        "to_review",
    }
    with database.reading() as session:
        (noted,) = session.scalars(select(Entry).where(Entry.action == "mail.choose"))
    assert noted.detail["after"] == ["evidence"]
    pervez.post("/account/mail", data={"kinds": [each.value for each in CHOICES]})
    assert stopped(database, PERVEZ.email) == set()


def test_nothing_chosen_and_nothing_known_are_different(people, database):
    pervez = people.browser(PERVEZ)
    assert pervez.post("/account/mail", data={}).status_code == 303
    assert pervez.get("/account/mail").text.count(" checked") == 0
    assert pervez.post("/account/mail", data={"kinds": ["finding"]}).status_code == 422, "a duty"


def test_it_needs_somebody_signed_in(client):
    assert client.get("/account/mail").status_code == 303


@pytest.fixture
def link(database):
    return path_to_stop(VANIA.email, "nudge")


def test_looking_stops_nothing_and_a_button_does(client, database, link):
    assert "Stop these mails?" in client.get(link).text
    assert stopped(database, VANIA.email) == set()
    assert client.post(link).status_code == 303
    assert stopped(database, VANIA.email) == {"nudge"}
    assert "You get none of these any more" in client.get(link).text
    assert client.post(f"{link}/again").status_code == 303
    assert stopped(database, VANIA.email) == set()


def test_a_mail_program_stops_with_one_click_without_cookies_or_token(app, database, link):
    answer = FlaskClient(app).post(link, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200, "RFC 8058: no redirect"
    assert stopped(database, VANIA.email) == {"nudge"}
    again = FlaskClient(app).post(link, data={"List-Unsubscribe": "One-Click"})
    assert again.status_code == 200


@pytest.mark.parametrize("token", ["x", "x" * 2000, "%00", "AQ", "Ⅷ", "ab==", "_" * 90])
def test_another_token_is_not_there(client, token):
    assert client.get(f"/p/mail/{token}").status_code == 404
    assert client.post(f"/p/mail/{token}").status_code == 404


def test_a_changed_token_or_kind_stops_nothing(client, database, link):
    cut = link[:-3] + ("AAA" if link[-3:] != "AAA" else "BBB")
    assert client.post(cut).status_code == 404
    assert client.post(path_to_stop(VANIA.email, "invitation")).status_code == 404
    assert stopped(database, VANIA.email) == set()


def test_a_click_on_the_digest_shows_on_the_page_and_saving_there_rules(people, database):
    with database.writing() as session:
        stop(session, PERVEZ.email, "digest", at=NOW)
    pervez = people.browser(PERVEZ)
    assert pervez.get("/account/mail").text.count(" checked") == 2
    pervez.post("/account/mail", data={"kinds": ["evidence", "submitted"]})
    assert stopped(database, PERVEZ.email) == {"attestation", "exemption", "matrix", "to_review"}


def test_the_mail_carries_the_link_as_programs_look_for_it(database):
    with database.writing() as session:
        text = Text("[Northwind] A reminder", "Hello.\n")
        to = (VANIA.email, VANIA.name)
        queue(session, dedupe_key="1", kind="nudge", to=to, text=text, at=NOW, may_stop=True)
        queue(session, dedupe_key="2", kind="deadline", to=to, text=text, at=NOW)
    with running(server := Answering()):
        deliver_due(database, clock.now())
    stoppable = {bool(one["List-Unsubscribe"]): one for one in server.messages}
    first, second = stoppable[True], stoppable[False]
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = first["List-Unsubscribe"].strip("<>").removeprefix("http://localhost/p/mail/")
    assert read_token(address) == (VANIA.email, "nudge")
    assert second["List-Unsubscribe"] is None, "a duty has no such link"


def test_the_address_to_click_is_never_folded_or_encoded(database):
    with database.writing() as session:
        to = (f"{'v' * 60}@{'acme' * 12}.example", VANIA.name)
        text = Text("[Northwind] A reminder", "Hello.\n")
        queue(session, dedupe_key="1", kind="nudge", to=to, text=text, at=NOW, may_stop=True)
    raw = message_of(claim_next(database, NOW), "Hello.\n", NOW).as_bytes()
    (line,) = [each for each in raw.split(b"\r\n") if each.startswith(b"List-Unsubscribe: ")]
    assert line.endswith(b">")


def test_who_stopped_news_of_answers_gets_none_and_the_others_do(session):
    for who in (PERVEZ, RABIA):
        stop(session, who.email, Stoppable.SUBMITTED.value, at=NOW)
        stop(session, who.email, Stoppable.TO_REVIEW.value, at=NOW)
    makers.make_staff(session, LAILA)
    stories.submitted(session)
    chosen = select(Letter.kind, Letter.to_email).where(Letter.kind.in_(list(Stoppable)))
    assert [tuple(row) for row in session.execute(chosen)] == [("to_review", LAILA.email)]


def test_the_owner_is_shown_a_letter_that_came_back(people, database):
    with database.writing() as session:
        vendor = makers.make_vendor(session)
        makers.make_assessment(session, vendor=vendor, due_on=date(2026, 3, 16))
    server = Answering(by_address={VANIA.email: "550 No such mailbox here"})
    with running(server):
        deliver_due(database, clock.now())
    home = people.browser(PERVEZ).get("/").text
    assert "Mail to the vendor came back" in home
    assert "550: No such mailbox here" in home
    assert f"/vendors/{vendor.id}/contacts" in home
    assert "Mail to the vendor came back" not in people.browser(LAILA).get("/").text
    with database.writing() as session:
        text = Text("[Northwind] Again", "Hello.\n")
        to = ("new@acme.example", "Vania")
        about = vendor.id
        queue(session, dedupe_key="n", kind="k", to=to, text=text, at=clock.now(), about_id=about)
    with clock.fixed(NOW.replace(hour=12)), running(Answering()):
        with database.writing() as session:
            session.scalars(
                select(Letter).where(Letter.dedupe_key == "n")
            ).one().created_at = clock.now()
        deliver_due(database, clock.now())
        assert "Mail to the vendor came back" not in people.browser(PERVEZ).get("/").text
