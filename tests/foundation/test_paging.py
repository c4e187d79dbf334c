"""What an address may say of the place a page goes on from: anything."""

import base64
import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import sqlite

from audit.models import Entry
from foundation.columns import UtcDateTime
from foundation.paging import decode, encode, moment_and_id

AN_ID = "0badcafe-0bad-4bad-8bad-0badcafe0bad"
HALF = r'["a", "\ud800"]'
NOUGHT = r'["a", "\u0000"]'


def written(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "text", ["[" * 3000, "[1, 2", "{}", '["a", 1]', NOUGHT, HALF, "9" * 5000, "é"]
)
def test_what_is_no_place_begins_at_the_first_page(text):
    assert decode(written(text), length=2) is None


def test_a_place_is_read_back():
    assert decode(encode(["é", "\U0001f600"]), length=2) == ["é", "\U0001f600"]


@pytest.mark.parametrize("moment", ["2026-01-01", "2026-01-01T00:00:00", "yesterday"])
def test_a_moment_without_a_zone_is_none(moment):
    assert moment_and_id(written(json.dumps([moment, AN_ID]))) is None


@pytest.mark.parametrize(
    ("text", "edge"),
    [
        ("0001-01-01T00:00:00+14:00", datetime.min),  # noqa: DTZ901
        ("9999-12-31T23:59:59-12:00", datetime.max),  # noqa: DTZ901
    ],
)
def test_the_hours_at_the_ends_of_the_calendar_are_moments(text, edge, database):
    place = moment_and_id(written(json.dumps([text, AN_ID])))
    assert place is not None
    assert place[1] == UUID(AN_ID)
    bound = UtcDateTime().process_bind_param(place[0], sqlite.dialect())
    assert bound == edge.replace(tzinfo=UTC)
    with database.reading() as session:
        session.execute(select(Entry.seq).where(Entry.at < place[0])).all()
