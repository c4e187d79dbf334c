"""D: forms another site sends, verbs and paths nobody declared, and what every answer carries."""

import pytest

from accounts.permissions import Permission, grants_of
from tests.attacks.test_a_access import FOR_CONTACTS, FOR_STAFF, address, routes
from tests.attacks.world import STAFF
from tests.people import ADIL, LAILA, PERVEZ, VANIA

pytestmark = pytest.mark.slow

POLICY = ("default-src 'none'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'")
CARRIED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
FORGED = {
    "no token": {},
    "a foreign site": {"Sec-Fetch-Site": "cross-site"},
    "a neighbour": {"Sec-Fetch-Site": "same-site"},
    "no origin": {"Origin": "null"},
    "another origin": {"Origin": "https://attacker.example"},
    "plain text": {"Content-Type": "text/plain"},
    "an old token": {"X-CSRF-Token": "0" * 64},
}
WITH_A_TRUE_TOKEN = {"a foreign site", "a neighbour", "no origin", "another origin"}
ERRORS = (
    ("GET", "/vendors/none", 404),
    ("GET", "/nothing", 404),
    ("DELETE", "/vendors", 405),
    ("GET", "/api/v1/nothing", 404),
    ("GET", "/vendors?after=%00", 200),
    ("GET", "/vendors?page=99999999999999999999999", 200),
)
PATHS = (
    "/people/%2e%2e/vendors",
    "//people",
    "/people;x",
    "/people/",
    "/PEOPLE",
    "/people%00",
    "/people%2f",
    "/vendors/" + "9" * 2000,
    "/questionnaires/%c0%ae%c0%ae/",
    "/static/../app.py",
    "/static/%2e%2e/app.py",
    "/static/..%2fapp.py",
    "/static//etc/passwd",
    "/static/%2fetc%2fpasswd",
)


def owner_of(plate):
    """Return somebody who may go through a door, so that only the forgery can be refused."""
    if ":" not in plate:
        return LAILA
    wanted = Permission(plate.removeprefix("staff "))
    for who in (LAILA, ADIL, PERVEZ, *STAFF.values()):
        if wanted in grants_of(frozenset(who.roles)):
            return who
    raise AssertionError(f"Nobody may {wanted}.")


@pytest.fixture(scope="module")
def staff(world):
    return {who: world.staff(who) for who in STAFF.values()}


@pytest.mark.parametrize("forgery", FORGED)
def test_D01_a_form_of_another_site_changes_nothing(world, staff, forgery):
    vania, opened = world.vendor(VANIA), []
    before = world.entries()
    posts = [(r, staff[owner_of(p)]) for m, r, p in FOR_STAFF if m == "POST" and "half" not in p]
    posts += [(rule, vania) for method, rule in FOR_CONTACTS if method == "POST"]
    for rule, who in posts:
        headers, is_true = FORGED[forgery], forgery in WITH_A_TRUE_TOKEN
        answer = who.send("POST", address(rule, world.open), headers=headers, with_csrf=is_true)
        if answer.status != 403:
            opened.append((who.name, rule, answer.status))
    assert opened == []
    assert len(posts) > 140
    assert world.entries() == before


def test_C19_reading_an_address_that_writes_is_refused(world, staff):
    readable = {rule for method, rule, _ in routes() if method == "GET"}
    opened = []
    for method, rule, plate in FOR_STAFF:
        if method == "GET" or rule in readable or "half" in plate:
            continue
        answer = staff[owner_of(plate)].send("GET", address(rule, world.open))
        if answer.status not in {404, 405}:
            opened.append((rule, answer.status))
    assert opened == []


@pytest.mark.parametrize("verb", ["PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "Q"])
def test_A15_a_verb_nobody_declared_does_nothing(world, staff, verb):
    before = world.entries()
    for path in ("/vendors", "/people", "/settings", f"/vendors/{world.open['vendor_id']}"):
        assert staff[ADIL].send(verb, path).status in {400, 404, 405, 501}, path
    assert world.entries() == before


def test_A15_an_overriding_header_is_not_listened_to(world, staff):
    before = world.entries()
    vendor = f"/vendors/{world.open['vendor_id']}"
    plain = staff[LAILA].send("GET", vendor)
    for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        answer = staff[LAILA].send("GET", vendor, headers={name: "DELETE"})
        assert answer.status == plain.status == 200
    assert staff[LAILA].send("POST", f"{vendor}?_method=DELETE").status in {404, 405}
    assert world.entries() == before


@pytest.mark.parametrize("path", PATHS)
def test_A16_a_twisted_path_opens_nothing(world, staff, path):
    answer = staff[LAILA].send("GET", path)
    assert answer.status in {301, 303, 308, 400, 403, 404}, answer.text[:300]
    assert "root:" not in answer.text
    assert "def set_up" not in answer.text
    if answer.status in {301, 303, 308}:
        assert answer.header("Location").startswith(("/", world.url))
        assert not answer.header("Location").startswith("//")


def test_D07_every_answer_carries_the_policy_and_no_version(world, staff):
    bare = []
    seen = [(m, r, p) for m, r, p in FOR_STAFF if m == "GET" and "half" not in p]
    for method, rule, plate in seen:
        answer = staff[owner_of(plate)].send(method, address(rule, world.open))
        assert answer.status < 500, (rule, answer.text[:300])
        bare += [(rule, fault) for fault in faults_of(answer)]
    for method, path, status in ERRORS:
        answer = staff[LAILA].send(method, path)
        assert answer.status == status, path
        bare += [(path, fault) for fault in faults_of(answer)]
        for told in ("Traceback", "site-packages", "werkzeug", "SELECT ", "sqlalchemy"):
            assert told not in answer.text, (path, told)
    assert bare == []


def faults_of(answer):
    """Name what an answer lacks, or has too much."""
    policy = answer.header("Content-Security-Policy")
    is_handed_over = answer.header("Content-Disposition").startswith("attachment")
    wanted = ("default-src 'none'", "sandbox") if is_handed_over and "sandbox" in policy else POLICY
    yield from (part for part in wanted if part not in policy)
    if "unsafe" in policy:
        yield "unsafe"
    yield from (name for name, value in CARRIED.items() if answer.header(name) != value)
    if not {"no-store", "no-cache"} & set(answer.header("Cache-Control").replace(",", " ").split()):
        yield "may be kept"
    if any(char.isdigit() for char in answer.header("Server")):
        yield answer.header("Server")
    for name, value in answer.headers:
        if name.lower() == "set-cookie":
            yield from (flag for flag in ("HttpOnly", "Path=/", "SameSite=") if flag not in value)
            if "Domain=" in value:
                yield value
