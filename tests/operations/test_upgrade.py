"""An installation of the first day, with what people put in then, comes to today's schema whole."""

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import Connection, inspect, select

from foundation import schema
from foundation.errors import Refused
from operations.backup import tables
from operations.backup.kinds import Kind
from reviews.decision_models import Condition
from tests.conftest import NOW
from tests.operations.backups import empty_place, everything
from vendors import search_index
from vendors.models import Vendor
from vendors.service_models import Service, SubProcessor

pytestmark = pytest.mark.slow

PERSON, UNIT, VENDOR, SERVICE, REVIEW, DECISION = (UUID(int=number) for number in range(1, 7))
PLAIN = {
    Kind.MOMENT: NOW,
    Kind.DAY: date(2026, 3, 2),
    Kind.TEXT: "",
    Kind.INT: 1,
    Kind.BOOL: False,
    Kind.JSON: "{}",
    Kind.BYTES: b"\0" * 32,
    Kind.FLOAT: 1.5,
}
OF_THAT_TIME = (
    ("person", {"id": PERSON, "email": "pervez@northwind.example", "name": "Pervez"}),
    ("business_unit", {"id": UNIT, "name": "Treasury"}),
    (
        "vendor",
        {
            "id": VENDOR,
            "reference": "V-0001",
            "name": "Acme Hosting",
            "name_key": "acme hosting",
            "country": "PK",
            "state": "onboarding",
            "owner_id": PERSON,
            "unit_id": UNIT,
            "tier": 2,
        },
    ),
    (
        "service",
        {
            "id": SERVICE,
            "vendor_id": VENDOR,
            "name": "Hosting",
            "pci_scope": "none",
            "is_default": True,
            "tier": 2,
        },
    ),
    ("sub_processor", {"vendor_id": VENDOR, "name": "CABLE Ltd", "country": "DE", "rank": 2}),
    ("saved_view", {"person_id": PERSON, "name": "Mine", "query": "tier=2"}),
    (
        "review",
        {
            "id": REVIEW,
            "reference": "R-0001",
            "vendor_id": VENDOR,
            "kind": "initial",
            "state": "open",
        },
    ),
    (
        "decision",
        {
            "id": DECISION,
            "review_id": REVIEW,
            "outcome": "approved_with_conditions",
            "proposed_by_id": PERSON,
            "tier": 2,
            "note": "Fine for a year.",
        },
    ),
    (
        "condition",
        {
            "decision_id": DECISION,
            "vendor_id": VENDOR,
            "text": "Send the report",
            "owner_id": PERSON,
        },
    ),
)


def put_in(connection: Connection) -> None:
    """Insert the rows as that version would have, with plain values where nothing is said."""
    shapes = {shape.name: shape for shape in tables.shapes(connection)}
    for number, (name, given) in enumerate(OF_THAT_TIME, 100):
        shape = shapes[name]
        needed = {
            each["name"] for each in inspect(connection).get_columns(name) if not each["nullable"]
        }
        plain = {
            column: UUID(int=number * 100 + place) if kind is Kind.ID else PLAIN[kind]
            for place, (column, kind) in enumerate(shape.columns)
            if column in needed
        }
        row = plain | given
        tables.store(connection, shape, [tuple(row.get(column) for column, _ in shape.columns)])


@pytest.fixture
def old(tmp_path, server, settings):
    place = empty_place(tmp_path / "old", server)
    with schema.changing(place.database) as connection:
        schema.bring_to(connection, "0001")
        put_in(connection)
    yield place.database
    place.database.engine.dispose()


def test_what_was_there_is_there_and_what_is_new_is_filled(old):
    before = everything(old)
    assert schema.migrate(old) == schema.newest()
    assert schema.drift(old) == []
    with old.writing() as session:
        search_index.fill(session)
    after = everything(old)
    assert {name for name, rows in before.items() if len(after[name]) != len(rows)} == set()
    with old.reading() as session:
        vendor = session.get(Vendor, VENDOR)
        assert (vendor.name, vendor.tier, vendor.computed_tier) == ("Acme Hosting", 2, 2)
        service = session.get(Service, SERVICE)
        assert (service.computed_tier, service.tier_model) == (2, "2026-1")
        assert session.scalars(select(SubProcessor.name_key)).one() == "cable ltd"
        assert session.scalars(select(Condition.met_note)).one() == ""
        assert search_index.differences(session) == []


def test_every_step_between_can_be_stopped_at(old):
    """Each revision by itself, as somebody would who upgrades version by version."""
    for number in range(2, int(schema.newest()) + 1):
        with schema.changing(old) as connection:
            schema.bring_to(connection, f"{number:04}")
        assert schema.revision_of(old) == f"{number:04}"
    assert schema.drift(old) == []


def test_a_row_that_points_nowhere_stops_the_upgrade_whole(old):
    if not old.is_sqlite:
        pytest.skip("PostgreSQL lets no such row in")
    with schema.changing(old) as connection:
        pass
    with old.engine.connect() as connection:
        raw = connection.connection.driver_connection
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("DELETE FROM business_unit")
        raw.execute("PRAGMA foreign_keys=ON")
    with pytest.raises(Refused, match="A row of vendor points at a row of business_unit"):
        schema.migrate(old)
    assert schema.revision_of(old) == "0001"
