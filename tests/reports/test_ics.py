"""Calendar files: what any program reads back, whatever a vendor is called and wherever one sits."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from icalendar import Calendar

from reports.ics import DayEvent, calendar_file, mark_of

ON = date(2026, 3, 29)
"""Clocks go forward in London on this day."""
AT = datetime(2026, 3, 2, 9, 30, 15, 999, tzinfo=UTC)
UGLY = [
    "Acme, Inc.; Söhne & Co",
    "Line\nbreak\r\nand\ttab",
    "BEGIN:VEVENT\r\nSUMMARY:Forged",
    "back\\slash \\n \\, \\;",
    "😀" * 60,
    "ایکمی پیمنٹس پرائیویٹ لمیٹڈ " * 8,
    'quotes " and : colon = equals',
    "\x00\x07bell\x7f",
    "👩‍👩‍👧‍👦 family, joined",
    "a" * 500,
]
TEXT = st.text(max_size=120)


def event(uid="one@duly", on=ON, summary="Acme: notice", sequence=0):
    return DayEvent(
        uid=uid,
        on=on,
        summary=summary,
        text=f"{summary}. Open it.",
        url="https://duly.example/contracts/1",
        sequence=sequence,
        stamped_at=AT,
    )


def read(content):
    return Calendar.from_ical(content).walk("VEVENT")


def one_line(text):
    return " ".join("".join(" " if ord(c) < 32 or 127 <= ord(c) < 160 else c for c in text).split())


def test_it_says_what_a_program_needs():
    content = calendar_file([event(sequence=3)], "Duly")
    [found] = read(content)
    assert found["dtstart"].dt == ON
    assert found["dtend"].dt == ON + timedelta(days=1)
    assert found["dtstamp"].dt == found["last-modified"].dt == AT.replace(microsecond=0)
    assert found["sequence"] == 3
    assert b"DTSTART;VALUE=DATE:20260329" in content
    assert b"TRANSP:TRANSPARENT" in content, "a deadline makes nobody busy"
    alarms = [alarm["trigger"].dt for alarm in found.walk("VALARM")]
    nine = timedelta(hours=9)
    assert alarms == [nine - timedelta(days=30), nine - timedelta(days=7)]
    whole = Calendar.from_ical(content)
    assert whole["x-wr-calname"] == "Duly"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H" in content


@pytest.mark.parametrize("zone", ["Asia/Karachi", "Europe/London", "America/New_York"])
def test_a_day_is_the_same_day_everywhere(zone):
    """No time and no zone: a reader makes the day of its own midnight to midnight."""
    content = calendar_file([event()], "Duly")
    assert b"TZID" not in content
    [found] = read(content)
    start = found["dtstart"].dt
    assert type(start) is date
    there = datetime(start.year, start.month, start.day, 12, tzinfo=ZoneInfo(zone))
    assert there.date() == ON


@pytest.mark.parametrize("name", UGLY)
def test_a_name_comes_back_as_one_line_and_forges_nothing(name):
    content = calendar_file([event(summary=f"{name}: notice"), event(uid="two@duly")], name)
    first, second = read(content)
    assert str(first["summary"]) == one_line(f"{name}: notice")
    assert str(second["summary"]) == "Acme: notice"
    assert content.split(b"\r\n").count(b"BEGIN:VEVENT") == 2


@examples(max_examples=40)
@given(st.lists(TEXT, max_size=4))
def test_lines_are_folded_and_nothing_is_lost(names):
    events = [event(uid=f"{place}@duly", summary=name) for place, name in enumerate(names)]
    content = calendar_file(events, "Duly")
    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    assert b"\n" not in content.replace(b"\r\n", b"")
    found = read(content)
    assert len(found) == len(names)
    assert len({str(one["uid"]) for one in found}) == len(names)


def test_the_same_events_give_the_same_bytes_and_any_change_another_mark():
    events = [event()]
    assert calendar_file(events, "Duly") == calendar_file(events, "Duly")
    marks = {
        mark_of(changed, name)
        for changed, name in (
            (events, "Duly"),
            (events, "Other"),
            ([event(on=ON + timedelta(days=1))], "Duly"),
            ([event(summary="Acme")], "Duly"),
            ([event(sequence=1)], "Duly"),
            ([], "Duly"),
        )
    }
    assert len(marks) == 6
    assert mark_of(iter([event()]), "Duly") == mark_of(events, "Duly")


def test_the_last_day_there_is_needs_no_day_after_it():
    [found] = read(calendar_file([event(on=date.max)], "Duly"))
    assert "dtend" not in found
