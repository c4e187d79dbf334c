"""A day is one of the organisation's zone: nothing makes one out of a moment by hand."""

import ast
import re

import pytest

from tests.house.rooms import ROOT, files_of

BY_HAND = {
    "foundation/clock.py": 1,  # the clock itself, which is told the zone
    "foundation/dates.py": 1,  # `day_in`, by which everything else goes
    "operations/key_copies.py": 1,  # the mark beside a key file, made where no database is open
    "operations/retention/due.py": 2,  # of moments that were moved into our zone before
    "reminders/nudges.py": 1,  # of `now`, which is a moment of our zone
    "reminders/rules.py": 2,  # pure: its moments come in as those of our zone
    "vendors/importing/workbook.py": 1,  # the cell of a sheet is a day already
}
"""How often a file may take the day of a moment itself; the reason stands beside it."""
TODAY = {
    "foundation/clock.py",
    "operations/vendor_cli.py",  # a trial of a list before there is a database
    "organisation/queries.py",
}
"""Who may ask the clock which day it is."""
OWN_DAYS = {"reminders/readers.py"}  # the daily mail: at eight, about a day of its reader
"""Where a day is one of a person's own zone."""
IN_TEMPLATES = re.compile(r"\.date\(\)|_at\|day\b(?!_)")
MOMENT = re.compile(r"(^|_)(at|now|as_of)$")


def days_by_hand(text: str) -> list[int]:
    """Return the lines that take the day of a moment without saying in which zone."""
    found = []
    for node in ast.walk(_parsed(text, ".date()", "%d")):
        if isinstance(node, ast.Call) and not node.args and not node.keywords:
            if isinstance(node.func, ast.Attribute) and node.func.attr == "date":
                found.append(node.lineno)
        elif isinstance(node, ast.FormattedValue) and _is_day_of_a_moment(node):
            found.append(node.lineno)
    return found


def asks_for_today(text: str) -> bool:
    """Say whether a module asks the clock for the day, instead of the organisation."""
    return bool(re.search(r"\bclock\.today\(|import today\b", text))


def own_days(text: str) -> list[int]:
    """Return the lines that count a day in the zone of one person."""
    return [
        node.lineno
        for node in ast.walk(_parsed(text, "time_zone"))
        if isinstance(node, ast.Call)
        and _last_name(node.func) in {"day_in", "today"}
        and any(_last_name(each) == "time_zone" for each in node.args)
        and not any(_is_settings(each) for each in node.args)
    ]


def _parsed(text: str, *signs: str) -> ast.AST:
    """Parse a text that bears one of these signs; of any other nothing would be found."""
    return ast.parse(text if any(sign in text for sign in signs) else "")


def _is_day_of_a_moment(node: ast.FormattedValue) -> bool:
    written = ast.unparse(node.format_spec) if node.format_spec else ""
    return bool(MOMENT.search(_last_name(node.value))) and "%d" in written and "%H" not in written


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _is_settings(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and _last_name(node.value) in {"found", "settings"}


def _product() -> dict[str, str]:
    return {str(each.relative_to(ROOT)): each.read_text() for each in files_of()}


def test_nothing_takes_the_day_of_a_moment_by_hand():
    found = {name: len(days_by_hand(text)) for name, text in _product().items()}
    assert {name: count for name, count in found.items() if count} == BY_HAND, (
        "Use organisation.queries.day_of, or foundation.dates.day_in where the zone is known."
    )


def test_only_the_organisation_says_which_day_it_is():
    assert {name for name, text in _product().items() if asks_for_today(text)} <= TODAY, (
        "Use organisation.queries.today_of."
    )


def test_no_day_is_that_of_whoever_looks():
    assert {name for name, text in _product().items() if own_days(text)} == OWN_DAYS


def test_no_template_takes_the_day_of_a_moment_by_hand():
    papers = list((ROOT / "templates" / "print").glob("*.html"))
    assert papers
    every = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt")]
    assert [e.name for e in every if ".date()" in e.read_text()] == []
    assert [e.name for e in papers if IN_TEMPLATES.search(e.read_text())] == []


@pytest.mark.parametrize(
    "text",
    ["on = at.date()", "x = clock.now().date()", 'name = f"Portfolio {at:%Y-%m-%d}.pdf"'],
)
def test_the_fence_bites(text):
    assert days_by_hand(text) == [1]


def test_a_moment_with_its_time_of_day_is_none():
    assert days_by_hand('f"{row.at:%Y-%m-%d %H:%M}"; f"{latest:%d %B %Y}"') == []


def test_the_fences_around_today_bite():
    assert asks_for_today("today = clock.today()")
    assert asks_for_today("from foundation.clock import today")
    assert own_days("today = clock.today(me().time_zone)") == [1]
    assert own_days("on = day_in(at, person.time_zone)") == [1]
    assert IN_TEMPLATES.search("{{ d.as_of.date()|day }} {{ one.met_at|day }}")
    assert not IN_TEMPLATES.search("{{ one.met_at|day_in(d.zone)|day }}")
