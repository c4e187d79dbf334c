"""What is measured: each operation as a call, on one filled database."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask, g
from sqlalchemy import event
from werkzeug.test import Client

from app import create_app
from bench import report
from bench.seed import Ground
from foundation.csrf import cookie_name, csrf_token
from foundation.web import public
from questionnaires import sheet
from questionnaires.models import Assessment

SECRET = "of-the-browser-of-a-measurement-at-least-32"  # noqa: S105  a browser's, of this run
ONWARD = re.compile(r'rel="next" href="([^"]+)"')
VERSION = re.compile(r'"version":\s*(\d+)')


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing to measure; `call` returns the bytes of its answer."""

    name: str
    call: Callable[[], int]
    goal_ms: float | None = None
    goal_statements: int | None = None
    goal_bytes: int | None = None
    grows: bool = True
    """Whether its cost must stay the same with more vendors."""


class Bench:
    """A running application on a filled database, and what is done with it."""

    def __init__(self, ground: Ground) -> None:
        """Make the application and the two browsers."""
        self.ground = ground
        self.app = create_app(ground.settings)
        self.staff = self._browser("duly_staff", ground.staff_token)
        self.vendor = self._browser("duly_portal", ground.vendor_token)
        self.statements = 0
        self.saves: dict[str, int] = {}
        self.turn = 0
        engine = self.app.extensions["database"].engine
        event.listen(engine, "before_cursor_execute", self._count)
        self.onward = self._next_page()

    def operations(self) -> Iterator[Operation]:
        """Yield everything that is measured, in the order of the table."""
        yield Operation("vendor list, first page", self.get("/vendors"), 12, 6)
        yield Operation("vendor list, next page", self.get(self.onward), 12, 6)
        yield Operation("vendor list, by tier", self.get("/vendors?sort=tier"), 12, 6)
        yield Operation("vendor list, filtered", self.get("/vendors?country=IS"), 12, 6)
        yield Operation("vendor search, two words", self.get("/vendors?q=zenith+tru"), 15, 6)
        yield Operation("vendor search, broad", self.get("/vendors?q=lab"), 15, 6)
        yield Operation("search everything", self.get("/search?q=zenith+tru"), 30)
        section = f"/p/a/{self.ground.assessment_id}/s/{self.ground.section}"
        yield Operation("open one section of 16", self.get(section, self.vendor), 10, 10)
        yield Operation("save one answer", self.save, 8, 12)
        yield Operation("score with its sum", self.score, 5)

    def exports(self) -> Iterator[Operation]:
        """Yield the exports; their rows are those of tier 1, as many at every size."""
        yield Operation("export as CSV", self.get("/vendors/download?format=csv&tier=1"), 1000)
        yield Operation("export as XLSX", self.get("/vendors/download?format=xlsx&tier=1"), 1000)
        yield Operation("report of 256 answers as tagged PDF", report.drawing(), 3500, grows=False)

    def get(self, address: str, browser: Client | None = None) -> Callable[[], int]:
        """Return a call that opens a page and fails when it does not open."""

        def call() -> int:
            answer = (browser or self.staff).get(address)
            if answer.status_code != 200:
                raise RuntimeError(f"{address} answered {answer.status_code}")
            return len(answer.get_data())

        return call

    def save(self) -> int:
        """Change one answer, as the script of a section page does."""
        self.turn += 1
        codes = self.ground.codes
        code = codes[self.turn % len(codes)]
        option = "no" if (self.turn // len(codes)) % 2 == 0 else "yes"
        answer = self.vendor.post(
            f"/p/a/{self.ground.assessment_id}/answers",
            data={
                "code": code,
                "options": [option],
                "version": str(self.saves.get(code, 1)),
                "sequence": str(self.turn + 1),
            },
            headers=self._token("duly_portal", self.ground.vendor_token),
        )
        text = answer.get_data(as_text=True)
        found = VERSION.search(text)
        if answer.status_code != 200 or found is None:
            raise RuntimeError(f"Saving answered {answer.status_code}: {text[:300]}")
        self.saves[code] = int(found.group(1))
        return len(text)

    def score(self) -> int:
        """Read the answers of an assessment and compute its score with the sum."""
        with self.app.extensions["database"].reading() as session:
            found = session.get_one(Assessment, self.ground.assessment_id)
            made = sheet.of(session, found)
        if made.score is None:
            raise RuntimeError("The assessment has no score.")
        return 0

    def close(self) -> None:
        """Let go of the database."""
        self.app.extensions["database"].engine.dispose()

    def _next_page(self) -> str:
        found = ONWARD.search(self.staff.get("/vendors").get_data(as_text=True))
        if found is None:
            raise RuntimeError("The list has no second page.")
        return found.group(1).replace("&amp;", "&")

    def _browser(self, cookie: str, token: str) -> Client:
        client = Client(self.app, use_cookies=True)
        client.set_cookie(cookie_name(cookie), token, domain="localhost")
        client.set_cookie(cookie_name("duly_browser"), SECRET, domain="localhost")
        return client

    def _token(self, cookie: str, token: str) -> dict[str, str]:
        del cookie
        with self.app.test_request_context(
            headers={"Cookie": f"{cookie_name('duly_browser')}={SECRET}"}
        ):
            g.session_token = token
            return {"X-CSRF-Token": csrf_token(), "Accept": "application/json"}

    def _count(self, *given: Any) -> None:  # noqa: ANN401  SQLAlchemy's own arguments
        if not str(given[2]).startswith(("PRAGMA", "BEGIN")):
            self.statements += 1


def hello() -> Callable[[], int]:
    """Return the yardstick: a bare Flask application that answers hello."""
    bare = Flask("hello")
    bare.add_url_rule("/", view_func=public(lambda: "hello"), endpoint="hello")
    client = Client(bare)
    return lambda: len(client.get("/").get_data())
