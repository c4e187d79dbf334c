"""A vendor's browser in a soak: saves as the page's script does, and keeps a journal."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlencode

from bench.soak_ground import Seat

RETRIED, DROPPED = 0.05, 0.01
"""How often a save that was answered is sent again, and how often nobody hears the answer."""
PAUSE = 2.0
"""Seconds between two changes of one person, on average."""
FIRST_RETRY, LONGEST_RETRY = 0.25, 4.0
KEPT_OPEN = 4.0
"""Seconds after which a browser opens a new line: the server closes an idle one after five."""


@dataclass
class Journal:
    """What one person typed, and what they were told is saved: text by question and version."""

    acknowledged: dict[tuple[str, int], str] = field(default_factory=dict)
    last: dict[str, str] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)
    """Seconds of each request that was answered with 200."""
    waits: list[float] = field(default_factory=list)
    """Seconds from a change to its acknowledgement, whatever it took."""
    answers: dict[int, int] = field(default_factory=dict)
    """How many answers had which status."""
    retried: int = 0
    dropped: int = 0
    broken: int = 0
    """Lines that broke without our doing: deaths of the server."""
    faults: list[str] = field(default_factory=list)


class Browser:
    """One person with the questionnaire open, until told to stop."""

    def __init__(self, seat: Seat, port: int, codes: tuple[str, ...], number: int) -> None:
        """Keep what is needed; nothing is sent yet."""
        self.seat, self.port, self.codes = seat, port, codes
        self.chance = Random(number)  # noqa: S311  the same soak on every run, no secret
        self.name = f"vendor {number}"
        self.journal = Journal()
        self._versions: dict[str, int] = {}
        self._sequence = 0
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._used_at = 0.0

    async def live(self, until: float) -> None:
        """Change one answer after another until a moment of the monotonic clock."""
        await asyncio.sleep(self.chance.uniform(0, PAUSE))
        number = 0
        while time.monotonic() < until:
            code = self.codes[number % len(self.codes)]
            await self._change(code, f"{self.name} says {number} of {code}")
            number += 1
            await asyncio.sleep(self.chance.uniform(0.5 * PAUSE, 1.5 * PAUSE))
        self._hang_up()

    async def _change(self, code: str, text: str) -> None:
        """Type something and save it, however often that has to be tried."""
        began, wait = time.monotonic(), FIRST_RETRY
        if self.chance.random() < DROPPED:
            await self._send_and_hang_up(code, text)
        while True:
            try:
                status, told = await self._save(code, text)
            except (OSError, EOFError, ValueError, asyncio.IncompleteReadError):
                self.journal.broken += 1
                status, told = 0, {}
                self._hang_up()
            if status == 200:
                break
            if 400 <= status < 500:
                self.journal.faults.append(f"{self.name}, {code}: {status} {told}")
                return
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_RETRY)
        self.journal.waits.append(time.monotonic() - began)
        self._note(code, text, int(told["version"]))
        if self.chance.random() < RETRIED:
            self.journal.retried += 1
            await self._again(code, text)

    def _note(self, code: str, text: str, version: int) -> None:
        if version != self._versions.get(code, 0) + 1:
            self.journal.faults.append(f"{self.name}, {code}: version {version} after a change")
        self._versions[code] = version
        self.journal.acknowledged[code, version] = text
        self.journal.last[code] = text

    async def _again(self, code: str, text: str) -> None:
        """Send what was saved once more, made from the old version, as a late repeat arrives."""
        version = self._versions[code]
        try:
            status, told = await self._save(code, text, base=version - 1)
        except (OSError, EOFError, ValueError, asyncio.IncompleteReadError):
            self._hang_up()
            return
        if status == 200 and told["version"] != version:
            self.journal.faults.append(f"{self.name}, {code}: a repeat made {told['version']}")

    async def _save(
        self, code: str, text: str, base: int | None = None
    ) -> tuple[int, dict[str, int]]:
        began = time.monotonic()
        reader, _ = await self._post(code, text, base)
        status, body = await _answer(reader)
        self._used_at = time.monotonic()
        self.journal.answers[status] = self.journal.answers.get(status, 0) + 1
        if status == 200:
            self.journal.times.append(self._used_at - began)
        return status, json.loads(body) if body.startswith(b"{") else {}

    async def _send_and_hang_up(self, code: str, text: str) -> None:
        """Lose the line after the request left and before the answer is there."""
        self.journal.dropped += 1
        try:
            await self._post(code, text, None)
            await asyncio.sleep(self.chance.uniform(0, 0.03))
        except OSError:
            pass
        self._hang_up()

    async def _post(
        self, code: str, text: str, base: int | None
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        self._sequence += 1
        version = self._versions.get(code, 0) if base is None else base
        form = {"code": code, "version": version, "sequence": self._sequence, "text": text}
        body = urlencode(form).encode()
        lines = [
            f"POST /p/a/{self.seat.assessment_id}/answers HTTP/1.1",
            f"Host: localhost:{self.port}",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
            *(f"{name}: {value}" for name, value in self.seat.headers.items()),
        ]
        line = await self._opened()
        line[1].write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        await line[1].drain()
        return line

    async def _opened(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._line is not None and time.monotonic() - self._used_at > KEPT_OPEN:
            self._hang_up()
        if self._line is None:
            self._line = await asyncio.open_connection("localhost", self.port)
        return self._line

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line[1].transport.abort()
            self._line = None


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Read one HTTP/1.1 answer with a length."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    status = int(head.split(" ", 2)[1])
    length = next(
        int(line.split(":", 1)[1])
        for line in head.split("\r\n")
        if line.lower().startswith("content-length:")
    )
    return status, await reader.readexactly(length)
