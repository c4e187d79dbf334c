"""duly import-vendors: looks first, names problems, stores when told."""

import json

import pytest
from sqlalchemy import func, select

from foundation.db import Database
from operations.cli import main
from vendors.models import Vendor

GOOD = "Vendor,Country\nAcme,PK\nBeta,Germany\nACME Ltd,\n"
BAD = "Vendor,Next review\nAcme,2026-05-01\nBeta,31/02/2026\n"


@pytest.fixture
def empty_house(tmp_path, monkeypatch):
    """An environment with nothing in it yet."""
    monkeypatch.setenv("DULY_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("DULY_DATABASE_URL", "")
    monkeypatch.setenv("DULY_BASE_URL", "http://localhost")
    made = Database(f"sqlite:///{tmp_path / 'data' / 'duly.sqlite3'}")
    yield made
    made.engine.dispose()


@pytest.fixture
def file_of(tmp_path):
    def make(text, name="list.csv"):
        path = tmp_path / name
        path.write_text(text)
        return str(path)

    return make


def stored(database):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Vendor)) or 0


def told(capsys):
    return json.loads(capsys.readouterr().out)


def test_a_dry_run_needs_no_database(empty_house, capsys, file_of):
    assert main(["import-vendors", file_of(GOOD), "--json"]) == 0
    assert told(capsys) == {"rows": 3, "new": 2, "update": 1, "not_imported": [], "problems": []}


def test_columns_nobody_takes_are_named_with_the_way_to_take_them(empty_house, capsys, file_of):
    odd = file_of("Vendor,Contract ends,,Nothing\nAcme,2027-01-01,x,\nBeta,2027-01-01,,\n")
    assert main(["import-vendors", odd, "--json"]) == 0
    assert told(capsys)["not_imported"] == [
        {"column": "Contract ends", "filled": 2},
        {"column": "Column C", "filled": 1},
        {"column": "Nothing", "filled": 0},
    ]
    assert main(["import-vendors", odd]) == 0
    shown = capsys.readouterr().out
    assert "Not imported: Contract ends (2 cells), Column C (1 cell), Nothing (empty)." in shown
    assert '--map "Contract ends=notes"' in shown
    assert main(["import-vendors", odd, "--map", "Contract ends=notes"]) == 0
    assert "Not imported: Column C (1 cell), Nothing (empty)." in capsys.readouterr().out
    assert main(["import-vendors", odd, "--map", "Column C=tags"]) == 0
    assert "Not imported: Contract ends (2 cells), Nothing (empty)." in capsys.readouterr().out


def test_storing_into_an_unmigrated_database_is_refused(empty_house, capsys, file_of):
    assert main(["import-vendors", file_of(GOOD), "--apply"]) == 1
    assert "duly migrate" in capsys.readouterr().err


def test_it_stores_when_told_and_not_when_a_row_is_wrong(empty_house, capsys, file_of):
    main(["migrate"])
    assert main(["import-vendors", file_of(GOOD), "--apply"]) == 1
    assert "create-admin" in capsys.readouterr().err
    main(["create-admin", "adil@northwind.example", "Adil"])
    capsys.readouterr()
    assert main(["import-vendors", file_of(BAD), "--apply", "--json"]) == 1
    [problem] = told(capsys)["problems"]
    assert (problem["row"], problem["column"], problem["found"]) == (3, "Next review", "31/02/2026")
    assert stored(empty_house) == 0
    assert main(["import-vendors", file_of(BAD), "--apply", "--skip-problems"]) == 0
    assert stored(empty_house) == 1
    assert (
        main(["import-vendors", file_of(GOOD), "--apply", "--owner", "adil@northwind.example"]) == 0
    )
    assert stored(empty_house) == 2


def test_columns_can_be_named(empty_house, capsys, file_of):
    odd = file_of("Nr,Firma,Wer\n1,Acme,x\n2,Acme,y\n")
    assert main(["import-vendors", odd, "--json", "--map", "Firma=name", "--map", "Wer=tags"]) == 0
    left = [{"column": "Nr", "filled": 2}]
    assert told(capsys) == {
        "rows": 2,
        "new": 1,
        "update": 1,
        "not_imported": left,
        "problems": [],
    }
    assert main(["import-vendors", odd, "--map", "Firma=colour"]) == 1
    assert "There is no field colour" in capsys.readouterr().err
    assert main(["import-vendors", odd, "--map", "Nobody=name"]) == 1
    assert "The list has: Nr, Firma, Wer" in capsys.readouterr().err


def test_a_file_that_is_no_list_is_refused_in_a_sentence(empty_house, capsys, file_of):
    assert main(["import-vendors", file_of("<html><table>", "list.xls"), "--json"]) == 1
    assert "web page" in told(capsys)["problems"][0]["what"]
    assert main(["import-vendors", file_of("<html><table>", "list.xls")]) == 1
    assert "Traceback" not in capsys.readouterr().err
