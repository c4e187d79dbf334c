"""Calendar files (RFC 5545): all-day events that say a vendor and an action, and nothing more."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from icalendar import Alarm, Calendar, Event

FORM = 1
"""Raised whenever the same events are written in another way."""
MEDIA_TYPE = "text/calendar; charset=utf-8"
REFRESH = timedelta(hours=6)
ALARM_DAYS = (30, 7)
ALARM_HOUR = timedelta(hours=9)
"""An all-day event begins at midnight; nobody is woken up: the alarm rings at nine."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class DayEvent:
    """One thing on one day; a day has no zone, so it is the same everywhere."""

    uid: str
    on: date
    summary: str
    text: str
    url: str
    sequence: int
    """How often its day has moved."""
    stamped_at: datetime
    """When its day moved last, or else when the thing was made."""


def plain(text: str) -> str:
    """Return a text as one line without control characters, which no calendar file may hold."""
    return " ".join(_CONTROL.sub(" ", text).split())


def mark_of(events: Iterable[DayEvent], name: str) -> str:
    """Return a mark that differs whenever the file would."""
    content = [FORM, name, *(repr(event) for event in events)]
    return sha256(json.dumps(content).encode()).hexdigest()[:32]


def calendar_file(events: Iterable[DayEvent], name: str) -> bytes:
    """Return a calendar as a file; the same events give the same bytes."""
    made = Calendar()
    made.add("prodid", "-//Duly//Calendar//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("name", plain(name))
    made.add("x-wr-calname", plain(name))
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT6H")
    for event in events:
        made.add_component(_event(event))
    return bytes(made.to_ical())


def _event(event: DayEvent) -> Event:
    made, stamp = Event(), event.stamped_at.astimezone(UTC).replace(microsecond=0)
    made.add("uid", event.uid)
    made.add("dtstamp", stamp)
    made.add("last-modified", stamp)
    made.add("sequence", event.sequence)
    made.add("dtstart", event.on)
    if event.on < date.max:
        made.add("dtend", event.on + timedelta(days=1))
    made.add("summary", plain(event.summary))
    made.add("description", plain(event.text))
    made.add("url", event.url)
    made.add("class", "PRIVATE")
    made.add("transp", "TRANSPARENT")
    for days in ALARM_DAYS:
        made.add_component(_alarm(days, event))
    return made


def _alarm(days: int, event: DayEvent) -> Alarm:
    made = Alarm()
    made.add("action", "DISPLAY")
    made.add("trigger", ALARM_HOUR - timedelta(days=days))
    made.add("description", plain(event.summary))
    return made
