"""duly verify evidence, on the command line."""

import json

import pytest

from foundation import settings
from operations.cli import main
from tests import people as cast
from tests.evidence.stories import new_vendor, object_path, on_record


@pytest.fixture
def file(database, authors, monkeypatch):
    used = settings.current()
    monkeypatch.setenv("DULY_DATA_DIR", str(used.data_dir))
    monkeypatch.setenv("DULY_KEYS_FILE", str(used.keys_path))
    monkeypatch.setenv("DULY_DATABASE_URL", database.engine.url.render_as_string(False))
    return on_record(database, new_vendor(database, authors), authors[cast.RABIA.email])


def test_a_whole_store_is_nought(file, capsys):
    assert main(["verify", "evidence"]) == 0
    assert (
        "1 files opened, 21 bytes; 0 were erased. All are as they were." in capsys.readouterr().out
    )


def test_one_line_of_json(file, capsys):
    assert main(["verify", "evidence", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "is_whole": True,
        "checked": 1,
        "bytes": 21,
        "erased": 0,
        "refused": [],
        "lost": [],
        "strays": 0,
    }


def test_a_changed_file_is_one_and_named(file, capsys):
    path = object_path(file)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert main(["verify", "evidence"]) == 1
    said = capsys.readouterr()
    assert "E-0001: part 1 was changed." in said.out
    assert "Bring these files back from a backup" in said.err


def test_a_missing_file_is_one_and_named(file, capsys):
    object_path(file).unlink()
    assert main(["verify", "evidence", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["lost"] == [{"reference": "E-0001", "found": "it is not in the store"}]
