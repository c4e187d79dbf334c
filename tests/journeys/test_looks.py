"""Every page a demo door leads to: nothing raw, nothing broken, nothing too wide, readable by all."""

import re
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import APIResponse, Browser, BrowserContext, Page
from werkzeug.serving import WSGIRequestHandler, make_server

from app import create_app
from foundation import clock, schema
from foundation.settings import Settings
from foundation.web import House
from operations import demo_doors
from operations.demo.telling import tell
from tests.journeys.conftest import free_port

pytestmark = pytest.mark.browser

WIDTHS = (1280, 390)
SCHEMES = ("light", "dark")
NOBODY = "nobody"
A_FEW = 4
"""Pages of one kind that each visitor opens: the rest differ in their words only."""
STRANGERS = ("/sign-in", "/p/signed-out", "/nothing-here", "/p/nothing-here")
FILES = {"evidence.download", "portal.download", "reports.draft", "reports.download"}
RAW = re.compile(r"\S*\b[a-z]+_[a-z]+\S*|\b(?:None|True|False|null|undefined)\b(?! of)|\{\{|%\(\w")
ADDRESS = re.compile(r"https?://\S+")
UNSEEN = {"script", "style", "template", "code", "head", "option"}
WCAG = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    },
    "resultTypes": ["violations"],
}


class Quiet(WSGIRequestHandler):
    """Writes no line for each request."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002
        del type, message, args


@dataclass
class Demo:
    """The demo, served; and what each door's visitor found when they followed its links."""

    url: str
    house: House
    browser: Browser
    cookies: dict[str, object] = field(default_factory=dict)
    found: dict[str, dict[str, str]] = field(default_factory=dict)
    """By door: each page's address and its visible words."""
    faults: list[str] = field(default_factory=list)

    def endpoint(self, address: str) -> str:
        """Return what answers at an address."""
        named, _ = self.house.url_map.bind("localhost").match(urlsplit(address).path)
        return str(named)

    def context(self, door: str, width: int = 1280, scheme: str = "light") -> BrowserContext:
        return self.browser.new_context(
            base_url=self.url,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if scheme == "dark" else "light",
            storage_state=self.cookies.get(door),  # type: ignore[arg-type]
            locale="en-GB",
        )


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Demo]:
    folder: Path = tmp_path_factory.mktemp("looks")
    port = free_port()
    url = f"http://localhost:{port}"
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
    yield made
    server.shutdown()
    database.engine.dispose()


def follow_everything(demo: Demo, door: str, address: str) -> None:
    """Follow the links from a door, and note what is not a page or shows raw words."""
    context = demo.browser.new_context(base_url=demo.url)
    first = context.request.get(address)
    demo.cookies[door] = context.storage_state()
    pages = demo.found[door] = {}
    tried: Counter[str] = Counter()
    waiting, known = [urlsplit(first.url).path], {urlsplit(first.url).path}
    while waiting:
        here = waiting.pop()
        answer = context.request.get(here)
        if answer.status != 200:
            demo.faults.append(f"{door} {here}: {answer.status}")
            continue
        if "html" not in answer.headers["content-type"]:
            continue
        links, pages[here] = links_and_words(answer)
        raw = RAW.search(ADDRESS.sub("", pages[here]))
        if raw:
            demo.faults.append(f"{door} {here}: shows “{raw.group(0)}”")
        for link in links:
            if link in known or not link.startswith("/") or not is_page(demo, link):
                continue
            known.add(link)
            kind = demo.endpoint(link)
            if tried[kind] < A_FEW:
                tried[kind] += 1
                waiting.append(link)
    context.close()


def is_page(demo: Demo, link: str) -> bool:
    return not link.startswith(("/demo/", "/static/")) and demo.endpoint(link) not in FILES


def links_and_words(answer: APIResponse) -> tuple[list[str], str]:
    """Return the addresses a page links to, and the words it shows."""
    tree = html5lib.parse(answer.text(), namespaceHTMLElements=False)
    links = [one.get("href", "").split("#")[0] for one in tree.iter("a")]
    words: list[str] = []

    def read(element) -> None:
        if element.tag not in UNSEEN:
            words.append(element.text or "")
            for child in element:
                read(child)
        words.append(element.tail or "")

    read(tree.find("body"))
    return [link for link in links if link], " ".join(" ".join(words).split())


def chosen(demo: Demo, *, with_empty: bool) -> list[tuple[str, str, str]]:
    """Return, of each endpoint, the fullest page, and the emptiest: (endpoint, door, address)."""
    by_endpoint: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for door, pages in demo.found.items():
        for address, words in pages.items():
            by_endpoint[demo.endpoint(address)].append((len(words), door, address))
    found = []
    for endpoint, sizes in sorted(by_endpoint.items()):
        for _, door, address in dict.fromkeys(
            (max(sizes), min(sizes) if with_empty else max(sizes))
        ):
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


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_pages_look_right(demo, width, scheme):
    faults: list[str] = []
    judged: set[str] = set()
    windows: dict[str, Page] = {}
    for endpoint, door, address in chosen(demo, with_empty=width < 640 and scheme == "dark"):
        if door not in windows:
            windows[door] = demo.context(door, width, scheme).new_page()
            listen(windows[door], faults)
        page = windows[door]
        page.goto(address)
        faults += [f"{door} {address}: {fault}" for fault in look(page)]
        if endpoint not in judged:
            judged.add(endpoint)
            faults += [f"{door} {address}: {fault}" for fault in breaches(page)]
    for page in windows.values():
        page.context.close()
    assert faults == []
    assert len(judged) > 30


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
    for one in Axe().run(page, options=WCAG).response["violations"]:
        yield f"{one['id']}: {one['nodes'][0]['html'][:120]}"
