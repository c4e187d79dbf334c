"""The store: what was put comes back, or nothing does; a crash leaves all or nothing."""

import io
import os
import resource
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from evidence.storage import EvidenceStore, ObjectLost
from foundation import failpoints, keyring
from foundation.crypto import Label, Tampered
from foundation.keyring import Keyring

CANARY = b"CANARY-of-acme" * 20_000
ACME = Label(UUID(int=1), UUID(int=0xAC))
BOREALIS = Label(UUID(int=2), UUID(int=0xB0))
PLACES = ["evidence.after_tmp", "evidence.after_fsync", "evidence.after_rename"]


@pytest.fixture(autouse=True)
def _ring():
    before = keyring._in_use.ring
    keyring.configure(Keyring({"k1": bytes(32)}, "k1"))
    yield
    keyring.configure(before) if before else keyring.forget()
    failpoints.configure("")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data" / "evidence"


@pytest.fixture
def store(folder):
    return EvidenceStore(folder)


def put(store, content=CANARY, label=ACME):
    return store.put(io.BytesIO(content), object_id=uuid4(), label=label)


def read(store, stored, label=ACME):
    return b"".join(store.open(stored.object_id, label=label, key=stored.key))


def files_in(folder):
    return [path for path in Path(folder).rglob("*") if path.is_file()]


@pytest.mark.parametrize("content", [b"", b"x", CANARY])
def test_what_was_put_comes_back(store, content):
    stored = put(store, content)
    assert read(store, stored) == content
    assert stored.size == len(content)


def test_it_lies_encrypted_under_a_random_name_that_only_we_can_read(store, folder):
    stored = put(store)
    (path,) = files_in(folder)
    name = str(stored.object_id)
    assert path == folder / name[:2] / name[2:4] / name
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"CANARY" not in path.read_bytes()


def test_the_same_bytes_look_different_each_time(store, folder):
    put(store)
    put(store)
    first, second = (path.read_bytes() for path in files_in(folder))
    assert first[-1000:] != second[-1000:]


def test_changed_swapped_and_lost_objects_are_refused(store, folder):
    ours, theirs = put(store), put(store, label=BOREALIS)
    with pytest.raises(Tampered):
        store.open(ours.object_id, label=BOREALIS, key=theirs.key)
    with pytest.raises(Tampered):
        store.open(theirs.object_id, label=ACME, key=ours.key)
    path = store._path(ours.object_id)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(Tampered, match=str(ACME.evidence_id)):
        read(store, ours)
    path.unlink()
    with pytest.raises(ObjectLost, match="not in the store"):
        store.open(ours.object_id, label=ACME, key=ours.key)
    assert read(store, theirs, BOREALIS) == CANARY


def test_an_object_is_never_overwritten(store):
    stored = put(store)
    with pytest.raises(FileExistsError):
        store.put(io.BytesIO(b"other"), object_id=stored.object_id, label=ACME)
    assert read(store, stored) == CANARY


def test_a_deleted_object_is_gone_and_deleting_again_is_fine(store, folder):
    stored = put(store)
    store.delete(stored.object_id)
    store.delete(stored.object_id)
    assert files_in(folder) == []


def test_every_new_folder_and_file_is_synced_in_order(store, folder, monkeypatch):
    synced = []
    real = os.fsync

    def noting(descriptor):
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        real(descriptor)

    monkeypatch.setattr(os, "fsync", noting)
    stored = put(store)
    home = store._path(stored.object_id).parent
    assert {folder.parent, folder, home.parent, home} <= set(synced)
    assert synced[-1] == home
    assert synced[-2].parent == folder / "tmp"


@pytest.mark.parametrize("place", PLACES)
def test_a_failure_leaves_no_half_file(store, folder, place):
    failpoints.configure(f"{place}=raise")
    with pytest.raises(failpoints.FailpointReached):
        put(store)
    assert list((folder / "tmp").iterdir()) == []
    assert len(files_in(folder)) == (place == "evidence.after_rename")


@pytest.mark.parametrize("place", PLACES)
def test_after_a_kill_there_is_a_whole_object_or_rubbish_for_the_sweep(store, folder, place):
    object_id = uuid4()
    if not (child := os.fork()):
        failpoints.configure(f"{place}=kill")
        store.put(io.BytesIO(CANARY), object_id=object_id, label=ACME)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert store._path(object_id).exists() == (place == "evidence.after_rename")
    store.sweep([], now=datetime.now(UTC) + timedelta(hours=25))
    assert files_in(folder) == []


def test_the_sweep_waits_a_day_and_never_touches_what_a_row_names(store, folder):
    known, unknown, lost = put(store), put(store), uuid4()
    (folder / "tmp" / "left").write_bytes(b"x")
    (folder / "ab" / "cd").mkdir(parents=True)
    (folder / "ab" / "cd" / "README").write_bytes(b"x")
    now = datetime.now(UTC)
    rows = [known.object_id, lost]
    early = store.sweep(rows, now=now + timedelta(hours=23))
    assert (early.deleted, early.lost) == ((), (lost,))
    late = store.sweep(rows, now=now + timedelta(hours=25))
    assert (late.deleted, late.lost) == ((unknown.object_id,), (lost,))
    assert read(store, known) == CANARY
    assert not (folder / "tmp" / "left").exists()
    assert (folder / "ab" / "cd" / "README").exists()
    assert store.sweep(rows, now=now + timedelta(hours=25)).deleted == ()


def test_a_disk_that_takes_no_more_leaves_nothing_behind(store, folder):
    if not (child := os.fork()):
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        try:
            put(store)
        except OSError:
            os._exit(7)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert files_in(folder) == []
