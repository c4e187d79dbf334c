"""One world, told by every page: home, the inbox, the dashboard and each vendor's own page."""

import re

import pytest

from contracts.rules import ContractState
from foundation import clock
from questionnaires.rules import AssessmentState
from reports.ball_queries import ball_rows
from reports.portfolio import portfolio_of
from reviews.commands import open_review, receive_submission
from reviews.decision_commands import Proposal, propose
from reviews.inbox import inbox
from reviews.rules import Outcome
from reviews.turns import Turn
from tests import makers
from tests.contracts import stories as contracts
from tests.people import LAILA, PERVEZ, RABIA
from tests.reports.test_home import decided, part
from vendors.commands import clear
from vendors.life_commands import move
from vendors.rules import VendorState

WORDS = {
    Turn.BUYER: "Procurement has the ball",
    Turn.VENDOR: "The vendor has the ball",
    Turn.RISK: "The risk team has the ball",
    Turn.SIGNERS: "Whoever signs has the ball",
    Turn.NOBODY: "Nobody",
}
NO = Proposal(outcome=Outcome.REJECTED, round=1, note="They do not mend it.")


class World:
    """Vendors at every stage, by name, with who has the ball of each."""

    def __init__(self, session):
        self.session, self.turns, self.ids, self.contacts = session, {}, {}, {}
        self.rabia, self.laila = (makers.make_staff(session, who) for who in (RABIA, LAILA))
        self.version = makers.make_version(session)
        self.begin()
        self.decide()
        self.let_go()
        session.flush()

    def vendor(self, name, turn, **how):
        vendor = makers.make_vendor(self.session, name=name, **how)
        self.turns[name], self.ids[name] = turn, vendor.id
        return vendor

    def asked(self, vendor):
        contact = self.contacts.get(vendor.id) or makers.make_contact(self.session, vendor)
        self.contacts[vendor.id] = contact
        return makers.make_assessment(
            self.session, vendor=vendor, contact=contact, version=self.version
        )

    def answered(self, vendor):
        """Let answers come before us; what they say is of no matter here."""
        sent = self.asked(vendor)
        sent.state, sent.submitted_at = AssessmentState.SUBMITTED, clock.now()
        return receive_submission(self.session, sent, by=self.rabia.actor, at=clock.now())

    def begin(self):
        self.vendor("New", Turn.BUYER)
        self.asked(self.vendor("Asked", Turn.VENDOR))
        self.answered(self.vendor("Answered", Turn.RISK))
        both = self.vendor("Half answered", Turn.VENDOR)
        self.answered(both)
        self.asked(both)
        signing = self.vendor("Signing", Turn.SIGNERS, exposure=makers.CRITICAL)
        propose(self.session, self.answered(signing), NO, by=self.laila, at=clock.now())
        opened = self.vendor("Opened early", Turn.BUYER)
        open_review(self.session, opened, kind="initial", by=self.rabia.actor, at=clock.now())

    def approved(self, name, turn):
        vendor = self.vendor(name, turn)
        contract = contracts.make_contract(self.session, vendor)
        decision = decided(self.session, vendor, len(self.turns), Outcome.APPROVED)
        decided_by = {"review_id": decision.review_id, "on": clock.today(), "next_review_on": None}
        clear(self.session, vendor, **decided_by, by=self.rabia, at=clock.now())
        move(self.session, vendor, VendorState.ACTIVE, by=self.rabia, at=clock.now())
        return vendor, contract

    def used(self, name, turn):
        vendor, contract = self.approved(name, turn)
        contract.state = ContractState.ACTIVE
        return vendor

    def decide(self):
        self.approved("Approved, draft contract", Turn.BUYER)
        self.used("In use", Turn.NOBODY)
        again = self.used("Due again", Turn.BUYER)
        open_review(self.session, again, kind="reassessment", by=self.rabia.actor, at=clock.now())
        self.asked(self.used("Asked again", Turn.VENDOR))
        self.answered(self.used("Answered again", Turn.RISK))

    def let_go(self):
        leaving = self.used("Leaving", Turn.BUYER)
        move(self.session, leaving, VendorState.OFFBOARDING, by=self.rabia, at=clock.now())
        propose(
            self.session,
            self.answered(self.vendor("Rejected", Turn.NOBODY)),
            NO,
            by=self.rabia,
            at=clock.now(),
        )
        ended = self.used("Ended, contract runs", Turn.BUYER)
        ended.state, ended.cleared_by, ended.cleared_on = VendorState.ENDED, None, None
        by_hand = self.vendor("Declined by hand", Turn.NOBODY)
        self.answered(by_hand)
        move(self.session, by_hand, VendorState.DECLINED, by=self.rabia, at=clock.now())
        put_away = self.vendor("Put away", Turn.NOBODY)
        self.asked(put_away)
        put_away.archived_at = clock.now()


@pytest.fixture
def world(database):
    with database.writing() as session:
        return World(session)


def ball_of(text):
    """Return who has the ball in the words of a vendor's page."""
    return re.search(r"<dt>Ball</dt><dd>([^<]+?)\s*<", text)[1]


def is_late(text):
    """Say whether the head of a vendor's page calls the answers overdue."""
    return "Overdue" in text.split('<dl class="answers">')[1].split("</dl>")[0]


def test_every_page_says_the_same_of_every_vendor(people, database, world):
    pervez = people.browser(PERVEZ)
    told = {name: ball_of(pervez.get(f"/vendors/{one}").text) for name, one in world.ids.items()}
    assert {name: told[name].startswith(WORDS[turn]) for name, turn in world.turns.items()} == (
        dict.fromkeys(world.turns, True)
    ), told
    with database.reading() as session:
        viewer, today = people.id_of(LAILA), clock.today()
        rows = {row.vendor: row.turn for row in ball_rows(session, viewer)}
        desk = {row.vendor: row.turn for row in inbox(session, viewer)}
        portfolio = portfolio_of(session, viewer, clock.now(), today)
    on_way = {name: turn for name, turn in world.turns.items() if turn is not Turn.NOBODY}
    assert rows == on_way
    assert desk.items() <= on_way.items()
    assert {"Answered", "Half answered", "Signing", "Opened early", "Due again"} <= set(desk)
    counted = {turn: 0 for turn in Turn if turn is not Turn.NOBODY}
    for turn in on_way.values():
        counted[turn] += 1
    assert {turn: count for (turn, _age), count in portfolio.ageing.items()} == counted


def test_what_is_late_is_late_on_every_page(people, database, world, later):
    with later(days=60):
        laila = people.browser(LAILA)
        late = {n for n, one in world.ids.items() if is_late(laila.get(f"/vendors/{one}").text)}
        with database.reading() as session:
            viewer, today = people.id_of(LAILA), clock.today()
            rows = ball_rows(session, viewer)
            desk = [row for row in inbox(session, viewer) if row.are_answers_late(today)]
            portfolio = portfolio_of(session, viewer, clock.now(), today)
        waits = part(laila.get("/?all=waits").get_data(as_text=True), "waits")
    with_vendor = {name for name, turn in world.turns.items() if turn is Turn.VENDOR}
    assert late == with_vendor, "what is in is not late any more"
    assert {row.vendor for row in rows if row.are_answers_late(today)} == with_vendor
    assert {row.vendor for row in portfolio.late_answers.shown} == with_vendor
    assert portfolio.late_answers.count == len(with_vendor) == waits.count("Overdue")
    assert {row.vendor for row in desk} == {"Half answered"}, "the others have no review yet"
