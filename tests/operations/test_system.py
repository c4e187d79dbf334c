"""The system page: every line is a real check, and a broken one says how to mend it."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from audit.signed_heads import Why
from foundation import clock, keyring, schema, settings
from foundation.keyring import Keyring
from mail.commands import queue
from mail.letters import Text
from mail.rules import LetterState
from operations import key_copies, ledger_heads, system_disk, system_lines
from operations import system_checks as checks
from operations.system_check import Grade
from operations.system_ledger import check_heads
from reminders.commands import beat
from tests.people import ADIL, AMNA, LAILA


def test_administrators_see_it_and_nobody_else(people, database):
    with database.writing() as session:
        beat(session, summary="nothing was due", at=clock.now())
    page = people.browser(ADIL).get("/system").text
    assert "Duly 0." in page
    assert f"Revision {schema.newest()}, the newest" in page
    assert "Running: nothing was due" in page
    assert "Sandbox for files" in page
    for who in (LAILA, AMNA):
        assert people.browser(who).get("/system").status_code == 403


def test_it_names_the_database(database):
    with database.reading() as session:
        said = checks.check_database(session).said
    assert said.startswith("SQLite 3." if database.is_sqlite else "PostgreSQL 1")


def test_a_worker_is_running_late_or_gone(database):
    with database.writing() as session:
        assert checks.check_worker(session, clock.now()).grade is Grade.BROKEN
        beat(session, summary="3 letters sent", at=clock.now())
        before = checks.check_worker(session, clock.now() - timedelta(seconds=1))
        assert before.said == "Running: 3 letters sent"
        for minutes, grade in ((4, Grade.OK), (30, Grade.LOOK), (61, Grade.BROKEN)):
            found = checks.check_worker(session, clock.now() + timedelta(minutes=minutes))
            assert found.grade is grade
        assert found.said == "Last round 61 min ago: 3 letters sent"


def test_keys_are_read_from_the_disk(database, tmp_path):
    path = settings.current().keys_path
    assert system_disk.check_keys(path).grade is Grade.LOOK, "nobody has copied them"
    key_copies.note_copy(path, keyring.current(), clock.now())
    assert system_disk.check_keys(path).said.endswith("copied on 2026-03-02")
    assert system_disk.check_keys(path).grade is Grade.OK
    assert keyring.current().fingerprint() in system_disk.check_keys(path).said
    other = tmp_path / "other.json"
    Keyring.create(other)
    assert "other keys" in system_disk.check_keys(other).said
    gone = system_disk.check_keys(tmp_path / "none.json")
    assert (gone.grade, "Put the key file back" in gone.fix) == (Grade.BROKEN, True)


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written_is_broken_for_people(tmp_path):
    tmp_path.chmod(0o500)
    try:
        assert system_disk.check_storage(tmp_path).grade is Grade.BROKEN
    finally:
        tmp_path.chmod(0o700)


def test_a_folder_is_tried_by_writing(tmp_path):
    assert system_disk.check_storage(tmp_path / "evidence").grade is Grade.OK
    assert list(tmp_path.iterdir()) == []
    assert system_disk.check_storage(Path("/proc/1")).grade is Grade.BROKEN


@pytest.mark.parametrize(
    ("base", "host", "grade"),
    [
        ("https://duly.example", "duly.example", Grade.OK),
        ("http://localhost:8000", "localhost:8000", Grade.OK),
        ("http://duly.example", "duly.example", Grade.BROKEN),
        ("https://duly.example", "10.0.0.7:8000", Grade.LOOK),
    ],
)
def test_the_address_in_letters_is_the_one_people_type(base, host, grade):
    assert system_lines.check_address(base, host).grade is grade


def test_letters_that_failed_are_told(database):
    before = settings.current()
    settings.configure(before.model_copy(update={"smtp_url": "smtp://mail.example"}))
    try:
        with database.writing() as session:
            assert system_lines.check_mail(session).grade is Grade.OK
            to, text = ("omar@northwind.example", "Omar"), Text("[N] Hello", "Hello")
            letter = queue(session, dedupe_key="t:1", kind="test", to=to, text=text, at=clock.now())
            letter.state = LetterState.FAILED
            session.flush()
            assert "not delivered: 1" in system_lines.check_mail(session).said
    finally:
        settings.configure(before)
    with database.reading() as session:
        assert system_lines.check_mail(session).said == "No mail server is set"


def test_space_is_measured(tmp_path, monkeypatch):
    assert system_disk.check_space(tmp_path / "not" / "there").said.endswith("free")
    monkeypatch.setattr(system_disk, "HARDLY_ANY", 10**18)
    assert system_disk.check_space(tmp_path).grade is Grade.BROKEN


def test_the_signed_heads_are_fresh_old_or_lost(database, settings):
    assert check_heads(settings, clock.now()).grade is Grade.LOOK
    ledger_heads.sign(database, clock.now(), Why.HOUR)
    assert check_heads(settings, clock.now()).grade is Grade.OK
    late = check_heads(settings, clock.now() + timedelta(hours=5))
    assert (late.grade, "5 hours old" in late.said) == (Grade.LOOK, True)
    settings.heads_path.unlink()
    settings.heads_path.mkdir()
    assert check_heads(settings, clock.now()).grade is Grade.BROKEN
