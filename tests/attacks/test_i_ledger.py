"""I: the ledger over the wire: one true entry for each effect, none for what never happened."""

import json
import os
import re
import signal
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from audit.actions import SYSTEM, Action
from audit.commands import record
from audit.models import Entry, Head
from audit.walking import walk
from foundation import clock, schema
from foundation.db import Database, Model
from foundation.ids import new_id
from identity.models import Person
from identity.rules import Scope
from operations.ledger_verdict import judge
from tests.attacks.attacker import Attacker
from tests.operations.served import ROOT
from tests.people import ADIL, LAILA, PERVEZ, VANIA

pytestmark = pytest.mark.slow

N_WRITERS = 8
ROUNDS = 300 if os.environ.get("DULY_ATTACKS") == "long" else 25
"""Events of each writer; printed with the result."""
GUARDS = ("UPDATE ledger_entry SET ip = 'x'", "DELETE FROM ledger_entry", "TRUNCATE ledger_entry")
REPLACED = (
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql "
    "AS 'BEGIN RETURN NEW; END'"
)
IBAN, PASSWORD = "GB82WEST12345698765432", "hunter2-canary-7313-of-mine"


class Watching:
    """Does things and tells which entries each has left."""

    def __init__(self, world):
        self.world = world
        with world.database.reading() as session:
            people = session.scalars(select(Person))
            self.names = {each.actor_id: each.name for each in people}
            self.last = session.get(Head, 1).seq

    def after(self, answer, *statuses):
        """Return what an act left in the ledger: who, through which door, what."""
        assert answer.status in (statuses or (200, 303)), errors_in(answer.text)
        with self.world.database.reading() as session:
            chosen = select(Entry).where(Entry.seq > self.last).order_by(Entry.seq)
            entries = list(session.scalars(chosen))
        self.last = max((each.seq for each in entries), default=self.last)
        ours = [each for each in entries if each.request_id]
        assert len({each.request_id for each in ours}) <= 1, "entries of two requests"
        return [(self.names.get(e.actor_id), e.actor_kind.value, e.action) for e in ours]


@pytest.fixture
def watching(world):
    return Watching(world)


def errors_in(text):
    return re.findall(r"Error: </span>(.{0,200})", text) or text[:500]


def form(**fields):
    return urlencode(fields)


def wrong_of(watching, acts, who):
    """Do each act and return those that left something else than they should."""
    wrong = []
    for act, expected in acts:
        left = watching.after(act())
        if left != [(who.name, "staff", each) for each in expected]:
            wrong.append((expected, left))
    return wrong


def test_I01_an_act_leaves_its_entry_with_who_did_it(world, watching):
    pervez, program = world.staff(PERVEZ), world.program(PERVEZ, Scope.WRITE)
    new = {"name": f"Ledger Works {new_id()}", "country": "PK", "purpose": "Tried"}
    made = program.send("POST", "/api/v1/vendors", json.dumps(new))
    by = (PERVEZ.name, "staff")
    added = [(*by, "vendor.add"), (*by, "vendor.exposure")]
    assert watching.after(made, 201) == added, "a token's acts are its owner's"
    at = f"/vendors/{json.loads(made.text)['id']}"

    def sends(path, **fields):
        return lambda: pervez.send("POST", path, form(**fields))

    def programs(method, path, **fields):
        return lambda: program.send(method, path, json.dumps(fields), headers={"If-Match": "*"})

    acts = [
        (sends(f"{at}/notes", text="A note", visibility="internal"), ["note.add"]),
        (sends(f"{at}/aliases", alias="Other name"), ["vendor.alias"]),
        (sends(f"{at}/tags", tags="one, two"), ["vendor.tags"]),
        (sends(f"{at}/services", service_name="H"), ["vendor.exposure", "service.add"]),
        (sends(f"{at}/identifiers", kind="iban", number=IBAN), ["vendor.identifier"]),
        (sends(f"{at}/contacts", person_name="Z", email="z@ledger.example"), ["contact.add"]),
        (sends("/account/tokens", name="Mine", scope="read", last_day=day()), ["token.create"]),
        (sends("/calendar/feeds", name="Phone", whose="mine"), ["feed.create"]),
        (programs("PATCH", f"/api/v1{at}", purpose="Tried again"), ["vendor.edit"]),
        (sends("/sign-out"), ["session.end"]),
    ]
    assert wrong_of(watching, acts, PERVEZ) == []


def test_I01_administrators_and_leads_are_named_too(world, watching):
    adil, laila = world.staff(ADIL), world.program(LAILA, Scope.WRITE)
    at = f"/api/v1/vendors/{world.open['vendor_id']}"
    ordered = laila.send("POST", f"{at}/reports")
    assert watching.after(ordered, 202) == [(LAILA.name, "staff", "report.request")]

    def sends(path, **fields):
        return lambda: adil.send("POST", path, form(**fields))

    acts = [
        (sends("/settings/units/new", name=f"Unit {new_id()}", parent_id=""), ["unit.add"]),
    ]
    assert wrong_of(watching, acts, ADIL) == []


def test_I01_a_vendors_person_is_named_as_such(world, watching):
    vania = world.vendor(VANIA)
    left = watching.after(vania.send("POST", "/p/sign-out"))
    assert left == [(VANIA.name, "vendor", "session.end")]


def test_I01_what_is_refused_or_only_looked_at_leaves_nothing(world, watching):
    pervez = world.staff(PERVEZ)
    at = f"/vendors/{world.open['vendor_id']}"
    refused = pervez.send("POST", f"{at}/notes", form(text="", visibility="internal"))
    assert watching.after(refused, 422) == []
    for path in ("/vendors", at, f"{at}/notes", "/calendar"):
        assert watching.after(pervez.send("GET", path)) == [], path


def test_I01_the_chain_fits_after_all_of_it(world):
    with world.database.reading() as session:
        found = judge(session, clock.now())
    assert found.first_bad is None
    assert found.problems == ()
    assert found.heads > 0, "the worker signs by itself"


def day():
    return (clock.now() + timedelta(days=10)).date().isoformat()


def test_I05_no_secret_is_in_the_ledger_the_logs_or_the_mails(world, product):
    """Passwords, codes, tokens, account numbers: none is repeated, refused or not."""
    nobody, pervez = world.nobody(), world.staff(PERVEZ)
    at = f"/vendors/{world.open['vendor_id']}"
    nobody.cookie = "duly_staff"
    nobody.send("POST", "/sign-in", form(email=PERVEZ.email, password=PASSWORD))
    nobody.send("GET", f"/p/i/{PASSWORD}")
    nobody.send("GET", f"/vendors?q={PASSWORD}")
    pervez.send("POST", "/account/password", form(old=PASSWORD, password=PASSWORD, again="x"))
    pervez.send("POST", f"{at}/identifiers", form(kind="iban", number=IBAN))
    shown = pervez.send("POST", "/account/tokens", form(name="K", scope="read", last_day=day()))
    token = re.search(r"duly_[A-Za-z0-9_-]{20,}", shown.text).group(0)
    world.nobody().send("GET", "/api/v1/vendors", headers={"Authorization": f"Bearer {token}x"})
    program = Attacker(world.url, "program", token=token)
    assert program.send("GET", "/api/v1/vendors").status == 200
    secrets = {PASSWORD, IBAN, token, pervez.session}
    where = {"the log": product.log.read_text()}
    with world.database.reading() as session:
        for table in Model.metadata.sorted_tables:
            rows = session.execute(table.select()).all()
            where[table.name] = "\n".join(str(tuple(row)) for row in rows)
    where["mails"] = "\n".join(each.as_string() for each in product.mailbox.letters)
    told = [(place, one[:6]) for place, text in where.items() for one in secrets if one in text]
    assert told == []


# --- the database itself refuses ------------------------------------------------------------------


def test_I03_a_second_role_adds_entries_and_changes_none(server, tmp_path, database):
    """On PostgreSQL: the statements of migrations/grants.sql, tried by a role of its own."""
    if server is None:
        pytest.skip("SQLite has no roles; its triggers are tried in tests/audit.")
    address = server.new_database("duly_roles")
    owner = Database(address)
    schema.migrate(owner)
    grants = (ROOT / "migrations" / "grants.sql").read_text().replace(':"app"', "duly_app")
    plain = address.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(plain, autocommit=True) as root:
        root.execute("CREATE ROLE duly_app LOGIN")
        root.execute(grants)
        root.execute("INSERT INTO heartbeat (name, at, summary) VALUES ('x', now(), '')")
    app = Database(address.replace("//postgres:", "//duly_app:"))
    _note(app)
    with app.reading() as session:
        assert session.scalar(text("select current_user")) == "duly_app"
        assert walk(session).first_bad is None
    acts = (
        *GUARDS,
        "ALTER TABLE ledger_entry DISABLE TRIGGER ALL",
        "DROP TRIGGER ledger_entry_append_only ON ledger_entry",
        "DROP TABLE ledger_entry",
        REPLACED,
        "SET session_replication_role = replica",
        "DELETE FROM ledger_head",
        "UPDATE alembic_version SET version_num = '0001'",
        "UPDATE questionnaire_version SET title = 'x'",
        "DELETE FROM ledger_words",
        "TRUNCATE sign_off",
    )
    for act in acts:
        with app.open(writes=True) as session, pytest.raises(ProgrammingError) as refused:
            session.execute(text(act))
        assert isinstance(refused.value.orig, InsufficientPrivilege), act
    # An erasure may change these, and shows its pass: without it the triggers refuse.
    for act in ("UPDATE answer_event SET how = 'x'", "DELETE FROM sign_off"):
        with app.open(writes=True) as session, pytest.raises(DBAPIError, match="append-only"):
            session.execute(text(act))
    for act in GUARDS:
        with owner.open(writes=True) as session, pytest.raises(DBAPIError, match="append-only"):
            session.execute(text(act))
    for each in (app, owner):
        each.engine.dispose()


def _note(database, mark="", fails=False):
    with database.writing() as session:
        for _ in range(2):
            record(
                session,
                at=clock.now(),
                actor=SYSTEM,
                action=Action.VENDOR_EDIT,
                subject=("vendor", new_id()),
                detail={"mark": mark},
            )
        if fails:
            session.flush()
            raise RuntimeError("rolled back")


def test_I04_writers_that_fail_and_die_leave_no_gap_and_no_fork(database, tmp_path):
    """Each says aloud what was committed; half of them are killed in the middle."""
    print(f"{N_WRITERS} writers, {ROUNDS} transactions each")  # noqa: T201  the scale of the round
    with database.reading() as session:
        before = session.get(Head, 1).seq
    address = database.engine.url.render_as_string(hide_password=False)
    database.engine.dispose()
    said = [tmp_path / f"said-{number}" for number in range(N_WRITERS)]
    children = [_writer(address, path, number) for number, path in enumerate(said)]
    for number, child in enumerate(children):
        while number % 2 and _lines(said[number]) < ROUNDS // 3:
            time.sleep(0.005)
        if number % 2:
            os.kill(child, signal.SIGKILL)
    ends = [os.waitpid(child, 0)[1] for child in children]
    assert ends[::2] == [0] * (N_WRITERS // 2)
    told = {line for path in said for line in path.read_text().splitlines()}
    with database.reading() as session:
        assert walk(session).first_bad is None
        chosen = select(Entry.seq, Entry.chained).where(Entry.seq > before).order_by(Entry.seq)
        rows = session.execute(chosen).all()
    marks = [detail["mark"] for _, detail in rows]
    assert [seq for seq, _ in rows] == list(range(before + 1, before + 1 + len(rows)))
    assert marks[::2] == marks[1::2], "the two entries of a transaction stand together"
    assert set(marks) >= told
    assert len(set(marks) - told) <= N_WRITERS // 2, "only the killed knew of one more"
    assert not any("fails" in each for each in marks)


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines()) if path.exists() else 0


def _writer(address, path, number):
    child = os.fork()
    if child:
        return child
    try:
        own = Database(address)
        with path.open("a", buffering=1) as said:
            for turn in range(ROUNDS):
                with suppress(RuntimeError):
                    _note(own, f"{number}-{turn}-fails", fails=True)
                _note(own, f"{number}-{turn}")
                said.write(f"{number}-{turn}\n")
        os._exit(0)
    finally:
        os._exit(1)
