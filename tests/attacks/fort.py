"""The product as it ships, behind https, in a time that a test tells, and people with secrets.

Nobody is signed in by hand: they have passwords, authenticator apps and links, and come in through
the doors. Each test begins an hour after the last one, with every bucket of tries full.
"""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from uuid import UUID

import pyotp
import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app import set_up
from audit.actions import SYSTEM, Action
from audit.models import Entry
from foundation import clock, schema
from foundation.db import Database
from foundation.settings import Settings
from identity import invitations, passwords, recovery, totp
from identity.models import Challenge, Invitation, Person, TotpFactor, WebSession
from mail.models import Letter
from mail.rules import LetterState
from organisation.commands import set_up as set_up_organisation
from questionnaires.models import QuestionnaireVersion
from tests import makers
from tests.attacks.browser import HOST, Browser
from tests.attacks.clocked import Hand
from tests.grounds import PostgresServer
from tests.mail.server import free_port
from tests.people import STAFF, VANIA, VIKTOR, Character

ROOT = Path(__file__).resolve().parents[2]
IS_LONG = os.environ.get("DULY_ATTACKS") == "long"
ROUNDS = 10 if IS_LONG else 1
"""How often a race is run, as a factor."""
PATIENCE = 60
PASSWORD = "velvet otter 9 marmalade"
CODE = re.compile(r"^\s+([0-9A-Z]{4}-[0-9A-Z]{4})\r?$", re.MULTILINE)
NEXT_STEP = timedelta(seconds=30)


@dataclass(frozen=True)
class Account:
    """What a person knows and has."""

    person_id: UUID
    secret: str
    recovery: tuple[str, ...]


class Postbox:
    """Every letter as it came over the wire, with whom it was for."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], bytes]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        del server, session
        self.taken.append((list(envelope.rcpt_tos), bytes(envelope.original_content)))
        return "250 OK"

    def to(self, email: str, about: str = "") -> list[str]:
        """Return the texts of the letters to an address whose subject holds some words."""
        found = []
        for to, content in self.taken:
            letter = message_from_bytes(content, policy=policy.SMTP)
            if to == [email] and about.lower() in str(letter["Subject"]).lower():
                found.append(str(letter.get_content()))
        return found


@dataclass
class Fort:
    """The product and what stands around it."""

    port: int
    database: Database
    settings: Settings
    hand: Hand
    post: Postbox
    log: Path
    restart: Callable[[], None]
    accounts: dict[str, Account] = field(default_factory=dict)

    def browser(self, ip: str = "127.0.0.1") -> Browser:
        return Browser(self.port, ip)

    def later(self, **span: float) -> None:
        """Let time go by for everybody."""
        self.hand.forward(timedelta(**span))

    def code_of(self, who: Character) -> str:
        """Return a code of somebody's app that was not used yet."""
        self.hand.forward(NEXT_STEP)
        return pyotp.TOTP(self.accounts[who.email].secret).at(self.hand.now())

    def knock(self, browser: Browser, email: str, password: str = PASSWORD, **headers: str) -> Any:
        """Type an address and a password into the page that asks for them."""
        if "/sign-in" not in browser.shown or "csrf" not in browser.shown:
            browser.get("/sign-in")
        return browser.post("/sign-in", headers, email=email, password=password)

    def sign_in(self, who: Character, ip: str = "127.0.0.1") -> Browser:
        """Bring a member of staff in by password and app."""
        browser = self.browser(ip)
        browser.get("/sign-in")
        browser.follow(self.knock(browser, who.email))
        done = browser.post("/sign-in/code", code=self.code_of(who))
        assert done.status == 303, done.text[:500]
        return browser

    def link(self, who: Character) -> str:
        """Return the token of somebody's newest link."""
        with self.database.reading() as session:
            mine = select(Invitation).join(Person, Person.id == Invitation.person_id)
            found = session.scalars(
                mine.where(Person.email == who.email).order_by(Invitation.created_at.desc())
            ).first()
            assert found is not None
            return invitations.token_of(found)

    def ring(self, browser: Browser, token: str) -> Any:
        """Open a link and ask for a code."""
        browser.follow(browser.get(f"/p/i/{token}"))
        return browser.post("/p/i")

    def mailed_code(self, who: Character, *, after: int = 0) -> str:
        """Wait for a code in somebody's post, later than so many."""
        codes = self.wait(lambda: self.post.to(who.email, "your code")[after:])
        return CODE.search(codes[-1])[1]  # type: ignore[index]

    def n_codes(self, who: Character) -> int:
        return len(self.post.to(who.email, "your code"))

    def come_in(self, who: Character, ip: str = "127.0.0.1") -> Browser:
        """Bring a vendor's person in by link, mailed code and app, where one is asked for."""
        self.quiet()
        browser, before = self.browser(ip), self.n_codes(who)
        self.ring(browser, self.link(who))
        browser.get("/p/code")
        done = browser.post("/p/code", code=self.mailed_code(who, after=before))
        assert done.status == 303, done.text[:500]
        if done.header("Location") == "/p/factor":
            browser.get("/p/factor")
            done = browser.post("/p/factor", code=self.code_of(who))
            assert done.status == 303, done.text[:500]
        return browser

    def wait(self, until: Callable[[], Any]) -> Any:
        """Wait for the worker; nothing is judged by the time it takes."""
        deadline = time.monotonic() + PATIENCE
        while not (found := until()):
            assert time.monotonic() < deadline, self.log.read_text()[-3000:]
            time.sleep(0.02)
        return found

    def quiet(self) -> None:
        """Wait until no letter is under way."""
        queued = select(Letter.id).where(Letter.state == LetterState.QUEUED).limit(1)
        self.wait(lambda: not self.read(queued))

    def read(self, chosen: Any) -> list[Any]:
        with self.database.reading() as session:
            return list(session.scalars(chosen))

    def write(self, do: Callable[[Session], Any]) -> Any:
        with self.database.writing() as session:
            return do(session)

    def count(self, action: Action) -> int:
        with self.database.reading() as session:
            chosen = select(func.count()).where(Entry.action == action)
            return session.scalars(chosen).one()

    def sessions_of(self, who: Character) -> int:
        """Return how many sessions somebody ever had."""
        mine = WebSession.person_id == self.accounts[who.email].person_id
        return len(self.read(select(WebSession.id).where(mine)))

    def challenges(self) -> list[Challenge]:
        """Return every code ever asked for, the newest first."""
        return self.read(select(Challenge).order_by(Challenge.created_at.desc()))


@contextmanager
def standing(folder: Path, server: PostgresServer | None) -> Iterator[Fort]:
    post, port = Postbox(), free_port()
    controller = Controller(post, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings = Settings(
        data_dir=folder,
        database_url=server.new_database("duly_fort") if server else "",
        base_url=f"https://{HOST}",
        smtp_url=f"smtp://127.0.0.1:{controller.port}",
    )
    hand, log = Hand(folder / "hand", new=True), folder / "fort.log"
    set_up(settings)
    database = Database(settings.database_address)
    schema.migrate(database)
    running: dict[str, subprocess.Popen[bytes]] = {}

    def start(*words: str) -> None:
        with log.open("ab") as out:
            running[words[0]] = subprocess.Popen(
                [sys.executable, "-m", "tests.attacks.clocked", str(folder / "hand"), *words],
                cwd=ROOT,
                env=_surroundings(settings),
                stdout=out,
                stderr=out,
            )

    def serve() -> None:
        start("serve", "--port", str(port))
        _wait_for(port, log)

    def restart() -> None:
        _end(running.pop("serve"))
        serve()

    start("worker", "--every", "0.1")
    fort = Fort(port, database, settings, hand, post, log, restart)
    with clock.told(hand.now):
        people(fort)
    serve()
    try:
        yield fort
    finally:
        for process in running.values():
            _end(process)
        controller.stop()
        database.engine.dispose()


def people(fort: Fort) -> None:
    """Let everybody have a password, an app and recovery codes, and ask two vendors."""
    hashed = passwords.hash(PASSWORD)
    with fort.database.writing() as session:
        at = clock.now()
        set_up_organisation(session, at=at, by=SYSTEM, name="Northwind Payments", time_zone="UTC")
        for who in STAFF:
            makers.make_staff(session, who)
        asks = makers.make_staff(session)
        version = makers.make_version(session, by=asks)
        for who, name in ((VANIA, "Acme Cloud"), (VIKTOR, "Borealis Data")):
            ask(session, who, name, version)
        for who in (*STAFF, VANIA):
            person = makers.make_person(session, who)
            fort.accounts[who.email] = _equip(session, person, hashed)
        viktor = makers.make_person(session, VIKTOR)
        fort.accounts[VIKTOR.email] = Account(viktor.id, "", ())


def ask(
    session: Session,
    who: Character,
    name: str,
    version: QuestionnaireVersion,
    exposure: Any = makers.CRITICAL,
) -> None:
    """Send a questionnaire to somebody at a vendor of tier 1, who needs a second factor."""
    author = makers.make_staff(session)
    vendor = makers.make_vendor(session, name=name, exposure=exposure, by=author)
    contact = makers.make_contact(session, vendor, who, by=author)
    due_on = (clock.now() + timedelta(days=300)).date()
    makers.make_assessment(
        session, vendor=vendor, contact=contact, version=version, due_on=due_on, by=author
    )


def _equip(session: Session, person: Person, hashed: str) -> Account:
    secret = totp.begin(session, person)
    factor = TotpFactor.person_id == person.id
    session.execute(update(TotpFactor).where(factor).values(confirmed_at=clock.now()))
    person.password_hash = hashed
    return Account(person.id, secret, tuple(recovery.issue(session, person.id)))


def _surroundings(settings: Settings) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "DULY_DATA_DIR": str(settings.data_dir),
        "DULY_DATABASE_URL": settings.database_url,
        "DULY_BASE_URL": settings.base_url,
        "DULY_SMTP_URL": settings.smtp_url,
    }


def _wait_for(port: int, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not _is_ready(port):
        assert time.monotonic() < deadline, log.read_text()[-4000:]
        time.sleep(0.05)


def _is_ready(port: int) -> bool:
    line = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/readyz")
        return line.getresponse().status == 200
    except OSError:
        return False
    finally:
        line.close()


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def stronghold(
    tmp_path_factory: pytest.TempPathFactory, server: PostgresServer | None
) -> Iterator[Fort]:
    with standing(tmp_path_factory.mktemp("fort"), server) as fort:
        yield fort


@pytest.fixture
def fort(stronghold: Fort) -> Iterator[Fort]:
    """The product an hour later; this process lives in the same time and has the same keys."""
    set_up(stronghold.settings)
    stronghold.later(hours=1)
    with clock.told(stronghold.hand.now):
        stronghold.quiet()
        yield stronghold
