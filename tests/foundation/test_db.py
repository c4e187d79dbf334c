"""The database: reading cannot write, writers do not lose each other's work."""

import threading
from contextlib import ExitStack

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from foundation.db import MOST_AT_ONCE
from foundation.ids import new_id
from identity.models import Person
from operations import file_line, serving
from organisation.commands import next_reference
from organisation.models import BusinessUnit, ReferenceCounter
from tests.people import RABIA


def test_a_reading_session_cannot_write(database):
    with database.reading() as session:
        session.add(BusinessUnit(id=new_id(), name="Treasury"))
        with pytest.raises(DBAPIError):
            session.flush()


def test_every_thread_of_a_process_has_a_connection_of_its_own(database):
    threads = serving.THREADS + file_line.FILES
    assert threads < MOST_AT_ONCE
    with ExitStack() as open_ones:
        for _ in range(threads):
            session = open_ones.enter_context(database.reading())
            assert session.scalar(select(BusinessUnit.id).limit(1)) is None


def test_what_is_read_again_is_planned_once(database):
    if database.is_sqlite:
        pytest.skip("PostgreSQL plans a statement apart from running it.")
    database.engine.dispose()  # one connection from here on, not by turns
    asked = select(Person.name).where(Person.email == RABIA.email)
    for _ in range(8):
        with database.reading() as session:
            session.execute(asked).all()
    with database.reading() as session:
        kept = session.execute(text("SELECT statement FROM pg_prepared_statements")).scalars()
        assert any("person.email" in each for each in kept)


def test_what_failed_in_reading_is_rolled_back_and_the_next_reads(database):
    with pytest.raises(DBAPIError), database.reading() as session:
        session.execute(text("SELECT * FROM no_such_table"))
    with database.reading() as session:
        assert session.scalars(select(Person.id).where(Person.email == RABIA.email)).one()


def test_a_broken_writing_leaves_nothing(database):
    def break_off() -> None:
        with database.writing() as session:
            session.add(BusinessUnit(id=new_id(), name="Treasury"))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    with database.reading() as session:
        assert session.scalars(select(BusinessUnit)).all() == []


def test_an_old_version_is_refused(database):
    with database.writing() as session:
        session.add(BusinessUnit(id=new_id(), name="Treasury"))
    with database.reading() as reading:
        mine = reading.scalars(select(BusinessUnit)).one()
    with database.writing() as session:
        session.scalars(select(BusinessUnit)).one().name = "Theirs"

    def save_mine() -> None:
        with database.writing() as session:
            session.add(mine)
            mine.name = "Mine"

    with pytest.raises(StaleDataError):
        save_mine()
    with database.reading() as session:
        assert session.scalars(select(BusinessUnit.name)).one() == "Theirs"


def test_eight_writers_lose_nothing(database):
    seen: list[str] = []

    def take() -> None:
        for _ in range(10):
            with database.writing() as session:
                seen.append(next_reference(session, "V"))

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(seen)) == 80
    with database.reading() as session:
        assert session.get(ReferenceCounter, "V").last == 80
