"""Erasing: the key is gone for good, the record and the reason stay."""

import pytest

from audit.actions import SYSTEM
from audit.queries import entries_of
from evidence import commands
from evidence.erasing import crypto_erase
from evidence.models import Evidence
from foundation.errors import Refused
from tests import people as cast
from tests.evidence.stories import new_vendor, on_record


@pytest.fixture
def file(database, authors):
    vendor_id = new_vendor(database, authors)
    return on_record(database, vendor_id, authors[cast.RABIA.email])


def erased(database, file, reason="kept as long as the law says"):
    with database.writing() as session:
        crypto_erase(session, session.get_one(Evidence, file.id), SYSTEM, reason)


def test_the_key_is_gone_and_the_record_says_why(database, file):
    erased(database, file)
    with database.reading() as session:
        row = session.get_one(Evidence, file.id)
        assert (row.wrapped_dek, row.title) == (None, "Policy")
        assert row.erased_at is not None
        with pytest.raises(Refused, match="was erased"):
            commands.open_content(row)
        entry = entries_of(session, ("evidence", file.id))[0]
        assert entry.action == "evidence.erase"
        assert entry.detail["reason"] == "kept as long as the law says"
        assert entry.detail["sha256"] == row.sha256.hex()


def test_erasing_twice_is_told_once(database, file):
    erased(database, file)
    erased(database, file, "again")
    with database.reading() as session:
        told = [entry.action for entry in entries_of(session, ("evidence", file.id))]
    assert told == ["evidence.erase", "evidence.add"]


def test_a_file_held_for_a_legal_matter_stays(database, file):
    with database.writing() as session:
        session.get_one(Evidence, file.id).legal_hold = True
    with pytest.raises(Refused, match="legal matter"):
        erased(database, file)
    with database.reading() as session:
        assert session.get_one(Evidence, file.id).wrapped_dek is not None
