"""J4: "Where is Acme?" is three key commands, and the answer stands there without scrolling."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from foundation import clock
from tests import makers
from tests.journeys.counting import Hands
from tests.people import PERVEZ, Character

pytestmark = pytest.mark.browser

NADIA = Character("Nadia Aziz", "nadia@acme-couriers.example", ())
ANSWERS = {
    "Step": "Sent",
    "Ball": "The vendor has the ball",
    "For": "working days",
    "Next": "Wait for the answers",
}
DESK, PHONE = (1280, 900), (390, 844)


@pytest.fixture(scope="module")
def acme(product, staff):
    """Acme was asked nine days ago and has not answered yet."""
    del staff
    product.be_settled()
    with clock.fixed(clock.now() - timedelta(days=9)), product.database.writing() as session:
        vendor = makers.make_vendor(session, name="Acme Ltd")
        contact = makers.make_contact(session, vendor, NADIA)
        makers.make_vendor(session, name="Acme Couriers of Lahore")
        due_on = clock.today() + timedelta(days=40)
        makers.make_assessment(session, vendor=vendor, contact=contact, due_on=due_on)
        return vendor.id


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_where_is_acme(window, staff, acme, size):
    page = window(size=size, state=staff[PERVEZ])
    page.goto("/vendors")
    hands = Hands(page, most=3, seconds=5)
    hands.key("/")
    hands.type("acme", "acme")
    hands.key("Enter")
    page.wait_for_url(f"**/vendors/{acme}")
    for term, words in ANSWERS.items():
        answer = page.locator("dl.answers > div", has=page.get_by_text(term, exact=True))
        expect(answer.locator("dd")).to_contain_text(words)
    hands.done()
    assert page.evaluate("scrollY") == 0
    for seen in (
        *page.locator("dl.answers dd").all(),
        page.get_by_role("link", name="Look at the assessment"),
    ):
        assert _is_in_sight(page, seen), f"“{seen.inner_text()}” is out of sight at {size}."


def _is_in_sight(page: Page, seen) -> bool:
    box, view = seen.bounding_box(), page.viewport_size
    is_across = box["x"] >= 0 and box["x"] + box["width"] <= view["width"]
    return is_across and box["y"] >= 0 and box["y"] + box["height"] <= view["height"]
