"""A: who may what, tried at every address of the product, by everybody, over the wire."""

import re
from uuid import uuid4

import pytest

from accounts.permissions import Permission, grants_of
from accounts.rules import Role
from identity.rules import Scope
from tests.attacks.world import STAFF, missing
from tests.house.test_doors import ASKS_AGAIN, DOORS
from tests.people import LAILA, RABIA, VANIA

pytestmark = pytest.mark.slow

PART = re.compile(r"<(?:(\w+):)?(\w+)>")
WORDS = {"kind": "finding", "code": "none", "name": "board", "gate": "G1", "filename": "app.css"}


def routes():
    """Read the reviewed table: method, address, and what the door demands."""
    for line in DOORS.read_text().splitlines():
        method, rule, _endpoint, *plate = line.split()
        yield method, rule, " ".join(word for word in plate if word != ASKS_AGAIN)


def address(rule, ids):
    """Fill an address in; what `ids` does not know is at random."""

    def filled(match):
        kind, name = match.groups()
        if name in ids:
            return str(ids[name])
        if kind == "uuid":
            return str(uuid4())
        return "1" if kind == "int" else WORDS.get(name, "none")

    return PART.sub(filled, rule)


def lacking(plate):
    """Return of each role that does not include what the door demands somebody who has it."""
    wanted = Permission(plate.removeprefix("staff "))
    return [who for role, who in STAFF.items() if wanted not in grants_of(frozenset({role}))]


BY_PERMISSION = [(m, r, p) for m, r, p in routes() if p.startswith("staff ") and ":" in p]
FOR_STAFF = [(m, r, p) for m, r, p in routes() if p == "staff" or p.startswith("staff ")]
FOR_CONTACTS = [(m, r) for m, r, p in routes() if p.startswith("contact")]
FOR_PROGRAMS = [(m, r, p) for m, r, p in routes() if p.startswith("api ")]
OF_A_VENDOR = re.compile(
    r"<uuid:(vendor|assessment|review|contract|finding|evidence|report|condition)_id>"
)


@pytest.fixture(scope="module")
def staff(world):
    return {who: world.staff(who) for who in STAFF.values()}


def test_A01_the_secret_vendor_has_something_at_every_address(world):
    assert missing(world) == []


def test_A07_no_role_opens_a_door_its_rights_do_not_include(world, staff):
    before, tried, opened = world.entries(), 0, []
    for method, rule, plate in BY_PERMISSION:
        for who in lacking(plate):
            tried += 1
            answer = staff[who].send(method, address(rule, world.open))
            if answer.status != 403:
                opened.append((who.name, method, rule, answer.status))
    assert opened == []
    assert tried > 500
    assert world.entries() == before, "a refused act changed something"


def test_A01_nobody_gets_nothing_at_a_door_of_the_staff(world):
    nobody, opened = world.nobody(), []
    for method, rule, plate in FOR_STAFF:
        if plate == "staff half way":
            continue
        answer = nobody.send(method, address(rule, world.open))
        is_sent_away = answer.status == 303 and "/sign-in" in answer.header("Location")
        if not (is_sent_away if method == "GET" else answer.status == 403):
            opened.append((method, rule, answer.status))
    assert opened == []


def test_A01_a_vendor_at_the_doors_of_the_staff_is_nobody(world):
    vania, opened = world.vendor(VANIA), []
    vania.cookie = "duly_staff"
    for method, rule, plate in FOR_STAFF:
        if plate == "staff half way":
            continue
        answer = vania.send(method, address(rule, world.open))
        if answer.status not in ({303} if method == "GET" else {403}):
            opened.append((method, rule, answer.status))
    assert opened == []


def test_A01_staff_at_the_doors_of_the_vendors_are_nobody(world):
    laila, opened = world.staff(LAILA), []
    laila.cookie = "duly_portal"
    for method, rule in FOR_CONTACTS:
        answer = laila.send(method, address(rule, world.open))
        if answer.status not in ({303} if method == "GET" else {403}):
            opened.append((method, rule, answer.status))
    assert opened == []


def test_A01_another_vendors_objects_are_not_there(world):
    vania, told = world.vendor(VANIA), []
    before = world.entries()
    for method, rule in FOR_CONTACTS:
        if not OF_A_VENDOR.search(rule):
            continue
        theirs = vania.send(method, address(rule, world.open))
        absent = vania.send(method, address(rule, {}))
        if theirs.told != absent.told or theirs.status != 404:
            told.append((method, rule, theirs.status, absent.status))
    assert told == []
    assert world.entries() == before


@pytest.mark.parametrize("who", [RABIA, LAILA], ids=["analyst", "lead"])
def test_A12_a_vendor_they_need_not_know_is_not_there(world, staff, who):
    grants = grants_of(frozenset(who.roles))
    before, told, tried = world.entries(), [], 0
    for method, rule, plate in BY_PERMISSION:
        if Permission(plate.removeprefix("staff ")) not in grants or not OF_A_VENDOR.search(rule):
            continue
        tried += 1
        hidden = staff[who].send(method, address(rule, world.secret))
        absent = staff[who].send(method, address(rule, {}))
        if hidden.told != absent.told or hidden.status != 404:
            told.append((method, rule, hidden.status, absent.status))
    assert told == []
    assert tried > 90
    assert world.entries() == before


def test_A01_a_part_of_one_vendor_is_not_found_below_another(world, staff):
    before, told, tried = world.entries(), [], 0
    for method, rule, plate in BY_PERMISSION:
        names = [name for _, name in PART.findall(rule)]
        if not plate.startswith("staff ") or names[:1] != ["vendor_id"] or len(names) < 2:
            continue
        part = names[1]
        if part not in world.secret or plate.removeprefix("staff ") != Permission.VENDOR_EDIT:
            continue
        tried += 1
        ids = {"vendor_id": world.open["vendor_id"], part: world.secret[part]}
        answer = staff[LAILA].send(method, address(rule, ids))
        if answer.status != 404:
            told.append((method, rule, answer.status))
    assert told == []
    assert tried > 10
    assert world.entries() == before


@pytest.mark.parametrize("who", [RABIA, LAILA], ids=["analyst", "lead"])
def test_A12_a_program_does_not_know_more_than_its_owner(world, who):
    program, told = world.program(who, Scope.WRITE), []
    before = world.entries()
    for method, rule, _plate in FOR_PROGRAMS:
        if not OF_A_VENDOR.search(rule):
            continue
        hidden = program.send(method, address(rule, world.secret), "{}")
        absent = program.send(method, address(rule, {}), "{}")
        if hidden.status != absent.status or hidden.status < 400:
            told.append((method, rule, hidden.status, absent.status))
    assert told == []
    assert world.entries() == before


def test_A07_a_token_that_reads_writes_nothing(world):
    program, opened = world.program(LAILA, Scope.READ), []
    before = world.entries()
    for method, rule, plate in FOR_PROGRAMS:
        if not plate.startswith("api write"):
            continue
        answer = program.send(method, address(rule, world.open), "{}")
        if answer.status != 403:
            opened.append((method, rule, answer.status))
    assert opened == []
    assert world.entries() == before


def test_A01_every_role_was_tried():
    assert set(STAFF) == set(Role)
