"""Every page a demo door leads to: nothing raw, nothing broken, nothing too wide, readable by all."""

import threading
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain, product
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from app import create_app
from foundation import clock, schema
from foundation.settings import Settings
from operations import demo_doors
from operations.demo.telling import tell
from tests.journeys.conftest import free_port
from tests.journeys.crawl import Demo, Quiet, follow_everything, import_a_list
from tests.journeys.entering import as_a_vendor, as_staff

pytestmark = pytest.mark.browser

WIDTHS = (1280, 390)
SCHEMES = ("light", "dark")
NOBODY = "nobody"
STRANGERS = (
    "/sign-in",
    "/p/signed-out",
    "/p/i/nothing",
    "/account/set-password/nothing",
    "/nothing-here",
    "/p/nothing-here",
)
WCAG = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    },
    "resultTypes": ["violations"],
}

MUST_BE_SEEN = {
    *("accounts.me", "accounts.member", "accounts.my_tokens", "accounts.people"),
    *("accounts.tokens", "contracts.contract", "contracts.edit", "evidence.of_vendor"),
    *("operations.deadlines", "operations.duplicates", "operations.holidays"),
    *("operations.history", "operations.ledger", "operations.life", "operations.merge"),
    *("operations.outbox", "operations.regimes", "operations.settings", "operations.system"),
    *("operations.units", "operations.versions", "portal.check", "portal.hub"),
    *("portal.section", "questionnaires.leave", "questionnaires.send"),
    *("reports.calendar", "reports.dashboard", "reports.everything", "reports.feeds"),
    *("reports.home", "reports.renewals", "reports.vendor"),
    *("reviews.decide", "reviews.desk", "reviews.finding", "vendors.bulk"),
    *("vendors.check_import", "vendors.contacts", "vendors.exposure", "vendors.facts"),
    *("vendors.fields", "vendors.imports", "vendors.index", "vendors.map_import"),
    *("vendors.new", "vendors.notes", "vendors.rules", "vendors.rules_draft"),
    *("vendors.rules_versions", "vendors.services", "vendors.sub_processors"),
}
"""Pages that links must lead to, or a reader would miss them."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Demo]:
    folder: Path = tmp_path_factory.mktemp("looks")
    port = free_port()
    url = f"http://127.0.0.1:{port}"  # its name would be looked up with every page
    house = create_app(Settings(data_dir=folder, demo=True, sandbox_weak=True, base_url=url))
    database = house.extensions["database"]
    schema.migrate(database)
    tell(database, until=clock.now())
    server = make_server("127.0.0.1", port, house, threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made = Demo(url, house, chromium)
    with house.app_context():
        doors = {each.name: demo_doors.address_of(each) for each in demo_doors.DOORS}
    for name, address in doors.items():
        follow_everything(made, name, address)
    import_a_list(made)
    yield made
    server.shutdown()
    database.engine.dispose()


def chosen(demo: Demo) -> list[tuple[str, str, str]]:
    """Return, of each endpoint, the fullest page, and the emptiest: (endpoint, door, address)."""
    by_endpoint: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for door, pages in demo.found.items():
        for address, words in pages.items():
            by_endpoint[demo.endpoint(address)].append((len(words), door, address))
    found = []
    for endpoint, sizes in sorted(by_endpoint.items()):
        for _, door, address in dict.fromkeys((max(sizes), min(sizes))):
            found.append((endpoint, door, address))
    return found + [(address, NOBODY, address) for address in STRANGERS]


def test_links_lead_to_pages_without_raw_words(demo):
    assert demo.faults == []
    assert {door: len(pages) > 5 for door, pages in demo.found.items()} == dict.fromkeys(
        demo.found, True
    )


def test_need_to_know_stays_with_those_who_need_to_know(demo):
    name = "Meridian Legal Advice"
    seen = {door for door, pages in demo.found.items() if any(name in w for w in pages.values())}
    assert "procurement" in seen
    assert not seen & {"risk", "approver", "vendor"}


def test_pages_look_right(demo):
    faults: list[str] = []
    judged: set[str] = set()
    windows: dict[str, Page] = {}
    for endpoint, door, address in chosen(demo):
        if door not in windows:
            windows[door] = demo.context(door).new_page()
            listen(windows[door], faults)
        page = windows[door]
        page.goto(address)
        seen = look_from_all_sides(page, with_axe=endpoint not in judged)
        faults += [f"{door} {address}: {fault}" for fault in seen]
        judged.add(endpoint)
    for page in windows.values():
        page.context.close()
    assert faults == []
    assert len(judged) > 75
    assert judged >= MUST_BE_SEEN, MUST_BE_SEEN - judged


def test_the_ways_in_look_right(demo):
    """Pages no link leads to: the invitation, the codes, the second factors, the receipt."""
    faults: list[str] = []
    seen: list[str] = []
    for way in (as_a_vendor, as_staff):
        context = demo.context(NOBODY)
        page = context.new_page()
        listen(page, faults)
        for step in way(page, demo.house.extensions["database"]):
            faults += [f"{step}: {fault}" for fault in look_from_all_sides(page, with_axe=True)]
            seen.append(step)
        context.close()
    assert faults == []
    assert len(seen) == 11


def look_from_all_sides(page: Page, *, with_axe: bool) -> Iterator[str]:
    """Yield what is wrong with the page shown, wide and narrow, light and dark."""
    if with_axe:
        page.evaluate(AXE_SCRIPT)
    for width, scheme in product(WIDTHS, SCHEMES):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        for fault in chain(look(page), breaches(page) if with_axe else ()):
            yield f"{width} px, {scheme}: {fault}"


def listen(page: Page, faults: list[str]) -> None:
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda message: (
            faults.append(f"{page.url}: {message.text}")
            if message.type == "error" and "Failed to load resource" not in message.text
            else None
        ),
    )


def look(page: Page) -> Iterator[str]:
    """Yield what a person would see at once: a page too wide, headings out of order, raw words."""
    seen = page.evaluate(
        """() => ({
          over: document.documentElement.scrollWidth - innerWidth,
          heads: [...document.querySelectorAll("h1, h2, h3, h4")]
            .filter((one) => one.checkVisibility()).map((one) => +one.tagName[1]),
        })"""
    )
    if seen["over"] > 0:
        yield f"{seen['over']} px too wide"
    heads = seen["heads"]
    if heads.count(1) != 1 or any(after > one + 1 for one, after in zip(heads, heads[1:])):  # noqa: B905, RUF007
        yield f"headings out of order: {heads}"


def breaches(page: Page) -> Iterator[str]:
    """Yield every rule of WCAG 2.2 AA that axe sees broken."""
    for one in page.evaluate("(options) => axe.run(options)", WCAG)["violations"]:
        yield f"{one['id']}: {one['nodes'][0]['html'][:120]}"
