"""The work itself, click by click: register, send, answer, review, contract, decide, report."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from foundation import clock
from tests.journeys.steps import answer_section, follow, press, sample_pdf, settled
from tests.people import Character

AMOUNT = re.compile(r"([0-9.]+) (hours?|days?|months?|percent)")


def import_vsaq(page: Page, path: Path, counts: tuple[str, ...]) -> None:
    """Import a published VSAQ file: looked at first, then stored."""
    page.goto("/questionnaires")
    follow(page, re.compile("Import"))
    page.locator('input[type="file"]').set_input_files(path)
    press(page, "Look into it")
    for count in counts:
        expect(page.locator("dl").first).to_contain_text(count, timeout=30_000)
    press(page, "Store this questionnaire")
    settled(page)


def register(page: Page, name: str, ticks: dict[str, str]) -> str:
    """Register a vendor, watching the tier appear, and return its page's address."""
    page.goto("/vendors")
    follow(page, re.compile("Add"))
    page.get_by_label("Company name").fill(name)
    page.get_by_label("What do they do for us?").fill("Runs a service for us.")
    for group, choice in ticks.items():
        box = page.get_by_role("group", name=re.compile(re.escape(group)))
        box.get_by_label(choice, exact=True).check()
    expect(page.locator("#live")).to_contain_text(re.compile(r"Tier \d"))
    press(page, "Save")
    registered = page.get_by_role("heading", level=1).filter(has_text=name)
    stopped = page.get_by_text("We may know this company already")
    expect(registered.or_(stopped)).to_be_visible()
    if stopped.is_visible():
        page.get_by_label("It is another company").check()
        press(page, "Save")
    expect(registered).to_be_visible()
    return page.url.removesuffix("/next")


def send(page: Page, vendor_url: str, questionnaire: str, who: Character) -> None:
    """Send the questionnaire to somebody new at the vendor."""
    page.goto(f"{vendor_url}/send")
    options = page.get_by_label("Questionnaire").locator("option").all_inner_texts()
    wanted = next(text for text in options if questionnaire in text)
    page.get_by_label("Questionnaire").select_option(label=wanted)
    if not page.locator("#new_name").is_visible():
        page.locator("summary", has_text="Somebody new").click()
    page.locator("#new_name").fill(who.name)
    page.locator("#new_email").fill(who.email)
    press(page, "Send")
    expect(page.locator("body")).to_contain_text(re.compile(r"A-\d{4}"))


def answer_everything(page: Page, choose: Any) -> int:
    """Start, answer every section with proof in the first, and return how many answers."""
    page.goto("/p/")
    page.locator("ul.tasks a").first.click()
    press(page, "Start")
    settled(page)
    hub = re.sub(r"/s/.*$", "", page.url)
    page.goto(hub)
    total = 0
    for number in range(20):
        links = page.locator('ul.tasks a[href*="/s/"]')
        if number >= links.count():
            break
        links.nth(number).click()
        total += answer_section(page, choose)
        if number == 0:
            attach_proof(page)
        page.goto(hub)
    return total


def attach_proof(page: Page) -> None:
    """Upload a document inside a question and see it cited there."""
    box = page.locator(".proofs:not([hidden])").first
    box.locator("summary").click()
    box.locator('input[type="file"]').set_input_files(sample_pdf())
    box.get_by_role("button", name="Attach").click()
    expect(page.locator(".proofs:not([hidden])").first).to_contain_text("Remove", timeout=30_000)


def submit(page: Page, who: Character) -> None:
    """Check the answers, declare them true, and see the receipt."""
    follow(page, re.compile("Check"))
    page.get_by_label(re.compile("name", re.IGNORECASE)).fill(who.name)
    page.get_by_label(re.compile("role|position", re.IGNORECASE)).fill("Head of Security")
    page.locator('main input[type="checkbox"]').check()
    press(page, re.compile(r"Submit \d+ answers"))
    expect(page.locator("h1")).to_contain_text("submitted")


def open_review(page: Page, vendor: str) -> None:
    """Open the review of a vendor from the inbox."""
    page.goto("/reviews")
    follow(page, vendor)
    expect(page.locator("h1")).to_contain_text(vendor)
    settled(page)


def ask_back(page: Page, text: str) -> None:
    """Ask the vendor about the first answer that needs a look, and hand it back."""
    card = page.locator("article.question").first
    card.locator("summary", has_text="Ask back").click()
    card.get_by_label("What do you want to know?").fill(text)
    card.get_by_role("button", name="Ask back").click()
    press(page, re.compile("Hand back to the vendor"))
    settled(page)


def clarify(page: Page, reply: str) -> None:
    """Answer what was asked back, and nothing else."""
    page.get_by_label("Your reply").fill(reply)
    press(page, "Send back")
    expect(page.locator("h1")).to_contain_text("submitted")


def raise_finding(page: Page, title: str) -> None:
    """Raise a finding from an answer that needs a look."""
    card = page.locator("#pile-needs_a_look ~ article.question").first
    card.locator("summary", has_text="Raise a finding").click()
    card.get_by_label("What is wrong?").fill(title)
    card.get_by_role("button", name="Raise the finding").click()
    settled(page)


def accept_the_rest(page: Page) -> None:
    """Accept in one go what nothing speaks against."""
    button = page.get_by_role("button", name=re.compile(r"Accept \d+ answer"))
    if button.count():
        button.click()
        settled(page)


def judge_gates(page: Page) -> None:
    """Answer by hand the gates nothing else answers."""
    while True:
        open_gates = page.locator("details[open]", has_text="Answer by hand")
        if not open_gates.count():
            return
        before = open_gates.count()
        form = open_gates.first
        form.get_by_label("Status").select_option("passed")
        form.get_by_label("What did you look at?").fill("Their papers, and a call on Monday.")
        form.get_by_role("button", name="Answer the gate").click()
        expect(page.locator("details[open]", has_text="Answer by hand")).to_have_count(before - 1)


def contract(page: Page, vendor_url: str) -> str:
    """Enter a contract, note each clause, and return the contract's address."""
    page.goto(f"{vendor_url}/contracts/new")
    today = clock.today()
    page.get_by_label("Title").fill("Master services agreement")
    page.get_by_role("group", name=re.compile("Services")).locator("input").first.check()
    page.get_by_label("Starts on").fill(today.isoformat())
    page.get_by_label(re.compile("^Ends on")).fill((today + timedelta(days=365)).isoformat())
    page.get_by_label(re.compile("Notice we must give")).fill("60")
    press(page, "Enter the contract")
    settled(page)
    address = page.url
    deadline = today + timedelta(days=365 - 60)
    expect(page.locator("dl").first).to_contain_text(f"{deadline.day} {deadline:%B %Y}")
    note_clauses(page)
    return address


def note_clauses(page: Page) -> None:
    """Note for each open clause that it is there, with a value that meets what is required."""
    checked = page.locator("details.clause").filter(has_text="Checked by")
    open_cards = page.locator("details.clause").filter(has_not_text="Checked by")
    while open_cards.count():
        before = checked.count()
        _note(open_cards.first)
        expect(checked).to_have_count(before + 1)


def _note(card: Any) -> None:
    required = card.locator(".asks").inner_text()
    if card.get_attribute("open") is None:
        card.locator("summary").first.click()
    card.locator("select").select_option("present")
    found = AMOUNT.search(required)
    card.get_by_label("Value found").fill(" ".join(found.groups()) if found else "Section 7")
    card.get_by_label(re.compile("Page")).fill("7")
    card.get_by_role("button", name="Save").click()


def propose(page: Page, outcome: str, condition: str = "") -> None:
    """Propose a decision, with a condition where there is one."""
    follow(page, "Decide")
    way = page.get_by_role("group", name="Outcome").get_by_label(outcome, exact=True)
    assert way.count(), page.locator("main").inner_text()
    way.check()
    page.get_by_label("Why", exact=True).fill("The record is complete; one thing has to follow.")
    if condition:
        row = page.get_by_role("group", name="Condition 1")
        row.get_by_label("Condition").fill(condition)
        row.get_by_label("Due on").fill((clock.today() + timedelta(days=60)).isoformat())
    press(page, "Propose")
    settled(page)


def sign(page: Page, vendor: str) -> None:
    """Sign a proposal that waits for me, from the home page."""
    page.goto("/")
    row = page.locator("tr", has_text=vendor)
    row.get_by_role("link", name="Read and sign").click()
    press(page, re.compile("^Sign:"))
    press(page, "Yes, go on")
    settled(page)


def report(page: Page, vendor_url: str, folder: Path) -> Path:
    """Issue a report, wait for the worker, and download the PDF."""
    page.goto(f"{vendor_url}/reports")
    press(page, "Issue a report")
    link = page.get_by_role("link", name="Download the PDF")
    expect(link).to_be_visible(timeout=60_000)
    with page.expect_download() as got:
        link.click()
    target = folder / "report.pdf"
    got.value.save_as(target)
    return target
