"""The demo: true stories, and doors that exist nowhere else."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from accounts.queries import list_everybody
from app import create_app, set_up
from audit.queries import first_bad_entry
from foundation import clock, schema
from foundation.db import Database
from foundation.settings import Settings
from identity.models import Person, WebSession
from identity.queries import last_seen_of
from identity.rules import FRESH_FOR
from identity.sessions import live_sessions_of
from mail.commands import queue
from mail.letters import Text
from operations import demo_doors
from operations.demo.telling import tell
from operations.demo_cli import demo_settings
from organisation.queries import time_zone_of_organisation, working_day_from
from questionnaires.models import Assessment
from questionnaires.rules import AssessmentState
from reminders.models import Reminder
from reports.home_system import without_factor
from reports.looking import Looker
from reports.models import Report
from reports.rules import ReportState
from reviews.models import Finding, Review
from reviews.rules import FindingState, ReviewState
from tests.client import client_of
from vendors.inventory_models import Exemption
from vendors.models import Vendor
from vendors.rules import ExemptionKind, VendorState

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> tuple[Settings, Database]:
    """The whole demo, told once."""
    chosen = demo_settings(tmp_path_factory.mktemp("demo"), 8000)
    set_up(chosen)
    database = Database(chosen.database_address)
    schema.migrate(database)
    tell(database, until=clock.now())
    return chosen, database


def counted(database: Database, column: object) -> dict[object, int]:
    with database.reading() as session:
        return dict(session.execute(select(column, func.count()).group_by(column)).all())


def test_thirty_vendors_in_every_state_and_tier(demo):
    _, database = demo
    states = counted(database, Vendor.state)
    assert sum(states.values()) == 30
    assert set(states) == set(VendorState)
    assert set(counted(database, Vendor.tier)) == {1, 2, 3, 4}
    assert counted(database, Vendor.is_need_to_know)[True] == 1
    assert counted(database, Review.cycle)[2] >= 4, "some are looked at for the second time"
    assessments = counted(database, Assessment.state)
    assert {
        AssessmentState.SENT,
        AssessmentState.ANSWERING,
        AssessmentState.SUBMITTED,
        AssessmentState.RETURNED,
        AssessmentState.ACCEPTED,
    } <= set(assessments)
    reviews = counted(database, Review.state)
    assert reviews[ReviewState.AWAITING_SIGN_OFF] == 1


def test_nobody_is_due_on_a_day_off(demo):
    _, database = demo
    with database.reading() as session:
        due = set(session.scalars(select(Assessment.due_on)))
        assert {day for day in due if working_day_from(session, day) != day} == set()


def test_time_has_passed_in_it(demo):
    _, database = demo
    assert counted(database, Reminder.kind)["assessment"] >= 3
    assert counted(database, Reminder.kind)["reassessment"] == 4, "two opened, their owner told"
    assert counted(database, Report.state) == {ReportState.ISSUED: 2}
    assert set(counted(database, Exemption.kind)) == set(ExemptionKind)
    assert {FindingState.OPEN, FindingState.ACCEPTED} <= set(counted(database, Finding.state))
    with database.reading() as session:
        assert first_bad_entry(session) is None


@pytest.mark.parametrize("door", demo_doors.DOORS, ids=lambda d: d.name)
def test_each_door_opens_for_its_person_only(demo, door):
    chosen, database = demo
    app = create_app(chosen)
    app.extensions["database"].engine.dispose()
    app.extensions["database"] = database
    client = client_of(app)
    address = demo_doors.address_of(door).removeprefix(chosen.base_url)
    # A plain client: the door is the one GET that writes, which is why it is demo-only.
    opened = FlaskClient(app).get(address)
    assert opened.status_code == 303
    assert opened.headers["Location"] == door.lands_at
    browser = client
    for cookie in opened.headers.getlist("Set-Cookie"):
        name, value = cookie.split(";")[0].split("=", 1)
        browser.set_cookie(name, value, domain="localhost")
    assert browser.get(door.lands_at).status_code == 200
    assert FlaskClient(app).get(address[:-4] + "0000").status_code == 404


def test_whoever_is_asked_again_in_the_demo_presses_a_button(demo):
    """Nobody there has a password; outside the demo such a press proves nothing."""
    chosen, database = demo
    app = create_app(chosen)
    app.extensions["database"].engine.dispose()
    app.extensions["database"] = database
    door = next(one for one in demo_doors.DOORS if one.name == "admin")
    address = demo_doors.address_of(door).removeprefix(chosen.base_url)
    browser = client_of(app)
    for cookie in FlaskClient(app).get(address).headers.getlist("Set-Cookie"):
        name, value = cookie.split(";")[0].split("=", 1)
        browser.set_cookie(name, value, domain="localhost")
    with database.writing() as session:
        past = clock.now() - FRESH_FOR - timedelta(minutes=1)
        session.execute(update(WebSession).values(authenticated_at=past))
    at = "/account/again?next=/audit-log/download"
    assert "a press of the button is enough" in browser.get(at).text
    assert "Your password" not in browser.get(at).text
    done = browser.post(at, data={"again_demo": "1"})
    assert 'href="/audit-log/download"' in done.text


def test_the_mail_of_the_demo_is_open_to_every_door_but_opens_no_inside(demo):
    chosen, database = demo
    app = create_app(chosen)
    app.extensions["database"].engine.dispose()
    app.extensions["database"] = database
    with database.writing() as session:
        letter = Text("staff_invitation", f"{chosen.base_url}/account/set-password/{'k' * 43}")
        to = ("dora@northwind.example", "Dora Lim")
        queue(session, dedupe_key="dora", kind="staff", to=to, text=letter, at=clock.now())
    shown = client_of(app).get("/demo/mail").text
    assert "To Dora Lim, dora@northwind.example" in shown
    assert "(a link for Dora Lim)" in shown
    assert "k" * 43 not in shown
    assert f'<a href="{chosen.base_url}/p/i/' in shown, "what a vendor needs is a link"
    assert 'href="/demo/mail"' in shown, "the banner leads here"


def test_outside_demo_mode_there_is_no_door(client, settings):
    assert not settings.demo
    for address in ("/demo/risk/0123456789abcdef", "/demo/mail", "/styleguide"):
        assert client.get(address).status_code == 404
    with pytest.raises(demo_doors.Refused, match="demo mode only"):
        demo_doors.address_of(demo_doors.DOORS[0])


def test_who_acts_in_the_demo_has_signed_in(demo):
    _, database = demo
    with database.reading() as session:
        everybody = list_everybody(session)
        assert all(row.has_password for row in everybody)
        seen = last_seen_of(session, [row.person_id for row in everybody])
        assert len(seen) == len(everybody)
        assert all(clock.now() - at < timedelta(days=3) for at in seen.values())
        now = clock.now()
        left = [place for one in seen for place in live_sessions_of(session, one, now)]
        assert all(now - place.created_at < timedelta(hours=1) for place in left), "by a door"
        who = Looker(UUID(int=0), frozenset(), clock.today(), "UTC")
        assert without_factor(session, who) == ([], [])


def test_the_people_of_the_demo_read_the_clock_of_their_organisation(demo):
    _, database = demo
    with database.reading() as session:
        mail = Person.email.like("%@northwind.example")
        assert set(session.scalars(select(Person.time_zone).where(mail))) == {"Asia/Karachi"}
        assert time_zone_of_organisation(session) == "Asia/Karachi"
