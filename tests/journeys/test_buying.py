"""J1: from "New vendor" to the questionnaire sent, counted in what a buyer has to do."""

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.commands import add_staff
from accounts.rules import Role
from foundation import clock
from foundation.csrf import cookie_name
from identity import sessions
from identity.rules import DoorKind, SessionStage
from tests.journeys.test_whole_job import HARMLESS
from tests.people import Character

pytestmark = pytest.mark.browser

BUSHRA = Character("Bushra Khan", "bushra@northwind.example", (Role.PROCUREMENT,))
MOST_INTERACTIONS = 6
MOST_SECONDS = 90


class Hands:
    """Counts what somebody does beside filling in the intake's fields."""

    def __init__(self) -> None:
        self.did: list[str] = []

    def click(self, what: str, target: Locator) -> None:
        self.did.append(what)
        target.click()

    def write(self, what: str, target: Locator, text: str) -> None:
        self.did.append(what)
        target.fill(text)


@pytest.fixture
def bushra(product: Any, window: Any) -> Page:
    """A buyer who is signed in."""
    with product.database.writing() as session:
        person = add_staff(
            session,
            email=BUSHRA.email,
            name=BUSHRA.name,
            roles=frozenset(BUSHRA.roles),
            at=clock.now(),
            by=None,
        )
        token = sessions.start(
            session, person.id, door=DoorKind.STAFF, stage=SessionStage.FULL, at=clock.now()
        )
    page: Page = window()
    cookie = {"name": cookie_name("duly_staff"), "value": token, "url": product.url}
    page.context.add_cookies([cookie])
    return page


def test_from_new_vendor_to_sent(bushra, product):
    page, hands, began = bushra, Hands(), time.monotonic()
    page.goto("/vendors")
    hands.click("New vendor", page.get_by_role("link", name=re.compile("Add")).first)
    _fill(page, "Sunrise Cleaning")
    expect(page.locator("#live")).to_contain_text("Tier 4")
    _lose_the_session_and_come_back(page)
    hands.click("Save", page.get_by_role("button", name="Save"))
    expect(page.locator("h1")).to_contain_text("What comes next for Sunrise Cleaning")
    hands.click("Send now", page.get_by_role("link", name="Send now"))
    hands.write("contact mail", page.locator("#new_email"), "sana@sunrise.example")
    hands.write("contact name", page.locator("#new_name"), "Sana Malik")
    expect(page.locator("#letter")).to_contain_text("Dear Sana Malik")
    hands.click("Send", page.get_by_role("button", name="Send", exact=True))
    expect(page.locator("body")).to_contain_text("on its way to Sana Malik")
    assert len(hands.did) <= MOST_INTERACTIONS, hands.did
    assert time.monotonic() - began <= MOST_SECONDS
    product.mailbox.wait_for("sana@sunrise.example", "Security basics")
    page.goto("/vendors/new")
    expect(page.get_by_label("Company name")).to_have_value("")


def _fill(page: Page, name: str) -> None:
    page.get_by_label("Company name").fill(name)
    for group, choice in HARMLESS.items():
        box = page.get_by_role("group", name=re.compile(re.escape(group)))
        box.get_by_label(choice, exact=True).check()


def _lose_the_session_and_come_back(page: Page) -> None:
    kept = page.context.cookies()
    page.context.clear_cookies()
    page.goto("/vendors/new")
    expect(page.locator("h1")).to_contain_text("Sign in")
    page.context.add_cookies(kept)
    page.goto("/vendors/new")
    expect(page.get_by_label("Company name")).to_have_value("Sunrise Cleaning")
    expect(page.locator("#live")).to_contain_text("Tier 4")
