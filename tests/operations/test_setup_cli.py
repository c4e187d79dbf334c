"""The first steps on the command line: schema, administrator, a questionnaire."""

import json
import re

import pytest
from sqlalchemy import func, select

from accounts.queries import list_staff
from accounts.rules import Role
from foundation import schema
from foundation.db import Database
from operations.cli import main
from questionnaires.models import QuestionnaireVersion
from tests.client import client_of

pytestmark = pytest.mark.slow


@pytest.fixture
def empty_house(tmp_path, monkeypatch):
    """An environment with nothing in it yet."""
    monkeypatch.setenv("DULY_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("DULY_DATABASE_URL", "")
    monkeypatch.setenv("DULY_BASE_URL", "http://localhost")
    made = Database(f"sqlite:///{tmp_path / 'data' / 'duly.sqlite3'}")
    yield made
    made.engine.dispose()


def test_migrate_makes_the_schema_once(empty_house, capsys):
    assert main(["migrate"]) == 0
    assert schema.revision_of(empty_house) == schema.newest()
    assert schema.drift(empty_house) == []
    capsys.readouterr()
    assert main(["migrate"]) == 0
    assert "Nothing to do" in capsys.readouterr().out


def test_a_new_administrator_gets_a_way_in(empty_house, capsys, app):
    main(["migrate"])
    capsys.readouterr()
    assert main(["create-admin", "Adil@Northwind.Example", "Adil Rehman", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["email"] == "adil@northwind.example"
    with empty_house.reading() as session:
        assert list_staff(session)[0].roles == frozenset({Role.ADMINISTRATOR})
    app.extensions["database"] = empty_house
    way = told["url"].removeprefix("http://localhost")
    page = client_of(app).get(way, follow_redirects=True)
    assert page.status_code == 200
    assert "adil@northwind.example" in page.get_data(as_text=True)


def test_the_same_administrator_twice_is_refused(empty_house, capsys):
    main(["migrate"])
    assert main(["create-admin", "adil@northwind.example", "Adil"]) == 0
    assert main(["create-admin", "adil@northwind.example", "Adil"]) == 1
    assert re.search(r"already", capsys.readouterr().err)


def test_an_address_that_is_none_is_refused(empty_house, capsys):
    main(["migrate"])
    assert main(["create-admin", "nobody", "Adil"]) == 1
    assert "Traceback" not in capsys.readouterr().err


def stored(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(QuestionnaireVersion)) or 0


def test_importing_looks_first_and_stores_when_told(empty_house, capsys, field_data):
    main(["migrate"])
    capsys.readouterr()
    path = str(field_data / "vsaq" / "infrastructure.json")
    assert main(["import-questionnaire", path, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    expected = json.loads((field_data / "expected.json").read_text())["vsaq/infrastructure.json"]
    assert found["questions"] == expected["answerable"] == 96
    assert found["options"] == expected["answer_choices"] == 178
    assert found["conditions"] == expected["conditions"] == 114
    assert stored(empty_house) == 0
    assert main(["import-questionnaire", path, "--apply"]) == 0
    assert main(["import-questionnaire", path, "--apply"]) == 0
    assert stored(empty_house) == 1


def test_a_broken_file_is_refused_with_line_and_column(empty_house, capsys, tmp_path):
    main(["migrate"])
    capsys.readouterr()
    broken = tmp_path / "broken.json"
    broken.write_text('{"questionnaire": [\n  {"type": "block", "text": "No end\n')
    assert main(["import-questionnaire", str(broken), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["problems"]
    assert re.search(r"line 2", found["problems"][0]["where"], re.IGNORECASE)


def test_a_file_that_is_not_there_gets_a_sentence(empty_house, capsys, tmp_path):
    main(["migrate"])
    assert main(["import-questionnaire", str(tmp_path / "none.json")]) == 1
    assert "none.json" in capsys.readouterr().err


def test_a_bad_setting_stops_the_start_with_a_sentence(empty_house, capsys, monkeypatch):
    monkeypatch.setenv("DULY_BASE_URL", "duly.example.com")
    assert main(["migrate"]) == 1
    assert "DULY_BASE_URL" in capsys.readouterr().err
