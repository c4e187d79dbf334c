"""Writing to an SQLite file: whoever came first goes first, and nobody blocks the line for good."""

import sqlite3
import threading
import time

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from foundation import turns
from foundation.db import Database


@pytest.fixture
def file(tmp_path):
    made = Database(f"sqlite:///{tmp_path / 'turns.sqlite3'}")
    with made.writing() as session:
        session.execute(text("CREATE TABLE came (number INTEGER)"))
    yield made
    made.engine.dispose()


def write(database, number):
    with database.writing() as session:
        session.execute(text("INSERT INTO came VALUES (:number)"), {"number": number})


def came(database):
    with database.reading() as session:
        return list(session.scalars(text("SELECT number FROM came ORDER BY rowid")))


def waits(line, many):
    """Wait until so many stand in line."""
    deadline = time.monotonic() + 60
    while len(line) < many:
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_writers_go_in_the_order_they_came(file):
    threads = [threading.Thread(target=write, args=(file, number)) for number in range(6)]
    with file.writing() as before:
        before.connection()
        for number, thread in enumerate(threads, 1):
            thread.start()
            waits(file.line, number)
    for thread in threads:
        thread.join(60)
    assert came(file) == [0, 1, 2, 3, 4, 5]


def test_a_broken_writing_lets_the_next_one_go(file):
    with pytest.raises(ZeroDivisionError), file.writing():
        raise ZeroDivisionError
    write(file, 1)
    with pytest.raises(OperationalError), file.writing() as session:
        session.execute(text("INSERT INTO nowhere VALUES (1)"))
    write(file, 2)
    with file.open(writes=True) as forgotten:
        forgotten.execute(text("INSERT INTO came VALUES (3)"))
    write(file, 4)
    with file.open(writes=True) as broken:
        broken.connection().invalidate()
    write(file, 5)
    assert came(file) == [1, 2, 4, 5]
    assert file.line.is_free


def test_readers_do_not_stand_in_line(file):
    write(file, 1)
    with file.writing() as writing:
        writing.connection()
        assert came(file) == [1]


def test_whoever_waited_too_long_asks_the_lock_and_is_refused_in_words(file, monkeypatch):
    monkeypatch.setattr(turns, "LONGEST", 0.05)
    with sqlite3.connect(file.engine.url.database, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="locked"):
            write(file, 1)
        other.execute("ROLLBACK")
    write(file, 2)
    assert came(file) == [2]


def test_whoever_left_the_line_holds_nobody_back():
    line = turns.Line()
    line.enter("first")
    line.enter("second", seconds=0)
    assert len(line) == 0
    line.leave("second")
    line.leave("first")
    assert line.is_free


def test_another_fault_is_no_wait(tmp_path):
    away = Database(f"sqlite:///{tmp_path / 'no folder' / 'away.sqlite3'}")
    with pytest.raises(OperationalError, match="unable to open"):
        write(away, 1)
