"""J6: from the mail to the first saved answer, as somebody who was never here."""

import re
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Page, expect

from foundation import clock
from tests import makers
from tests.journeys.counting import Hands
from tests.journeys.steps import mailed_code
from tests.people import Character

pytestmark = pytest.mark.browser

HINA = Character("Hina Shah", "hina@meadow.example", ())
IMRAN = Character("Imran Beg", "imran@orchard.example", ())
JAMAL = Character("Jamal Noor", "jamal@prairie.example", ())
BUDGET, SECONDS = 5, 60
FACTOR = 3
"""Where a second factor is set up: the code, its confirmation, the recovery codes read."""
BUTTONS = 2
"""Without scripts a code and an answer are each sent by a button."""


def test_the_first_answer_in_five(product, window, staff):
    link = _asked(product, HINA, "Meadow Catering")
    hands = Hands(window(), most=BUDGET, seconds=SECONDS)
    _come_in(hands, product, link, HINA)
    hands.click("Start", hands.page.get_by_role("button", name="Start"))
    _answer(hands)
    hands.done()
    _is_kept(hands.page)


def test_the_first_answer_where_a_second_factor_is_set_up(product, window, staff):
    link = _asked(product, IMRAN, "Orchard Payments", exposure=makers.CRITICAL)
    page = window()
    hands = Hands(page, most=BUDGET + FACTOR, seconds=SECONDS)
    _come_in(hands, product, link, IMRAN)
    expect(page.locator("h1")).to_contain_text("Set up a second factor")
    app = pyotp.TOTP((page.locator("#secret").text_content() or "").replace(" ", ""))
    hands.fill("code of the app", page.get_by_label("Code"), app.at(clock.now()))
    hands.click("Confirm", page.get_by_role("button", name="Confirm"))
    hands.click("Continue", page.get_by_role("link", name="Continue"))
    hands.click("Start", page.get_by_role("button", name="Start"))
    _answer(hands)
    hands.done()
    _is_kept(page)


def test_the_first_answer_without_scripts(product, window, staff):
    link = _asked(product, JAMAL, "Prairie Gardens")
    page = window(javascript=False)
    hands = Hands(page, most=BUDGET + BUTTONS, seconds=SECONDS)
    _come_in(hands, product, link, JAMAL)
    expect(page.get_by_text("by themselves")).to_be_hidden()
    hands.click("Open", page.get_by_role("button", name="Open the questions"))
    hands.click("Start", page.get_by_role("button", name="Start"))
    here = page.url
    hands.click("an answer", _first_choice(page))
    hands.click("Save", page.get_by_role("button", name="Save and continue").last)
    expect(page.locator("h1")).to_be_visible()
    hands.done()
    page.goto(here)
    _is_kept(page)


def _asked(product: Any, who: Character, name: str, **vendor: Any) -> str:
    """Send somebody a questionnaire and return the link of the letter."""
    with product.database.writing() as session:
        made = makers.make_vendor(session, name=name, **vendor)
        contact = makers.make_contact(session, made, who)
        makers.make_assessment(session, vendor=made, contact=contact)
    found: str = product.link_in(product.mailbox.wait_for(who.email, "Northwind"))
    return found


def _come_in(hands: Hands, product: Any, link: str, who: Character) -> None:
    seen = len(product.mailbox.letters)
    hands.open(link)
    hands.click("Mail me the code", hands.page.get_by_role("button", name="Mail me the code"))
    code = mailed_code(product, who, after=seen)
    hands.fill("mailed code", hands.page.get_by_label("Code"), code)


def _answer(hands: Hands) -> None:
    page = hands.page
    with page.expect_response(lambda reply: reply.url.endswith("/answers")) as saved:
        hands.click("an answer", _first_choice(page))
    assert saved.value.status == 200, saved.value.text()
    expect(page.locator("[data-save-status]")).to_contain_text(re.compile("saved", re.IGNORECASE))
    page.reload()


def _first_choice(page: Page) -> Any:
    return page.locator('fieldset.question:not([hidden]) input[type="radio"]').first


def _is_kept(page: Page) -> None:
    expect(_first_choice(page)).to_be_checked()
