"""J3: the list a company has, 400 vendors with eight faults, brought in and mended on the page."""

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from foundation import clock
from tests.journeys.counting import Hands
from tests.people import PERVEZ

pytestmark = pytest.mark.browser

VENDORS = 400
FAULTS = 8
LONG_NAME = "Everything for everybody and " * 12
HEADER = ("Supplier", "Web site", "HQ country", "Status", "Owner", "Contact email", "Next review")


def test_a_list_of_400_with_eight_faults(window, staff, tmp_path):
    path, later = tmp_path / "suppliers.csv", clock.today() + timedelta(days=900)
    _write(path, later.isoformat())
    page = window(state=staff[PERVEZ])
    page.goto("/")
    hands = Hands(page, most=5 + FAULTS, seconds=240)
    hands.click("Vendors", page.get_by_role("link", name="Vendors", exact=True).first)
    hands.click("Import", page.get_by_role("link", name="Import").first)
    hands.give("the list", page.locator('input[type="file"]'), path)
    expect(page.locator("h1")).to_contain_text("What the columns are")
    hands.click("Check the rows", page.get_by_role("button", name="Check the rows"))
    expect(page.locator("main")).to_contain_text(f"{FAULTS} with problems")
    _mend(hands, later.isoformat())
    hands.click("Mend and import", page.get_by_role("button", name="Mend and import"))
    expect(page.locator("h1")).to_contain_text("Import of suppliers.csv")
    hands.done()
    added = page.locator("dl.facts div").filter(has_text="Vendors added")
    expect(added).to_contain_text(str(VENDORS))
    page.goto("/vendors?q=Mended")
    expect(page.locator("main")).to_contain_text("Mended Name Ltd")


def _write(path: Path, later: str) -> None:
    faults = {
        3: ("", "", "PK", "onboarding", "", "", later),
        40: ("Faulty Country", "", "Atlantis", "onboarding", "", "", later),
        90: ("Faulty Status", "", "PK", "Zombie", "", "", later),
        130: ("Faulty Owner", "", "PK", "onboarding", "Nobody Here", "", later),
        200: ("Faulty Mail", "", "PK", "onboarding", "", "sales at faulty", later),
        260: ("Faulty Date", "", "PK", "onboarding", "", "", "31 Smarch 2029"),
        330: ("Faulty Site", "http://", "PK", "onboarding", "", "", later),
        399: (LONG_NAME, "", "PK", "onboarding", "", "", later),
    }
    assert len(faults) == FAULTS
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(HEADER)
        for number in range(1, VENDORS + 1):
            name, site = f"Supplier {number:03} Works", f"supplier{number:03}.example"
            good = (name, site, "Pakistan", "onboarding", PERVEZ.email, f"desk@{site}", later)
            writer.writerow(faults.get(number, good))


def _mend(hands: Hands, later: str) -> None:
    page = hands.page
    hands.fill("name", _field(page, "nothing"), "Mended Name Ltd")
    hands.fill("country", _field(page, "“Atlantis”"), "Pakistan")
    hands.choose("state", _list(page, "“Zombie”"), label="Onboarding")
    hands.choose("owner", _list(page, "“Nobody Here”"), label=PERVEZ.name)
    hands.fill("mail", _field(page, "“sales at faulty”"), "sales@faulty.example")
    hands.fill("date", _field(page, "“31 Smarch 2029”"), later)
    hands.fill("site", _field(page, "“http://”"), "faulty.example")
    hands.fill("long name", _field(page, f"“{LONG_NAME[:40]}"), "Everything Ltd")


def _row(page: Page, found: str) -> Locator:
    rows = page.locator(".import-problems tbody tr").filter(has_text=f"found {found}")
    expect(rows).to_have_count(1)
    return rows


def _field(page: Page, found: str) -> Locator:
    return _row(page, found).locator('input[type="text"]')


def _list(page: Page, found: str) -> Locator:
    return _row(page, found).locator("select")
