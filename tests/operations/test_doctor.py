"""The doctor: each thing Duly needs, tried for real; what is broken says how to mend it."""

import json
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from foundation import settings
from operations import system_disk, system_lines, system_paper
from operations.cli import main
from operations.system_check import Check, Grade, worst_of
from tests.mail.server import Answering, running


def told(capsys, *arguments):
    capsys.readouterr()
    code = main(["doctor", "--json", *arguments])
    found = json.loads(capsys.readouterr().out)
    return code, {each["name"]: each for each in found["checks"]}, found["worst"]


def test_a_new_installation_lacks_a_worker_and_nothing_else(installation, capsys):
    code, lines, worst = told(capsys)
    assert (code, worst) == (1, "problem")
    assert [name for name, line in lines.items() if line["grade"] == "problem"] == ["Worker"]
    assert "./duly worker" in lines["Worker"]["fix"]
    main(["worker", "--once"])
    code, lines, worst = told(capsys)
    assert (code, worst) == (0, "warning")
    assert "no copy is known of" in lines["Keys"]["said"]
    assert lines["PDF"]["said"].startswith("A page of ")
    assert all(line["fix"] for line in lines.values() if line["grade"] != "ok")


def test_in_words_every_line_and_its_fix(installation, capsys):
    capsys.readouterr()
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "ok       Database" in said
    assert "problem  Worker" in said
    assert "-> Start one with ./duly worker" in said


def test_it_makes_nothing_where_there_is_nothing(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("DULY_DATA_DIR", str(tmp_path / "none"))
    monkeypatch.setenv("DULY_DATABASE_URL", "")
    code, lines, _ = told(capsys)
    assert code == 1
    assert lines["Database"]["fix"] == "Run ./duly migrate to make it."
    assert lines["Keys"]["fix"] == "Run ./duly migrate: the first start makes it."
    assert not (tmp_path / "none").exists()


def test_a_database_that_is_away_hides_its_password(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("DULY_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DULY_DATABASE_URL", "postgresql://duly:hunter2@127.0.0.1:1/duly")
    _, lines, _ = told(capsys)
    assert "cannot be used" in lines["Database"]["said"]
    assert "hunter2" not in json.dumps(lines)
    assert "PDF" in lines, "the rest is checked all the same"


def test_a_schema_of_another_version_is_told_before_anything_reads_it(installation, capsys):
    with sqlite3.connect(installation / "data" / "duly.sqlite3") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0003'")
    _, lines, _ = told(capsys)
    assert lines["Schema"]["fix"] == "Run ./duly migrate and start Duly again."
    assert "Worker" not in lines


def test_a_misspelt_setting_is_named(installation, capsys, monkeypatch):
    monkeypatch.setenv("DULY_BASE_URI", "x")
    _, lines, _ = told(capsys)
    assert "The nearest one is DULY_BASE_URL." in lines["Settings"]["said"]


def test_other_keys_and_no_keys(installation, capsys):
    path = installation / "data" / "keys" / "keys.json"
    (installation / "data" / "evidence" / "ab" / "cd").mkdir(parents=True)
    (installation / "data" / "evidence" / "ab" / "cd" / "object").touch()
    path.chmod(0o644)
    _, lines, _ = told(capsys)
    assert "chmod 600" in lines["Keys"]["said"]
    path.unlink()
    _, lines, _ = told(capsys)
    assert "Put the key file back" in lines["Keys"]["fix"]


def test_the_line_to_the_mail_server_is_tried_and_no_letter_sent(database):
    post = Answering()
    with running(post):
        address = settings.current().smtp_url
        found = system_lines.check_mail_line(address)
    assert (found.grade, "without encryption" in found.said) == (Grade.LOOK, True)
    assert post.messages == []
    assert system_lines.check_mail_line(address).grade is Grade.BROKEN, "it is gone now"


def test_clocks_that_are_apart_are_told(database):
    real = datetime.now(UTC)
    folder = settings.current().data_dir
    with database.reading() as session:
        agreed = system_lines.check_clock(session, folder, real)
        assert (agreed.grade, "Asia/Karachi" in agreed.said) == (Grade.OK, True)
        ahead = system_lines.check_clock(session, folder, real + timedelta(minutes=2))
    assert ahead.grade is Grade.BROKEN
    assert "the database is 120 s apart" in ahead.said


def test_a_font_that_is_not_there_is_named(monkeypatch, tmp_path):
    assert system_paper.check_fonts().grade is Grade.OK
    monkeypatch.setattr(system_paper, "FONTS", tmp_path)
    assert "NotoSans-Regular.ttf" in system_paper.check_fonts().said


def test_a_disk_that_gives_back_other_bytes_is_broken(tmp_path, monkeypatch):
    monkeypatch.setattr(system_disk.Path, "read_bytes", lambda _: b"other")
    assert system_disk.check_storage(tmp_path).grade is Grade.BROKEN


@pytest.mark.parametrize(
    ("grades", "worst"), [("ok", "ok"), ("ok look", "look"), ("look broken ok", "broken")]
)
def test_the_whole_stands_as_its_worst_line(grades, worst):
    lines = [Check("x", Grade(grade), "") for grade in grades.split()]
    assert worst_of(lines) is Grade(worst)
