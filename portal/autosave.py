"""What the script of a section page is told after it saved one answer."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from foundation.dates import zone_name
from foundation.errors import Conflict
from portal.rules import is_below_bar
from questionnaires.answer_commands import Saved, Theirs
from questionnaires.given import NOTHING
from questionnaires.nodes import Section, nodes_of, question

LARGEST = 2**53
COACH = "/coach"


def number_in(text: str) -> int:
    """Read a counter of the script's; anything else is 0, which never overwrites."""
    return int(text) if text.isdecimal() and len(text) <= 16 and int(text) <= LARGEST else 0


def reply_of(saved: Saved, time_zone: str) -> dict[str, Any]:
    """Return the new version, the progress, and which parts of the page are shown now."""
    sheet = saved.sheet
    coached: list[str] = []
    calm: list[str] = []
    asked = question(sheet.questionnaire, saved.code)
    if asked is not None and asked.finding_text:
        is_low = is_below_bar(asked, sheet.given.get(saved.code, NOTHING))
        (coached if is_low else calm).append(f"{saved.code}{COACH}")
    section = section_of(saved)
    done = sheet.progress.sections.get(section.code) if section else None
    return {
        "version": saved.answer_version,
        "saved_at": clock_time(saved.saved_at, time_zone),
        "progress": {
            "answered": sheet.progress.total.answered,
            "visible": sheet.progress.total.total,
            "section_answered": done.answered if done else 0,
            "section_visible": done.total if done else 0,
        },
        "visible": [*saved.shown, *coached],
        "hidden": [*saved.hidden, *calm],
    }


def section_of(saved: Saved) -> Section | None:
    """Return the section an answer belongs to."""
    return next(
        (
            section
            for section in saved.sheet.questionnaire.sections
            if saved.code in {node.code for node in nodes_of(section.nodes)}
        ),
        None,
    )


def clash_of(clash: Conflict, time_zone: str) -> dict[str, Any]:
    """Return what is stored instead, for the two answers side by side."""
    theirs = clash.theirs
    if not isinstance(theirs, Theirs):
        return {"error": str(clash)}
    words = theirs.reason if theirs.not_applicable else theirs.text
    options = [_("Does not apply")] if theirs.not_applicable else list(theirs.options)
    return {
        "error": str(clash),
        "version": theirs.version,
        "theirs": {
            "text": words if theirs.not_applicable else theirs.text,
            "options": options,
            "values": list(theirs.values),
            "not_applicable": "1" if theirs.not_applicable else "",
            "reason": theirs.reason,
            "by": theirs.who,
            "at": clock_time(theirs.at, time_zone),
        },
    }


def clock_time(at: datetime, time_zone: str) -> str:
    """Write the time of day in the reader's zone, with the zone named."""
    local = at.astimezone(ZoneInfo(time_zone))
    return f"{local:%H:%M:%S} {zone_name(local)}"
