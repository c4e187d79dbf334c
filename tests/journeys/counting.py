"""Counts what somebody does at a page, and stops them when it is more than was promised."""

import logging
import time
from pathlib import Path

from playwright.sync_api import Locator, Page

LOG = logging.getLogger(__name__)


class Hands:
    """A person's hands and watch: a click, a key command, a field filled, a file chosen count one.

    The fields of an intake are counted apart: their number is promised on its own.
    """

    def __init__(self, page: Page, *, most: int, seconds: float) -> None:
        self.page = page
        self.most = most
        self.seconds = seconds
        self.did: list[str] = []
        self.fields: list[str] = []
        self.began = time.monotonic()

    def open(self, address: str) -> None:
        """Press a link outside the product: in a letter, or a bookmark."""
        self._count("open the mailed link")
        self.page.goto(address)

    def click(self, what: str, target: Locator) -> None:
        """Press a button, a link or a choice."""
        self._count(f"click {what}")
        target.click()

    def choose(self, what: str, target: Locator, *, label: str) -> None:
        """Choose from a list."""
        self._count(f"choose {what}")
        target.select_option(label=label)

    def fill(self, what: str, target: Locator, text: str) -> None:
        """Fill in one field."""
        self._count(f"fill {what}")
        target.fill(text)

    def type(self, what: str, text: str) -> None:
        """Fill in the field that has the focus; nobody pointed at it."""
        self._count(f"type {what}")
        self.page.keyboard.type(text)

    def key(self, key: str) -> None:
        """Press a key that commands something."""
        self._count(f"key {key}")
        self.page.keyboard.press(key)

    def give(self, what: str, target: Locator, path: Path) -> None:
        """Choose a file."""
        self._count(f"file {what}")
        target.set_input_files(path)

    def intake(self, what: str, target: Locator, text: str = "") -> None:
        """Answer one field of an intake: write in it, or tick what it offers."""
        self.fields.append(what)
        if text:
            target.fill(text)
        else:
            target.check()

    def done(self) -> None:
        """Write down how it went beside what was promised; a busy machine fails no test."""
        took = time.monotonic() - self.began
        beside = f" beside {len(self.fields)} fields" if self.fields else ""
        told = f"{len(self.did)} of {self.most}{beside}, {took:.1f} of {self.seconds:.0f} s"
        LOG.info("%s: %s", told, self._list())

    def _count(self, what: str) -> None:
        self.did.append(what)
        assert len(self.did) <= self.most, f"More than {self.most} things to do: {self._list()}"

    def _list(self) -> str:
        return "; ".join(f"{place} {what}" for place, what in enumerate(self.did, 1))
