"""C, further: sessions and tokens shown where the other belongs, twice, or in the open."""

import base64
import re

import pytest

from foundation.csrf import cookie_name
from identity.rules import Scope
from tests.attacks.attacker import SECRET
from tests.people import RABIA

pytestmark = pytest.mark.slow


def test_C11_a_token_opens_nothing_but_its_header_and_a_session_nothing_but_its_cookie(
    world, product
):
    staff, program, nobody = world.staff(RABIA), world.program(RABIA, Scope.WRITE), world.nobody()
    token, cookie = program.token, cookie_name("duly_staff")
    basic = base64.b64encode(f"{token}:".encode()).decode()
    shown = {
        "in the address": ("/api/v1/vendors?access_token=" + token, {}),
        "as a password": ("/api/v1/vendors", {"Authorization": f"Basic {basic}"}),
        "a session as a token": ("/api/v1/vendors", {"Authorization": f"Bearer {staff.session}"}),
        "a session at the API": ("/api/v1/vendors", {"Cookie": f"{cookie}={staff.session}"}),
        "spelled in capitals": ("/api/v1/vendors", {"Authorization": f"Bearer {token.upper()}"}),
        "far too long": ("/api/v1/vendors", {"Authorization": "Bearer " + "x" * 7000}),
        "a token as a session": ("/vendors", {"Cookie": f"{cookie}={token}"}),
        "a token at a page": ("/vendors", {"Authorization": f"Bearer {token}"}),
    }
    for how, (path, headers) in shown.items():
        status = nobody.send("GET", path, headers=headers).status
        assert status == (401 if path.startswith("/api/") else 303), how
    assert program.send("GET", "/api/v1/vendors").status == 200
    written = product.log.read_text()
    assert token not in written
    assert staff.session not in written


def test_C11_a_token_beside_a_cookie_excuses_no_forged_form(world):
    staff, program = world.staff(RABIA), world.program(RABIA, Scope.WRITE)
    headers = {"Authorization": f"Bearer {program.token}", "Origin": "https://evil.example"}
    path = f"/vendors/{world.open['vendor_id']}/notes"
    before = world.entries()
    for more in ({}, {"Content-Type": "application/json"}, {"Accept": "application/json"}):
        assert staff.send("POST", path, "text=x", headers=headers | more).status == 403
        forged = staff.send("POST", path, "text=x", headers=more | headers, with_csrf=False)
        assert forged.status == 403
    assert world.entries() == before


def test_C10_of_two_cookies_of_one_name_the_first_counts_and_no_other_person_comes_of_it(world):
    staff = world.staff(RABIA)
    name, browser = cookie_name("duly_staff"), f"{cookie_name('duly_browser')}={SECRET}"
    tossed = f"{browser}; {name}=planted; {name}={staff.session}"
    kept = f"{browser}; {name}={staff.session}; {name}=planted"
    assert staff.send("GET", "/account", headers={"Cookie": tossed}).status == 303
    answer = staff.send("GET", "/account", headers={"Cookie": kept})
    assert answer.status == 200
    assert re.search(r"Rabia", answer.text)
