"""The calendar: a month and a list of everything with a date that somebody may see."""

import re
from datetime import date, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from audit.actions import SYSTEM
from foundation import clock
from foundation.dates import add_months
from identity.models import Person
from organisation.commands import set_up
from reports.calendar_filter import read_filter
from reports.dates.row import DateKind
from reports.month import Month, week_begins
from reviews.models import Finding
from tests import makers
from tests.people import ADIL, AMNA, ASIF, LAILA, PERVEZ, RABIA
from tests.reports.dated import everything_due
from vendors.models import Vendor

ON = date(2026, 3, 20)
HEADS = re.compile(r'<th scope="col"><abbr title="(\w+)">')
STATEMENTS = 13
"""Two of the gate, one of what there is to choose from, one of the settings, nine readers."""


def text_of(people, who, address="/calendar"):
    answer = people.browser(who).get(address)
    assert answer.status_code == 200
    return answer.text


@pytest.fixture
def acme(scene):
    return scene(_acme)


def _acme(database):
    with database.writing() as session:
        return everything_due(session, ON).id


def square(text, day):
    """Return one day of the month."""
    start = text.index(f'<time datetime="{day}"><span aria-hidden')
    return text[start : text.index("</td>", start)]


def test_the_month_has_everything_on_its_day(people, acme):
    text = text_of(people, RABIA)
    day = square(text, "2026-03-20")
    assert day.count("<bdi>Acme Cloud</bdi>") == 4
    assert "and 6 more" in day
    assert "view=list&amp;day=2026-03-20" in day
    assert "Acme Cloud" not in square(text, "2026-03-19")
    assert "<h1>March 2026</h1>" in text
    assert 'aria-current="date"' in text[: text.index('<time datetime="2026-03-02"')]
    one_day = text_of(people, RABIA, "/calendar?day=2026-03-20")
    assert "<h1>20 March 2026</h1>" in one_day
    assert one_day.count("data-row") == 10


def test_months_follow_each_other_and_the_address_keeps_the_filter(people, acme):
    text = text_of(people, RABIA, "/calendar?month=2026-12&kind=notice&whose=mine")
    assert "<h1>December 2026</h1>" in text
    assert "month=2027-01&amp;whose=mine&amp;kind=notice" in text
    assert "month=2026-11&amp;whose=mine&amp;kind=notice" in text
    assert "month=2026-03&amp;whose=mine" in text, "back to today"


@pytest.mark.parametrize(
    "address",
    [
        "?month=2026-13", "?month=0000-00", "?month=9999-12", "?month=99999999", "?month=",
        "?view=spiral", "?kind=lunch", "?unit=not-an-id", "?tag=%00%F0%9F%8E%89", "?days=-1",
        "?day=2026-02-30", "?day=9999-12-31", "?day=0001-01-01", "?whose=yours",
        "?view=list&days=1000000", "?unit=00000000-0000-4000-8000-000000000000",
    ],
)  # fmt: skip
def test_an_address_nobody_offered_shows_a_calendar_all_the_same(people, acme, address):
    assert "Calendar" in text_of(people, RABIA, f"/calendar{address}")


def test_procurement_begins_with_its_own_and_may_see_all(people, database, acme):
    with database.writing() as session:
        rabia = makers.make_staff(session, RABIA)
        everything_due(session, ON, name="Of Rabia", by=rabia, asks=False)
    mine = text_of(people, PERVEZ)
    assert "Acme Cloud" in mine
    assert "Of Rabia" not in mine
    assert "Of Rabia" in text_of(people, PERVEZ, "/calendar?whose=all")
    assert "Acme Cloud" in text_of(people, RABIA), "the risk team begins with all"
    assert "Acme Cloud" not in text_of(people, RABIA, "/calendar?whose=mine")


@pytest.mark.parametrize("who", [PERVEZ, RABIA, LAILA, ASIF, AMNA], ids=lambda c: c.name)
def test_everybody_who_reads_reviews_reaches_it_from_everywhere(people, who):
    browser = people.browser(who)
    assert 'href="/calendar"' in browser.get("/vendors").text
    assert browser.get("/calendar").status_code == 200


def test_an_administrator_has_no_calendar(people, acme):
    adil = people.browser(ADIL)
    assert 'href="/calendar"' not in adil.get("/vendors").text
    for address in ("/calendar", "/calendar/feeds", f"/calendar/review/{acme}/event.ics"):
        assert adil.get(address).status_code == 403


def test_hidden_vendors_are_nowhere(people, database):
    with database.writing() as session:
        secret = everything_due(session, ON, name="Secret Buy", is_need_to_know=True).id
    for who in (RABIA, LAILA, ASIF, AMNA):
        for address in ("/calendar", "/calendar?view=list", f"/calendar?day={ON}"):
            assert "Secret Buy" not in text_of(people, who, address)
        single = f"/calendar/review/{secret}/event.ics"
        assert people.browser(who).get(single).status_code == 404
    assert "Secret Buy" in text_of(people, PERVEZ)


def test_the_week_begins_after_the_weekend_and_holidays_are_named(people, database):
    assert HEADS.findall(text_of(people, RABIA)) == [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    ]  # fmt: skip
    with database.writing() as session:
        set_up(
            session, at=clock.now(), by=SYSTEM, weekend=[5, 6],
            holidays=["2026-03-23 Pakistan Day", "2026-03-24"],
        )  # fmt: skip
    text = text_of(people, RABIA)
    assert HEADS.findall(text)[0] == "Sunday"
    assert HEADS.findall(text)[-1] == "Saturday"
    assert "Pakistan Day" in square(text, "2026-03-23")
    assert "Holiday" in square(text, "2026-03-24")


def test_the_list_parts_what_is_late_from_what_comes(people, database, acme, later):
    with later(days=19):
        text = text_of(people, RABIA, "/calendar?view=list")
        assert text.count("Overdue") >= 7
        assert 'id="late">Overdue <small>10</small>' in text
        assert "April 2026 <small>1</small>" in text, "the contract ends"
    ahead = text_of(people, RABIA, "/calendar?view=list&days=30")
    assert "March 2026 <small>10</small>" in ahead
    assert "April 2026" not in ahead


def test_nothing_to_show_says_so_and_offers_more(people):
    text = text_of(people, PERVEZ)
    assert "Nothing falls due here" in text
    assert "Show all I may see" in text
    assert "Show all I may see" not in text_of(people, PERVEZ, "/calendar?whose=all")


def test_the_statements_do_not_grow_with_the_dates(people, database, acme):
    browser = people.browser(RABIA)
    for address in ("/calendar", "/calendar?view=list"):
        browser.get(address)
        few = len(browser.statements)
        assert few == STATEMENTS, "\n".join(browser.statements)
        with database.writing() as session:
            everything_due(session, ON, name=f"Another {address}", asks=False)
        browser.get(address)
        assert len(browser.statements) == few


def test_one_date_goes_to_ones_own_calendar(people, database, acme):
    rabia = people.browser(RABIA)
    with database.reading() as session:
        finding = session.scalars(select(Finding)).one()
    reply = rabia.get(f"/calendar/finding/{finding.id}/event.ics")
    assert reply.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert reply.headers["Content-Disposition"].startswith("attachment; filename=")
    assert reply.headers["Cache-Control"] == "no-store"
    [event] = Calendar.from_ical(reply.data).walk("VEVENT")
    assert event["dtstart"].dt == ON
    assert str(event["url"]) == f"http://localhost/findings/{finding.id}"
    assert "Secret weakness" not in reply.text
    for wrong in (f"lunch/{finding.id}", f"notice/{finding.id}", f"finding/{acme}"):
        assert rabia.get(f"/calendar/{wrong}/event.ics").status_code == 404


def test_names_are_text(people, database):
    with database.writing() as session:
        vendor = everything_due(session, ON, asks=False)
        vendor.name = "<b>Acme</b> & Söhne ایکمی 🎉"
    for address in ("/calendar", "/calendar?view=list", "/calendar?tag=%3Cb%3E"):
        text = text_of(people, RABIA, address)
        assert "<b>" not in text
    assert "ایکمی 🎉" in text_of(people, RABIA)


def test_today_is_the_same_for_whoever_looks(people, database, later):
    with database.writing() as session:
        rabia = session.get_one(Person, people.id_of(RABIA))
        rabia.time_zone = "Asia/Karachi"
        laila = session.get_one(Person, people.id_of(LAILA))
        laila.time_zone = "America/New_York"
    marked = re.compile(r'aria-current="date">\s*<p class="day-head"><time datetime="([^"]+)"')
    with later(hours=10):  # 19:30 UTC: past midnight in Karachi
        assert marked.findall(text_of(people, RABIA)) == ["2026-03-03"]
        assert marked.findall(text_of(people, LAILA)) == ["2026-03-03"]


@pytest.mark.parametrize(
    ("weekend", "begins"),
    [([6, 7], 1), ([5, 6], 7), ([5], 6), ([7], 1), ([], 1), ([1, 2, 3, 4, 5, 6, 7], 1)],
)
def test_where_a_week_begins(weekend, begins):
    assert week_begins(weekend) == begins


@pytest.mark.parametrize("begins", [1, 6, 7])
def test_every_day_of_a_month_is_in_one_of_its_whole_weeks(begins):
    for number in range(24):
        month = Month.of(add_months(date(2027, 1, 1), number))
        weeks = month.weeks(begins)
        days = [day for week in weeks for day in week]
        assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
        assert all(len(week) == 7 and week[0].isoweekday() == begins for week in weeks)
        last = add_months(month.first, 1) - timedelta(days=1)
        assert {month.first, last} <= set(days)


def test_the_years_end_somewhere():
    assert Month.read("9999-12", ON).following is None
    assert Month.read("0001-01", ON).previous is None
    assert str(Month.read("2026-7", ON)) == "2026-03", "half a number is none"


def test_an_address_made_from_a_filter_reads_as_the_same_filter():
    args = MultiDict(
        [("view", "list"), ("days", "365"), ("whose", "mine"), ("tag", "cards & more")]
        + [("kind", kind.value) for kind in (DateKind.NOTICE, DateKind.EVIDENCE)]
    )
    asked = read_filter(args, ON, own=False)
    again = MultiDict(
        (name, str(each))
        for name, value in asked.address().items()
        for each in (value if isinstance(value, list) else [value])
    )
    assert read_filter(again, ON, own=False) == asked


def test_a_merged_or_unknown_vendor_is_no_trouble(people, database, acme):
    with database.writing() as session:
        session.get_one(Vendor, acme).archived_at = clock.now()
    assert "Acme Cloud" not in text_of(people, RABIA)
    assert people.browser(RABIA).get(f"/calendar/review/{acme}/event.ics").status_code == 404
