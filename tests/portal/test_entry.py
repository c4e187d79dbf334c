"""The way in: a link is a door-bell, and only the mailed code, typed here, opens."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from audit.models import Entry
from foundation import clock
from identity import invitations
from identity.addresses import masked
from identity.models import Invitation, WebSession
from tests import makers
from tests.client import client_of
from tests.people import VANIA
from vendors.note_commands import add_note
from vendors.queries import get_vendor_for_system
from vendors.rules import Visibility


def sessions_in(database):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(WebSession))


def test_the_token_leaves_the_address_and_the_page_says_no_more_than_it_must(client, acme):
    answer = client.get(f"/p/i/{acme.token}")
    assert (answer.status_code, answer.location) == (303, "/p/i")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    page = client.get("/p/i").get_data(as_text=True)
    assert "Northwind Payments" in page
    assert "Security basics for low-risk vendors" in page
    assert "Pervez Anwar" in page
    assert "Acme" not in page
    assert VANIA.email not in page
    assert acme.token not in page


def test_five_steps_lead_from_the_mail_to_the_first_saved_answer(client, acme, codes_to, row_of):
    client.get(f"/p/i/{acme.token}", follow_redirects=True)  # the link
    client.post("/p/i", follow_redirects=True)  # mail me the code
    page = client.post("/p/code", data={"code": codes_to(acme.email)[0]}, follow_redirects=True)
    assert "Start" in page.get_data(as_text=True)
    first = client.post(f"{acme.at}/start", follow_redirects=True)
    assert first.request.path == f"{acme.at}/s/our_information"
    saved = client.post(
        f"{acme.at}/answers",
        data={"code": "enc_in_transit", "options": "yes", "version": "0", "sequence": "1"},
    )
    assert saved.status_code == 200
    assert row_of(acme).n_answered == 1


def test_b01_a_code_opens_once_and_the_link_only_rings(client, app, acme, codes_to, database):
    client.get(f"/p/i/{acme.token}", follow_redirects=True)
    client.post("/p/i", follow_redirects=True)
    code = codes_to(acme.email)[0]
    assert client.post("/p/code", data={"code": code}).status_code == 303
    client.get(acme.at)
    client.post("/p/sign-out")
    client.get(f"/p/i/{acme.token}", follow_redirects=True)
    again = client.post("/p/code", data={"code": code})
    assert again.status_code == 422
    assert "wrong, too old" in again.get_data(as_text=True)
    assert sessions_in(database) == 1
    assert client.get(acme.at).location == "/p/i"


def test_b02_a_scanner_that_submits_every_form_gets_no_session_and_spoils_nothing(
    app, acme, codes_to, by_mail, database
):
    scanner = client_of(app)
    for _ in range(20):
        scanner.get(f"/p/i/{acme.token}", follow_redirects=True)
    statuses = [scanner.post("/p/i").status_code for _ in range(4)]
    scanner.post("/p/code", data={"code": ""})
    assert statuses == [303] * 4
    assert sessions_in(database) == 0
    vania = by_mail(acme)
    assert vania.get(acme.at).status_code == 200
    assert len(codes_to(acme.email)) == 5


def test_b03_a_code_is_good_only_in_the_browser_that_asked(app, acme, codes_to):
    asked, other = client_of(app), client_of(app)
    for browser in (asked, other):
        browser.get(f"/p/i/{acme.token}", follow_redirects=True)
    asked.post("/p/i", follow_redirects=True)
    code = codes_to(acme.email)[0]
    assert other.post("/p/code", data={"code": code}).status_code == 422
    assert asked.post("/p/code", data={"code": code}).status_code == 303


def test_b05_after_five_wrong_codes_the_right_one_is_dead(client, acme, codes_to, database):
    client.get(f"/p/i/{acme.token}", follow_redirects=True)
    client.post("/p/i", follow_redirects=True)
    for _ in range(5):
        assert client.post("/p/code", data={"code": "00000000"}).status_code == 422
    code = codes_to(acme.email)[0]
    assert client.post("/p/code", data={"code": code}).status_code == 422
    with database.reading() as session:
        failed = select(func.count()).where(Entry.action == "sign_in.failed")
        assert session.scalar(failed) == 6


def test_a_code_is_dead_after_ten_minutes(client, acme, codes_to):
    client.get(f"/p/i/{acme.token}", follow_redirects=True)
    client.post("/p/i", follow_redirects=True)
    with clock.fixed(clock.now() + timedelta(minutes=11)):
        late = client.post("/p/code", data={"code": codes_to(acme.email)[0]})
    assert late.status_code == 422


def test_b09_the_code_goes_to_the_invited_address_only(client, acme, codes_to):
    page = client.get(f"/p/i/{acme.token}", follow_redirects=True).get_data(as_text=True)
    assert "Ask Pervez Anwar at Northwind Payments" in page
    client.post("/p/i", data={"email": "colleague@acme.example"}, follow_redirects=True)
    assert len(codes_to(acme.email)) == 1
    assert codes_to("colleague@acme.example") == []


def test_b10_unknown_and_revoked_links_say_the_same(app, acme, database):
    with database.writing() as session:
        invitations.revoke_for(session, acme.assessment_id, clock.now())
    pages = []
    for token in (acme.token, "x" * 43, "y" * 5000):
        browser = client_of(app)
        page = browser.get(f"/p/i/{token}", follow_redirects=True).get_data(as_text=True)
        assert "This link leads nowhere now" in page
        assert "Security basics" not in page
        assert browser.post("/p/i").location == "/p/i"
        pages.append(page.replace(browser.csrf, ""))
    assert pages[0] == pages[1] == pages[2]


def test_an_expired_link_mails_a_new_one_to_the_same_address(client, acme, database, by_mail):
    with clock.fixed(clock.now() + timedelta(days=120)):
        page = client.get(f"/p/i/{acme.token}", follow_redirects=True).get_data(as_text=True)
        assert "This link has expired" in page
        assert "A new link was written" in client.post("/p/i/new").get_data(as_text=True)
        with database.reading() as session:
            chosen = select(Invitation).order_by(Invitation.created_at.desc()).limit(1)
            fresh = session.scalars(chosen).one()
            token = invitations.token_of(fresh)
        assert fresh.email == acme.email
        assert token != acme.token
        renewed = type(acme)(acme.assessment_id, acme.vendor_id, acme.email, token)
        assert by_mail(renewed).get(acme.at).status_code == 200


def test_b13_mail_is_limited_and_the_limit_passes(client, acme, codes_to):
    client.get(f"/p/i/{acme.token}", follow_redirects=True)
    statuses = [client.post("/p/i").status_code for _ in range(8)]
    assert statuses == [303] * 5 + [429] * 3
    assert len(codes_to(acme.email)) == 5
    with clock.fixed(clock.now() + timedelta(minutes=15)):
        assert client.post("/p/i").status_code == 303


def test_a_signed_in_person_goes_straight_on(vania, acme):
    assert vania.get(f"/p/i/{acme.token}").status_code == 303
    assert vania.get("/p/i").location == acme.at


def test_the_way_in_is_in_the_ledger(vania, database):
    with database.reading() as session:
        actions = set(session.scalars(select(Entry.action)))
    assert {"invitation.accept", "session.start"} <= actions


def test_signing_out_ends_the_session_everywhere(vania, acme, app):
    copied = client_of(app)
    cookie = vania.get_cookie("duly_portal").value
    copied.set_cookie("duly_portal", cookie, domain="localhost")
    assert copied.get(acme.at).status_code == 200
    gone = vania.post("/p/sign-out")
    assert '"storage"' in gone.headers["Clear-Site-Data"]
    assert copied.get(acme.at).location == "/p/i"
    assert vania.get("/p/signed-out").status_code == 200


def test_no_form_works_without_its_token(vania, acme):
    for address in (f"{acme.at}/start", f"{acme.at}/answers", "/p/sign-out", "/p/evidence"):
        assert vania.post(address, with_csrf=False).status_code == 403
    assert vania.get(acme.at).status_code == 200


def test_the_staff_door_does_not_open_to_a_contact(vania):
    assert "/sign-in" in (vania.get("/vendors").location or "")


def test_the_start_page_shows_what_was_shared(database, acme, vania):
    with database.writing() as session:
        by = makers.make_staff(session)
        vendor = get_vendor_for_system(session, acme.vendor_id)
        for text, seen_by in (("We moved", Visibility.VENDOR), ("Hush", Visibility.INTERNAL)):
            add_note(session, vendor, text, seen_by, by=by, at=clock.now())
    page = vania.get("/p/").text
    assert "We moved" in page
    assert "Hush" not in page


def test_without_a_mail_server_the_code_page_says_that_nothing_was_mailed(client, acme):
    bell = client.get(f"/p/i/{acme.token}", follow_redirects=True).get_data(as_text=True)
    assert "Pervez Anwar sees to it that it reaches you" in bell
    page = client.post("/p/i", follow_redirects=True).get_data(as_text=True)
    assert "We mailed" not in page
    for ours in ("mail server", "administrator", "outbox", "DULY_"):
        assert ours not in bell + page, ours
    assert "Ask Pervez Anwar at Northwind Payments" in page
    assert "/demo/mail" not in page


def test_the_code_page_says_where_the_code_went_and_how_long_it_holds(client, acme, codes_to):
    client.get(f"/p/i/{acme.token}", follow_redirects=True)
    assert "No code is waiting" in client.get("/p/code").get_data(as_text=True)
    with clock.fixed(datetime(2026, 3, 4, 5, 0, tzinfo=UTC)):
        page = client.post("/p/i", follow_redirects=True).get_data(as_text=True)
    assert "v•••a@a•••.example" in page
    assert acme.email not in page
    assert "for 10 minutes, until 4 March 2026, 10:10 PKT" in page
    assert 'data-goes-on-at="8"' in page


def test_after_a_wrong_code_nothing_is_sent_by_itself_and_the_tries_are_counted(
    client, acme, codes_to
):
    client.get(f"/p/i/{acme.token}", follow_redirects=True)
    client.post("/p/i", follow_redirects=True)
    wrong = client.post("/p/code", data={"code": "AAAA-AAAA"}).get_data(as_text=True)
    assert "You can try 4 times." in wrong
    assert "data-goes-on-at" not in wrong
    assert "AAAA-AAAA" not in wrong
    for _ in range(4):
        last = client.post("/p/code", data={"code": "AAAA-AAAA"}).get_data(as_text=True)
    assert "No code is waiting" in last
    assert 'name="code"' not in last
    assert "Ask for a new code" in last
    with clock.fixed(clock.now() + timedelta(seconds=1)):
        client.post("/p/i", follow_redirects=True)
        done = client.post("/p/code", data={"code": codes_to(acme.email)[-1]})
    assert done.status_code == 303


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("vania@acme.example", "v•••a@a•••.example"),
        ("ab@acme.example", "a•••@a•••.example"),
        ("a@x.co.uk", "a•••@x•••.uk"),
        ("zoe@xn--bcher-kva.example", "z•••e@x•••.example"),
    ],
)
def test_a_masked_address_is_known_to_its_owner_only(address, shown):
    assert masked(address) == shown
