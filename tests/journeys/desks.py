"""The staff of the stories: everybody signs up once, as on the first day."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from accounts import commands as accounts
from accounts.rules import Role
from audit.actions import SYSTEM
from foundation import clock
from identity import invitations
from identity.rules import Purpose
from organisation.commands import set_up
from tests.journeys import steps
from tests.journeys.steps import follow, press, settled
from tests.people import ADIL, ASIF, LAILA, PERVEZ, RABIA, Character

ROLES = {PERVEZ: "Procurement", RABIA: "Risk analyst", LAILA: "Risk lead", ASIF: "Approver"}
Cookies = dict[str, Any]


@pytest.fixture(scope="session")
def staff(product: Any, chromium: Browser) -> dict[Character, Cookies]:
    """Everybody signs up as on the first day; returns their browsers' cookies."""
    admin = _window(chromium, product)
    steps.choose_password(admin, _first_link(product), ADIL)
    states: dict[Character, Cookies] = {}
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


@pytest.fixture
def desk(
    chromium: Browser, product: Any, staff: dict[Character, Cookies]
) -> Iterator[Callable[[Character], Page]]:
    """Open somebody's signed-in browser."""
    opened: list[Page] = []

    def open_desk(who: Character) -> Page:
        opened.append(_window(chromium, product, staff[who]))
        return opened[-1]

    yield open_desk
    for page in opened:
        page.context.close()


def _first_link(product: Any) -> str:
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
    return f"{product.url}{invitations.path(Purpose.SET_PASSWORD, token)}"


def _window(chromium: Browser, product: Any, state: Any = None) -> Page:
    context = chromium.new_context(base_url=product.url, storage_state=state, locale="en-GB")
    context.set_default_timeout(15_000)
    return context.new_page()
