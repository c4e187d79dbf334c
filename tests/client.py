"""The test client: a browser that reads every page it gets, and fails on a bad one."""

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from tests.markup import check_page

ONCE = re.compile(r'name="once" value="([^"]+)"')
CSRF = re.compile(r'name="csrf_token" value="([^"]+)"|<meta name="csrf-token" content="([^"]+)"')
SIGHTINGS = (
    "UPDATE web_session SET last_seen_at",
    "UPDATE api_token SET last_used_at",
    "UPDATE feed_token SET last_used_at",
)
DOWNLOADS = ("/download", "/report.pdf", "/content")
COUNTED = ("/api/", "/calendar/feed/")
LEDGER = ("INSERT INTO ledger_entry", "UPDATE ledger_head", "INSERT INTO outbox_letter")


class HouseClient(FlaskClient):
    """Sends the token of the last page, parses what comes back, counts statements."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.csrf = ""
        self.statements: list[str] = []

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        is_write = kwargs.get("method", "GET") not in {"GET", "HEAD", "OPTIONS"}
        if is_write and kwargs.pop("with_csrf", True):
            self._add_token(kwargs)
        kwargs.pop("with_csrf", None)
        engine = self.application.extensions["database"].engine
        self.statements = []
        writes: list[str] = []

        def note(_c: Any, _u: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith(("PRAGMA", "BEGIN")):
                self.statements.append(statement)
            if statement.startswith(("INSERT", "UPDATE", "DELETE")):
                writes.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            response = super().open(*args, **kwargs)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        if not is_write:
            path = (str(args[0]) if args else str(kwargs.get("path", ""))).partition("?")[0]
            if path.startswith(COUNTED):  # counted before it is answered (ruling 22)
                writes = [w for w in writes if " try_counter " not in w]
            _fail_on_dirty_get(writes, is_download=path.endswith(DOWNLOADS))
        if response.mimetype == "text/html" and response.data:
            self._read(response.get_data(as_text=True))
        return response

    def _add_token(self, kwargs: dict[str, Any]) -> None:
        headers = dict(kwargs.get("headers") or {})
        if not self.csrf:
            self.get("/sign-in")
        headers.setdefault("X-CSRF-Token", self.csrf)
        kwargs["headers"] = headers

    def _read(self, text: str) -> None:
        found = CSRF.search(text)
        if found:
            self.csrf = found.group(1) or found.group(2)
        check_page(text)


def _fail_on_dirty_get(writes: list[str], *, is_download: bool) -> None:
    # last_seen is a sighting, written apart from the request and at most once a minute.
    real = [w for w in writes if not w.startswith(SIGHTINGS)]
    if is_download:  # a copy taken, or refused, stands in the ledger; who is told is in a letter
        real = [w for w in real if not w.startswith(LEDGER)]
    assert not real, f"A GET wrote to the database: {real}"


def client_of(app: Flask) -> HouseClient:
    """Return a fresh browser."""
    app.test_client_class = HouseClient
    made = app.test_client()
    assert isinstance(made, HouseClient)
    return made
