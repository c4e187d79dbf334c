"""Shared fixtures: a fresh database for each test, copied from one migrated template."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from accounts import commands as accounts
from app import create_app, set_up
from foundation import clock, schema
from foundation.csrf import cookie_name
from foundation.db import Database
from foundation.settings import Settings
from foundation.web import House
from identity import sessions
from identity.rules import Author, DoorKind, SessionStage
from organisation.commands import set_up as set_up_organisation
from tests import people as cast
from tests.client import HouseClient, client_of

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def template_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("template")


@pytest.fixture(scope="session")
def server() -> Iterator["PostgresServer | None"]:
    if os.environ.get("DULY_TEST_DATABASE", "sqlite") != "postgresql":
        yield None
        return
    with PostgresServer.running() as running:
        yield running


@pytest.fixture(scope="session")
def template(template_dir: Path, server: "PostgresServer | None") -> "Template":
    """A migrated, peopled database that every test gets a copy of."""
    address = (
        server.new_database("duly_template")
        if server
        else f"sqlite:///{template_dir / 'duly.sqlite3'}"
    )
    made = Template(template_dir, address, server)
    set_up(made.settings(template_dir, address))
    database = Database(address)
    with clock.fixed(NOW):
        schema.migrate(database)
        with database.writing() as session:
            _people(session)
    database.engine.dispose()
    return made


@pytest.fixture
def database(template: "Template", tmp_path: Path) -> Iterator[Database]:
    chosen = template.copy(tmp_path)
    set_up(chosen)
    made = Database(chosen.database_address)
    with clock.fixed(NOW):
        yield made
    made.engine.dispose()
    template.drop(chosen.database_address)


@pytest.fixture
def settings(database: Database) -> Settings:
    del database
    from foundation.settings import current

    return current()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A writing session that is rolled back at the end."""
    with database.open(writes=True) as opened:
        yield opened
        opened.rollback()


@pytest.fixture(scope="session")
def house(template: "Template") -> House:
    """The application, made once: compiling every page for every test took most of the time."""
    made = create_app(template.settings(template.folder, template.address))
    made.extensions["database"].engine.dispose()
    return made


@pytest.fixture
def app(house: House, database: Database) -> House:
    """The application on this test's own database."""
    house.extensions["database"] = database
    return house


@pytest.fixture
def client(app: House) -> HouseClient:
    """A browser nobody is signed in to."""
    return client_of(app)


@dataclass
class People:
    """The cast, by first name, as authors and as signed-in browsers."""

    app: House
    database: Database
    ids: dict[str, Author] = field(default_factory=dict)

    def author(self, character: cast.Character) -> Author:
        return self.ids[character.email]

    def id_of(self, character: cast.Character) -> UUID:
        return self.ids[character.email].person_id

    def browser(self, character: cast.Character) -> HouseClient:
        """Sign a member of staff in, second factor included, without the forms."""
        client = client_of(self.app)
        with self.database.writing() as session:
            token = sessions.start(
                session,
                self.id_of(character),
                door=DoorKind.STAFF,
                stage=SessionStage.FULL,
                at=clock.now(),
            )
        client.set_cookie(cookie_name("duly_staff"), token, domain="localhost")
        client.get("/account")
        return client


@pytest.fixture
def authors(database: Database) -> dict[str, Author]:
    return _authors(database)


@pytest.fixture
def people(app: House, database: Database) -> People:
    return People(app, database, _authors(database))


@pytest.fixture
def later() -> Callable[..., object]:
    """Move the clock: `with later(days=3): ...`."""
    return lambda **span: clock.fixed(clock.now() + timedelta(**span))


@pytest.fixture
def field_data() -> Path:
    folder = os.environ.get("DULY_FIELD_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("DULY_FIELD_DATA names no folder of real files")
    return Path(folder)


@dataclass
class Template:
    """What every test's database is copied from."""

    folder: Path
    address: str
    server: "PostgresServer | None"
    count: int = 0

    def settings(self, folder: Path, address: str) -> Settings:
        return Settings(
            data_dir=folder,
            database_url=address,
            base_url="http://localhost",
            keys_file=self.folder / "keys.json",
        )

    def copy(self, folder: Path) -> Settings:
        if self.server is None:
            target = folder / "duly.sqlite3"
            shutil.copy(self.folder / "duly.sqlite3", target)
            return self.settings(folder, f"sqlite:///{target}")
        self.count += 1
        name = f"duly_{os.getpid()}_{self.count}"
        return self.settings(folder, self.server.new_database(name, like="duly_template"))

    def drop(self, address: str) -> None:
        if self.server is not None:
            self.server.drop(address.rsplit("/", 1)[1].split("?", maxsplit=1)[0])


class PostgresServer:
    """A real PostgreSQL from the test requirements."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.admin = Database(address)

    @classmethod
    def running(cls):
        from contextlib import contextmanager

        from tests.postgres import start

        @contextmanager
        def run() -> Iterator["PostgresServer"]:
            with start() as address:
                yield cls(address)

        return run()

    def new_database(self, name: str, like: str = "template1") -> str:
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
        return self.address.replace("/postgres?", f"/{name}?")

    def drop(self, name: str) -> None:
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        engine = self.admin.engine.execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))


def _people(session: Session) -> None:
    from audit.actions import SYSTEM

    set_up_organisation(
        session, at=NOW, by=SYSTEM, name="Northwind Payments", time_zone="Asia/Karachi"
    )
    for character in cast.STAFF:
        accounts.add_staff(
            session,
            email=character.email,
            name=character.name,
            roles=frozenset(character.roles),
            at=NOW,
            by=None,
        )


def _authors(database: Database) -> dict[str, Author]:
    from accounts.queries import list_staff
    from identity.queries import author_of

    with database.reading() as session:
        return {row.email: author_of(session, row.person_id) for row in list_staff(session)}
