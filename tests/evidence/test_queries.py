"""Reading evidence: a vendor's own files, and only to whom the vendor is known."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from evidence.queries import evidence_of, find_same, get_evidence
from foundation import clock
from foundation.errors import Missing
from tests import people as cast
from tests.evidence.stories import new_vendor, on_record
from vendors.rules import Visibility


@pytest.fixture
def rabia(authors):
    return authors[cast.RABIA.email]


@pytest.fixture
def acme(database, authors):
    return new_vendor(database, authors)


def test_the_newest_file_comes_first_with_its_uploader(database, acme, rabia):
    on_record(database, acme, rabia, b"one\n", title="One")
    with clock.fixed(clock.now() + timedelta(hours=1)):
        on_record(database, acme, rabia, b"two\n", title="Two", visibility=Visibility.VENDOR)
    with database.reading() as session:
        both = evidence_of(session, acme)
        shown = evidence_of(session, acme, visibility=Visibility.VENDOR)
    assert [row.title for row in both] == ["Two", "One"]
    assert [row.title for row in shown] == ["Two"]
    assert both[0].uploaded_by == cast.RABIA.name
    assert len(both[0].sha256) == 64


@pytest.mark.parametrize(
    ("until", "is_over"), [(date(2026, 3, 1), True), (date(2026, 3, 2), False), (None, False)]
)
def test_the_last_day_still_counts(database, acme, rabia, until, is_over):
    on_record(database, acme, rabia, valid_until=until)
    with database.reading() as session:
        (row,) = evidence_of(session, acme)
    assert row.is_over(date(2026, 3, 2)) is is_over


def test_a_file_is_found_under_its_own_vendor_only(database, authors, acme, rabia):
    borealis = new_vendor(database, authors, "Borealis Cloud")
    row = on_record(database, acme, rabia)
    with database.reading() as session:
        same = find_same(session, acme, row.sha256)
        assert same
        assert same.id == row.id
        assert find_same(session, borealis, row.sha256) is None
        assert find_same(session, acme, row.sha256, visibility=Visibility.VENDOR) is None


def test_need_to_know_covers_the_files(database, authors, rabia):
    secret = new_vendor(database, authors, "Quiet Partner", is_need_to_know=True)
    row = on_record(database, secret, authors[cast.PERVEZ.email])
    with database.reading() as session:
        assert get_evidence(session, authors[cast.PERVEZ.email].person_id, row.id).id == row.id
        with pytest.raises(Missing):
            get_evidence(session, rabia.person_id, row.id)
        with pytest.raises(Missing):
            get_evidence(session, rabia.person_id, uuid4())
