"""J15: a report from the page of the decision. J16: is this PDF genuine? Counted by hands."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from foundation import clock
from reports.models import Report
from reviews import decision_commands as decisions
from reviews.decision_commands import Proposal
from reviews.rules import Outcome
from tests import makers
from tests.journeys.counting import Hands
from tests.people import LAILA, PERVEZ, Character
from tests.reviews import stories

pytestmark = pytest.mark.browser

TARIQ = Character("Tariq Lodhi", "tariq@lapis.example", ())


@pytest.fixture
def decided(product, staff):
    """A review that was decided, in the product's own database."""
    del staff
    with product.database.writing() as session:
        lapis = makers.make_vendor(session, name="Lapis Ledger")
        review, _ = stories.ready(session, vendor=lapis, who=TARIQ)
        pervez = makers.make_staff(session, PERVEZ)
        proposal = Proposal(outcome=Outcome.APPROVED, round=1, note="Looked at it all.")
        decisions.propose(session, review, proposal, by=pervez, at=clock.now())
        return review.id


def test_a_report_from_the_decision_and_whether_it_is_genuine(
    product, desk, window, decided, tmp_path
):
    laila = desk(LAILA)
    laila.goto(f"/reviews/{decided}/decide")
    hands = Hands(laila, most=2, seconds=10)
    hands.click("Issue a report", laila.get_by_role("button", name="Issue a report"))
    link = laila.get_by_role("link", name="Download the PDF")
    expect(link).to_be_visible(timeout=90_000)
    with laila.expect_download() as got:
        hands.click("Open", link)
    hands.done()
    paper = tmp_path / "report.pdf"
    got.value.save_as(paper)

    stranger = window()
    stranger.goto("/verify")
    hands = Hands(stranger, most=1, seconds=2)
    hands.give("the PDF", stranger.get_by_label("The PDF to check"), paper)
    expect(stranger.locator("main")).to_contain_text("Genuine")
    hands.done()

    changed = bytearray(paper.read_bytes())
    changed[len(changed) // 2] ^= 1
    paper.write_bytes(changed)
    plain = window(javascript=False)
    plain.goto("/verify")
    plain.get_by_label("The PDF to check").set_input_files(paper)
    plain.get_by_role("button", name="Check it").click()
    expect(plain.locator("main")).to_contain_text("Altered")
    with product.database.reading() as session:
        assert session.scalars(select(Report.file_size)).first() == len(changed)
