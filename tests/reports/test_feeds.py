"""Feeds: a secret address, shown once, that tells its person's dates and dies at once."""

import re
from datetime import date, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from accounts.commands import disable_staff, set_roles
from accounts.models import Staff
from accounts.rules import Role
from audit.models import Entry
from evidence.models import Evidence
from foundation import clock
from identity import feed_tokens
from identity.models import FeedToken, Person
from reports import feed, feed_access, feed_views
from tests import makers
from tests.client import client_of
from tests.people import ADIL, AMNA, LAILA, PERVEZ, RABIA
from tests.reports.dated import everything_due, proof
from vendors.models import Vendor

ON = date(2026, 4, 10)
ADDRESS = re.compile(r'<code id="address" dir="ltr">http://localhost(/[^<]+)</code>')
STATEMENTS = 15
"""Two of the gate, four that count and note the call, nine readers."""


def make(browser, **changed):
    new = {"name": "Duly", "whose": "all", **changed}
    answer = browser.post("/calendar/feeds", data=new)
    assert answer.status_code == 200, answer.text
    [address] = ADDRESS.findall(answer.text)
    return address


def events(answer):
    assert answer.status_code == 200
    return Calendar.from_ical(answer.data).walk("VEVENT")


@pytest.fixture
def acme(scene):
    return scene(_acme)


def _acme(database):
    with database.writing() as session:
        return everything_due(session, ON).id


@pytest.fixture
def program(app):
    """A calendar program: no cookies, nobody signed in."""
    return client_of(app)


def test_a_feed_tells_vendor_and_action_and_nothing_of_the_matter(people, program, acme):
    answer = program.get(make(people.browser(RABIA)))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    found = events(answer)
    assert len(found) == 11, "one of each kind, and the end of the contract"
    told = sorted(str(one["summary"]) for one in found)
    assert "Acme Cloud: Last day to give notice" in told
    assert all(line.startswith("Acme Cloud: ") for line in told)
    assert {one["dtstart"].dt for one in found} == {ON, ON + timedelta(days=30)}
    assert len({str(one["uid"]) for one in found}) == len(found)
    for one in found:
        assert str(one["url"]).startswith("http://localhost/")
        assert str(one["url"]) in str(one["description"])
    assert "Secret" not in answer.text
    assert "Set-Cookie" not in answer.headers


def test_the_address_is_shown_once_and_kept_as_a_hash(people, database, acme):
    rabia = people.browser(RABIA)
    address = make(rabia, name="Phone")
    token = address.split("/")[3]
    assert len(token) >= 43, "256 bits"
    assert token not in rabia.get("/calendar/feeds").text
    with database.reading() as session:
        [stored] = session.scalars(select(FeedToken))
        entry = session.scalars(select(Entry).order_by(Entry.seq.desc()).limit(1)).one()
    assert token not in repr(vars(stored))
    assert (entry.action, entry.detail) == ("feed.create", {"feed": "Phone"})


def test_a_new_address_kills_the_old_one_and_so_does_stopping(people, database, program, acme):
    rabia = people.browser(RABIA)
    old = make(rabia)
    with database.reading() as session:
        [row] = feed_tokens.feeds_of(session, people.id_of(RABIA))
    pervez = people.browser(PERVEZ)
    for act in ("renew", "stop"):
        assert pervez.post(f"/calendar/feeds/{row.feed_id}/{act}").status_code == 404
    answer = rabia.post(f"/calendar/feeds/{row.feed_id}/renew")
    [new] = ADDRESS.findall(answer.text)
    assert program.get(old).status_code == 404
    assert program.get(new).status_code == 200
    assert rabia.post(f"/calendar/feeds/{row.feed_id}/stop").status_code == 303
    assert program.get(new).status_code == 404
    assert rabia.post(f"/calendar/feeds/{row.feed_id}/renew").status_code == 404
    assert make(rabia) not in (old, new), "its name is free again"


def test_somebody_who_left_or_is_disabled_reads_nothing(people, database, program, acme):
    first, second = make(people.browser(RABIA)), make(people.browser(LAILA))
    with database.writing() as session:
        adil = makers.make_staff(session, ADIL)
        place = select(Staff).where(Staff.person_id == people.id_of(RABIA))
        session.scalars(place).one().left_at = clock.now()
        lead = session.get_one(Person, people.id_of(LAILA))
        disable_staff(session, lead, by=adil, at=clock.now())
    assert program.get(first).status_code == 404
    assert program.get(second).status_code == 404


def test_lost_roles_empty_the_calendar_at_the_next_reading(people, database, program, acme):
    address = make(people.browser(RABIA))
    assert len(events(program.get(address))) == 11
    with database.writing() as session:
        adil = makers.make_staff(session, ADIL)
        analyst = session.get_one(Person, people.id_of(RABIA))
        roles = frozenset({Role.ADMINISTRATOR})
        set_roles(session, analyst, roles, by=adil, at=clock.now())
    assert events(program.get(address)) == [], "so programs forget what they knew"


def test_need_to_know_is_asked_at_every_reading_and_its_name_stays_here(
    people, database, program, acme
):
    rabia, pervez = make(people.browser(RABIA)), make(people.browser(PERVEZ))
    with database.writing() as session:
        vendor = session.get_one(Vendor, acme)
        vendor.is_need_to_know = True
        reference = vendor.reference
    assert events(program.get(rabia)) == []
    told = program.get(pervez)
    assert len(events(told)) == 11
    assert "Acme" not in told.text
    assert f"SUMMARY:{reference}: " in told.text


def test_a_feed_holds_what_was_chosen(people, database, program, acme):
    with database.writing() as session:
        everything_due(
            session, ON, name="Of Rabia", by=makers.make_staff(session, RABIA), asks=False
        )
    rabia = people.browser(RABIA)
    mine = events(program.get(make(rabia, name="Mine", whose="mine")))
    assert {str(one["summary"]).split(":")[0] for one in mine} == {"Of Rabia"}
    notices = events(program.get(make(rabia, name="Notices", kind=["notice", "renewal"])))
    assert len(notices) == 2
    page = rabia.get("/calendar/feeds").text
    assert "Notice, Renewal" in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, "Type a name."),
        ({"name": "n" * 101}, "100 characters at most"),
        ({"name": "\u202e"}, "Give a name of 1 to 100"),
        ({"name": "4111 1111 1111 1111"}, "card number"),
        ({"whose": "yours"}, "Not a valid choice"),
        ({"kind": ["lunch"]}, "is not a valid choice"),
    ],
)
def test_it_refuses_what_cannot_be(people, database, changed, said):
    data = {"name": "Duly", "whose": "all", **changed}
    answer = people.browser(RABIA).post("/calendar/feeds", data=data)
    assert answer.status_code == 422
    assert said in answer.text
    with database.reading() as session:
        assert session.scalars(select(FeedToken)).all() == []


def test_a_reload_makes_no_second_feed_and_there_is_an_end_of_them(people):
    rabia = people.browser(RABIA)
    make(rabia)
    again = rabia.post("/calendar/feeds", data={"name": "Duly", "whose": "all"})
    assert again.status_code == 422
    assert "already" in again.text
    for number in range(9):
        make(rabia, name=f"Feed {number}")
    eleventh = rabia.post("/calendar/feeds", data={"name": "Last", "whose": "all"})
    assert "Stop one of them first." in eleventh.text


def test_a_program_that_knows_it_already_gets_nothing_again(people, database, program, acme, later):
    address = make(people.browser(RABIA))
    first = program.get(address)
    mark = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "private, no-cache"
    with later(hours=5):
        known = program.get(address, headers={"If-None-Match": mark})
        assert (known.status_code, known.data) == (304, b"")
        assert known.headers["ETag"] == mark
        weak = program.get(address, headers={"If-None-Match": f'"other", W/{mark}'})
        assert weak.status_code == 304
        same = program.get(address)
        assert same.data == first.data, "nothing in it is the time of asking"
        head = program.head(address)
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["ETag"] == mark
        assert head.headers["Content-Length"] == same.headers["Content-Length"]
        with database.writing() as session:
            session.get_one(Vendor, acme).next_review_on = ON + timedelta(days=3)
        changed = program.get(address, headers={"If-None-Match": mark})
        assert changed.status_code == 200
    before = {str(e["uid"]): e for e in events(first)}
    moved = [e for e in events(changed) if e["dtstart"].dt != before[str(e["uid"])]["dtstart"].dt]
    [review] = moved
    old = before[str(review["uid"])]
    assert review["sequence"] == old["sequence"] + 1
    assert review["last-modified"].dt == old["last-modified"].dt + timedelta(hours=5)


def test_files_that_end_on_one_day_are_one_event_and_a_single_date_has_its_name(
    people, database, program, acme
):
    rabia = people.browser(RABIA)
    address = make(rabia, kind=["evidence"])
    [alone] = events(program.get(address))
    with database.writing() as session:
        session.add(proof(session.get_one(Vendor, acme), ON))
        files = [row.id for row in session.scalars(select(Evidence))]
    [both] = events(program.get(address))
    assert both["uid"] == alone["uid"]
    for file_id in files:
        [single] = events(rabia.get(f"/calendar/evidence/{file_id}/event.ics"))
        assert single["uid"] == alone["uid"]


def test_it_is_read_in_few_statements_whatever_it_holds(people, database, program, acme):
    address = make(people.browser(RABIA))
    program.get(address)
    few = len(program.statements)
    assert few == STATEMENTS, "\n".join(program.statements)
    with database.writing() as session:
        session.add_all(proof(session.get_one(Vendor, acme), ON) for _ in range(5))
    program.get(address)
    assert len(program.statements) == few


def test_use_is_noted_and_asking_too_often_is_answered_with_later(
    people, database, program, acme, monkeypatch, later
):
    monkeypatch.setattr(feed_access, "READS", 2)
    rabia = people.browser(RABIA)
    address = make(rabia)
    assert "Never" in rabia.get("/calendar/feeds").text
    assert [program.get(address).status_code for _ in range(3)] == [200, 200, 429]
    late = program.get(address)
    assert late.headers["Retry-After"] == "3600"
    with database.reading() as session:
        assert feed_tokens.feeds_of(session, people.id_of(RABIA))[0].last_used_at == clock.now()
    with later(hours=1):
        assert program.get(address).status_code == 200


def test_a_feed_has_an_end_and_keeps_the_earliest(people, program, acme, monkeypatch):
    monkeypatch.setattr(feed, "MOST", 3)
    found = events(program.get(make(people.browser(RABIA))))
    assert [one["dtstart"].dt for one in found] == [ON] * 3


def test_guessing_ends_soon(program, monkeypatch):
    monkeypatch.setattr(feed_access, "MISSES", 3)
    tried = [program.get(f"/calendar/feed/{'x' * n}/duly.ics").status_code for n in (1, 43, 900, 5)]
    assert tried == [404, 404, 404, 429]


def test_no_log_holds_an_address(people, program, acme, caplog, monkeypatch):
    address = make(people.browser(RABIA))
    with caplog.at_level("DEBUG", logger="duly"):
        program.get(address)
        monkeypatch.setattr(feed_views, "calendar_file", lambda *_: 1 / 0)
        assert program.get(address).status_code == 500
    assert "fault" in caplog.text
    assert address.split("/")[3] not in caplog.text


def test_a_feed_opens_nothing_else_and_a_session_opens_no_feed(people, program, acme):
    rabia = people.browser(RABIA)
    token = make(rabia).split("/")[3]
    assert program.get("/calendar").headers["Location"].startswith("/sign-in")
    bearer = {"Authorization": f"Bearer {token}"}
    assert program.get("/api/v1/vendors", headers=bearer).status_code == 401
    assert rabia.get("/calendar/feed/of-mine/duly.ics").status_code == 404
    for method in (program.post, program.put, program.delete):
        assert method(f"/calendar/feed/{token}/duly.ics").status_code == 405


def test_the_page_tells_the_truth_about_freshness(people):
    text = people.browser(AMNA).get("/calendar/feeds").text
    for told in ("up to 24", "about 3 hours", "every 5 minutes", "by its reference"):
        assert told in text
    assert 'href="/calendar/feeds"' in people.browser(AMNA).get("/account").text
    assert 'href="/calendar/feeds"' not in people.browser(ADIL).get("/account").text
