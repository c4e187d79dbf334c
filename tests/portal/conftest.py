"""The outside door with somebody at it: what is asked of two vendors, and browsers at the link."""

import re
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest
from sqlalchemy import select

from foundation import clock, settings, vault
from identity import invitations
from identity.models import Invitation, Person
from mail.commands import place_of
from mail.models import Letter
from portal.queries import memberships_of
from portal.rules import needs_factor
from questionnaires.models import Assessment
from tests import makers
from tests.client import HouseClient, client_of
from tests.people import VANIA, VIKTOR
from vendors.rules import PciScope

CODE = re.compile(r"^\s+([0-9A-Z]{4}-[0-9A-Z]{4})$", re.MULTILINE)


@dataclass(frozen=True)
class Asked:
    """An assessment, who has to answer it, and the link in their mail."""

    assessment_id: UUID
    vendor_id: UUID
    email: str
    token: str

    @property
    def at(self) -> str:
        return f"/p/a/{self.assessment_id}"


@pytest.fixture
def ask(scene):
    """Send a questionnaire to a vendor's contact: `ask("Acme", VANIA, exposure=...)`.

    Card data comes into it unless told otherwise, so that every question is in scope.
    """

    def do(
        name="Acme Cloud",
        contact=VANIA,
        *,
        exposure=makers.LOW,
        version="tier4",
        pci_scope=PciScope.SHARES_ACCOUNT_DATA,
    ):
        return scene(_asked, name, contact, exposure, version, pci_scope)

    return do


def _asked(database, name, contact, exposure, version, pci_scope):
    with database.writing() as session:
        author = makers.make_staff(session)
        asked = makers.make_vendor(
            session, name=name, exposure=exposure, by=author, pci_scope=pci_scope
        )
        sent = makers.make_assessment(
            session,
            vendor=asked,
            contact=makers.make_contact(session, asked, contact, by=author),
            version=makers.make_version(session, version, by=author),
            by=author,
        )
        link = session.scalars(select(Invitation).where(Invitation.for_id == sent.id)).one()
        return Asked(sent.id, asked.id, link.email, invitations.token_of(link))


@pytest.fixture
def acme(ask) -> Asked:
    return ask()


@pytest.fixture
def borealis(ask) -> Asked:
    return ask("Borealis Data", VIKTOR)


@pytest.fixture
def codes_to(database):
    """Return the codes mailed to an address, the newest last."""

    def read(email):
        with database.reading() as session:
            chosen = select(Letter).where(Letter.to_email == email, Letter.kind == "vendor_code")
            letters = session.scalars(chosen.order_by(Letter.created_at)).all()
            bodies = [vault.unseal(x.body_sealed, context=place_of(x.id)).decode() for x in letters]
            return [CODE.search(body).group(1) for body in bodies]

    return read


@pytest.fixture
def by_mail(app, codes_to):
    """Bring a contact in through the real door: link, mailed code."""

    seconds = count(1)

    def enter(asked: Asked) -> HouseClient:
        browser = client_of(app)
        browser.get(f"/p/i/{asked.token}", follow_redirects=True)
        with clock.fixed(clock.now() + timedelta(seconds=next(seconds))):
            browser.post("/p/i", follow_redirects=True)
            done = browser.post("/p/code", data={"code": codes_to(asked.email)[-1]})
        assert done.status_code == 303, done.get_data(as_text=True)
        browser.get(done.location, follow_redirects=True)
        return browser

    return enter


@pytest.fixture
def portal_client(people, database, by_mail):
    """Seat a contact at what is asked; whoever needs a second factor comes through the door."""

    def enter(asked: Asked) -> HouseClient:
        with database.writing() as session:
            link = invitations.find(session, asked.token, clock.now())
            tiers = [each.tier for each in memberships_of(session, link.person_id)]
            if needs_factor(tiers, from_tier=settings.current().vendor_factor_from_tier):
                link = None
            else:
                invitations.use(session, link, clock.now())
        return by_mail(asked) if link is None else people.at_the_portal(link.person_id)

    return enter


@pytest.fixture
def vania(portal_client, acme) -> HouseClient:
    return portal_client(acme)


@pytest.fixture
def person_of(database):
    def find(email):
        with database.reading() as session:
            return session.scalars(select(Person).where(Person.email == email)).one()

    return find


@pytest.fixture
def row_of(database):
    """Read one assessment's row."""

    def find(asked):
        with database.reading() as session:
            return session.get_one(Assessment, asked.assessment_id)

    return find
