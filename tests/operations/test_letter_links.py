"""Letters that others read: a link stands where it opens for who looks, and nowhere else."""

import re

import pytest
from sqlalchemy import update

from accounts import invitation_commands
from app import create_app
from foundation import clock
from foundation.csrf import cookie_name
from foundation.ids import new_id
from foundation.links import absolute
from identity import invitations, sessions
from identity.queries import get_person
from identity.rules import DoorKind, Purpose, SessionStage
from mail.commands import queue
from mail.letters import Text
from mail.models import Letter
from mail.rules import LetterState
from operations.letter_links import parts_of
from tests.client import client_of
from tests.conftest import People
from tests.makers import make_assessment, make_contact, make_vendor
from tests.people import ADIL, AMNA, PERVEZ, RABIA

LINK = re.compile(r'<a href="(http://localhost/[^"]*)"')


@pytest.fixture
def demo(database, settings, cast_as_it_began):
    """The same house as a demo: its page of mail is there."""
    app = create_app(settings.model_copy(update={"demo": True}))
    app.extensions["database"].engine.dispose()
    app.extensions["database"] = database
    return People(app, database, dict(cast_as_it_began))


def write(session, *paths, key="one", to=(RABIA.email, RABIA.name), more=""):
    body = "\n".join(absolute(path) for path in paths) + more
    queue(session, dedupe_key=key, kind="digest", to=to, text=Text(key, body), at=clock.now())


def links_for(browser):
    return set(LINK.findall(browser.get("/demo/mail").text))


def test_a_link_stands_where_it_opens_for_who_looks(demo, database):
    with database.writing() as session:
        vendor = make_vendor(session, by=demo.author(PERVEZ))
        here = f"/vendors/{vendor.id}"
        write(session, here, f"{here}/send", "/mail", "/", more="\nhttps://example.com/elsewhere")
    assert links_for(client_of(demo.app)) == set(), "nobody is signed in"
    assert "(a link for Rabia Siddiqui)" in client_of(demo.app).get("/demo/mail").text
    every = {absolute(path) for path in (here, f"{here}/send", "/mail", "/")}
    assert links_for(demo.browser(PERVEZ)) == every - {absolute("/mail")}
    assert links_for(demo.browser(ADIL)) == every - {absolute(f"{here}/send")}
    for who in (PERVEZ, ADIL, AMNA):
        browser = demo.browser(who)
        for link in links_for(browser):
            assert browser.get(link.removeprefix("http://localhost")).status_code == 200


def test_what_only_some_may_know_is_a_link_for_them_alone(demo, database):
    with database.writing() as session:
        vendor = make_vendor(session, by=demo.author(PERVEZ), is_need_to_know=True)
        write(session, f"/vendors/{vendor.id}", f"/vendors/{new_id()}", "/no-such-page")
    assert links_for(demo.browser(PERVEZ)) == {absolute(f"/vendors/{vendor.id}")}
    assert links_for(demo.browser(RABIA)) == set()


def test_the_link_of_a_vendor_opens_for_everybody_while_it_lives(demo, database):
    with database.writing() as session:
        vendor = make_vendor(session, by=demo.author(PERVEZ))
        contact = make_contact(session, vendor)
        make_assessment(session, vendor=vendor, contact=contact, by=demo.author(PERVEZ))
    first = links_for(client_of(demo.app))
    assert [link.rsplit("/", 1)[0] for link in first] == ["http://localhost/p/i"]
    with database.writing() as session:
        invitations.revoke_of(session, contact.person_id, clock.now())
    assert links_for(client_of(demo.app)) == set()


def test_a_vendors_own_pages_are_links_for_whoever_is_signed_in_there(demo, database):
    with database.writing() as session:
        vendor = make_vendor(session, by=demo.author(PERVEZ))
        contact = make_contact(session, vendor)
        write(session, "/p/", to=("vania@acme.example", "Vania Petrova"))
        token = sessions.start(
            session,
            contact.person_id,
            door=DoorKind.VENDOR,
            stage=SessionStage.FULL,
            at=clock.now(),
        )
    assert links_for(client_of(demo.app)) == set()
    vania = client_of(demo.app)
    vania.set_cookie(cookie_name("duly_portal"), token, domain="localhost")
    assert links_for(vania) == {absolute("/p/")}


def test_what_lets_a_person_in_is_shown_to_who_manages_people_alone(demo, database):
    with database.writing() as session:
        rabia = get_person(session, demo.id_of(RABIA))
        invitation_commands.invite_staff(session, rabia, by=demo.author(ADIL), at=clock.now())
    for who in (client_of(demo.app), demo.browser(PERVEZ), demo.browser(AMNA)):
        page = who.get("/demo/mail").text
        assert "set-password" not in page
        assert "[hidden]" not in page
    link = links_for(demo.browser(ADIL)).pop()
    assert link.startswith(absolute("/account/set-password/"))
    assert _opens(client_of(demo.app), link)


def test_a_covered_letter_holds_no_link_that_leads_nowhere(people, database):
    with database.writing() as session:
        rabia = get_person(session, people.id_of(RABIA))
        invitation_commands.invite_staff(session, rabia, by=people.author(ADIL), at=clock.now())
        letter = queue(
            session,
            dedupe_key="plain",
            kind="digest",
            to=(RABIA.email, RABIA.name),
            text=Text("plain", absolute("/reviews") + " and " + absolute("/mail") + "."),
            at=clock.now(),
        ).id
    adil = people.browser(ADIL)
    for address in re.findall(r'href="(/mail/[0-9a-f-]{36})"', adil.get("/mail").text):
        page = adil.get(address).text
        assert "set-password/[hidden]" in page or address.endswith(str(letter))
        for link in LINK.findall(page):
            assert adil.get(link.removeprefix("http://localhost")).status_code == 200
    assert LINK.findall(adil.get(f"/mail/{letter}").text) == [absolute("/mail")]


def test_of_the_missing_mail_server_only_the_administrator_hears_and_in_plain_words(demo, database):
    with database.writing() as session:
        vendor = make_vendor(session, by=demo.author(PERVEZ))
        contact = make_contact(session, vendor)
        sent = make_assessment(session, vendor=vendor, contact=contact, by=demo.author(PERVEZ))
        token = invitations.token_of(
            invitations.find_live_of(
                session, contact.person_id, Purpose.VENDOR_ENTRY, clock.now(), for_id=sent.id
            )
        )
        session.execute(update(Letter).values(state=LetterState.KEPT))
        paths = (f"/vendors/{vendor.id}/send", f"/assessments/{sent.id}")
        again = f"/assessments/{sent.id}/resend"
    pervez, adil, vania = demo.browser(PERVEZ), demo.browser(ADIL), client_of(demo.app)
    pervez.post(again)
    vania.get(f"/p/i/{token}")
    vania.post("/p/i")
    shown = [pervez.get(path).text for path in paths] + [vania.get("/p/code").text]
    shown += [demo.browser(AMNA).get("/mail").text]
    for page in shown:
        assert "mail server is set" not in page
        assert "did not leave" not in page
    assert "The link is on its way to Vania Petrova again." in shown[0]
    assert "In the demo, the code lies in:" in shown[2]
    assert "The demo mails nobody: every letter is kept here." in adil.get("/mail").text
    assert "DULY_SMTP_URL" not in adil.get("/mail").text
    assert "The demo mails nobody" in adil.get("/system").text
    adil.post(f"/people/{demo.id_of(RABIA)}/invite")
    assert "The demo mails nobody" in adil.get(f"/people/{demo.id_of(RABIA)}").text


def test_no_letter_of_ours_and_no_sign_is_lost():
    body = (
        f"See {absolute('/a')}, or ({absolute('/b')})! Not http://localhost.evil/x nor 'https://'."
    )
    parts = parts_of(body, {absolute("/a")})
    assert "".join(part.text for part in parts) == body
    assert [part.href for part in parts if part.is_ours] == [absolute("/a"), ""]


def _opens(client, link):
    path = link.removeprefix("http://localhost")
    return client.get(path, follow_redirects=True).status_code == 200
