"""The schema in code and in the database are the same, on whichever database runs."""

import re

from foundation import schema
from tests.house.rooms import ROOT


def test_nothing_drifts(database):
    assert schema.drift(database) == []


def test_the_database_is_at_the_newest_revision(database):
    assert schema.revision_of(database) == schema.newest()


def test_migrating_twice_changes_nothing(database):
    assert schema.migrate(database) == schema.newest()


def test_migrations_are_numbered_without_gaps():
    names = sorted(p.name for p in (ROOT / "migrations" / "versions").glob("*.py"))
    numbers = [int(re.match(r"(\d{4})_[a-z0-9_]+\.py$", name).group(1)) for name in names]
    assert numbers == list(range(1, len(names) + 1))
