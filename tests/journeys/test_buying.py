"""Buying, counted in what a buyer has to do: a new vendor, and one that is due again."""

import re
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from foundation import clock
from foundation.dates import add_months
from operations.demo.stage import ZONE
from reviews.decision_commands import Proposal, propose
from reviews.queries import get_review
from reviews.rules import Outcome
from tests import makers
from tests.journeys.counting import Hands
from tests.journeys.test_whole_job import HARMLESS
from tests.people import PERVEZ, RABIA, Character
from tests.reviews import stories

pytestmark = pytest.mark.browser

SANA = Character("Sana Malik", "sana@sunrise.example", ())
OMAR = Character("Omar Farooq", "omar@lantern.example", ())
EVERY_MONTHS = 36
"""A vendor of tier 4 is looked at again after three years."""


def test_from_new_vendor_to_sent(product, window, staff):
    """J1."""
    page = window(state=staff[PERVEZ])
    page.goto("/vendors")
    hands = Hands(page, most=6, seconds=90)
    hands.click("Add a vendor", page.get_by_role("link", name=re.compile("Add")).first)
    _fill(hands, "Sunrise Cleaning")
    expect(page.locator("#live")).to_contain_text("Tier 4")
    _lose_the_session_and_come_back(page)
    hands.click("Save", page.get_by_role("button", name="Save"))
    expect(page.locator("h1")).to_contain_text("What comes next for Sunrise Cleaning")
    hands.click("Send now", page.get_by_role("link", name="Send now"))
    hands.fill("contact mail", page.locator("#new_email"), SANA.email)
    hands.fill("contact name", page.locator("#new_name"), SANA.name)
    expect(page.locator("#letter")).to_contain_text(f"Dear {SANA.name}")
    hands.click("Send", page.get_by_role("button", name="Send", exact=True))
    expect(page.locator("body")).to_contain_text(f"on its way to {SANA.name}")
    hands.done()
    assert len(hands.fields) <= 12
    product.mailbox.wait_for(SANA.email, "Security basics")
    page.goto("/vendors/new")
    expect(page.get_by_label("Company name")).to_have_value("")


def test_a_vendor_that_is_due_again_is_asked_from_home(product, window, staff):
    """J2."""
    _decided_long_ago(product, "Lantern Printing")
    page = window(state=staff[PERVEZ])
    page.goto("/")
    hands = Hands(page, most=3, seconds=20)
    coming = page.locator("section", has=page.locator("#comes"))
    row = coming.get_by_role("row").filter(has_text="Lantern Printing")
    expect(row).to_contain_text("in 60 days")
    hands.click("Start reassessment", row.get_by_role("link", name="Start reassessment"))
    expect(page.locator("h1")).to_contain_text("Reassess Lantern Printing")
    expect(page.locator("#letter")).to_contain_text(f"Dear {OMAR.name}")
    hands.click("Send", page.get_by_role("button", name="Send", exact=True))
    expect(page.locator("body")).to_contain_text(f"on its way to {OMAR.name}")
    hands.done()
    page.goto("/")
    expect(page.locator("section", has=page.locator("#waits"))).to_contain_text("Lantern")
    expect(coming).not_to_contain_text("Lantern")


def _fill(hands: Hands, name: str) -> None:
    page = hands.page
    hands.intake("company name", page.get_by_label("Company name"), name)
    for group, choice in HARMLESS.items():
        box = page.get_by_role("group", name=re.compile(re.escape(group)))
        hands.intake(group, box.get_by_label(choice, exact=True))


def _lose_the_session_and_come_back(page: Page) -> None:
    kept = page.context.cookies()
    page.context.clear_cookies()
    page.goto("/vendors/new")
    expect(page.locator("h1")).to_contain_text("Sign in")
    page.context.add_cookies(kept)
    page.goto("/vendors/new")
    expect(page.get_by_label("Company name")).to_have_value("Sunrise Cleaning")
    expect(page.locator("#live")).to_contain_text("Tier 4")


def _decided_long_ago(product: Any, name: str) -> None:
    """Ask, review and approve a vendor as far back as makes it due again in 60 days."""
    due_again = clock.today(ZONE) + timedelta(days=60)
    decided_on = add_months(due_again, -EVERY_MONTHS)
    then = datetime.combine(decided_on, time(9), UTC)  # one day there and here
    with clock.fixed(then), product.database.writing() as session:
        vendor = makers.make_vendor(session, name=name)
        stories.cover_by_contract(session, vendor)
        contact = makers.make_contact(session, vendor, OMAR)
        asked = makers.make_assessment(session, vendor=vendor, contact=contact)
        stories.answer_all(session, asked, who=OMAR)
        rabia = makers.make_staff(session, RABIA)
        made = stories.submit(session, asked, who=OMAR)
        review = get_review(session, rabia.person_id, made.id)
        stories.judge_gates(session, review, by=rabia)
        yes = Proposal(outcome=Outcome.APPROVED, round=1, note="Fine.")
        propose(session, review, yes, by=rabia, at=clock.now())
