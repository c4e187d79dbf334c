"""Passkeys in a real browser: staff and vendor people set one up and come in by it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from accounts.commands import add_staff
from accounts.rules import Role
from foundation import clock
from identity import invitations
from identity.models import Person, WebSession
from identity.passkey_models import Passkey
from identity.rules import FRESH_FOR, Purpose
from tests import makers
from tests.journeys.steps import PASSWORD, mailed_code, press, settled
from tests.people import Character

pytestmark = pytest.mark.browser

NOOR = Character("Noor Baig", "noor.keys@northwind.example", (Role.ADMINISTRATOR,))
KAMIL = Character("Kamil Dar", "kamil.keys@harbour.example", ())
WEBAUTHN = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def give_device(page: Page) -> None:
    """Put an authenticator into the browser of a page; it lives as long as the page."""
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    line.send("WebAuthn.addVirtualAuthenticator", {"options": WEBAUTHN})


def test_staff_set_a_passkey_up_and_come_in_by_it_and_the_form_survives_the_question(
    product, window, staff
):
    page = window()
    give_device(page)
    page.goto(_hired(product))
    page.get_by_label("Password").first.fill(PASSWORD)
    page.get_by_label(re.compile("again", re.IGNORECASE)).fill(PASSWORD)
    press(page, "Save and go on")
    press(page, "Set up a passkey")
    page.get_by_role("heading", name="Keep these recovery codes").wait_for()
    page.get_by_role("link", name=re.compile("go on")).click()
    settled(page)
    page.goto("/account")
    press(page, "Sign out")
    press(page, "Sign in with a passkey")
    page.wait_for_url(lambda address: "/sign-in" not in address)
    page.goto("/account/passkeys")
    expect(page.get_by_role("row")).to_have_count(2)
    _add_somebody_after_a_quarter(product, page)


def _add_somebody_after_a_quarter(product: Any, page: Page) -> None:
    page.goto("/people/new")
    page.get_by_label("Name").fill("Omar Farooq")
    page.get_by_label(re.compile("mail", re.IGNORECASE)).first.fill("omar@northwind.example")
    page.get_by_label(re.compile("^Auditor")).check()
    _grow_old(product)
    press(page, "Add and send the link")
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    press(page, "Use a passkey")
    expect(page.get_by_role("heading", name="Omar Farooq")).to_be_visible()
    expect(page.get_by_label(re.compile("^Auditor"))).to_be_checked()


def test_without_scripts_nobody_sees_a_passkey_and_everything_else_works(product, window, staff):
    page = window(javascript=False)
    page.goto("/sign-in")
    expect(page.get_by_role("button", name="Go on")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()


def test_a_vendors_person_sets_a_passkey_up_and_comes_back_by_it(product, window, staff):
    link = _asked(product)
    page = window()
    give_device(page)
    _type_mailed_code(page, product, link)
    press(page, "Set up a passkey")
    page.get_by_role("heading", name="Keep these recovery codes").wait_for()
    page.get_by_role("link", name="Continue").click()
    page.wait_for_url("**/p/a/**")
    page.context.clear_cookies()
    _type_mailed_code(page, product, link)
    press(page, "Use your passkey")
    page.wait_for_url("**/p/a/**")
    with product.database.reading() as session:
        key = session.scalars(select(Passkey).join(Person).where(Person.email == KAMIL.email)).one()
    assert key.last_used_at is not None
    assert key.sign_count > 0


def _hired(product: Any) -> str:
    with product.database.writing() as session:
        at = clock.now()
        person = add_staff(
            session, email=NOOR.email, name=NOOR.name, roles=frozenset(NOOR.roles), at=at, by=None
        )
        purpose = Purpose.SET_PASSWORD
        _, token = invitations.invite(session, person, purpose=purpose, for_id=None, at=at)
    return invitations.path(purpose, token)


def _grow_old(product: Any) -> None:
    """Let the quarter of an hour pass since everybody of the story proved who they are."""
    with product.database.writing() as session:
        hers = select(Person.id).where(Person.email == NOOR.email).scalar_subquery()
        aged = update(WebSession).where(WebSession.person_id == hers)
        past = clock.now() - FRESH_FOR - timedelta(seconds=1)
        session.execute(aged.values(authenticated_at=past))


def _asked(product: Any) -> str:
    with product.database.writing() as session:
        made = makers.make_vendor(session, name="Harbour Keys", exposure=makers.CRITICAL)
        contact = makers.make_contact(session, made, KAMIL)
        makers.make_assessment(session, vendor=made, contact=contact)
    found: str = product.link_in(product.mailbox.wait_for(KAMIL.email, "Northwind"))
    return found


def _type_mailed_code(page: Page, product: Any, link: str) -> None:
    seen = len(product.mailbox.letters)
    page.goto(link)
    press(page, "Mail me the code")
    page.get_by_label("Code").fill(mailed_code(product, KAMIL, after=seen))
    page.wait_for_url("**/p/factor")
