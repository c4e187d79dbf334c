"""An installation of an attack's own: its processes die, its database goes away, its disk is full.

The web server is `duly serve` as it ships. Orders to die are files in a folder, named like the
failpoint: whoever comes by first takes the order and is gone.
"""

import http.client
import os
import signal
import subprocess
import time
from contextlib import contextmanager, suppress

from sqlalchemy import func as sql
from sqlalchemy import literal, select, union_all

from accounts.queries import list_staff
from app import set_up
from audit.actions import SYSTEM
from foundation import clock, schema
from foundation.db import Database, Model
from foundation.settings import Settings
from identity import sessions
from identity.rules import DoorKind, SessionStage
from organisation.commands import set_up as set_up_organisation
from tests import makers, people
from tests.attacks.attacker import Attacker
from tests.mail.server import free_port
from tests.operations.served import PATIENCE, ROOT, command, surroundings

NOBODYS_WORK = {"session", "try_counter", "heartbeat"}
"""Tables that grow by looking around, or by the worker's own life."""
BROKEN = (OSError, http.client.HTTPException)
"""What a client sees of a death."""


class Single(Attacker):
    """Sends once, on a line of its own: whoever broke it shows."""

    def _once_more(self, method, path, body, headers):
        self.line = None
        try:
            return self._send(method, path, body, {**headers, "Connection": "close"})
        finally:
            if self.line is not None:
                self.line.close()


class Site:
    """A folder, a database, and processes that are ours to end."""

    def __init__(self, folder, database_url="", **chosen):
        self.folder, self.port = folder, free_port()
        self.orders = folder / "orders"
        self.orders.mkdir(parents=True)
        self.log = folder / "product.log"
        self.settings = Settings(
            data_dir=folder / "data",
            database_url=database_url,
            base_url=f"http://localhost:{self.port}",
            **chosen,
        )
        (folder / "data").mkdir()
        self.be_settled()
        self.database = Database(self.settings.database_address)
        schema.migrate(self.database)
        with self.database.writing() as session:
            set_up_organisation(session, at=clock.now(), by=SYSTEM, name="Northwind Payments")
            for who in people.STAFF:
                makers.make_staff(session, who)
            makers.make_version(session)
        self.web = None

    def be_settled(self):
        set_up(self.settings)

    def env(self, **more):
        changed = {"DULY_FAILPOINTS": f"@{self.orders}", "DULY_SMTP_URL": self.settings.smtp_url}
        return surroundings(self.settings, **changed | more)

    def start(self, **more):
        """Serve as shipped, and return when a page can be had."""
        with self.log.open("ab") as out:
            self.web = subprocess.Popen(
                command("serve", "--port", self.port), cwd=ROOT, env=self.env(**more),
                stdout=out, stderr=out, start_new_session=True,
            )  # fmt: skip
        self.wait_until(lambda: self.ready() == 200)

    def ready(self):
        """Return what /readyz says, or 0 where nobody answers."""
        with suppress(*BROKEN):
            return Single(self.settings.base_url, "a probe").send("GET", "/readyz").status
        return 0

    def wait_until(self, is_so):
        until = time.monotonic() + PATIENCE
        while not is_so():
            assert time.monotonic() < until, self.log.read_text()[-4000:]
            assert self.web is None or self.web.poll() is None, self.log.read_text()[-4000:]
            time.sleep(0.02)

    def kill_all(self):
        """End every web process at once and without a word, as a machine that goes down does."""
        os.killpg(self.web.pid, signal.SIGKILL)
        self.web.wait(PATIENCE)
        self.web = None

    def stop(self):
        if self.web is not None:
            self.web.send_signal(signal.SIGTERM)
            self.web.wait(PATIENCE)
            self.web = None

    def order(self, failpoint, action="kill"):
        """Let the first that passes there do something."""
        draft = self.folder / "order"
        draft.write_text(action)
        draft.rename(self.orders / failpoint)

    def has_obeyed(self, failpoint):
        """Say whether somebody came by; an order nobody took is withdrawn."""
        try:
            (self.orders / failpoint).unlink()
        except FileNotFoundError:
            return True
        return False

    def staff(self, who):
        with self.database.reading() as session:
            ids = {row.email: row.person_id for row in list_staff(session)}
        return self._signed_in(who.name, ids[who.email], DoorKind.STAFF, "duly_staff")

    def vendor(self, name, person_id):
        return self._signed_in(name, person_id, DoorKind.VENDOR, "duly_portal")

    def _signed_in(self, name, person_id, door, cookie):
        with self.database.writing() as session:
            token = sessions.start(
                session, person_id, door=door, stage=SessionStage.FULL, at=clock.now()
            )
        return Single(self.settings.base_url, name, cookie=cookie, session=token)

    def counts(self):
        """Return how many rows each table has."""
        tables = [each for each in Model.metadata.sorted_tables if each.name not in NOBODYS_WORK]
        chosen = [select(literal(each.name), sql.count()).select_from(each) for each in tables]
        with self.database.reading() as session:
            return dict(session.execute(union_all(*chosen)).all())

    def added_since(self, before):
        """Return which tables have grown, and by how many rows."""
        now = self.counts()
        return {name: now[name] - before[name] for name in now if now[name] != before[name]}


@contextmanager
def standing(folder, server=None, name="duly_site", *, is_served=True, **chosen):
    """Make a site, serve it, and end it."""
    site = Site(folder, server.new_database(name) if server else "", **chosen)
    if is_served:
        site.start()
    try:
        yield site
    finally:
        if site.web is not None:
            site.kill_all()
        site.database.engine.dispose()
