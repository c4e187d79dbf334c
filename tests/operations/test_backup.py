"""Backing up: whole or not at all, honest about what is not right, and closed to others."""

import hashlib
import json
import os
import tarfile
import threading
from pathlib import Path

import pytest

from foundation import clock, failpoints, keyring
from foundation.errors import Refused
from foundation.failpoints import FailpointReached
from foundation.keyring import Keyring
from operations.backup import container
from operations.backup.checking import check
from operations.backup.tables import shapes
from operations.backup.whole_file import written_whole
from tests import people as cast
from tests.evidence.stories import new_vendor, object_path, objects, on_record
from tests.operations.backups import back_up, furnish, killed_at, objects_in, parts_of, write_parts


@pytest.fixture(autouse=True)
def _disarmed():
    yield
    failpoints.configure("")


@pytest.fixture
def made(database, authors, tmp_path):
    furnish(database, authors)
    target = tmp_path / "duly.tar"
    back_up(database, target)
    return target


def test_it_holds_every_row_and_every_object_and_verifies(made, database, settings):
    checked = check(made, keyring.current())
    assert (checked.problems, checked.is_sealed) == ([], True)
    with database.snapshot() as connection:
        for shape in shapes(connection):
            n_rows = connection.exec_driver_sql(f'SELECT count(*) FROM "{shape.name}"').scalar()
            assert checked.manifest["tables"][shape.name]["rows"] == n_rows, shape.name
    copied = {n.split("/")[1]: c for n, c in parts_of(made).items() if n.startswith("evidence/")}
    assert copied == objects_in(settings.evidence_dir)
    assert len(copied) == 3


def test_it_is_for_its_owner_alone_and_holds_no_key_and_no_plain_evidence(made):
    assert made.stat().st_mode & 0o777 == 0o600
    everything = b"".join(
        container.unpacked(content) if name.endswith(".gz") else content
        for name, content in parts_of(made).items()
    )
    assert b"Our security policy." not in everything
    assert b"PK36SCBL0000001123456702" not in everything
    assert keyring.current().as_text().split('"k1": "')[1][:40].encode() not in everything


def test_the_same_moment_gives_the_same_bytes(made, database, tmp_path):
    back_up(database, tmp_path / "again.tar")
    assert (tmp_path / "again.tar").read_bytes() == made.read_bytes()


def test_it_takes_nobodys_place_unless_told(made, database):
    before = made.read_bytes()
    with pytest.raises(Refused, match="there already"):
        back_up(database, made)
    assert made.read_bytes() == before
    assert back_up(database, made, force=True).objects == 3


@pytest.mark.parametrize(
    ("place", "sentence"),
    [("", "is a folder"), ("none/duly.tar", "no folder"), ("pipe", "no ordinary file")],
)
def test_a_place_that_cannot_be_written_is_named_before_any_work(
    database, tmp_path, place, sentence
):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Refused, match=sentence):
        back_up(database, tmp_path / place, force=True)


def test_a_folder_that_takes_no_file_is_named(database):
    with pytest.raises(Refused, match="cannot be written"):
        back_up(database, Path("/proc/duly.tar"))


def test_a_full_disk_leaves_what_was_there(made, database, tmp_path, monkeypatch):
    before = made.read_bytes()
    written = container.Writer.add_from

    def full(writer, name, source, size):
        if name.startswith("evidence/"):
            raise OSError(28, "No space left on device")
        written(writer, name, source, size)

    monkeypatch.setattr(container.Writer, "add_from", full)
    with pytest.raises(OSError, match="No space left"):
        back_up(database, made, force=True)
    assert made.read_bytes() == before
    assert [path.name for path in tmp_path.glob(".duly*")] == []


def test_what_a_kill_leaves_is_no_backup_and_in_nobodys_way(database, tmp_path):
    target = tmp_path / "duly.tar"

    def apart():
        database.engine.dispose(close=False)  # the parent's connections are not ours to close
        back_up(database, target)

    killed_at("backup.after_rows", apart)
    assert not target.exists()
    assert (tmp_path / ".duly.tar.part").exists()
    back_up(database, target)
    assert list(tmp_path.glob(".duly*")) == []


def test_two_at_once_do_not_write_one_file(tmp_path):
    target = tmp_path / "duly.tar"
    with (
        written_whole(target, replace=False),
        pytest.raises(Refused, match="Somebody else"),
        written_whole(target, replace=False),
    ):
        pass


def test_what_happens_meanwhile_is_not_in_it(database, authors, tmp_path):
    acme = furnish(database, authors)
    n_before = len(objects())
    failpoints.configure("backup.after_rows=raise")
    with pytest.raises(FailpointReached):
        back_up(database, tmp_path / "none.tar")

    def add_later():
        new_vendor(database, authors, "Late Ltd")
        on_record(database, acme, authors[cast.PERVEZ.email], content=b"late\n")

    armed = {"backup.after_rows": lambda: _in_thread(add_later)}
    failpoints._armed.update(armed)
    assert back_up(database, tmp_path / "duly.tar").objects == n_before
    assert len(objects()) == n_before + 1
    rows = b"".join(
        container.unpacked(c) for n, c in parts_of(tmp_path / "duly.tar").items() if ".gz" in n
    )
    assert b"Acme Hosting" in rows
    assert b"Late Ltd" not in rows


def _in_thread(work):
    """Do it as somebody else would: beside the backup's own transaction."""
    moment = clock.now()

    def at_that_moment():
        with clock.fixed(moment):
            work()

    thread = threading.Thread(target=at_that_moment)
    thread.start()
    thread.join()


def test_a_changed_and_a_lost_object_are_named(database, authors, tmp_path):
    acme = furnish(database, authors)
    pervez = authors[cast.PERVEZ.email]
    changed = on_record(database, acme, pervez, content=b"changed\n")
    lost = on_record(database, acme, pervez, content=b"lost\n")
    path = object_path(changed)
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    object_path(lost).unlink()
    made = back_up(database, tmp_path / "duly.tar")
    assert sorted(each.split(":")[0] for each in made.faulty) == [
        changed.reference,
        lost.reference,
    ]
    assert made.objects == 4, "what is damaged is kept; what is lost cannot be"
    assert check(tmp_path / "duly.tar", keyring.current()).problems == []


# --- checking -------------------------------------------------------------------------------------


def test_a_changed_a_lost_and_an_added_part_are_named(made, tmp_path):
    parts = parts_of(made)
    objects = [name for name in parts if name.startswith("evidence/")]
    rows = next(name for name in parts if name.startswith("tables/vendor/"))
    parts[rows] = parts[rows][:-1] + b"!"
    del parts[objects[1]]
    parts["evidence/added"] = b"x"
    checked = check(write_parts(tmp_path / "changed.tar", parts), keyring.current())
    assert checked.problems == [
        f"{rows} is damaged.",
        f"{objects[1]} is missing.",
        "evidence/added does not belong to it.",
    ]


def test_a_bit_that_fell_over_between_the_parts_costs_that_part_only(made):
    content = bytearray(made.read_bytes())
    at = content.index(b"evidence/")  # the name in a part's heading
    content[at + 20] ^= 1
    made.write_bytes(content)
    checked = check(made, keyring.current())
    assert len(checked.missing) == 1
    assert checked.damaged == []


@pytest.mark.parametrize("place", [b"duly-backup.json", b"evidence/", b"manifest.json"])
def test_a_file_that_is_cut_short_is_said_to_be(made, place):
    content = made.read_bytes()
    made.write_bytes(content[: content.index(place) + 1000])
    try:
        problems = check(made, keyring.current()).problems
    except Refused as refused:
        problems = [str(refused)]
    assert "cut short" in problems[0] or "first part is missing" in problems[0]


def test_a_file_without_its_seal_is_cut_short_even_where_there_are_no_keys(made):
    content = made.read_bytes()
    made.write_bytes(content[: content.index(b"manifest.hmac")])
    assert check(made, None).problems == ["manifest.hmac is missing."]


@pytest.mark.parametrize("content", [b"", b"\0" * 20_000, b"PK\3\4 a zip", b"x" * 100_000])
def test_what_is_no_backup_is_refused(tmp_path, content):
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(Refused, match="no backup of Duly"):
        check(path, None)


def test_a_tar_of_somebody_else_a_folder_and_nothing_are_refused(tmp_path):
    write_parts(tmp_path / "other.tar", {"letter.txt": b"dear"})
    for name in ("other.tar", "none.tar", ""):
        with pytest.raises(Refused):
            check(tmp_path / name, None)


def test_a_list_made_anew_by_somebody_without_the_keys_is_noticed(made, tmp_path):
    parts = parts_of(made)
    rows = next(name for name in parts if name.startswith("tables/role_grant/"))
    lines = container.unpacked(parts[rows]).replace(b"analyst", b"administrator")
    parts[rows] = container.packed(lines)
    manifest = json.loads(parts["manifest.json"])
    manifest["parts"][rows] = [hashlib.sha256(parts[rows]).hexdigest(), len(parts[rows])]
    parts["manifest.json"] = json.dumps(manifest).encode()
    forged = write_parts(tmp_path / "forged.tar", parts)
    assert check(forged, None).problems == [], "without keys nobody can tell"
    problems = check(forged, keyring.current()).problems
    assert problems == ["The list of its parts was changed after the backup was made."]


def test_other_keys_are_named_with_the_fingerprint_that_is_needed(made, tmp_path):
    other = Keyring.create(tmp_path / "other.json")
    (problem,) = check(made, other).problems
    assert keyring.current().fingerprint("k1") in problem
    assert check(made, None).is_sealed is None


def test_a_backup_of_a_newer_version_is_told_apart_from_a_broken_one(made, tmp_path, monkeypatch):
    monkeypatch.setattr("operations.backup.checking.schema.knows", lambda _: False)
    (problem,) = check(made, keyring.current()).problems
    assert "made by a newer version (Duly 0." in problem


def test_a_part_that_would_fill_the_memory_is_refused(monkeypatch):
    monkeypatch.setattr(container, "MOST_IN_MEMORY", 1000)
    with pytest.raises(Refused, match="far too large"):
        container.unpacked(container.packed(b"x" * 2000))


def _head(size, name=b"x"):
    """Return the head of a part whose size is written as somebody likes."""
    head = bytearray(tarfile.TarInfo(name.decode()).tobuf(tarfile.USTAR_FORMAT))
    head[124:136] = b"\xff" + (size + 256**11).to_bytes(11, "big")
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head)


def _pax(record):
    head = tarfile.TarInfo("pax")
    head.type, head.size = tarfile.XHDTYPE, len(record)
    return head.tobuf(tarfile.USTAR_FORMAT) + record.ljust(512, b"\0")


@pytest.mark.parametrize(
    "lie",
    [
        _head(-1024),  # the part behind it would lie before it: read round and round
        _head(-(2**80)),
        _pax(b"28 GNU.sparse.map=1,-2,x\n\n\n"),
        _pax(b"99999999999999999999999 a=b\n"),
        _pax(b"7 a=b\n\n") * 3000,
    ],
    ids=["backwards", "far backwards", "no numbers", "endless", "nested"],
)
def test_a_head_that_lies_ends_the_reading(made, tmp_path, lie):
    whole = made.read_bytes()
    first = 512 + -(-len(parts_of(made)[container.HEADER]) // 512) * 512
    (tmp_path / "lying").write_bytes(whole[:first] + lie + whole[first:])
    found = check(tmp_path / "lying", None)
    # A mended reader of tar files passes over such a head: then all that was behind it is there.
    assert found.problems or read_on(tmp_path / "lying") == parts_of(made)


def read_on(path):
    return {name: part.read() for name, part in container.parts_of(path)}


@pytest.mark.parametrize("parts", [{"a": 5}, {"a": [1, 2, 3]}, {"a": None}, [], "x"])
def test_a_list_of_parts_that_is_none_is_damage(made, tmp_path, parts):
    changed = parts_of(made) | {container.MANIFEST: json.dumps({"parts": parts, "tables": {}})}
    changed[container.MANIFEST] = changed[container.MANIFEST].encode()
    write_parts(tmp_path / "changed", changed)
    assert "missing or damaged" in check(tmp_path / "changed", keyring.current()).problems[0]
    write_parts(tmp_path / "deep", changed | {container.MANIFEST: b"[" * 100_000})
    assert "missing or damaged" in check(tmp_path / "deep", keyring.current()).problems[0]
