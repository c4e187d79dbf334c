"""The ways in, step by step: each yields where it stands, so that somebody can look around."""

import re
from collections.abc import Iterator
from typing import Any

import pyotp
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.commands import add_staff
from accounts.rules import Role
from foundation import clock, vault
from foundation.db import Database
from identity import invitations, totp
from identity.models import Person
from identity.rules import Purpose
from mail.commands import place_of
from mail.models import Letter
from questionnaires.models import Assessment
from questionnaires.rules import AssessmentState
from tests.journeys.steps import CODE, PASSWORD, follow, press
from vendors.models import Contact, Vendor

TYPED = re.compile("code", re.IGNORECASE)


def as_a_vendor(page: Page, database: Database) -> Iterator[str]:
    """Come in by the invitation of a tier 1 vendor that has handed its answers in, twice."""
    with database.writing() as session:
        person, link = _invited(session)
    page.goto(link)
    yield "portal.welcome"
    press(page, "Mail me the code")
    page.wait_for_url("**/p/code")
    yield "portal.code"
    _type_mailed_code(page, database, person.email)
    yield "portal.factor: set up"
    _confirm(page)
    yield "portal.enrol_factor"
    follow(page, "Continue")
    page.wait_for_url("**/submitted")
    yield "portal.submitted"
    page.context.clear_cookies()
    page.goto(link)
    press(page, "Mail me the code")
    page.wait_for_url("**/p/code")
    _type_mailed_code(page, database, person.email)
    yield "portal.factor: type it"


def as_staff(page: Page, database: Database) -> Iterator[str]:
    """Come in for the first time, the factor being reset on the way, and for the second time."""
    with database.writing() as session:
        person, link = _hired(session)
    page.goto(link)
    yield "accounts.choose_password"
    page.get_by_label("Password").first.fill(PASSWORD)
    page.get_by_label(re.compile("again", re.IGNORECASE)).fill(PASSWORD)
    press(page, "Save and go on")
    page.wait_for_url("**/sign-in/enrol*")
    yield "accounts.enrol"
    with database.writing() as session:
        totp.remove(session, person.id)
    page.reload()
    yield "accounts.enrol: anew"
    press(page, "Show me a new picture")
    _confirm(page)
    yield "accounts.confirm_enrolment"
    page.context.clear_cookies()
    page.goto("/sign-in")
    page.get_by_label(re.compile("mail", re.IGNORECASE)).fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Go on")
    page.wait_for_url("**/sign-in/code*")
    yield "accounts.second_factor"


def _invited(session: Session) -> tuple[Person, str]:
    chosen = (
        select(Assessment, Person)
        .join(Vendor, Vendor.id == Assessment.vendor_id)
        .join(Contact, Contact.id == Assessment.contact_id)
        .join(Person, Person.id == Contact.person_id)
        .where(Vendor.tier == 1, Assessment.state == AssessmentState.SUBMITTED)
        .order_by(Assessment.reference)
    )
    sent, person = session.execute(chosen).first()
    return person, _link(session, person, Purpose.VENDOR_ENTRY, sent.id)


def _hired(session: Session) -> tuple[Person, str]:
    person = add_staff(
        session,
        email="noor@northwind.example",
        name="Noor Baig",
        roles=frozenset({Role.ANALYST}),
        at=clock.now(),
        by=None,
    )
    return person, _link(session, person, Purpose.SET_PASSWORD, None)


def _link(session: Session, person: Person, purpose: Purpose, about: Any) -> str:
    at = clock.now()
    _, token = invitations.invite(session, person, purpose=purpose, for_id=about, at=at)
    return invitations.path(purpose, token)


def _type_mailed_code(page: Page, database: Database, email: str) -> None:
    with database.reading() as session:
        chosen = select(Letter).where(Letter.to_email == email, Letter.kind == "vendor_code")
        letter = session.scalars(chosen.order_by(Letter.created_at.desc())).first()
    body = vault.unseal(letter.body_sealed, context=place_of(letter.id)).decode()
    page.get_by_label(TYPED).fill("-".join(CODE.search(body).groups()))
    page.wait_for_url("**/p/factor")


def _confirm(page: Page) -> None:
    page.get_by_text("The app cannot scan it").click()
    app = pyotp.TOTP(page.locator("#secret").inner_text().replace(" ", ""))
    page.get_by_label(TYPED).fill(app.at(clock.now()))
    press(page, "Confirm")
    page.get_by_role("heading", name="Keep these recovery codes").wait_for()
