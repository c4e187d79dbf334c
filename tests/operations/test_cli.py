"""What every command does before it does anything else."""

import ctypes
import os
import resource

import pytest

from operations.cli import main

PR_GET_DUMPABLE, PR_SET_DUMPABLE = 3, 4


@pytest.fixture
def libc():
    library = ctypes.CDLL(None)
    before = library.prctl(PR_GET_DUMPABLE, 0, 0, 0, 0)
    library.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)
    yield library
    library.prctl(PR_SET_DUMPABLE, before, 0, 0, 0)


def test_its_memory_is_shut_against_others_and_never_dumped(libc, capsys):
    main(["no such command"])
    assert libc.prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0
    assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)


def test_what_it_makes_is_for_its_own_account_alone(tmp_path, monkeypatch):
    before = os.umask(0o022)
    monkeypatch.setenv("DULY_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DULY_DATABASE_URL", "")
    try:
        assert main(["migrate"]) == 0
    finally:
        os.umask(before)
    made = [each for each in tmp_path.rglob("*") if each.is_file()]
    assert tmp_path / "duly.sqlite3" in made
    assert [each for each in made if each.stat().st_mode & 0o077] == []


@pytest.mark.parametrize("port", ["0", "65536", "-1", "x", "٨٠٠٠", "9" * 5000])
def test_a_port_that_is_none_is_refused(capsys, port):
    for command in ("serve", "demo"):
        with pytest.raises(SystemExit) as ended:
            main([command, f"--port={port}"])
        assert ended.value.code == 2
        assert "is not a number from 1 to 65535" in capsys.readouterr().err


def test_no_web_process_at_all_is_refused(capsys):
    with pytest.raises(SystemExit):
        main(["serve", "--workers=0"])
    assert "is not a number from 1 to 256" in capsys.readouterr().err


def test_a_file_that_is_no_database_gets_a_sentence(tmp_path, monkeypatch, capsys):
    (tmp_path / "duly.sqlite3").write_bytes(b"no database at all" * 1000)
    monkeypatch.setenv("DULY_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DULY_DATABASE_URL", "")
    assert main(["migrate"]) == 1
    assert "The database cannot be used: file is not a database." in capsys.readouterr().err


def test_an_order_to_die_that_is_none_gets_a_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DULY_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DULY_FAILPOINTS", "nowhere")
    assert main(["migrate"]) == 1
    assert "needs an action" in capsys.readouterr().err


def test_a_database_without_tables_and_a_file_that_is_not_there_say_what_to_do(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("DULY_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DULY_DATABASE_URL", "")
    assert main(["verify", "audit"]) == 1
    assert "Run ./duly migrate first" in capsys.readouterr().err
    assert main(["import-questionnaire", str(tmp_path / "nowhere.yaml")]) == 1
    assert "nowhere.yaml cannot be used: No such file or directory." in capsys.readouterr().err
