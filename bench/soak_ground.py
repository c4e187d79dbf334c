"""Vendors with a questionnaire open, each with somebody signed in: what a soak stands on."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from flask import Flask, g
from sqlalchemy.orm import Session

from accounts.commands import add_staff
from accounts.rules import Role
from app import set_up
from audit.actions import SYSTEM
from foundation import clock, schema
from foundation.csrf import cookie_name, csrf_token
from foundation.db import Database
from foundation.settings import Settings
from identity import sessions
from identity.queries import author_of
from identity.rules import Author, DoorKind, SessionStage
from organisation import commands as organisation
from organisation.queries import day_of
from questionnaires import assessment_commands
from questionnaires.commands import import_questionnaire
from questionnaires.formats import read
from questionnaires.models import QuestionnaireVersion
from vendors import commands as vendors
from vendors.contact_commands import add_contact
from vendors.rules import ContactRole
from vendors.tiering import Exposure

SECRET = "of-the-browser-of-a-soak-and-32-characters-long"  # noqa: S105  a browser's, of this run
IN_A_SECTION = 20


@dataclass(frozen=True, slots=True)
class Seat:
    """One vendor's person with the questionnaire open, and the headers their browser sends."""

    assessment_id: UUID
    headers: dict[str, str]
    vendor_id: UUID


@dataclass(frozen=True, slots=True)
class Ground:
    """An installation in which everybody has something to answer."""

    settings: Settings
    database: Database
    seats: tuple[Seat, ...]
    codes: tuple[str, ...]


def make(folder: Path, address: str, port: int, *, n_seats: int, n_questions: int) -> Ground:
    """Fill an empty database; `address` is empty for an SQLite file in the folder."""
    settings = Settings(data_dir=folder, database_url=address, base_url=f"http://localhost:{port}")
    set_up(settings)
    database = Database(settings.database_address)
    schema.migrate(database)
    codes = tuple(f"q{number}" for number in range(n_questions))
    with database.writing() as session:
        by, version = _house(session, codes)
    seats = []
    for number in range(n_seats):
        with database.writing() as session:
            seats.append(_seat(session, number, version, by))
    return Ground(settings, database, tuple(seats), codes)


def as_yaml(codes: tuple[str, ...]) -> str:
    """Return a questionnaire that asks for a line of text in every question."""
    lines = ["format: duly-questionnaire/1", "code: soak", "title: A long questionnaire"]
    lines += ["language: en", "sections:"]
    for number, code in enumerate(codes):
        if number % IN_A_SECTION == 0:
            part = number // IN_A_SECTION
            lines += [f"  part_{part}:", f"    title: Part {part + 1}", "    questions:"]
        lines += [f"      {code}:", "        kind: text", f"        text: What about {code}?"]
    return "\n".join(lines) + "\n"


def _house(session: Session, codes: tuple[str, ...]) -> tuple[Author, QuestionnaireVersion]:
    at = clock.now()
    organisation.set_up(session, at=at, by=SYSTEM, name="Northwind Payments")
    roles = frozenset({Role.PROCUREMENT})
    person = add_staff(
        session, email="pervez@northwind.example", name="Pervez", roles=roles, at=at, by=None
    )
    by = author_of(session, person.id)
    imported = read(as_yaml(codes).encode(), "soak.yaml")
    return by, import_questionnaire(session, imported, by=by.actor, at=at)


def _seat(session: Session, number: int, version: QuestionnaireVersion, by: Author) -> Seat:
    at = clock.now()
    new = vendors.NewVendor(
        name=f"Vendor {number}", owner_id=by.person_id, exposure=Exposure(*(0,) * 8)
    )
    vendor = vendors.register(session, new, by=by, at=at)
    contact = add_contact(
        session, vendor, email=f"vania{number}@vendor.example", name=f"Vania {number}",
        role=ContactRole.LEAD, by=by, at=at,
    )  # fmt: skip
    sent = assessment_commands.send(
        session,
        vendor,
        session.merge(version),
        contact,
        due_on=day_of(session, at),
        message="",
        by=by,
        at=at,
    )
    token = sessions.start(
        session, contact.person_id, door=DoorKind.VENDOR, stage=SessionStage.FULL, at=at
    )
    return Seat(sent.id, _headers(token, "duly_portal"), vendor.id)


def at_the_desk(ground: Ground) -> dict[str, str]:
    """Let a lead of the risk team come in, and return the headers their browser sends."""
    at = clock.now()
    with ground.database.writing() as session:
        person = add_staff(
            session, email="laila@northwind.example", name="Laila", at=at, by=None,
            roles=frozenset({Role.LEAD}),
        )  # fmt: skip
        token = sessions.start(
            session, person.id, door=DoorKind.STAFF, stage=SessionStage.FULL, at=at
        )
    return _headers(token, "duly_staff")


def _headers(token: str, cookie: str) -> dict[str, str]:
    cookies = f"{cookie_name('duly_browser')}={SECRET}; {cookie_name(cookie)}={token}"
    with Flask("soak").test_request_context(headers={"Cookie": cookies}):
        g.session_token = token
        return {"Cookie": cookies, "X-CSRF-Token": csrf_token(), "Accept": "application/json"}
