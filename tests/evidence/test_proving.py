"""Store and database of one mind: what is swept, what is told, what is proven."""

import io
import os
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from audit.actions import SYSTEM
from audit.models import Entry
from evidence import commands, sweeping
from evidence.erasing import crypto_erase
from evidence.models import Evidence
from evidence.rules import ScanState
from evidence.seals import switch
from evidence.storage import store
from evidence.sweeping import sweep_store
from evidence.verifying import prove
from foundation import clock, crypto, settings
from foundation.crypto import Label
from foundation.errors import Refused
from foundation.ids import new_id
from mail.models import Letter
from operations import rounds
from tests import people as cast
from tests.evidence.stories import new_vendor, object_path, objects, on_record, put, receive

DAY = timedelta(days=1)


@pytest.fixture
def rabia(authors):
    return authors[cast.RABIA.email]


@pytest.fixture
def acme(database, authors):
    return new_vendor(database, authors)


@pytest.fixture
def file(database, acme, rabia):
    return on_record(database, acme, rabia)


def later(days=2):
    """Files are as old as the disk says, whatever clock a test has."""
    return clock.of_machine() + days * DAY


def letters(database):
    with database.reading() as session:
        return [each.to_email for each in session.scalars(select(Letter))]


class TestTheSweep:
    """Bytes no row names go after a day; a row without bytes is told and stays."""

    def test_what_nobody_put_on_record_goes(self, database, acme, rabia, file):
        receive(acme, rabia, b"never put on record")
        assert sweep_store(database, clock.of_machine()).deleted == ()
        assert len(objects()) == 2
        assert len(sweep_store(database, later()).deleted) == 1
        assert objects() == [object_path(file)]

    def test_the_bytes_of_an_erased_file_go_a_day_later(self, database, file):
        at = clock.of_machine()
        years_ago = at.timestamp() - 2 * 365 * 86_400
        os.utime(object_path(file), (years_ago, years_ago))
        with clock.fixed(at), database.writing() as session:
            crypto_erase(session, session.get_one(Evidence, file.id), SYSTEM, "a test")
        assert sweep_store(database, at + DAY / 2).deleted == ()
        assert sweep_store(database, at + 2 * DAY).deleted == (file.object_id,)
        assert objects() == []

    def test_a_file_that_is_missing_is_told_once_a_day(self, database, file):
        object_path(file).unlink()
        for _ in range(2):
            assert sweep_store(database, clock.now()).lost == (file.object_id,)
        with database.reading() as session:
            assert session.get_one(Evidence, file.id).erased_at is None
            found = session.scalars(
                select(Entry.chained).where(Entry.action == "evidence.tampered")
            )
            (told,) = found
            assert "not in the store" in told["found"]
        assert letters(database) == [cast.ADIL.email]

    def test_files_of_another_database_are_left_alone(self, database, acme, rabia, monkeypatch):
        monkeypatch.setattr(sweeping, "MOST_STRANGERS", 2)
        for number in range(3):
            receive(acme, rabia, b"%d" % number)
        assert sweep_store(database, later()).deleted == ()
        assert len(objects()) == 3
        objects()[0].unlink()
        assert len(sweep_store(database, later()).deleted) == 2

    def test_of_a_store_that_is_gone_not_each_file_is_told(
        self, database, acme, rabia, monkeypatch
    ):
        monkeypatch.setattr(sweeping, "MOST_TOLD", 2)
        for number in range(3):
            on_record(database, acme, rabia, b"%d" % number)
        for path in objects():
            path.unlink()
        for _ in range(2):
            assert len(sweep_store(database, clock.now()).lost) == 3
        assert len(letters(database)) == 2

    def test_the_worker_sweeps_once_an_hour(self, database, acme, rabia):
        receive(acme, rabia, b"never put on record")
        with clock.fixed(later()):
            rounds.run(database, clock.now())
            assert objects() == []
            receive(acme, rabia, b"another")
            rounds.run(database, clock.now() + timedelta(minutes=30))
            assert len(objects()) == 1


class TestTheProof:
    """Every file is read whole and compared with its row and the ledger."""

    def test_a_whole_store(self, database, acme, rabia, file):
        on_record(database, acme, rabia, b"x" * 200_000, "b.txt")
        found = prove(database, clock.now())
        assert (found.is_whole, found.checked, found.size) == (True, 2, file.size + 200_000)

    def test_changed_bytes(self, database, file):
        path = object_path(file)
        path.write_bytes(path.read_bytes()[:-1])
        found = prove(database, clock.now())
        assert [each for each, _ in found.refused] == ["E-0001"]
        assert not found.is_whole

    def test_a_changed_row(self, database, file):
        changed(database, file, size=5)
        found = prove(database, clock.now())
        assert found.refused == [("E-0001", "its record was changed")]

    def test_a_key_nobody_has(self, database, file):
        changed(database, file, kek_id="k9")
        found = prove(database, clock.now())
        assert found.refused == [("E-0001", "it names a key that is not in the key file")]

    def test_a_row_forged_by_somebody_who_has_the_keys(self, database, file):
        label = Label(file.vendor_id, file.id, 2)
        forged = store().put(io.BytesIO(b"forged"), object_id=new_id(), label=label)
        with database.writing() as session:
            row = session.get_one(Evidence, file.id)
            switch(row, forged, 2)
            row.sha256, row.size = forged.sha256, forged.size
            row.row_mac = crypto.row_mac(
                forged.key, label, sha256=row.sha256, size=row.size, state=row.scan_state.value
            )
        found = prove(database, clock.now())
        assert found.refused == [("E-0001", "the ledger remembers another fingerprint")]

    def test_a_file_that_is_missing_and_one_too_many(self, database, acme, rabia, file):
        receive(acme, rabia, b"never put on record")
        assert prove(database, clock.now()).strays == 0
        assert prove(database, later(3)).strays == 1
        object_path(file).unlink()
        assert prove(database, clock.now()).lost == [("E-0001", "it is not in the store")]

    def test_an_erased_file_is_no_fault(self, database, file):
        with database.writing() as session:
            crypto_erase(session, session.get_one(Evidence, file.id), SYSTEM, "a test")
        found = prove(database, clock.now())
        assert (found.is_whole, found.checked, found.erased) == (True, 0, 1)


def changed(database, file, **values):
    with database.writing() as session:
        session.execute(update(Evidence).where(Evidence.id == file.id).values(**values))


class TestTheRoom:
    """So much and no more, and nothing of what does not fit stays."""

    @pytest.fixture
    def narrow(self, database):
        del database

        def do(**room):
            settings.configure(settings.current().model_copy(update=room))

        return do

    def test_a_vendor_has_so_many_megabytes(self, database, acme, rabia, narrow):
        narrow(vendor_storage_mb=1)
        on_record(database, acme, rabia, b"a" * 600_000)
        sentence = "There is no room for a file of 600 kB: 400 kB are left for the files of this"
        with pytest.raises(Refused, match=sentence) as refusal, database.writing() as session:
            put(session, receive(acme, rabia, b"b" * 600_000), rabia)
        assert refusal.value.where == "file"
        assert len(objects()) == 1
        on_record(database, acme, rabia, b"c" * 400_000)

    def test_what_was_erased_takes_no_room(self, database, acme, rabia, narrow):
        narrow(vendor_files=1)
        row = on_record(database, acme, rabia)
        with pytest.raises(Refused, match="There are 1 files on record"):
            on_record(database, acme, rabia, b"another")
        with database.writing() as session:
            crypto_erase(session, session.get_one(Evidence, row.id), SYSTEM, "a test")
        on_record(database, acme, rabia, b"another")

    def test_all_vendors_share_what_there_is(self, database, authors, acme, rabia, narrow):
        narrow(storage_mb=1)
        on_record(database, acme, rabia, b"a" * 900_000)
        other = new_vendor(database, authors, "Borealis Cloud")
        with pytest.raises(Refused, match="100 kB are left for all files together"):
            on_record(database, other, rabia, b"b" * 200_000)


def test_a_shut_file_is_read_by_us_and_opened_for_nobody(database, acme, rabia, file):
    changed(database, file, scan_state=ScanState.INFECTED)
    with database.reading() as session, pytest.raises(Refused, match="quarantine"):
        commands.open_content(session.get_one(Evidence, file.id))
