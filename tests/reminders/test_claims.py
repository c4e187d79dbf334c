"""Claiming: whoever stamps second gets nothing, on whichever database."""

from datetime import date

from foundation import clock
from foundation.ids import new_id
from reminders.commands import Stamp, claim, claim_day
from reminders.ladders import OPENS, Kind
from reminders.readers import office_of


def test_a_step_is_claimed_once(database):
    stamp = Stamp(kind=Kind.REVIEW, subject_id=new_id(), step=OPENS, due_on=date(2026, 9, 2))
    for expected in (True, False):
        with database.writing() as session:
            assert claim(session, stamp, at=clock.now()) is expected


def test_the_first_day_of_a_reader_is_claimed_once(database):
    with database.reading() as session:
        reader = next(iter(office_of(session).readers.values()))
    assert reader.seen_on is None
    for expected in (True, False):
        with database.writing() as session:
            assert claim_day(session, reader, date(2026, 3, 2)) is expected
