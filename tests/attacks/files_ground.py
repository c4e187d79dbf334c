"""Where hostile files are brought: the product as it ships, a real scanner, two vendors' people."""

import http.client
import itertools
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from sqlalchemy import select

from app import set_up
from audit.actions import SYSTEM
from audit.models import Entry
from audit.queries import first_bad_entry
from evidence.models import Evidence
from evidence.verifying import prove
from foundation import clock, schema
from foundation.csrf import cookie_name
from foundation.db import Database
from foundation.settings import Settings
from identity import sessions
from identity.models import Person
from identity.rules import DoorKind, SessionStage
from mail.models import Letter
from organisation.commands import set_up as set_up_organisation
from tests import makers
from tests.attacks.attacker import SECRET, Attacker
from tests.attacks.scanner import Clamd
from tests.journeys.conftest import free_port
from tests.people import PERVEZ, STAFF, Character

PATIENCE = 60
TOO_FAST = 429
"""Seconds after which what has not happened never will; nothing is judged by them."""
MOST_OF_A_VENDOR = 60
"""Megabytes that the files of one vendor may have here."""
MOST_FILES = 12
MOST_OF_ALL = 2_000
"""Megabytes that all files may have here."""


@dataclass(frozen=True)
class Got:
    """An answer with its bytes."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


@dataclass
class Hand(Attacker):
    """Somebody who brings files and takes copies, without a browser."""

    vendor_id: UUID | None = None

    def bring(
        self, content: bytes, name: str, *, media: str = "application/pdf", **fields: str
    ) -> Got:
        """Upload a file the way this one's page does it."""
        path = (
            "/p/evidence" if self.cookie == "duly_portal" else f"/vendors/{self.vendor_id}/evidence"
        )
        known = {"vendor_id": str(self.vendor_id), "kind": "other", "visibility": "internal"}
        body, boundary = multipart(content, name, media, known | fields)
        return self.ask(
            "POST", path, body, {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        )

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Got:
        got = self._ask_once(method, path, body, headers)
        while got.status == TOO_FAST:  # whoever brings this many files at once is told to wait
            time.sleep(0.4)
            got = self._ask_once(method, path, body, headers)
        return got

    def _ask_once(self, method: str, path: str, body: bytes, headers: dict[str, str] | None) -> Got:
        line = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=PATIENCE)
        try:
            line.request(method, path, body or None, self.headers(method) | (headers or {}))
            got = line.getresponse()
            return Got(got.status, {k.lower(): v for k, v in got.getheaders()}, got.read())
        finally:
            line.close()

    def with_cookie(self, got: Got) -> dict[str, str]:
        """Return what a browser sends after an answer that set a cookie."""
        fresh = got.headers["set-cookie"].partition(";")[0]
        return {"Cookie": f"{self.headers('GET')['Cookie']}; {fresh}"}

    def headers(self, method: str) -> dict[str, str]:
        cookie = (
            f"{cookie_name('duly_browser')}={SECRET}; {cookie_name(self.cookie)}={self.session}"
        )
        return {"Cookie": cookie} | ({"X-CSRF-Token": self._csrf()} if method != "GET" else {})


def multipart(content: bytes, name: str, media: str, fields: dict[str, str]) -> tuple[bytes, str]:
    """Return a form with a file, and its boundary; the name goes over the wire as it is."""
    boundary = uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    told = name.replace("\\", "\\\\").replace('"', '\\"').encode("utf-8", "surrogateescape")
    parts.append(
        f"--{boundary}\r\n".encode()
        + b'Content-Disposition: form-data; name="file"; filename="'
        + told
        + b'"\r\n'
        + f"Content-Type: {media}\r\n\r\n".encode()
        + content
        + f"\r\n--{boundary}--\r\n".encode()
    )
    return b"".join(parts), boundary


@dataclass
class Ground:
    """The product, its scanner, and what can be read behind its back."""

    settings: Settings
    database: Database
    clamd: Clamd
    log: Path
    spool: Path

    @property
    def url(self) -> str:
        return self.settings.base_url

    def vendor(self, name: str = "") -> Hand:
        """Register a vendor of its own with somebody who brings its files."""
        made = name or f"Vendor {next(_NUMBERS)}"
        who = Character(f"Person of {made}", f"person{next(_NUMBERS)}@vendor.example", ())
        with self.database.writing() as session:
            vendor = makers.make_vendor(session, name=made)
            makers.make_contact(session, vendor, who)
            vendor_id = vendor.id
        return self._hand(who, vendor_id, DoorKind.VENDOR, "duly_portal")

    def staff(self, who: Character, vendor_id: UUID) -> Hand:
        return self._hand(who, vendor_id, DoorKind.STAFF, "duly_staff")

    def files(self, hand: Hand) -> list[Evidence]:
        """Return what is on record for a vendor, the oldest first."""
        with self.database.reading() as session:
            chosen = select(Evidence).where(Evidence.vendor_id == hand.vendor_id)
            found = session.scalars(chosen.order_by(Evidence.uploaded_at, Evidence.id)).all()
            session.expunge_all()
            return list(found)

    def entries(self, subject: UUID) -> list[tuple[str, dict[str, Any]]]:
        with self.database.reading() as session:
            chosen = select(Entry.action, Entry.chained).where(Entry.subject_id == subject)
            return [
                (action, detail) for action, detail in session.execute(chosen.order_by(Entry.seq))
            ]

    def letters(self, kind: str, about: UUID | None = None) -> list[str]:
        """Return who was written to."""
        with self.database.reading() as session:
            chosen = select(Letter.to_email).where(Letter.kind == kind, Letter.about_id == about)
            return sorted(session.scalars(chosen))

    def object_of(self, row: Evidence) -> Path:
        name = row.object_id.hex
        return self.settings.evidence_dir / name[:2] / name[2:4] / str(row.object_id)

    def objects(self) -> set[Path]:
        return {each for each in self.settings.evidence_dir.glob("??/??/*") if each.is_file()}

    def wait_for(self, happened: Any, why: str) -> None:
        """Wait until something is so; the worker sweeps twice a second."""
        deadline = time.monotonic() + PATIENCE
        while not happened():
            assert time.monotonic() < deadline, f"{why}\n{self.log.read_text()[-3000:]}"
            time.sleep(0.05)

    def _hand(self, who: Character, vendor_id: UUID, door: DoorKind, cookie: str) -> Hand:
        with self.database.writing() as session:
            owner = session.scalars(select(Person).where(Person.email == who.email)).one()
            token = sessions.start(
                session, owner.id, door=door, stage=SessionStage.FULL, at=clock.now()
            )
        return Hand(self.url, who.name, cookie=cookie, session=token, vendor_id=vendor_id)


_NUMBERS = itertools.count(1)
TRACES = re.compile(r"Traceback|File \"/|sqlalchemy|werkzeug|pikepdf|zipfile")


def is_whole(ground: Ground) -> None:
    """Whatever was tried: every file on record opens, the ledger fits, nothing was left behind."""
    set_up(ground.settings)
    found = prove(ground.database, clock.now())
    assert (found.refused, found.lost, found.strays) == ([], [], 0)
    with ground.database.reading() as session:
        assert first_bad_entry(session) is None
    assert [each for each in ground.spool.rglob("*") if each.is_file()] == []
    assert list(ground.settings.evidence_dir.glob("tmp/*")) == []
    assert "Traceback" not in ground.log.read_text()


def print_scale(rounds: int, of: str) -> None:
    """Say how long a run this is, so that nobody takes a short one for a long one."""
    print(f"\nROUNDS={rounds} {of}")  # noqa: T201


def furnished(folder: Path, address: str, clamd: Clamd) -> Ground:
    """Make the database of a product, with its staff, before it is served."""
    settings = Settings(
        data_dir=folder,
        database_url=address,
        base_url=f"http://localhost:{free_port()}",
        clamd=clamd.address,
        vendor_storage_mb=MOST_OF_A_VENDOR,
        vendor_files=MOST_FILES,
        storage_mb=MOST_OF_ALL,
    )
    set_up(settings)
    database = Database(settings.database_address)
    schema.migrate(database)
    with database.writing() as session:
        set_up_organisation(session, at=clock.now(), by=SYSTEM, name="Northwind Payments")
        for who in (PERVEZ, *STAFF):
            makers.make_staff(session, who)
    spool = folder / "spool"
    spool.mkdir()
    return Ground(settings, database, clamd, folder / "product.log", spool)


@contextmanager
def rechanged(ground: Ground, row: Evidence, **values: Any) -> Iterator[None]:
    """Change a row behind the product's back, and put it back."""
    before = {name: getattr(row, name) for name in values}
    _write(ground, row.id, values)
    try:
        yield
    finally:
        _write(ground, row.id, before)


def _write(ground: Ground, evidence_id: UUID, values: dict[str, Any]) -> None:
    table = Evidence.__table__
    with ground.database.engine.begin() as line:
        line.execute(table.update().where(table.c.id == evidence_id).values(**values))
