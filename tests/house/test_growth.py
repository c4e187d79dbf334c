"""No page asks the database more often because there is more in it."""

import pytest
from sqlalchemy import func, select

from accounts.commands import add_staff
from accounts.rules import Role
from bench.pages_copies import Copies
from foundation import clock
from foundation.ids import new_id
from foundation.web import plate_of
from identity import api_tokens, feed_tokens
from identity.rules import Scope
from operations import webhook_commands
from operations.webhook_models import WebhookDelivery
from operations.webhook_rules import KINDS, DeliveryState
from organisation.models import BusinessFunction, BusinessUnit, LegalEntity, OrganisationSettings
from reviews.decision_commands import Proposal, propose
from reviews.rules import Outcome
from tests import makers
from tests.people import ADIL, AMNA, LAILA, PERVEZ, RABIA
from tests.reports.dated import everything_due
from tests.reviews import stories
from vendors import search_index
from vendors.inventory_models import ImportBatch, Tag
from vendors.models import Contact, Vendor
from vendors.note_commands import add_note
from vendors.rules import Visibility
from vendors.view_commands import save_view

pytestmark = pytest.mark.slow

FEW, MANY = 3, 30
STAFF = (RABIA, LAILA, ADIL, AMNA, PERVEZ)
NO = Proposal(outcome=Outcome.REJECTED, round=1, note="They do not mend it.")
ONCE = frozenset(
    {
        *("vendor", "vendor_country", "vendor_tag", "vendor_identifier", "vendor_alias"),
        *("responsibility_matrix", "responsibility", "vendor_grant", "reminder"),
    }
)
"""What a vendor has once."""
INSIDE = ("staff", "contact")
NO_LISTS = (".csv", ".xlsx", ".svg", ".pdf", "/download", "/new", "/check")


def lists(app, start):
    """Return the addresses of staff below a start, without things further down."""
    for rule in app.url_map.iter_rules():
        plate = plate_of(app.view_functions[rule.endpoint])
        is_list = rule.rule.startswith(start) and "<" not in rule.rule.removeprefix(start)
        is_whole = plate.name not in {"staff half way", "contact, code typed"}
        if "GET" in rule.methods and is_list and is_whole and plate.name.startswith(INSIDE):
            yield rule.rule, plate.name


class Grown:
    """A house with a number of everything."""

    def __init__(self, database):
        self.database = database
        self.number = 1
        with database.writing() as session:
            self.rabia = makers.make_staff(session, RABIA)
            self.vendors = self._stories(session)
            self.full = self.vendors[0]
        with database.reading() as session:
            self.copies = Copies(session.connection())
            self.people = dict.fromkeys(session.scalars(select(Contact.person_id)))
            self.vania = makers.make_person(session, makers.cast.VANIA).id

    def _stories(self, session):
        full = everything_due(session, clock.today())
        add_note(session, full, "Called.", Visibility.INTERNAL, by=self.rabia, at=clock.now())
        asked = makers.make_vendor(session, name="Asked", by=self.rabia)
        makers.make_assessment(session, vendor=asked, version=makers.make_version(session))
        read = makers.make_vendor(session, name="Read", exposure=makers.CRITICAL)
        review, _ = stories.submitted(session, vendor=read)
        propose(session, review, NO, by=makers.make_staff(session, LAILA), at=clock.now())
        begun = makers.make_vendor(session, name="Begun", by=self.rabia)
        return [each.id for each in (full, asked, read, begun)]

    def grow(self, number):
        """Let there be so many of everything."""
        with self.database.writing() as session:
            self.copies.go_on(session.connection())
            known = dict.fromkeys(self.people, self.vania)
            made = []
            for _ in range(self.number, number):
                ids = self.copies.copy(self.vendors, known=known)
                made += [ids[each] for each in self.vendors]
                self.copies.copy([self.full], known={}, without=ONCE, change=_of_one)
            self.copies.finish()
            search_index.refresh(session.connection(), made)
            _house(session, range(self.number, number))
        self.number = number


def _of_one(table, row, turn):
    if table.name == "review":
        row["cycle"] += turn
    if table.name == "service":
        row |= {"is_default": False, "name": f"Service {turn}"}
    if table.name == "contact":
        row["is_primary"] = False


def _house(session, places):
    at, adil = clock.now(), makers.make_staff(session, ADIL)
    newest = session.scalars(
        select(OrganisationSettings).order_by(OrganisationSettings.number.desc()).limit(1)
    ).one()
    stored = {c.name: getattr(newest, c.name) for c in OrganisationSettings.__table__.columns}
    for place in places:
        name = f"Number {place}"
        add_staff(
            session, email=f"p{place}@northwind.example", name=name, by=None, at=at,
            roles=frozenset({Role.ANALYST}),
        )  # fmt: skip
        session.add_all(
            [
                BusinessUnit(id=new_id(), name=name),
                BusinessFunction(id=new_id(), name=name),
                LegalEntity(id=new_id(), name=name, country="PK"),
                Tag(id=new_id(), name=name),
                OrganisationSettings(**stored | {"id": new_id(), "number": newest.number + place}),
            ]
        )
        facts = webhook_commands.EndpointFacts(name, f"https://h.example/{place}", (KINDS[0],))
        hook, _ = webhook_commands.add(session, facts, by=adil.actor, at=at)
        session.add(
            WebhookDelivery(
                id=new_id(), endpoint_id=hook.id, event=name, kind=KINDS[0], body="{}",
                state=DeliveryState.WAITING, next_try_at=at, created_at=at,
            )
        )  # fmt: skip
        for who in STAFF:
            by = makers.make_staff(session, who)
            api_tokens.create(session, by.person_id, name, Scope.READ, at, 90)
            feed_tokens.create(session, by.person_id, name, (), is_own=True, at=at)
            session.add(
                ImportBatch(id=new_id(), kind="vendors", file_name=name, by_id=by.person_id, at=at,
                            rows=[])
            )  # fmt: skip
            if place < MANY - 1:
                save_view(session, by.person_id, name, "tier=1")


@pytest.fixture
def grown(database, app):
    del app
    return Grown(database)


def test_no_list_asks_more_often_when_there_is_more(grown, app, people, database):
    grown.grow(FEW)
    browsers = [people.browser(who) for who in STAFF]
    browsers.append(people.at_the_portal(grown.vania))
    few = counts(app, browsers, grown.full)
    grown.grow(MANY)
    many = counts(app, browsers, grown.full)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Vendor)) == 4 * MANY
    assert len(few) > 60
    assert {page: (few[page], many[page]) for page in few if few[page] != many[page]} == {}


def counts(app, browsers, vendor_id):
    """Return how many statements each list took whoever may open it."""
    found = {}
    of_one = "/vendors/<uuid:vendor_id>"
    pages = [*lists(app, "/"), *((each, name) for each, name in lists(app, of_one))]
    for rule, plate in pages:
        if rule.endswith(NO_LISTS):
            continue
        address = rule.replace("<uuid:vendor_id>", str(vendor_id))
        mine = browsers[-1:] if plate.startswith("contact") else browsers[:-1]
        for browser in mine:
            answer = browser.get(address)
            if answer.status_code == 200:
                found[rule] = len(browser.statements)
                break
    return found
