"""Somebody who attacks over the wire: plain requests, cookies of their choice, a true form token."""

import http.client
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flask import Flask, g

from foundation.csrf import cookie_name, csrf_token

SECRET = "of-the-attackers-browser-and-32-characters-long"
PLACE = Flask("attacker")
"""Made once: several hands at once making their own trip over the compiler of Python 3.11."""
REQUEST_ID = re.compile(r"\b[0-9a-f]{16}\b")


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the headers as sent, the text."""

    status: int
    headers: list[tuple[str, str]]
    text: str
    raw: bytes = field(default=b"", repr=False)

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def told(self) -> tuple[int, str]:
        """The status and the text without what is new in every answer."""
        return self.status, REQUEST_ID.sub("", self.text)


@dataclass
class Attacker:
    """A client that keeps no rules of a browser; `cookie` names the door its session opens."""

    url: str
    name: str
    cookie: str = ""
    session: str = ""
    token: str = ""
    line: http.client.HTTPConnection | None = field(default=None, repr=False)

    def send(
        self,
        method: str,
        path: str,
        body: str = "",
        *,
        headers: dict[str, str] | None = None,
        with_csrf: bool = True,
    ) -> Answer:
        sent = {"Content-Type": "application/x-www-form-urlencoded", "Connection": "keep-alive"}
        if self.token:
            sent |= {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        else:
            sent["Cookie"] = f"{cookie_name('duly_browser')}={SECRET}"
            if self.session:
                sent["Cookie"] += f"; {cookie_name(self.cookie)}={self.session}"
            if with_csrf and method != "GET":
                sent["X-CSRF-Token"] = self._csrf()
        return self._once_more(method, path, body.encode(), sent | (headers or {}))

    def _once_more(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Send; a line the server closed while it was idle is opened again, once."""
        try:
            return self._send(method, path, body, headers)
        except (http.client.RemoteDisconnected, ConnectionError):
            self.line = None
            return self._send(method, path, body, headers)

    def _send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        if self.line is None:
            self.line = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        self.line.request(method, path, body=body or None, headers=headers)
        got = self.line.getresponse()
        raw = got.read()
        return Answer(got.status, got.getheaders(), raw.decode("utf-8", "replace"), raw)

    def _csrf(self) -> str:
        cookie = {"Cookie": f"{cookie_name('duly_browser')}={SECRET}"}
        with PLACE.test_request_context(headers=cookie):
            if self.session:
                g.session_token = self.session
            return csrf_token()
