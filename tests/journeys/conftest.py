"""The running product: web and worker as they ship, real SMTP, a real browser."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from shutil import which

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from app import set_up
from foundation import schema
from foundation.db import Database
from foundation.settings import Settings
from reminders import sweep
from tests.grounds import PostgresServer
from tests.journeys.desks import Cookies, desk, staff

__all__ = ["desk", "staff"]

ROOT = Path(__file__).resolve().parents[2]
NAMES = "MAP localhost 127.0.0.1, MAP *.localhost 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.*"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # It looks up names of its own at its start: none of them is known, and ours need no looking up.
    f"--host-resolver-rules={NAMES}",
]


class Mailbox:
    """Keeps every letter the product really sent."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del server, session
        assert isinstance(envelope.content, bytes)
        self.letters.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"

    def wait_for(self, to: str, subject: str, *, after: int = 0, seconds: float = 20) -> str:
        """Return the text of the newest letter to somebody whose subject holds some words."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for letter in reversed(self.letters[after:]):
                if to in str(letter["To"]) and subject.lower() in str(letter["Subject"]).lower():
                    return letter.get_content()
            time.sleep(0.1)
        seen = [(str(x["To"]), str(x["Subject"])) for x in self.letters]
        raise AssertionError(f"No letter to {to} about “{subject}”. There were: {seen}")


@dataclass
class Product:
    """The product under test and what stands around it."""

    url: str
    database: Database
    mailbox: Mailbox
    settings: Settings
    log: Path
    contexts: list[BrowserContext] = field(default_factory=list)

    def be_settled(self) -> None:
        """Give this process the keys of this product: a look at the demo leaves its own."""
        set_up(self.settings)

    def sweep_at(self, moment: datetime) -> sweep.Swept:
        """Run the worker's sweep as of another moment, against the same database and mail."""
        self.be_settled()
        return sweep.run(self.database, moment)

    def link_in(self, text: str) -> str:
        """Return the first of our addresses in a letter."""
        found = re.search(rf"{re.escape(self.url)}\S+", text)
        assert found, text
        return found.group(0)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def product(
    tmp_path_factory: pytest.TempPathFactory, server: PostgresServer | None
) -> Iterator[Product]:
    folder = tmp_path_factory.mktemp("product")
    mailbox = Mailbox()
    post = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    post.start()
    port = free_port()
    settings = Settings(
        data_dir=folder,
        database_url=server.new_database("duly_journey") if server else "",
        base_url=f"http://localhost:{port}",
        smtp_url=f"smtp://127.0.0.1:{post.port}",
    )
    set_up(settings)
    database = Database(settings.database_address)
    schema.migrate(database)
    log = folder / "product.log"
    with (
        _running(settings, log, "serve", "--port", str(port)),
        _running(settings, log, "worker", "--every", "0.5"),
    ):
        _wait_for(settings.base_url, log)
        yield Product(settings.base_url, database, mailbox, settings, log)
    post.stop()
    database.engine.dispose()


@contextmanager
def _running(settings: Settings, log: Path, *command: str) -> Iterator[None]:
    surroundings = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "DULY_DATA_DIR": str(settings.data_dir),
        "DULY_DATABASE_URL": settings.database_url,
        "DULY_BASE_URL": settings.base_url,
        "DULY_SMTP_URL": settings.smtp_url,
    }
    with log.open("ab") as out:
        started = subprocess.Popen(
            [sys.executable, "-m", "operations.cli", *command],
            cwd=ROOT,
            env=surroundings,
            stdout=out,
            stderr=out,
        )
        try:
            yield
        finally:
            started.terminate()
            with suppress(subprocess.TimeoutExpired):
                started.wait(timeout=20)
            if started.poll() is None:
                started.kill()
                started.wait()


def _wait_for(url: str, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(OSError):
            urllib.request.urlopen(f"{url}/readyz", timeout=2).close()
            return
        time.sleep(0.1)
    raise AssertionError(f"The product did not start:\n{log.read_text()[-4000:]}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = which("chromium")
    if path is None:
        pytest.fail("chromium is missing: ./duly test installs it.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def at_home(request: pytest.FixtureRequest) -> None:
    """What a story of the product writes by itself is sealed with the product's own keys."""
    if "product" in request.fixturenames:
        request.getfixturevalue("product").be_settled()


@pytest.fixture
def window(chromium: Browser, product: Product):
    """Open a fresh browser for somebody; a console error or foreign request fails the test."""
    opened: list[BrowserContext] = []
    faults: list[str] = []

    def open_window(
        *,
        size: tuple[int, int] = (1280, 900),
        javascript: bool = True,
        state: Cookies | None = None,
    ) -> Page:
        context = chromium.new_context(
            base_url=product.url,
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=javascript,
            storage_state=state,
            locale="en-GB",
        )
        context.set_default_timeout(10_000)
        opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"page error: {error}"))
        page.on("console", lambda m: _note_console(m.type, m.text, faults))
        page.on("request", lambda r: _note_foreign(r.url, product.url, faults))
        return page

    yield open_window
    for context in opened:
        context.close()
    assert faults == []


def _note_console(kind: str, text: str, faults: list[str]) -> None:
    # A refused answer (409, 422) is part of a story; the browser logs it as a failed load.
    if kind == "error" and "Failed to load resource" not in text:
        faults.append(f"console: {text}")


def _note_foreign(address: str, ours: str, faults: list[str]) -> None:
    if not address.startswith(ours) and not address.startswith("blob:"):
        faults.append(f"foreign request: {address}")
