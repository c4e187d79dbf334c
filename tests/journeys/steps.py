"""What people do with a browser: each step reads like the click path it is."""

import re
import time
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import pyotp
from playwright.sync_api import Page, expect

from foundation import clock
from tests.people import Character

PASSWORD = "walrus-umbrella-kitchen-7"
CODE = re.compile(r"\b([0-9A-Z]{4})-?([0-9A-Z]{4})\b")
SECRETS: dict[str, pyotp.TOTP] = {}
LAST_STEP: dict[str, int] = {}
"""The half minute of the last code each has given."""


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """Press a button, wherever it is on the page."""
    page.get_by_role("button", name=name).first.click()


def follow(page: Page, name: str | re.Pattern[str]) -> None:
    """Follow a link."""
    page.get_by_role("link", name=name).first.click()


def settled(page: Page) -> None:
    """No page shows a traceback or a raw error."""
    expect(page.locator("h1").first).to_be_visible()
    page.wait_for_load_state("load")
    assert "Traceback" not in page.content()


def next_code(email: str) -> str:
    """Return the earliest code that is still taken: each half minute has one, used once."""
    app = SECRETS[email]
    while True:
        moment = clock.now().timestamp()
        step = int(moment) // app.interval
        is_fresh = moment % app.interval < app.interval / 2
        for offered in (step - 1, step) if is_fresh else (step,):
            if offered > LAST_STEP.get(email, 0):
                LAST_STEP[email] = offered
                return app.generate_otp(offered)
        time.sleep(app.interval - moment % app.interval)


def choose_password(page: Page, link: str, who: Character) -> None:
    """Choose a password and set up an authenticator app, from an invitation link."""
    page.goto(link)
    page.get_by_label("Password").first.fill(PASSWORD)
    page.get_by_label(re.compile("again", re.IGNORECASE)).fill(PASSWORD)
    press(page, "Save and go on")
    if page.get_by_role("heading", name="Sign in").count():
        page.get_by_label(re.compile("mail", re.IGNORECASE)).fill(who.email)
        page.get_by_label("Password").fill(PASSWORD)
        press(page, "Go on")
    enrol(page, who.email)


def enrol(page: Page, email: str) -> None:
    """Set up an authenticator app from the key on the page."""
    page.get_by_text("The app cannot scan it").click()
    SECRETS[email] = pyotp.TOTP(page.locator("#secret").inner_text().replace(" ", ""))
    page.get_by_label(re.compile("code", re.IGNORECASE)).fill(next_code(email))
    press(page, "Confirm")
    page.get_by_role("link", name=re.compile("go on|Continue", re.IGNORECASE)).click()
    settled(page)


def enter_as_vendor(page: Page, product: Any, who: Character, subject: str) -> None:
    """Open the mailed link, ask for the code, type it in this browser."""
    link = product.link_in(product.mailbox.wait_for(who.email, subject))
    page.goto(link)
    assert "/p/i/" not in page.url, "The token stays out of the address bar."
    _type_mailed_code(page, product, who)
    if page.get_by_role("heading", name="Set up a second factor").count():
        enrol(page, who.email)
    elif page.get_by_text("authenticator app").count():
        page.get_by_label(re.compile("code", re.IGNORECASE)).fill(next_code(who.email))
        press(page, re.compile("Go on|Sign in|Open"))
    settled(page)


def answer_section(page: Page, choose: Any) -> int:
    """Answer what the section shows, again until nothing new appears; return how many."""
    done: set[str] = set()
    while True:
        open_ones = page.locator("fieldset.question:not([hidden])")
        todo = [
            code
            for index in range(open_ones.count())
            if (code := open_ones.nth(index).get_attribute("data-question")) not in done
        ]
        if not todo:
            return len(done)
        code = todo[0]
        done.add(code)
        _answer(page, page.locator(f'fieldset.question[data-question="{code}"]'), choose(code))


def _answer(page: Page, question: Any, wish: str) -> None:
    options = question.locator('input[type="radio"][data-part="options"]')
    if options.count():
        wanted = question.locator(f'input[data-part="options"][value="{wish}"]')
        chosen = wanted if wish and wanted.count() else options.first
        with page.expect_response(lambda r: r.url.endswith("/answers")) as saved:
            chosen.check()
        assert saved.value.status == 200, saved.value.text()
        return
    boxes = question.locator('input[type="checkbox"][data-part="options"]')
    target = boxes.first if boxes.count() else question.locator('[data-part="text"]')
    with page.expect_response(lambda r: r.url.endswith("/answers")) as saved:
        if boxes.count():
            target.check()
        else:
            target.fill("We keep to our written procedure, reviewed in March 2026.")
            target.blur()
    assert saved.value.status == 200, saved.value.text()


def sample_pdf() -> Path:
    """Return a small real PDF."""
    import pikepdf

    with pikepdf.new() as made, NamedTemporaryFile(suffix=".pdf", delete=False) as out:
        made.add_blank_page(page_size=(595, 842))
        made.save(out)
    return Path(out.name)


def mailed_code(product: Any, who: Character, *, after: int) -> str:
    """Return the code in the newest letter to somebody, as it is printed."""
    letter = product.mailbox.wait_for(who.email, "code", after=after)
    found = CODE.search(letter)
    assert found, letter
    return "-".join(found.groups())


def _type_mailed_code(page: Page, product: Any, who: Character) -> None:
    seen = len(product.mailbox.letters)
    press(page, "Mail me the code")
    code = mailed_code(product, who, after=seen)
    page.get_by_label(re.compile("code", re.IGNORECASE)).fill(code)
    page.wait_for_url(lambda address: not address.endswith("/p/code"))


def enter_again(page: Page, product: Any, who: Character) -> None:
    """Come back by the link of a later letter, unless the session still lives."""
    if page.get_by_role("button", name="Mail me the code").count():
        _type_mailed_code(page, product, who)
        if page.get_by_text("authenticator app").count():
            page.get_by_label(re.compile("code", re.IGNORECASE)).fill(next_code(who.email))
            page.locator("main button[type=submit]").first.click()
    settled(page)
