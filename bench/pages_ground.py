"""An installation that was lived in for years: the demo's vendors many times over."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, event, func, select, text, update
from sqlalchemy.orm import Session

from accounts.models import RoleGrant
from accounts.rules import Role
from app import set_up
from bench import pages_house
from bench.pages_copies import Copies, Row
from foundation import clock, schema
from foundation.db import Database, Model
from foundation.settings import Settings
from identity import sessions
from identity.models import Person
from identity.rules import DoorKind, SessionStage
from operations.cli_print import note
from operations.demo.telling import tell
from organisation.models import ReferenceCounter
from questionnaires.rules import AssessmentState
from reviews.models import Finding, Review
from reviews.rules import ReviewState
from vendors import search_index
from vendors.models import Contact, Vendor
from vendors.rules import VendorState

CYCLES = 500
"""The newest cycle of everybody: years before it have lower numbers."""

YEARLY = frozenset(
    {
        *("assessment", "answer", "answer_event", "citation", "submission", "clarification"),
        *("review", "review_assessment", "review_service", "verdict", "gate_judgement"),
        *("decision", "sign_off", "sent_back", "condition", "finding", "exemption", "evidence"),
    }
)
"""What each year of due diligence leaves behind."""

ONCE = frozenset(
    {
        *("vendor", "vendor_country", "vendor_tag", "vendor_identifier", "vendor_alias"),
        *("custom_value", "responsibility_matrix", "responsibility", "legal_hold", "reminder"),
        *("offboarding_line", "vendor_grant"),
    }
)
"""What a vendor has once, however full its page is."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of everything."""

    vendors: int
    answers: int
    busy: int
    """How many times the fullest vendor holds what others hold once."""
    memberships: int
    """How many copies of the demo's vendors one vendor's person acts for."""
    house: int
    """Units, functions, tags, versions of settings and the like."""


LARGE = Size(vendors=5_000, answers=1_000_000, busy=40, memberships=4, house=100)
SMALL = Size(vendors=500, answers=20_000, busy=4, memberships=1, house=10)


@dataclass(frozen=True, slots=True)
class Ground:
    """A filled database and the ways in."""

    settings: Settings
    staff: dict[Role, str]
    """The tokens of signed-in people."""
    portal: str
    busy_id: UUID
    person_id: UUID
    """Of the vendor's person who acts for many."""
    counts: dict[str, int]


def make(folder: Path, size: Size, address: str = "") -> Ground:
    """Fill an empty database; an empty address is an SQLite file in the folder."""
    settings = Settings(data_dir=folder, database_url=address, base_url="http://localhost")
    set_up(settings)
    database = Database(settings.database_address)
    schema.migrate(database)
    database.engine.dispose()
    event.listen(database.engine, "connect", _in_haste(database))
    note("telling the demo's stories")
    tell(database, until=clock.now())
    with database.writing() as session:
        session.execute(update(Review).values(cycle=Review.cycle + CYCLES))
        busy_id = _fullest(session)
        person_id = session.scalars(
            select(Contact.person_id).where(Contact.vendor_id == busy_id)
        ).first()
    if person_id is None:
        raise RuntimeError("The fullest vendor of the demo has nobody to write to.")
    with database.writing() as session:
        _fill(session, size, busy_id, person_id)
    pages_house.furnish(database, busy_id, person_id, size.house)
    ground = _ways_in(database, settings, busy_id, person_id)
    database.engine.dispose()
    return ground


def _fill(session: Session, size: Size, busy_id: UUID, person_id: UUID) -> None:
    connection = session.connection()
    copies = Copies(connection)
    originals = list(session.scalars(select(Vendor.id)))
    answers = len(copies.rows[Model.metadata.tables["answer"]])
    turns = -(-size.vendors // len(originals)) - 1
    years = max(-(-size.answers // (answers * (turns + 1))) - 1, 0)
    note(f"{turns} copies of {len(originals)} vendors, each with {years} years before")
    people = set(session.scalars(select(Contact.person_id)))
    unlike = frozenset(each.name for each in copies.rows) - YEARLY
    made: list[UUID] = []
    for turn in range(turns):
        known = dict.fromkeys(people, person_id) if turn < size.memberships else {}
        ids = copies.copy(originals, known=known)
        made += [ids[each] for each in originals]
        for year in range(years):
            without = unlike if year < 2 else unlike | {"evidence"}
            copies.copy(
                originals, known=ids, without=without, change=_of_year(year), with_ledger=False
            )
    for turn in range(size.busy):
        known = {busy_id: busy_id}
        copies.copy([busy_id], known=known, without=ONCE, change=_of_year(turn), with_ledger=True)
    copies.finish()
    search_index.refresh(connection, made)
    _count_on(connection, copies.turn)


AGO = ("issued_on", "valid_from", "valid_until", "due_on")
"""Days that lie a year further back with each year before."""


def _of_year(year: int) -> Callable[[Table, Row, int], None]:
    """Return what makes a copied row one of an earlier year (0 is the last), over and decided."""

    def change(table: Table, row: Row, turn: int) -> None:
        _set_back(table, row, year)
        if table.name == "review":
            row["cycle"] = row["cycle"] - CYCLES + 4 * (100 - year)
            row["decided_at"] = row["decided_at"] or row["opened_at"]
            row["state"] = ReviewState.DECIDED
        elif table.name == "assessment" and row["state"] is not AssessmentState.WITHDRAWN:
            row["submitted_at"] = row["submitted_at"] or row["sent_at"]
            row["state"] = AssessmentState.ACCEPTED
        elif table.name == "decision" and not row["is_final"]:
            row["withdrawn_at"] = row["proposed_at"]
        elif table.name in {"service", "sub_processor"}:
            row["name"] = f"{row['name']} {turn}"
            row |= {"is_default": False} if table.name == "service" else {}
            row |= {"name_key": f"{row['name_key']} {turn}"} if "name_key" in row else {}
        elif table.name == "contact":
            row["is_primary"] = False
        elif table.name == "report":
            row["number"] += 10 * turn

    return change


def _set_back(table: Table, row: Row, year: int) -> None:
    if table.name in YEARLY:
        back = timedelta(days=365 * (year + 1))
        row |= {name: row[name] - back for name in AGO if row.get(name) is not None}


def _fullest(session: Session) -> UUID:
    """Return the vendor in use with the most findings, known to all and under no open review."""
    opened = select(Review.vendor_id).where(Review.state != ReviewState.DECIDED)
    chosen = (
        select(Vendor.id)
        .join(Finding, Finding.vendor_id == Vendor.id)
        .where(
            Vendor.state == VendorState.ACTIVE,
            Vendor.is_need_to_know.is_(False),
            Vendor.id.not_in(opened),
        )
        .group_by(Vendor.id)
        .order_by(func.count().desc(), Vendor.id)
    )
    return session.scalars(chosen).first() or session.scalars(select(Vendor.id)).first()  # type: ignore[return-value]


def _count_on(connection: Connection, turn: int) -> None:
    """Let the numbers of references go on behind the last copy's."""
    beyond = update(ReferenceCounter).values(last=ReferenceCounter.last + 1000 * (turn + 1))
    connection.execute(beyond)


def _in_haste(database: Database) -> Callable[[Any, object], None]:
    """Return what a connection is told that only fills: nothing is lost that is made anew."""

    def hurry(connection: Any, record: object) -> None:  # noqa: ANN401  the driver's own
        del record
        if database.is_sqlite:
            connection.execute("PRAGMA foreign_keys=OFF")
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute("PRAGMA cache_size=-400000")
            return
        connection.execute("SET session_replication_role = replica")
        connection.commit()

    return hurry


def _ways_in(database: Database, settings: Settings, busy_id: UUID, person_id: UUID) -> Ground:
    at = clock.now()
    later = at + timedelta(hours=6)  # whoever measures is not asked again who they are
    with database.writing() as session:
        held = session.execute(
            select(RoleGrant.role, RoleGrant.person_id)
            .join(Person, Person.id == RoleGrant.person_id)
            .order_by(Person.created_at.desc(), RoleGrant.person_id)
        )
        staff = {
            role: sessions.start(
                session, who, door=DoorKind.STAFF, stage=SessionStage.FULL, at=at, proved_at=later
            )
            for role, who in dict(held.all()).items()
        }
        portal = sessions.start(
            session, person_id, door=DoorKind.VENDOR, stage=SessionStage.FULL, at=at
        )
    with database.reading() as session:
        counts = {
            each.name: session.scalar(select(func.count()).select_from(each)) or 0
            for each in Model.metadata.sorted_tables
        }
    if not database.is_sqlite:
        options = {"isolation_level": "AUTOCOMMIT"}
        with database.engine.execution_options(**options).connect() as connection:
            connection.execute(text("ANALYZE"))
    return Ground(settings, staff, portal, busy_id, person_id, counts)
