"""A backup while twenty clients write over HTTP, put back on both databases: nothing lost, nothing half.

The server runs with the settings it ships with; backup and restore are the commands an operator
types. What a client was told is kept before the backup began must be in it, to the last byte.
"""

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import count
from uuid import UUID

import pytest
from sqlalchemy import select

from audit.actions import Action
from audit.models import Entry
from audit.queries import first_bad_entry
from evidence.commands import open_content
from evidence.models import Evidence
from foundation import clock
from foundation.db import Database
from foundation.settings import Settings
from operations.backup.restoring import Place
from questionnaires.answer_models import Answer, AnswerEvent
from tests import postgres
from tests.grounds import PostgresServer
from tests.mail.server import free_port
from tests.operations.backups import everything, furnish, living_in, objects_in
from tests.operations.served import serving, surroundings, told_by
from tests.operations.writing_clients import Acknowledged, Answerer, Buyer
from vendors import search_index
from vendors.models import Vendor

pytestmark = pytest.mark.slow

CLIENTS = 20
WRITTEN_BEFORE = 60
"""How many writes are acknowledged before the backup begins; they go on while it is made."""
APPENDED = ("answer_event", "evidence", "ledger_entry", "vendor")
"""Tables whose rows these clients only add to: what the backup holds must still be there, the same."""


class Crowd:
    """Twenty clients that write until they are told to stop."""

    def __init__(self, database, port):
        with clock.fixed(clock.of_machine()), database.writing() as session:
            kinds = (Buyer, Answerer)
            self.clients = [kinds[n % 2](session, port, n) for n in range(CLIENTS)]
        self._stop = threading.Event()
        self._grown = threading.Condition()

    def __enter__(self):
        self._pool = ThreadPoolExecutor(CLIENTS)
        self._work = [self._pool.submit(self._write, each) for each in self.clients]
        return self

    def __exit__(self, *error):
        self._stop.set()
        self._pool.shutdown()

    def _write(self, client):
        for number in count():
            if self._stop.is_set():
                return
            try:
                client.act(number)
            finally:
                with self._grown:
                    self._grown.notify_all()

    def wait_for(self, many):
        """Wait until so many writes were acknowledged; a client that failed says why."""
        with self._grown:
            self._grown.wait_for(lambda: len(self) >= many or self._failed(), timeout=300)
        self.check()
        assert len(self) >= many, "the clients stand still"

    def _failed(self):
        return any(each.done() and each.exception() for each in self._work)

    def check(self):
        for each in self._work:
            if each.done():
                each.result()

    def __len__(self):
        return sum(len(each.kept) for each in self.clients)

    def so_far(self):
        """Return what all were told is kept by now."""
        found = Acknowledged()
        for each in self.clients:
            kept = each.kept.so_far()
            found.files += kept.files
            found.answers += kept.answers
            found.vendors += kept.vendors
        return found


@pytest.fixture
def other_server(server):
    """A PostgreSQL server also where the house itself stands on SQLite."""
    with ExitStack() as stack:
        yield server or PostgresServer(stack.enter_context(postgres.start()))


def test_twenty_clients_write_while_a_backup_is_made(
    database, authors, settings, tmp_path, other_server
):
    furnish(database, authors)
    port, target = free_port(), tmp_path / "duly.tar"
    env = surroundings(settings, DULY_BASE_URL=f"http://localhost:{port}")
    with serving(env, port, tmp_path / "serve.log"), Crowd(database, port) as crowd:
        crowd.wait_for(WRITTEN_BEFORE)
        sure, before = crowd.so_far(), len(crowd)
        made = told_by(env, "backup", target)
        assert len(crowd) > before, "nobody has to wait for a backup"
    crowd.check()
    assert made["faulty"] == []
    assert sure.files
    assert sure.answers
    assert sure.vendors
    assert "Traceback" not in (tmp_path / "serve.log").read_text()
    for name, address in (
        ("sqlite", ""),
        ("postgresql", other_server.new_database("duly_while_serving")),
    ):
        folder = tmp_path / name
        there = Settings(data_dir=folder, database_url=address, keys_file=settings.keys_path)
        env = surroundings(there)
        checked = told_by(env, "restore", target, "--check")
        assert (checked["is_good"], checked["problems"], checked["keys"]) == (True, [], True)
        assert not folder.exists(), "a check leaves nothing"
        restored = told_by(env, "restore", target)
        assert (restored["rows"], restored["evidence"]) == (made["rows"], made["evidence"])
        assert restored["bad_ledger_entry"] is None
        place = Place(Database(there.database_address), there.evidence_dir)
        check_bytes(database, settings, place)
        with living_in(place), place.database.reading() as session:
            check_sure(session, sure)
            check_whole(session, place)
        place.database.engine.dispose()


def check_bytes(database, settings, place):
    """Every stored object is the one that was backed up, every row the one the house still has."""
    here, there = objects_in(settings.evidence_dir), objects_in(place.evidence)
    assert there.items() <= here.items()
    rows, restored = everything(database), everything(place.database)
    for table in APPENDED:
        added = set(restored[table]) - set(rows[table])
        assert len(added) == (table == "ledger_entry"), table  # the restore notes itself


def check_sure(session, sure):
    """What was acknowledged before the backup began is in it."""
    for vendor_id, name in sure.vendors:
        assert session.get_one(Vendor, UUID(vendor_id)).name == name
    for vendor_id, content in sure.files:
        chosen = select(Evidence).where(
            Evidence.vendor_id == UUID(vendor_id),
            Evidence.sha256 == hashlib.sha256(content).digest(),
        )
        assert b"".join(open_content(session.scalars(chosen).one())) == content
    for assessment_id, version, text in sure.answers:
        told = (
            select(AnswerEvent)
            .join(Answer, Answer.id == AnswerEvent.answer_id)
            .where(Answer.assessment_id == UUID(assessment_id), Answer.code == "reg_countries")
            .where(AnswerEvent.number == version)
        )
        assert session.scalars(told).one().after["text"] == text


def check_whole(session, place):
    """Nothing is half: a row of a file has its bytes, an answer its history and its ledger entry."""
    assert first_bad_entry(session) is None
    assert search_index.differences(session) == []
    noted = {(each.action, each.subject_id) for each in session.scalars(select(Entry))}
    files = session.scalars(select(Evidence)).all()
    assert {str(each.object_id) for each in files} == set(objects_in(place.evidence))
    for each in files:
        assert hashlib.sha256(b"".join(open_content(each))).digest() == each.sha256
        assert (Action.EVIDENCE_ADD, each.id) in noted
    for vendor in session.scalars(select(Vendor)):
        assert (Action.VENDOR_ADD, vendor.id) in noted
    check_answers(session)


def check_answers(session):
    said = select(Entry).where(Entry.action == Action.ASSESSMENT_ANSWER)
    noted = {
        (each.subject_id, each.detail["code"], each.detail["version"])
        for each in session.scalars(said)
    }
    changes = set()
    for answer in session.scalars(select(Answer)):
        history = session.scalars(
            select(AnswerEvent).where(AnswerEvent.answer_id == answer.id)
        ).all()
        assert sorted(each.number for each in history) == [*range(1, answer.version + 1)]
        newest = max(history, key=lambda each: each.number)
        assert newest.after["text"] == answer.text
        changes |= {(answer.assessment_id, answer.code, each.number) for each in history}
    assert changes == noted
