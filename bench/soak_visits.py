"""What else goes on in a gentle soak: pages, files brought and taken away, reports made."""

import asyncio
import hashlib
import io
import os
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import count
from random import Random
from uuid import uuid4

import pikepdf
from sqlalchemy import select

from bench.soak_ground import Ground, Seat
from evidence.models import Evidence

PATIENCE = 120
SMALLEST, LARGEST = 100_000, 4_000_000
"""Bytes of a file that is brought: from what stays in memory to what waits on disk."""
DESK_PAGES = ("/", "/vendors", "/vendors?sort=tier", "/search?q=vendor", "/calendar", "/account")


@dataclass
class Book:
    """What visitors did, and what went wrong."""

    done: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


@dataclass
class Visitor:
    """Somebody who does one thing again and again, each time on a new line."""

    ground: Ground
    port: int
    desk: dict[str, str]
    book: Book = field(default_factory=Book)
    chance: Random = field(default_factory=lambda: Random(20))  # noqa: S311  the same soak each time

    def __post_init__(self) -> None:
        """Begin with the first of everything."""
        self._turns = count()

    async def keep(self, what: Callable[[], None], every: float, until: float) -> None:
        """Do something every so many seconds until a moment of the monotonic clock."""
        while time.monotonic() + every < until:
            await asyncio.sleep(every * self.chance.uniform(0.5, 1.5))
            try:
                await asyncio.to_thread(what)
            except (OSError, HTTPException) as error:
                self.book.faults.append(f"{what.__name__}: {type(error).__name__} {error}")

    def look_around(self) -> None:
        """Open a page of the desk, and the questionnaire of a vendor."""
        number = next(self._turns)
        seat = self._seat(number)
        pages = (*DESK_PAGES, f"/vendors/{seat.vendor_id}", f"/vendors/{seat.vendor_id}/evidence")
        self._see(pages[number % len(pages)], self.desk)
        self._see(f"/p/a/{seat.assessment_id}/s/part_0", seat.headers)
        self._see("/p/evidence", seat.headers)

    def bring_a_file(self) -> None:
        """Upload a file, take it back, and compare every byte."""
        seat = self._seat(next(self._turns))
        content = a_pdf(self.chance.randint(SMALLEST, LARGEST))
        body, kind = a_form(content)
        status, _ = self._ask("POST", "/p/evidence", seat.headers | {"Content-Type": kind}, body)
        self._expect(status, 303, "upload")
        wanted = hashlib.sha256(content).digest()
        with self.ground.database.reading() as session:
            found = session.scalars(select(Evidence.id).where(Evidence.sha256 == wanted)).first()
        if found is None:
            self.book.faults.append("a file that was taken is not on record")
            return
        status, given = self._ask("GET", f"/p/evidence/{found}/download", seat.headers)
        self._expect(status, 200, "download")
        if hashlib.sha256(given).digest() != wanted:
            self.book.faults.append(f"file {found} came back as another one")

    def order_a_report(self) -> None:
        """Order a report, wait until the worker built it, and take it away."""
        seat = self._seat(next(self._turns))
        status, told = self._ask("POST", f"/vendors/{seat.vendor_id}/reports", self.desk)
        self._expect(status, 303, "report")
        address, until = f"{told.decode()}/download", time.monotonic() + PATIENCE
        while time.monotonic() < until:
            status, given = self._ask("GET", address, self.desk)
            if status == 200 and given.startswith(b"%PDF"):
                self.book.done["report taken away"] += 1
                return
            time.sleep(1)
        self.book.faults.append(f"{address} answered {status} after {PATIENCE} seconds")

    def _see(self, address: str, headers: dict[str, str]) -> None:
        status, _ = self._ask("GET", address, headers)
        self._expect(status, 200, "page", address)

    def _expect(self, status: int, wanted: int, what: str, where: str = "") -> None:
        self.book.done[what] += 1
        if status != wanted:
            self.book.faults.append(f"{what} {where} answered {status}")

    def _seat(self, number: int) -> Seat:
        return self.ground.seats[number % len(self.ground.seats)]

    def _ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes = b""
    ) -> tuple[int, bytes]:
        """Send one request; the body of an answer that leads on is where it leads."""
        line = HTTPConnection("localhost", self.port, timeout=PATIENCE)
        try:
            line.request(method, path, body or None, headers | {"Accept": "text/html"})
            answer = line.getresponse()
            content = answer.read()
            leads_to = answer.getheader("Location")
            return answer.status, leads_to.encode() if leads_to else content
        finally:
            line.close()


def a_pdf(n_bytes: int) -> bytes:
    """Return a file like no other, of about so many bytes."""
    document = pikepdf.new()
    document.add_blank_page()
    document.Root.Weight = document.make_stream(os.urandom(n_bytes))
    document.save(file := io.BytesIO())
    return file.getvalue()


def a_form(content: bytes) -> tuple[bytes, str]:
    """Return a form that brings a file, and its media type."""
    boundary = uuid4().hex
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="kind"\r\n\r\nother\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="proof.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    )
    tail = f"\r\n--{boundary}--\r\n"
    return head.encode() + content + tail.encode(), f"multipart/form-data; boundary={boundary}"
