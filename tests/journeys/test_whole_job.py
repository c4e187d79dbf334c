"""The whole job in a real browser: from an empty house to a report and a reminder."""

import re
from datetime import timedelta

import pikepdf
import pytest
from playwright.sync_api import expect

from audit.queries import first_bad_entry
from foundation import clock
from tests.journeys import steps, work
from tests.people import LAILA, PERVEZ, RABIA, VANIA, VIKTOR

pytestmark = pytest.mark.browser

CLOSE = {
    "What will they see": "Papers we would not want to see in public: prices, plans",
    "About how many people": "Nobody",
    "How do they get into": "They can change or run our live systems",
    "How long can we do": "Up to five days",
    "How hard would it be": "A few weeks of work",
    "Which rules": "No particular rules",
    "Where will they work": "In our own country",
    "pass": "No",
    "card": "No",
}
"""Access to live systems puts it on tier 2."""

HARMLESS = CLOSE | {
    "What will they see": "Nothing of ours",
    "How do they get into": "They do not",
    "How long can we do": "More than five days",
    "How hard would it be": "Easy: many offer the same",
}


def test_a_published_questionnaire_from_intake_to_reminder(
    product, desk, window, field_data, tmp_path
):
    rabia, pervez, laila, vania = desk(RABIA), desk(PERVEZ), desk(LAILA), window()
    work.import_vsaq(rabia, field_data / "vsaq" / "infrastructure.json", ("96", "178", "114"))
    acme = work.register(pervez, "Acme Cloud", CLOSE)
    expect(pervez.locator("body")).to_contain_text("Tier 2")
    work.send(pervez, acme, "Infrastructure", VANIA)

    steps.enter_as_vendor(vania, product, VANIA, "Northwind")
    answered = work.answer_everything(vania, lambda _code: "")
    assert answered > 40
    work.submit(vania, VANIA)

    rabia.goto("/")
    expect(rabia.locator("main")).to_contain_text("Acme Cloud")
    work.open_review(rabia, "Acme Cloud")
    work.ask_back(rabia, "Which guideline do you mean, and when was it last reviewed?")
    seen = product.mailbox.wait_for(VANIA.email, "clarif")
    vania.goto(product.link_in(seen))
    steps.enter_again(vania, product, VANIA)
    vania.goto("/p/")
    vania.locator("ul.tasks a").first.click()
    work.clarify(vania, "The network guideline, reviewed in March 2026.")

    work.open_review(rabia, "Acme Cloud")
    work.raise_finding(rabia, "Guideline is not shared with staff")
    work.accept_the_rest(rabia)
    work.contract(pervez, acme)
    work.open_review(rabia, "Acme Cloud")
    work.judge_gates(rabia)
    work.propose(rabia, "Approve with conditions", "Share the guideline with all staff.")
    pervez.goto(acme)
    expect(pervez.locator("main")).not_to_contain_text("Active")
    work.sign(laila, "Acme Cloud")
    pervez.goto(acme)
    expect(pervez.locator("header").last).to_contain_text("Active")

    paper = work.report(rabia, acme, tmp_path)
    with pikepdf.open(paper) as pdf:
        assert len(pdf.pages) > 5
        assert list(pdf.attachments) == ["dossier.json"]
        assert str(pdf.Root.Lang) == "en"

    morning = (clock.now() + timedelta(days=1)).replace(hour=9)  # there too, whenever this runs
    product.sweep_at(morning)  # from now on everybody is told what comes near
    assert product.sweep_at(morning + timedelta(days=329)).reassessments == 1
    digest = product.mailbox.wait_for(PERVEZ.email, "come near or late")
    assert re.search(r"Acme Cloud.*review|review.*Acme Cloud", digest, re.IGNORECASE), digest
    with product.database.reading() as session:
        assert first_bad_entry(session) is None


def test_the_smallest_questionnaire_decided_by_procurement(product, desk, window, tmp_path):
    pervez, viktor = desk(PERVEZ), window()
    borealis = work.register(pervez, "Borealis Pictures", HARMLESS)
    expect(pervez.locator("body")).to_contain_text("Tier 4")
    work.send(pervez, borealis, "Security basics", VIKTOR)
    late = (clock.now() + timedelta(days=3)).replace(hour=9)  # by day there, whenever this runs
    assert product.sweep_at(late).nudges >= 1
    assert product.link_in(product.mailbox.wait_for(VIKTOR.email, "due"))

    steps.enter_as_vendor(viktor, product, VIKTOR, "Northwind")
    best = {"enc_in_transit": "none_held", "aud_outside_view": ""}
    answered = work.answer_everything(viktor, lambda code: best.get(code, ""))
    assert answered == 7, "ten, less two about cards and one about data that is not held"
    work.submit(viktor, VIKTOR)
    viktor.goto("/vendors")
    expect(viktor.locator("h1")).to_contain_text("Sign in")

    work.contract(pervez, borealis)
    rabia = desk(RABIA)
    work.open_review(rabia, "Borealis Pictures")
    work.accept_the_rest(rabia)
    work.judge_gates(rabia)
    work.open_review(pervez, "Borealis Pictures")
    work.propose(pervez, "Approve")
    pervez.goto(borealis)
    expect(pervez.locator("header").last).to_contain_text("Active")
    assert work.report(rabia, borealis, tmp_path).stat().st_size > 20_000
