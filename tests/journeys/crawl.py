"""The demo as served to a test, and what each door's visitor finds by following its links."""

import re
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import html5lib
from playwright.sync_api import APIResponse, Browser, BrowserContext
from werkzeug.serving import WSGIRequestHandler

from foundation.web import House

A_FEW = 3
"""Pages of one kind that each visitor opens: the rest differ in their words only."""
BESIDE = {"procurement": ("/search?q=card", "/styleguide")}
"""Pages no link leads to, because a form or a key does."""
LIST = "Supplier;Web site;Tier\nHarbour Print;harbour.example;2\nHarbour Print;;9\n"
FILES = {"evidence.download", "portal.download", "reports.draft", "reports.download"}
RAW = re.compile(r"\S*\b[a-z]+_[a-z]+\S*|\b(?:None|True|False|null|undefined)\b(?! of)|\{\{|%\(\w")
ADDRESS = re.compile(r"https?://\S+")
UNSEEN = {"script", "style", "template", "code", "head", "option"}


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
            reduced_motion="reduce",
        )


def follow_everything(demo: Demo, door: str, address: str) -> None:
    """Follow the links from a door, and note what is not a page or shows raw words."""
    context = demo.browser.new_context(base_url=demo.url)
    first = context.request.get(address)
    demo.cookies[door] = context.storage_state()
    pages = demo.found[door] = {}
    tried: Counter[str] = Counter()
    here = urlsplit(first.url).path
    waiting = [here, *BESIDE.get(door, ())]
    known = set(waiting)
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


def import_a_list(demo: Demo) -> None:
    """Bring a list with faults, so that the steps of an import have pages to look at."""
    context = demo.browser.new_context(base_url=demo.url, storage_state=demo.cookies["procurement"])  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/vendors/import")
    page.get_by_label("Or paste the rows").fill(LIST)
    page.get_by_role("button", name="Read the list").click()
    for step in ("columns", "check"):
        page.wait_for_url(f"**/{step}")
        demo.found["procurement"][urlsplit(page.url).path] = page.inner_text("body")
        if step == "columns":
            page.locator("main form button.primary").last.click()
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
