"""Typing on after the session has ended: nothing is lost, and coming in again saves it."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from foundation import clock
from identity.models import Person, WebSession
from tests import makers
from tests.journeys.steps import mailed_code, press
from tests.people import Character

pytestmark = pytest.mark.browser

KAMIL = Character("Kamil Dar", "kamil@harbour.example", ())


def test_what_is_typed_into_a_lost_session_is_saved_when_somebody_comes_in_again(
    product, window, staff
):
    link = _asked(product)
    page = window()
    _come_in(page, product, link)
    press(page, "Start")
    box = page.locator("fieldset.question:not([hidden]) textarea[data-part=text]").first
    with product.database.writing() as session:
        his = select(Person.id).where(Person.email == KAMIL.email).scalar_subquery()
        ended = update(WebSession).where(WebSession.person_id == his)
        session.execute(ended.values(revoked_at=clock.now()))
    box.fill("We keep no keys of yours.")
    line = page.locator("[data-save-status]")
    expect(line).to_contain_text("you are signed out, kept on this device")
    _come_in(page.context.new_page(), product, link)
    expect(line).to_contain_text(re.compile(r"^Saved \d"), timeout=20_000)
    page.reload()
    expect(box).to_have_value("We keep no keys of yours.")


def _asked(product: Any) -> str:
    with product.database.writing() as session:
        made = makers.make_vendor(session, name="Harbour Lighting")
        contact = makers.make_contact(session, made, KAMIL)
        makers.make_assessment(session, vendor=made, contact=contact)
    found: str = product.link_in(product.mailbox.wait_for(KAMIL.email, "Northwind"))
    return found


def _come_in(page: Page, product: Any, link: str) -> None:
    seen = len(product.mailbox.letters)
    page.goto(link)
    press(page, "Mail me the code")
    page.get_by_label("Code").fill(mailed_code(product, KAMIL, after=seen))
    page.wait_for_url("**/p/a/**")
