"""The two commands: what they say, and how they end."""

import json
import sqlite3

import pytest

from foundation import schema
from foundation.db import Database
from operations.cli import main
from tests.operations.backups import everything


def move(installation, monkeypatch, *, keys=True):
    """Go on in an empty folder, with the keys of the old one."""
    new = installation / "new"
    monkeypatch.setenv("DULY_DATA_DIR", str(new))
    if keys:
        (new / "keys").mkdir(parents=True)
        (new / "keys" / "keys.json").write_bytes(
            (installation / "data/keys/keys.json").read_bytes()
        )
        (new / "keys" / "keys.json").chmod(0o600)
    return new


@pytest.mark.slow
def test_there_and_back(installation, capsys, monkeypatch):
    file = str(installation / "duly.tar")
    capsys.readouterr()
    assert main(["backup", file, "--json"]) == 0
    told = capsys.readouterr()
    made = json.loads(told.out)
    assert (made["evidence"], made["faulty"]) == (0, [])
    assert "Keep a copy of" in told.err
    assert main(["backup", file]) == 1
    assert "there already" in capsys.readouterr().err
    assert main(["restore", file, "--check", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "is_good": True,
        "damaged": [],
        "missing": [],
        "extra": [],
        "problems": [],
        "keys": True,
    }
    new = move(installation, monkeypatch)
    assert main(["restore", file, "--json"]) == 0
    restored = json.loads(capsys.readouterr().out)
    assert restored["rows"] == made["rows"]
    assert restored["ended"] == {"sessions": 0, "links": 1, "tokens": 0, "feeds": 0}
    database = Database(f"sqlite:///{new / 'duly.sqlite3'}")
    assert schema.revision_of(database) == schema.newest()
    entries = b"".join(everything(database)["ledger_entry"])
    assert b"backup.restore" in entries
    database.engine.dispose()
    assert main(["restore", file]) == 1
    assert "holds tables already" in capsys.readouterr().err


def test_a_backup_stands_in_the_ledger(installation, capsys):
    main(["backup", str(installation / "duly.tar")])
    database = Database(f"sqlite:///{installation / 'data' / 'duly.sqlite3'}")
    assert b"backup.make" in b"".join(everything(database)["ledger_entry"])
    database.engine.dispose()


def test_without_the_keys_nothing_is_restored_and_none_are_made(installation, capsys, monkeypatch):
    file = str(installation / "duly.tar")
    main(["backup", file])
    new = move(installation, monkeypatch, keys=False)
    capsys.readouterr()
    assert main(["restore", file]) == 1
    assert "There is no key file" in capsys.readouterr().err
    assert not new.exists()
    assert main(["restore", file, "--check"]) == 0
    assert "Whether the keys fit was not checked" in capsys.readouterr().err


def test_with_other_keys_nothing_is_restored(installation, capsys, monkeypatch):
    file = str(installation / "duly.tar")
    main(["backup", file])
    monkeypatch.setenv("DULY_DATA_DIR", str(installation / "other"))
    main(["keys", "new"])
    capsys.readouterr()
    assert main(["restore", file]) == 1
    assert "Its keys are not in the key file" in capsys.readouterr().err


def test_an_empty_house_has_nothing_to_back_up(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("DULY_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("DULY_DATABASE_URL", "")
    assert main(["backup", str(tmp_path / "duly.tar")]) == 1
    assert "nothing to back up" in capsys.readouterr().err
    assert list(tmp_path.glob("*duly.tar*")) == []


def test_a_database_that_does_not_answer_gets_a_sentence(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("DULY_DATA_DIR", str(tmp_path / "data"))
    address = "postgresql://duly:hunter2@127.0.0.1:1/duly?connect_timeout=2"
    monkeypatch.setenv("DULY_DATABASE_URL", address)
    assert main(["backup", str(tmp_path / "duly.tar")]) == 1
    said = capsys.readouterr().err
    assert "The database cannot be used" in said
    assert "hunter2" not in said
    assert "Traceback" not in said


def test_the_ledger_is_verified_and_a_change_found(installation, capsys):
    capsys.readouterr()
    assert main(["verify", "audit", "--json"]) == 0
    n_entries = json.loads(capsys.readouterr().out)["entries"]
    assert n_entries >= 2
    with sqlite3.connect(installation / "data" / "duly.sqlite3") as connection:
        connection.execute("DROP TRIGGER ledger_entry_no_update")
        connection.execute("UPDATE ledger_entry SET ip = '10.0.0.1' WHERE seq = 2")
    assert main(["verify", "audit"]) == 1
    assert "does not fit from entry 2 on" in capsys.readouterr().out
