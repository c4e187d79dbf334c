"""A database full of vendors, filled in bulk: the one place that writes rows past the commands."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from accounts.commands import add_staff
from accounts.rules import Role
from app import set_up
from audit.actions import SYSTEM, Actor, ActorKind
from bench import questions
from foundation import clock, schema
from foundation.db import Database
from foundation.ids import new_id
from foundation.settings import Settings
from identity import sessions
from identity.queries import author_of, get_person
from identity.rules import Author, DoorKind, SessionStage
from organisation import commands as organisation
from organisation.models import BusinessUnit
from organisation.queries import day_of
from questionnaires import answer_commands, assessment_commands
from questionnaires.answer_commands import RawAnswer
from questionnaires.commands import import_questionnaire
from questionnaires.formats import read
from questionnaires.nodes import questions_of
from questionnaires.queries import questionnaire_of
from vendors import commands as vendors
from vendors import search_index
from vendors.contact_commands import add_contact
from vendors.inventory_models import Tag, VendorTag
from vendors.models import Vendor
from vendors.naming import domain_key, name_key
from vendors.rules import ContactRole, VendorState
from vendors.tiering import Exposure

IN_ONE = 10_000
EXPORTED = 10_000
"""Vendors of tier 1, so that an export of that tier has this many rows at any size."""

RARE = 80
"""Vendors called Zenith Trust, in Iceland: as many at any size, and more than a page holds."""

FIRST = ("Northern", "Quick", "Silver", "Blue", "Granite", "Open", "Sunrise", "Delta", "Harbour")
SECOND = ("Cloud", "Data", "Pay", "Logic", "Freight", "Secure", "Print", "Health", "Legal")
THIRD = ("Systems", "Partners", "Services", "Group", "Labs", "Networks", "Works", "Holdings")
COUNTRIES = ("PK", "AE", "GB", "US", "DE", "SG", "IN", "IE")
CATEGORIES = ("Hosting", "Payments", "Cleaning", "Software", "Consulting", "Logistics")


@dataclass(frozen=True, slots=True)
class Ground:
    """A filled database and the ways in."""

    settings: Settings
    count: int
    staff_token: str
    vendor_token: str
    assessment_id: UUID
    section: str
    codes: tuple[str, ...]


def make(folder: Path, count: int) -> Ground:
    """Fill a new database with so many vendors and one answered assessment of 256 questions."""
    settings = Settings(data_dir=folder, database_url="", base_url="http://localhost")
    set_up(settings)
    database = Database(settings.database_address)
    schema.migrate(database)
    with database.writing() as session:
        people = _people(session)
        _vendors(session, people, count)
        made = _assessment(session, people[0])
    with database.writing() as session:
        staff, portal = _signed_in(session, people[0].person_id, made.contact_person)
    database.engine.dispose()
    return Ground(settings, count, staff, portal, made.assessment_id, made.section, made.codes)


@dataclass(frozen=True, slots=True)
class _Made:
    assessment_id: UUID
    contact_person: UUID
    section: str
    codes: tuple[str, ...]


def _people(session: Session) -> list[Author]:
    organisation.set_up(session, at=clock.now(), by=SYSTEM, name="Northwind Payments")
    people = []
    for number in range(10):
        person = add_staff(
            session,
            email=f"person{number}@northwind.example",
            name=f"Person {number}",
            roles=frozenset({Role.PROCUREMENT, Role.ANALYST}),
            at=clock.now(),
            by=None,
        )
        people.append(author_of(session, person.id))
    return people


def _vendors(session: Session, people: list[Author], count: int) -> None:
    chance = Random(7)  # noqa: S311  the same vendors on every run, no secret
    units = [BusinessUnit(id=new_id(), name=f"Unit {n}") for n in range(6)]
    tags = [Tag(id=new_id(), name=name) for name in ("Card data", "Cloud", "Local", "Legacy")]
    session.add_all([*units, *tags])
    session.flush()
    connection = session.connection()
    for some in _chunks(count):
        rows = [_vendor(number, count, chance, people, units) for number in some]
        connection.execute(insert(Vendor), rows)
        linked = [
            {"vendor_id": row["id"], "tag_id": chance.choice(tags).id}
            for row in rows
            if chance.random() < 0.3
        ]
        connection.execute(insert(VendorTag), linked)
        search_index.refresh(connection, [row["id"] for row in rows])


def _vendor(
    number: int, count: int, chance: Random, people: list[Author], units: list[BusinessUnit]
) -> dict[str, Any]:
    words = (chance.choice(FIRST), chance.choice(SECOND), chance.choice(THIRD))
    is_rare = _is_one_of(number, RARE, count)
    if is_rare:
        words = ("Zenith", "Trust", words[2])
    name = f"{' '.join(words)} {number}"
    website = f"https://{words[0].lower()}{number}.example"
    return {
        "id": new_id(),
        "version": 1,
        "reference": f"V-{number + 1000:04d}",
        "name": name,
        "name_key": name_key(name),
        "legal_name": f"{name} Limited",
        "website": website,
        "domain_key": domain_key(website),
        "country": "IS" if is_rare else chance.choice(COUNTRIES),
        "category": chance.choice(CATEGORIES),
        "purpose": f"{words[1]} for branch {chance.randint(1, 500)}",
        "state": chance.choice((VendorState.ONBOARDING, VendorState.OFFBOARDING)),
        "is_need_to_know": chance.random() < 0.01,
        "tier": 1 if _is_one_of(number, EXPORTED, count) else chance.choice((2, 3, 4, None)),
        "is_tier_provisional": chance.random() < 0.2,
        "owner_id": chance.choice(people).person_id,
        "unit_id": chance.choice(units).id,
        "next_review_on": _day(chance) if chance.random() < 0.8 else None,
        "created_at": datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=number),
    }


def _is_one_of(number: int, wanted: int, count: int) -> bool:
    """Say whether a vendor is one of so many, spread evenly; half of them at most."""
    some = min(wanted, count // 2)
    return number * some // count != (number - 1) * some // count


def _day(chance: Random) -> date:
    return date(2026, 1, 1) + timedelta(days=chance.randint(0, 900))


def _assessment(session: Session, by: Author) -> _Made:
    at = clock.now()
    vendor = vendors.register(
        session,
        vendors.NewVendor(name="Bench Vendor", owner_id=by.person_id, exposure=Exposure(*(0,) * 8)),
        by=by,
        at=at,
    )
    contact = add_contact(
        session,
        vendor,
        email="vania@bench.example",
        name="Vania",
        role=ContactRole.LEAD,
        by=by,
        at=at,
    )
    imported = read(questions.as_yaml().encode(), "bench.yaml")
    version = import_questionnaire(session, imported, by=by.actor, at=at)
    assessment = assessment_commands.send(
        session, vendor, version, contact, due_on=day_of(session, at), message="", by=by, at=at
    )
    person = get_person(session, contact.person_id)
    vania = Author(Actor(ActorKind.VENDOR, person.actor_id), person.id)
    asked = questionnaire_of(version)
    for each in questions_of(asked):
        answer_commands.save_answer(
            session,
            assessment,
            RawAnswer(code=each.code, options=("yes",)),
            base_version=0,
            sequence=1,
            by=vania,
            at=at,
        )
    first = asked.sections[0]
    codes = tuple(each.code for each in questions_of(first))
    return _Made(assessment.id, contact.person_id, first.code, codes)


def _signed_in(session: Session, staff_id: UUID, vendor_person: UUID) -> tuple[str, str]:
    at = clock.now()
    return (
        sessions.start(session, staff_id, door=DoorKind.STAFF, stage=SessionStage.FULL, at=at),
        sessions.start(
            session, vendor_person, door=DoorKind.VENDOR, stage=SessionStage.FULL, at=at
        ),
    )


def _chunks(count: int) -> Iterator[range]:
    for start in range(0, count, IN_ONE):
        yield range(start, min(start + IN_ONE, count))
