"""What the worker's daily look at the store removes, spares and reports."""

import io
import os
import time
from uuid import uuid4

import pytest
from sqlalchemy import select

from evidence import sweeping
from evidence.commands import store
from evidence.models import Evidence
from foundation import clock
from foundation.crypto import Label
from operations.rounds import check_store
from reminders.queries import find_heartbeat
from tests.evidence.stories import new_vendor, put, receive
from tests.people import PERVEZ

DAY = 25 * 3600


@pytest.fixture
def row(database, authors):
    received = receive(new_vendor(database, authors), authors[PERVEZ.email])
    with database.writing() as session:
        return put(session, received, authors[PERVEZ.email])


def stray(settings, *, age=DAY):
    """Store what nobody puts on record, as a killed upload does."""
    object_id = uuid4()
    store().put(io.BytesIO(b"left behind"), object_id=object_id, label=Label(uuid4(), uuid4()))
    (path,) = settings.evidence_dir.glob(f"??/??/{object_id}")
    os.utime(path, (time.time() - age,) * 2)
    return path


def test_what_a_killed_upload_left_goes_after_a_day_and_not_before(database, settings, row):
    old, young = stray(settings), stray(settings, age=3600)
    assert sweeping.sweep_store(database) == sweeping.WHOLE
    assert not old.exists()
    assert young.exists()
    assert list(settings.evidence_dir.glob(f"??/??/{row.object_id}")), "what is on record stays"


def test_a_file_that_is_gone_is_named(database, settings, row):
    next(settings.evidence_dir.glob(f"??/??/{row.object_id}")).unlink()
    said = sweeping.sweep_store(database)
    assert row.reference in said
    with database.reading() as session:
        assert session.scalars(select(Evidence)).one().id == row.id


def test_files_of_another_database_are_spared(database, settings, row):
    paths = [stray(settings) for _ in range(sweeping.FEW + 1)]
    assert "none was deleted" in sweeping.sweep_store(database)
    assert all(path.exists() for path in paths)


def test_the_worker_looks_once_a_day(database, settings, row, later):
    check_store(database, clock.now())
    old = stray(settings)
    check_store(database, clock.now())
    assert old.exists()
    with later(days=2):
        check_store(database, clock.now())
    assert not old.exists()
    with database.reading() as session:
        assert find_heartbeat(session, "store").summary == sweeping.WHOLE
