"""Encrypted backups: the machine that makes them cannot read them, and damage is refused."""

import json
from pathlib import Path

import pytest
from pyrage.x25519 import Identity

from audit.signed_heads import Why
from foundation import clock, keyring, settings
from foundation.errors import Refused
from operations import ledger_heads
from operations.backup import closing, container
from operations.backup.checking import check
from operations.backup.closing import Closed
from operations.backup.making import make
from operations.backup.progress import Progress
from operations.cli import main
from tests.operations.backups import empty_place, everything, furnish, objects_in, put_back, store
from tests.operations.test_restore import CHANGED

pytestmark = pytest.mark.slow

CANARY = b"Acme Hosting"


@pytest.fixture
def pair():
    identity = Identity.generate()
    return identity, identity.to_public()


@pytest.fixture
def closed(database, authors, tmp_path, pair):
    """A backup of a furnished house, encrypted, and what opens it."""
    furnish(database, authors)
    ledger_heads.sign(database, clock.now(), Why.BACKUP)
    target = tmp_path / "duly.tar.age"
    close(database, target, pair[1])
    return Closed(target, [pair[0]])


def close(database, target, *recipients):
    return make(
        database,
        store(),
        target,
        at=clock.now(),
        replace=False,
        progress=Progress(),
        recipients=recipients,
    )


def checked(closed):
    return check(closed, keyring.current())


def test_nothing_can_be_read_in_it_and_no_plain_copy_is_left(closed):
    assert closing.is_closed(closed.path)
    assert CANARY not in closed.path.read_bytes()
    assert [each.name for each in closed.path.parent.glob("*duly*")] == [closed.path.name]
    assert checked(closed).problems == []


def test_it_comes_back_to_the_last_row_and_byte(closed, database, tmp_path):
    place = empty_place(tmp_path / "new")
    put_back(closed, place)
    before, after = everything(database), everything(place.database)
    assert {n: rows for n, rows in before.items() if n not in CHANGED} == {
        n: rows for n, rows in after.items() if n not in CHANGED
    }
    assert objects_in(place.evidence) == objects_in(settings.current().evidence_dir)


def test_it_holds_the_signed_heads_and_names_the_newest(closed):
    found = checked(closed)
    assert found.heads == settings.current().heads_path.read_bytes()
    assert found.manifest["head"] == json.loads(found.heads.splitlines()[-1])


def test_another_identity_does_not_open_it(closed):
    with pytest.raises(Refused, match="does not open with this identity"):
        checked(Closed(closed.path, [Identity.generate()]))


def test_each_of_several_recipients_opens_it(database, tmp_path):
    both = [Identity.generate(), Identity.generate()]
    target = tmp_path / "both.age"
    close(database, target, *(each.to_public() for each in both))
    for each in both:
        assert checked(Closed(target, [each])).problems == []


@pytest.mark.parametrize("share", [0.3, 0.6, 0.999])
@pytest.mark.parametrize("act", ["cut", "flip"])
def test_what_is_lost_by_damage_is_named(closed, act, share):
    content = bytearray(closed.path.read_bytes())
    place = int(len(content) * share)
    if act == "cut":
        del content[place:]
    else:
        content[place] ^= 1
    closed.path.write_bytes(content)
    problems = checked(closed).problems
    assert problems
    told = ("The list of its parts is missing", "its end is damaged")
    assert any(said in each for each in problems for said in told)


def test_damage_at_its_beginning_is_refused(closed):
    content = bytearray(closed.path.read_bytes())
    for place in (30, 150, 190):
        touched = bytearray(content)
        touched[place] ^= 1
        closed.path.write_bytes(touched)
        with pytest.raises(Refused):
            checked(closed)


def test_parts_put_in_by_somebody_who_knows_the_recipient_are_named(closed, pair, tmp_path):
    """Anybody can encrypt for a recipient: who made it is told by the seal inside."""
    import pyrage

    from tests.operations.backups import parts_of, write_parts

    plain = tmp_path / "plain.tar"
    plain.write_bytes(pyrage.decrypt(closed.path.read_bytes(), [pair[0]]))
    parts = parts_of(plain)
    manifest = json.loads(parts[container.MANIFEST])
    gone = next(name for name in parts if name.startswith("evidence/"))
    del parts[gone]
    parts["evidence/extra"] = b"x"
    parts[container.HEADS] = container.packed(b"")
    write_parts(plain, parts)
    closed.path.write_bytes(pyrage.encrypt(plain.read_bytes(), [pair[1]]))
    found = checked(closed)
    assert (found.missing, found.extra) == ([gone], ["evidence/extra"])
    assert found.damaged == [container.HEADS]
    del manifest["parts"][gone]
    parts[container.MANIFEST] = json.dumps(manifest).encode()
    write_parts(plain, parts)
    closed.path.write_bytes(pyrage.encrypt(plain.read_bytes(), [pair[1]]))
    assert "The list of its parts was changed after the backup was made." in checked(closed).others


def test_a_disk_that_fills_up_leaves_nothing(database, authors, tmp_path, pair, monkeypatch):
    furnish(database, authors)
    target = tmp_path / "duly.tar.age"

    def full(plain, file, recipients):
        plain.read(100)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(closing, "encrypt_io", full)
    with pytest.raises(OSError, match="No space left"):
        close(database, target, pair[1])
    assert list(tmp_path.glob("*duly.tar*")) == []


def test_by_the_command(installation, capsys, monkeypatch):
    pair, file = installation / "identity.txt", installation / "duly.tar.age"
    assert main(["keys", "pair", str(pair)]) == 0
    recipient = capsys.readouterr().out.strip()
    assert (pair.stat().st_mode & 0o777, recipient[:4]) == (0o600, "age1")
    assert main(["keys", "pair", str(pair)]) == 1
    monkeypatch.setenv("DULY_BACKUP_RECIPIENTS", f" {recipient} ,")
    assert main(["backup", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["encrypted"] is True
    assert main(["restore", str(file), "--check"]) == 1
    assert "Say which identity opens it: --identity FILE" in capsys.readouterr().err
    assert main(["restore", str(file), "--check", "--identity", str(pair)]) == 0
    monkeypatch.setenv("DULY_DATA_DIR", str(installation / "new"))
    keys = installation / "new" / "keys" / "keys.json"
    keys.parent.mkdir(parents=True)
    keys.write_bytes((installation / "data" / "keys" / "keys.json").read_bytes())
    keys.chmod(0o600)
    assert main(["restore", str(file), "--identity", str(pair)]) == 0
    capsys.readouterr()
    assert main(["verify", "audit", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["heads"], told["problems"]) == (2, [])
    assert "A backup was restored on" in told["remarks"][0]


@pytest.mark.parametrize(
    "wrong", ["age1", "AGE-SECRET-KEY-1", "ssh-ed25519 AAAA", "", "age1" + "q" * 58]
)
def test_a_recipient_that_is_none_is_refused_before_anything_is_written(
    installation, capsys, wrong
):
    assert main(["backup", str(installation / "b"), "--recipient", wrong]) == 1
    assert "is no recipient" in capsys.readouterr().err
    assert not (installation / "b").exists()


@pytest.mark.parametrize("content", [b"", b"# only a remark\n", b"\xff\xfe", b"AGE-SECRET-KEY-1X"])
def test_a_file_that_is_no_identity_is_refused(tmp_path, content):
    path = tmp_path / "identity"
    path.write_bytes(content)
    with pytest.raises(Refused, match="holds no identity"):
        closing.identities_in(path)
    with pytest.raises(Refused, match="cannot be read"):
        closing.identities_in(Path("/nowhere/identity"))
