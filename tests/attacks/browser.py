"""A plain browser over the wire: it keeps cookies, sends the forms it was shown, and no scripts.

Every answer is looked at by the way: no fault of the server, no cookie without its flags.
"""

import http.client
import re
import socket
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

from tests.attacks.attacker import Answer

HOST = "duly.example"
TOKEN = re.compile(r'name="csrf_token" value="([0-9a-f]+)"')
FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
FIELD = re.compile(r'<input\b[^>]*?name="([^"]*)"[^>]*?>', re.DOTALL)
VALUE = re.compile(r'value="([^"]*)"')


def faults_of_cookie(header: str) -> list[str]:
    """Name what a Set-Cookie lacks on a site reached by https, or has too much."""
    flags = {part.strip() for part in header.split(";")[1:]}
    wanted = {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
    faults = sorted(wanted - flags)
    faults += [flag for flag in flags if flag.lower().startswith("domain")]
    faults += [] if header.startswith("__Host-duly_") else ["its name"]
    return faults + (["its length"] if len(header) > 4000 else [])


class Caller(http.client.HTTPConnection):
    """A connection from a network address of one's choice: all of 127.0.0.0/8 is this machine."""

    def __init__(self, port: int, ip: str) -> None:
        super().__init__("127.0.0.1", port, timeout=120, source_address=(ip, 0))


@dataclass
class Browser:
    """Somebody's browser; `ip` is where it stands."""

    port: int
    ip: str = "127.0.0.1"
    cookies: dict[str, str] = field(default_factory=dict)
    shown: str = ""
    """The page it was shown last, in which its next form is found."""

    def copy(self) -> "Browser":
        """What a thief has who took the cookies along."""
        return Browser(self.port, self.ip, dict(self.cookies), self.shown)

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, headers=headers)

    def post(
        self, path: str, headers: dict[str, str] | None = None, **fields: str | list[str]
    ) -> Answer:
        """Send a form, with the token of the page that was shown."""
        found = TOKEN.search(self.shown)
        body = urlencode(fields | ({"csrf_token": found[1]} if found else {}), doseq=True)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.send("POST", path, body.encode(), kind | (headers or {}))

    def follow(self, answer: Answer) -> Answer:
        """Go where an answer sends the browser, for as long as it does."""
        for _ in range(6):
            if answer.status not in {301, 302, 303, 308}:
                break
            answer = self.get(answer.header("Location"))
        return answer

    def submit_all(self) -> list[Answer]:
        """Send every form of the page as it stands, as some scanners do."""
        page, done = self.shown, []
        for head, inside in FORM.findall(page):
            action = re.search(r'action="([^"]*)"', head)
            fields = {}
            for found in FIELD.finditer(inside):
                value = VALUE.search(found[0])
                fields[found[1]] = unescape(value[1]) if value else "12345678"
            fields.pop("csrf_token", None)
            if 'method="post"' in head:
                done.append(self.post(unescape(action[1]) if action else "/p/i", **fields))
            self.shown = page
        return done

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        sent = {"Host": HOST, "Accept": "text/html", "Connection": "close"} | (headers or {})
        if self.cookies:
            cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            sent = {"Cookie": cookies} | sent
        line = Caller(self.port, self.ip)
        try:
            line.request(method, path, body, sent)
            got = line.getresponse()
            text = got.read().decode("utf-8", "replace")
            answer = Answer(got.status, got.getheaders(), text)
        finally:
            line.close()
        self._keep(path, answer)
        return answer

    def _keep(self, path: str, answer: Answer) -> None:
        assert answer.status < 500, (path, answer.status, answer.text[:2000])
        for name, value in answer.headers:
            if name.lower() != "set-cookie":
                continue
            assert faults_of_cookie(value) == [], (path, value)
            key, _, worth = value.partition(";")[0].partition("=")
            if worth and "Max-Age=0" not in value:
                self.cookies[key] = worth.strip('"')
            else:
                self.cookies.pop(key, None)
        if TOKEN.search(answer.text):
            self.shown = answer.text


def raw(port: int, data: bytes, *, seconds: float = 5) -> bytes:
    """Send bytes as they are, and return everything that comes back until the line is closed."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as line:
        got = b""
        try:
            line.sendall(data)
            line.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # it was refused before all was sent; what it said is read all the same
        try:
            while part := line.recv(65536):
                got += part
        except OSError:
            pass
        return got
