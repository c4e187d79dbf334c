"""One's own account: every browser is listed, and each can be signed out at once."""

import re

from foundation import clock
from identity import sessions
from tests.accounts.entering import carry, token_of
from tests.client import client_of
from tests.people import ASIF, RABIA

ENDING = re.compile(r'action="(/account/sessions/[^"]+/end)"')


def test_the_page_lists_every_browser(people):
    people.browser(RABIA)
    page = people.browser(RABIA).get("/account")
    assert page.status_code == 200
    assert len(ENDING.findall(page.text)) == 2
    assert "this browser" in page.text


def test_a_stranger_is_sent_to_the_door(client):
    assert client.get("/account").headers["Location"] == "/sign-in?next=/account"
    assert client.post("/account/sign-out-everywhere").status_code == 403


def test_a_copied_cookie_dies_with_the_sign_out(people):
    rabia = people.browser(RABIA)
    thief = carry(client_of(people.app), token_of(rabia))
    assert thief.get("/account").status_code == 200
    answer = rabia.post("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    assert token_of(rabia) is None
    assert thief.get("/account").status_code == 303


def test_signing_out_everywhere_leaves_nobody_in(people):
    first, second, asif = people.browser(RABIA), people.browser(RABIA), people.browser(ASIF)
    assert second.post("/account/sign-out-everywhere").status_code == 303
    assert first.get("/account").status_code == 303
    assert second.get("/account").status_code == 303
    assert asif.get("/account").status_code == 200


def test_one_browser_can_be_signed_out_from_another(people):
    lost, kept = people.browser(RABIA), people.browser(RABIA)
    with people.database.reading() as session:
        [lost_id] = [
            one.id
            for one in sessions.live_sessions_of(session, people.id_of(RABIA), clock.now())
            if one.token_hash == sessions.hash_of(token_of(lost))
        ]
    assert people.browser(ASIF).post(f"/account/sessions/{lost_id}/end").status_code == 404
    assert lost.get("/account").status_code == 200
    assert kept.post(f"/account/sessions/{lost_id}/end").status_code == 303
    assert lost.get("/account").status_code == 303


def test_signing_out_by_an_address_is_not_possible(people):
    rabia = people.browser(RABIA)
    assert rabia.get("/sign-out").status_code == 405
    assert rabia.get("/account").status_code == 200


def test_the_time_zone_is_kept_and_a_made_up_one_is_refused(people):
    rabia = people.browser(RABIA)
    assert rabia.post("/account/time-zone", data={"time_zone": "Asia/Karachi"}).status_code == 303
    assert "PKT" in rabia.get("/account").text
    assert rabia.post("/account/time-zone", data={"time_zone": "Mars/North"}).status_code == 422


def test_the_menu_under_the_name_leads_to_the_account_and_its_tokens(people):
    menu = people.browser(RABIA).get("/vendors").text.partition('class="menu person"')[2]
    menu = menu.partition("</details>")[0]
    assert '<a href="/account">My account</a>' in menu
    assert '<a href="/account/tokens">API tokens</a>' in menu
