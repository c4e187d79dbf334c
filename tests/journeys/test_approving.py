"""J5: an approver comes from the mail, reads what is proposed, signs, and confirms it."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from foundation import clock
from reviews.decision_commands import NewCondition, Proposal, propose
from reviews.decision_models import Decision
from reviews.queries import get_review
from reviews.rules import Outcome
from tests import makers
from tests.journeys.counting import Hands
from tests.journeys.steps import PASSWORD, next_code, press
from tests.people import ASIF, LAILA, Character
from tests.reviews import stories
from vendors.models import Vendor

pytestmark = pytest.mark.browser

FATIMA = Character("Fatima Noor", "fatima@minaret.example", ())
HASSAN = Character("Hassan Raza", "hassan@caravan.example", ())
KEY = replace(makers.LOW, critical_function=True)
"""What we could not work without: tier 1, and both a lead and an approver sign."""
NAMES = ("Minaret Hosting", "Caravan Payments", "Lighthouse Cards", "Oasis Letters")
DESK, PHONE = (1280, 900), (390, 844)


@pytest.fixture(autouse=True)
def nothing_due_later(product):
    """Take the next reviews away again: other stories count what falls due a year from now."""
    yield
    with product.database.writing() as session:
        session.execute(update(Vendor).where(Vendor.name.in_(NAMES)).values(next_review_on=None))


def proposed(product, name, who):
    """Let a lead propose to approve a vendor of tier 1 with a condition; return the mailed link."""
    sent = len(product.mailbox.letters)
    with product.database.writing() as session:
        vendor = makers.make_vendor(session, name=name, exposure=KEY)
        stories.cover_by_contract(session, vendor)
        contact = makers.make_contact(session, vendor, who)
        asked = makers.make_assessment(session, vendor=vendor, contact=contact)
        stories.answer_all(session, asked, who=who)
        made = stories.submit(session, asked, who=who)
        laila = makers.make_staff(session, LAILA)
        review = get_review(session, laila.person_id, made.id)
        stories.judge_gates(session, review, by=laila)
        due_on = clock.today() + timedelta(days=60)
        yes = Proposal(
            outcome=Outcome.APPROVED_WITH_CONDITIONS,
            round=1,
            note="They encrypt their backups soon.",
            conditions=(NewCondition("Encrypt the backups.", due_on, laila.person_id),),
        )
        propose(session, review, yes, by=laila, at=clock.now())
        review_id, vendor_id = review.id, vendor.id
    letter = product.mailbox.wait_for(ASIF.email, f"{name}: a decision waits", after=sent)
    return product.link_in(letter), review_id, vendor_id


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_an_approver_signs_from_the_mail(product, window, staff, size):
    name, who = ("Minaret Hosting", FATIMA) if size == DESK else ("Caravan Payments", HASSAN)
    link, review_id, vendor_id = proposed(product, name, who)
    page = window(size=size, state=staff[ASIF])
    hands = Hands(page, most=3, seconds=60)
    hands.open(link)
    card = page.locator("section", has=page.locator("#proposal-title"))
    for told in ("Approve with conditions", "Encrypt the backups.", LAILA.name, "You sign as"):
        expect(card).to_contain_text(told)
    expect(page.locator("main")).to_contain_text("What the decision rests on")
    hands.click("Sign", page.get_by_role("button", name=re.compile("^Sign: Approve with")))
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"Sign for {name}")
    assert not _is_final(product, review_id), "asking is not signing"
    hands.click("Yes", dialog.get_by_role("button", name="Yes, go on"))
    expect(page.get_by_text("The decision is final.")).to_be_visible()
    hands.done()
    assert _is_final(product, review_id)
    with product.database.reading() as session:
        assert session.get_one(Vendor, vendor_id).cleared_by == review_id


def test_whoever_is_signed_out_comes_to_the_same_page_after_signing_in(product, window, staff):
    del staff
    link, review_id, _ = proposed(
        product, "Lighthouse Cards", Character("Iqra", "iqra@lh.example", ())
    )
    page = window()
    page.goto(link)
    expect(page.locator("h1")).to_contain_text("Sign in")
    assert not _is_final(product, review_id), "a link alone does nothing"
    _sign_in(page, ASIF)
    page.wait_for_url(link)
    expect(page.locator("h1")).to_contain_text("Lighthouse Cards")
    press(page, re.compile("^Sign: "))
    press(page, "Cancel")
    assert not _is_final(product, review_id)


def test_it_works_without_scripts(product, window, staff):
    link, review_id, _ = proposed(
        product, "Oasis Letters", Character("Zain", "zain@oasis.example", ())
    )
    page = window(javascript=False, state=staff[ASIF])
    page.goto(link)
    press(page, re.compile("^Sign: "))
    expect(page.get_by_text("The decision is final.")).to_be_visible()
    assert _is_final(product, review_id)


def _sign_in(page: Page, who: Character) -> None:
    page.get_by_label(re.compile("mail", re.IGNORECASE)).fill(who.email)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Go on")
    page.get_by_label(re.compile("code", re.IGNORECASE)).fill(next_code(who.email))
    press(page, "Sign in")


def _is_final(product, review_id) -> bool:
    with product.database.reading() as session:
        chosen = select(Decision.is_final).where(Decision.review_id == review_id)
        return session.scalars(chosen).one()
