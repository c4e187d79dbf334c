"""D, further: addresses, headers, cookies and bodies made up to end in a fault or lead elsewhere."""

import base64
import json
import re
import socket
from urllib.parse import urlencode, urlsplit

import pytest

from identity.rules import Scope
from tests.attacks.attacker import SECRET
from tests.attacks.test_a_access import DOORS
from tests.people import ADIL, LAILA, VANIA

pytestmark = pytest.mark.slow

AN_ID = "0badcafe-0bad-4bad-8bad-0badcafe0bad"


def place(*parts):
    """Write a place a page goes on from, as addresses carry it."""
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


PLACES = (
    base64.urlsafe_b64encode(b"[" * 2500).decode(),
    place("2026-01-01", AN_ID),
    place("0001-01-01T00:00:00+14:00", AN_ID),
    place("9999-12-31T23:59:59-12:00", AN_ID),
    place("9999-12-31", "\0"),
    place("9999-12-31", "\ud800"),
    place("name", "\ud800", AN_ID),
    place("-created", "0001-01-01T00:00:00+14:00", AN_ID),
    *(place(key, AN_ID) for key in ("\ud800", "\0", "9" * 2000, "nan", "١٢٣")),
    *(place(key) for key in ("9" * 2500, "-1")),
    place("name", "\0", AN_ID),
    place("tier", "99999999999", "x", AN_ID),
    "%00",
    "%ED%A0%80",
)
LISTS = (
    "/vendors?sort=-created&after={}",
    "/contracts?after={}",
    "/vendors/{vendor_id}/notes?after={}",
    "/mail?after={}",
    "/audit-log?before={}",
    "/audit-log?after={}",
    "/api/v1/vendors?after={}",
    "/api/v1/assessments?after={}",
    "/api/v1/events?after={}",
)
DAYS = ("0001-01-01", "9999-12-31", "2026-W01-1", "%D9%A1", "9" * 400)
DATED = (
    "/audit-log?since={0}&until={0}",
    "/audit-log/download?since={0}&until={0}",
    "/calendar?from={0}&month={0}&day={0}",
    "/vendors?review_before={0}",
    "/reviews?from={0}",
)


@pytest.fixture(scope="module")
def readers(world):
    people = {who: world.staff(who) for who in (LAILA, ADIL)}
    programs = {who: world.program(who, Scope.READ) for who in (LAILA, ADIL)}
    return people, programs


def test_D13_no_place_and_no_day_in_an_address_is_a_fault(world, readers):
    people, programs = readers
    vendor_id = world.open["vendor_id"]
    addresses = [each.format(one, vendor_id=vendor_id) for each in LISTS for one in PLACES]
    addresses += [each.format(day) for each in DATED for day in DAYS]
    told = []
    for path in addresses:
        who = ADIL if path.startswith(("/mail", "/audit-log", "/api/v1/events")) else LAILA
        by = programs if path.startswith("/api/") else people
        told.append((by[who].send("GET", path).status, path))
    assert [each for each in told if each[0] >= 500] == []
    assert len([status for status, _ in told if status == 200]) > len(told) / 2


def respellings():
    """Return addresses that the map of the product leads to another spelling of."""
    folders = (line.split()[1] for line in DOORS.read_text().splitlines())
    return [each.rstrip("/") for each in folders if each != "/" and each.endswith("/")]


def test_D17_another_spelling_leads_into_this_house_whatever_host_is_named(world):
    assert respellings()
    for path in [*respellings(), "/vendors//bulk", "//vendors//bulk"]:
        for host in ("evil.example", "[::1", "evil.example:99999"):
            answer = world.nobody().send("GET", path, headers={"Host": host})
            assert answer.status < 500, path
            there = answer.header("Location")
            assert not urlsplit(there).netloc, there
            assert not there.startswith(("//", "/\\")), there
            assert "evil" not in answer.text


def raw(world, head, body=b""):
    """Send bytes as they are; return the first line of the answer."""
    where = urlsplit(world.url)
    with socket.create_connection((where.hostname, where.port), timeout=30) as line:
        line.sendall(head.encode("latin1") + b"\r\n\r\n" + body)
        line.shutdown(socket.SHUT_WR)
        told = b""
        while part := line.recv(65536):
            told += part
    return told.partition(b"\r\n")[0].decode("latin1")


PATHS = (
    *("/vendors/%c0%af", "/%ff", "/vendors/%ed%a0%80", "/vendors%00", "/sign-in%0d%0aX-A:b"),
    *(
        "http://evil.example/sign-in",
        "/p/i/%ff%00%0a",
        "/p/mail/%ff",
        "/calendar/feed/%00/duly.ics",
    ),
    *("/account/set-password/%0d%0aSet-Cookie:a=b", "/static/%2e%2e/app.py", "/static/%00"),
    "/vendors?" + "q=1&" * 900,
)
HEADERS = (
    "Accept-Language: \xff\xfe;q=zz,,,;;;q=1e400, en;q=inf, de;q=nan",
    "Accept: */*;q=nan, text/html;q=1e999, a/b;q=-1;;",
    "If-Modified-Since: Wed, 99 Foo 99999 99:99:99",
    "If-None-Match: *",
    "Range: bytes=0-1",
    'Authorization: Digest username="',
    "Origin: \xff",
    "X-Forwarded-For: '\r\nX-Forwarded-Host: evil.example",
    "Idempotency-Key: \xff\xed\xa0\x80",
)
COOKIES = (
    "\xff\xfe=\xff; ;;==; duly_staff=\xff",
    'duly_staff="\\000\\012"; duly_browser="' + "\\000" * 40 + '"',
    'duly_invitation="\\000"; duly_link="\\000\\012"; duly_portal="\\',
    "duly_notes=ey.e.e; duly_notes=.eJw\xff",
    "a=" + "b" * 8000,
)
BODIES = {
    "multipart/form-data": b"x",
    "multipart/form-data; boundary=": b"--\r\n",
    "multipart/form-data; boundary=" + "a" * 5000: b"x",
    "multipart/form-data; boundary=\xff": b"--\xff",
    "application/x-www-form-urlencoded; charset=utf-7": b"text=+ADw-script+AD4-",
    "application/x-www-form-urlencoded; charset=utf-16": "text=hi".encode("utf-16"),
    "application/x-www-form-urlencoded; charset=nosuch": b"text=%00%ed%a0%80%ff",
    "application/x-www-form-urlencoded": b"a=1&" * 100_000,
    "application/json": b"[" * 100_000,
}


def test_D13_odd_addresses_headers_cookies_and_bodies_are_no_fault(world):
    host = f"Host: {urlsplit(world.url).netloc}\r\nConnection: close"
    lead = world.staff(LAILA)
    signed_in = f"Cookie: duly_browser={SECRET}; duly_staff={lead.session}"
    heads = [f"GET {path} HTTP/1.1\r\n{host}\r\n{signed_in}" for path in PATHS]
    heads += [f"GET /vendors HTTP/1.1\r\n{host}\r\n{signed_in}\r\n{odd}" for odd in HEADERS]
    pages = ("/sign-in", "/p/i", "/account/set-password", "/vendors")
    heads += [f"GET {p} HTTP/1.1\r\n{host}\r\nCookie: {c}" for p in pages for c in COOKIES]
    told = {head: raw(world, head) for head in heads}
    path = f"/vendors/{world.open['vendor_id']}/notes"
    for kind, body in BODIES.items():
        head = f"POST {path} HTTP/1.1\r\n{host}\r\n{signed_in}\r\nContent-Type: {kind}\r\n"
        head += f"X-CSRF-Token: {lead._csrf()}\r\nContent-Length: {len(body)}"
        told[head] = raw(world, head, body)
    wrong = {head: line for head, line in told.items() if not re.match(r"HTTP/1.1 [234]\d\d", line)}
    assert wrong == {}


def test_D13_json_made_to_break_a_reader_is_told_what_is_wrong(world):
    program = world.program(LAILA, Scope.WRITE)
    names = (r"\ud800", r"\udc00\ud800", r"a\u0000b", r"\uffff" * 300, "x" * 90_000)
    bodies = [f'{{"name": "{name}"}}' for name in names]
    bodies += [f'{{"name": {v}}}' for v in ("1e400", "NaN", "9" * 5000, "[" * 9000, "-Infinity")]
    bodies += ['{"name": "a", "name": "b"}', "[" * 90_000, '{"name": "a"', "\ufeff{}", ""]
    for body in bodies:
        answer = program.send("POST", "/api/v1/vendors", body)
        assert 400 <= answer.status < 500, body[:60]
        assert json.loads(answer.text)["detail"], body[:60]


def test_D13_texts_that_once_took_minutes_are_answered(world):
    """Marks heaped on one letter, short groups of digits: the first of these needed no account."""
    heap = urlencode({"email": "a" + "\u0315\u0300" * 150_000, "password": "x"})
    groups = urlencode({"email": "0-" * 400_000, "password": "x"})
    for body in (heap, groups):
        assert world.nobody().send("POST", "/sign-in", body).status == 422
    title = urlencode({"title": "a" + "\u0315\u0300" * 100_000})
    assert world.vendor(VANIA).send("POST", "/p/evidence", title).status in {404, 422}
    program = world.program(LAILA, Scope.WRITE)
    name = json.dumps({"name": "a" + "\u0315\u0300" * 20_000}, ensure_ascii=False)
    assert program.send("POST", "/api/v1/vendors", name).status == 422
