"""Page and paper say one and the same day, whatever UTC calls it; papers of before stay as they were."""

import json

import pytest

from foundation import clock
from identity.models import Person
from reports.assemble import assemble
from reports.dossier import from_json, to_json
from reports.paper import html_of
from reports.papers import Paper, cut
from reports.progress import Step
from reports.vendor_page import vendor_page
from reviews import decision_commands as decisions
from reviews.decision_commands import Proposal
from reviews.finding_commands import NewFinding, raise_finding
from reviews.rules import Outcome, Severity
from tests import makers
from tests import people as cast
from tests.nights import EVENING, MORNING, NIGHTS
from tests.reports import sample
from tests.reviews import stories

each_night = pytest.mark.parametrize("night", NIGHTS)


def printed(dossier):
    return html_of(dossier, sha256="0" * 64, is_draft=False)


def decide(session, review):
    pervez = makers.make_staff(session, cast.PERVEZ)
    proposal = Proposal(outcome=Outcome.APPROVED, round=1, note="Looked at it all.")
    decisions.propose(session, review, proposal, by=pervez, at=clock.now())
    return pervez.person_id


@each_night
def test_the_page_and_the_paper_name_the_same_days(session, night):
    with night.begin(session):
        review, _ = stories.ready(session)
        viewer_id = decide(session, review)
        session.flush()
        shown = vendor_page(session, viewer_id, review.vendor_id, clock.now())
        dossier = assemble(session, review.vendor_id, clock.now(), prepared_by="Pervez Anwar")
    days = {one.step: one.on for one in shown.rail if one.on}
    assert set(days.values()) == {night.day}
    assert {Step.SENT, Step.ANSWERED, Step.DECIDED} <= set(days)
    assert shown.today == night.day
    assert {span.first for span in shown.clock.spans} <= {night.day}
    assert dossier.zone == night.zone
    written, other = f"{night.day.day} March 2026", f"{night.at.day} March 2026"
    for paper in Paper:
        text = printed(cut(dossier, paper))
        assert written in text
        assert other not in text, "UTC's day is nowhere on the paper"


def test_a_moment_on_paper_is_in_the_zone_of_its_dossier_and_names_it(session):
    vendor_id = makers.make_vendor(session).id
    with MORNING.begin(session):
        text = printed(assemble(session, vendor_id, clock.now()))
    assert "5 March 2026, 01:30 PKT" in text
    assert "UTC" not in text


def test_a_frozen_dossier_keeps_its_zone_when_ours_changes(session):
    vendor_id = makers.make_vendor(session).id
    with MORNING.begin(session):
        frozen = to_json(assemble(session, vendor_id, clock.now()))
    before = printed(from_json(frozen))
    with EVENING.begin(session):
        assert printed(from_json(frozen)) == before


def test_a_dossier_of_before_is_printed_in_utc_as_it_was():
    told = json.loads(to_json(sample.whole()))
    assert told.pop("zone") == "UTC"
    dossier = from_json(json.dumps(told).encode())
    assert dossier == sample.whole()
    assert "2 March 2026, 09:30 UTC" in printed(dossier)


def test_the_first_page_says_since_when_by_our_day_to_everybody(people, database):
    """Handed in at half past one on 5 March in Karachi; in New York it was the 4th.

    So was the day of a finding of each of them, which is late.
    """
    with database.writing() as session:
        with MORNING.begin(session):
            review, _ = stories.submitted(session)
        for owner in (cast.RABIA, cast.LAILA):
            given = {"title": "No restore test", "severity": Severity.HIGH}
            new = NewFinding(**given, owner_id=people.id_of(owner), due_on=MORNING.before)
            raise_finding(session, review, new, by=people.author(owner), at=clock.now())
        for who, zone in ((cast.RABIA, "Asia/Karachi"), (cast.LAILA, "America/New_York")):
            session.get_one(Person, people.id_of(who)).time_zone = zone
    with clock.fixed(MORNING.at):
        for who in (cast.RABIA, cast.LAILA):
            text = people.browser(who).get("/").text
            assert "since 5 March 2026" in text, who.name
            assert "since 4 March 2026" not in text, who.name
            assert "Overdue" in text, who.name
