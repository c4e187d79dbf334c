"""The whole job in a real browser: from an empty house to a verified report and a reminder."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from foundation import clock
from reminders import sweep
from tests.journeys import steps
from tests.journeys.steps import follow, press, settled
from tests.people import ADIL, ASIF, LAILA, PERVEZ, RABIA, VANIA, Character

pytestmark = pytest.mark.browser

ROLES = {PERVEZ: "Procurement", RABIA: "Risk analyst", LAILA: "Risk lead", ASIF: "Approver"}


@pytest.fixture(scope="module")
def staff(product: Any, chromium: Any) -> dict[Character, dict[str, Any]]:
    """Everybody signs up as on the first day; returns their browsers' cookies."""
    from accounts import commands as accounts
    from accounts.rules import Role
    from audit.actions import SYSTEM
    from identity import invitations
    from identity.rules import Purpose
    from organisation.commands import set_up

    with product.database.writing() as session:
        set_up(session, at=clock.now(), by=SYSTEM, name="Northwind Payments")
        person = accounts.add_staff(
            session,
            email=ADIL.email,
            name=ADIL.name,
            roles=frozenset({Role.ADMINISTRATOR}),
            at=clock.now(),
            by=None,
        )
        _, token = invitations.invite(
            session, person, purpose=Purpose.SET_PASSWORD, for_id=None, at=clock.now()
        )
    states: dict[Character, dict[str, Any]] = {}
    link = f"{product.url}{invitations.path(Purpose.SET_PASSWORD, token)}"
    admin = _window(chromium, product)
    steps.choose_password(admin, link, ADIL)
    for who, role in ROLES.items():
        admin.goto(f"{product.url}/people")
        follow(admin, re.compile("Add somebody"))
        admin.get_by_label("Name").fill(who.name)
        admin.get_by_label(re.compile("mail", re.IGNORECASE)).first.fill(who.email)
        admin.get_by_label(re.compile(f"^{role}")).check()
        press(admin, "Add and send the link")
        settled(admin)
        mailed = product.mailbox.wait_for(who.email, "Northwind")
        page = _window(chromium, product)
        steps.choose_password(page, product.link_in(mailed), who)
        states[who] = page.context.storage_state()
        page.context.close()
    admin.context.close()
    return states


def _window(chromium: Any, product: Any, state: Any = None) -> Page:
    context = chromium.new_context(base_url=product.url, storage_state=state)
    context.set_default_timeout(10_000)
    return context.new_page()


@pytest.fixture
def desk(chromium: Any, product: Any, staff: dict[Character, dict[str, Any]]):
    """Open somebody's signed-in browser."""
    opened: list[Page] = []

    def open_desk(who: Character) -> Page:
        opened.append(_window(chromium, product, staff[who]))
        return opened[-1]

    yield open_desk
    for page in opened:
        page.context.close()


def import_vsaq(page: Page, path: Any) -> None:
    """Import a published VSAQ file: looked at first, then stored."""
    page.goto("/questionnaires")
    follow(page, re.compile("Import"))
    page.locator('input[type="file"]').set_input_files(path)
    press(page, "Look into it")
    for fact in ("96", "178", "114"):
        expect(page.locator("dl").first).to_contain_text(fact)
    press(page, "Store this questionnaire")
    settled(page)


def register(page: Page, name: str, ticks: dict[str, str]) -> str:
    """Register a vendor and return its page's address."""
    page.goto("/vendors/new")
    page.get_by_label("Company name").fill(name)
    page.get_by_label("What do they do for us?").fill("Runs a service for us.")
    page.get_by_text("More, if you know it").click()
    for group, choice in ticks.items():
        box = page.get_by_role("group", name=re.compile(re.escape(group)))
        box.get_by_label(choice, exact=True).check()
    expect(page.locator("#live")).to_contain_text("Tier")
    press(page, "Save")
    settled(page)
    expect(page.locator("h1").first).to_contain_text(name)
    return page.url


def send(page: Page, vendor_url: str, questionnaire: str, who: Character) -> None:
    """Send the questionnaire to somebody new at the vendor."""
    page.goto(f"{vendor_url}/send")
    page.get_by_label(re.compile("questionnaire", re.IGNORECASE)).first.select_option(
        label=_option(page, questionnaire)
    )
    page.locator("summary", has_text="Somebody new").click()
    page.get_by_label(re.compile("^(Their )?name", re.IGNORECASE)).last.fill(who.name)
    page.get_by_label(re.compile("mail", re.IGNORECASE)).last.fill(who.email)
    contact = page.get_by_label(re.compile("^(Who|Contact|Person)", re.IGNORECASE)).first
    if contact.count() and contact.evaluate("e => e.tagName") == "SELECT":
        options = contact.locator("option").all_inner_texts()
        new = [text for text in options if "new" in text.lower()]
        if new:
            contact.select_option(label=new[0])
    press(page, "Send")
    settled(page)
    expect(page.locator("body")).to_contain_text("A-00")


def _option(page: Page, words: str) -> str:
    texts = page.locator("select option").all_inner_texts()
    return next(text for text in texts if words in text)


def test_the_first_half_on_vsaq(product, desk, window, field_data):
    rabia = desk(RABIA)
    import_vsaq(rabia, field_data / "vsaq" / "infrastructure.json")
    pervez = desk(PERVEZ)
    url = register(
        pervez,
        "Acme Cloud",
        {
            "What will they see": "People's names, addresses, phone numbers or CNIC numbers",
            "About how many people": "Fewer than 1,000",
            "How do they get into": "We sign in to theirs; they never come into ours",
            "How long can we do": "Up to a day",
            "How hard would it be": "A few weeks of work",
            "Which rules": "General law, such as data protection",
            "Where will they work": "In our own country",
        },
    )
    send(pervez, url, "Infrastructure", VANIA)
    vania = window()
    steps.enter_as_vendor(vania, product, VANIA, "Northwind")
