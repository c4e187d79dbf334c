"""Shared fixtures: for each test the database as it began, the application, the people."""

import gc
import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import g
from hypothesis import settings as examples
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session

from accounts import commands as accounts
from app import create_app, set_up
from foundation import clock, schema
from foundation.csrf import cookie_name, csrf_token
from foundation.db import Database
from foundation.settings import Settings
from foundation.web import House
from identity import sessions
from identity.rules import Author, DoorKind, SessionStage
from organisation.commands import set_up as set_up_organisation
from tests import people as cast
from tests.client import HouseClient, client_of
from tests.grounds import Ground, PostgresGround, PostgresServer, SqliteGround

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SECRET = "of-the-browser-of-a-test-at-least-32-characters"

examples.register_profile("untimed", deadline=None)  # a busy machine is no defect
examples.load_profile("untimed")


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer | None]:
    if os.environ.get("DULY_TEST_DATABASE", "sqlite") != "postgresql":
        yield None
        return
    with PostgresServer.running() as running:
        yield running


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory, server: PostgresServer | None) -> Ground:
    """A migrated, peopled database, put back to how it began before every test."""
    folder = tmp_path_factory.mktemp("ground")
    made = PostgresGround(folder, server) if server else SqliteGround(folder)
    set_up(made.settings(folder))
    with clock.fixed(NOW):
        schema.migrate(made.database)
        with made.database.writing() as session:
            _people(session)
    made.keep()
    return made


@pytest.fixture
def database(ground: Ground, tmp_path: Path) -> Iterator[Database]:
    ground.put_back()
    set_up(ground.settings(tmp_path))
    with clock.fixed(NOW):
        yield ground.database


@pytest.fixture
def scene(ground: Ground, database: Database, tmp_path: Path) -> Callable[..., Any]:
    """Tell what many tests of a file begin with: `scene(told)` returns what `told(database)` does.

    Only what the database holds is kept, and what is returned: ids, no rows.
    """

    def play(tell: Callable[..., Any], *words: Any) -> Any:
        name = f"{tell.__module__}.{tell.__qualname__}{words}{clock.now()}"
        named = hashlib.sha256(name.encode()).hexdigest()[:16]
        result = ground.play(named, lambda: tell(database, *words))
        assert not any((tmp_path / "evidence").rglob("*")), "A scene keeps no files."
        return result

    return play


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
def house(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> House:
    """The application, made once: compiling every page for every test took most of the time."""
    made = create_app(ground.settings(ground.folder))
    made.extensions["database"].engine.dispose()
    shared = tmp_path_factory.getbasetemp().parent / "pages"  # by all processes of this run
    shared.mkdir(exist_ok=True)
    made.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(shared))
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
        return self._seated(self.id_of(character), DoorKind.STAFF)

    def at_the_portal(self, person_id: UUID) -> HouseClient:
        """Sign somebody of a vendor in, as after the mailed code, without the forms."""
        return self._seated(person_id, DoorKind.VENDOR)

    def _seated(self, person_id: UUID, door: DoorKind) -> HouseClient:
        client = client_of(self.app)
        with self.database.writing() as session:
            token = sessions.start(
                session, person_id, door=door, stage=SessionStage.FULL, at=clock.now()
            )
        client.set_cookie(cookie_name(sessions.COOKIES[door]), token, domain="localhost")
        client.set_cookie(cookie_name("duly_browser"), SECRET, domain="localhost")
        with self.app.test_request_context(headers={"Cookie": f"duly_browser={SECRET}"}):
            g.session_token = token
            client.csrf = csrf_token()
        return client


@pytest.fixture(scope="session")
def cast_as_it_began(ground: Ground) -> dict[str, Author]:
    """Who the people are; the same before every test, because the database is put back."""
    return _authors(ground.database)


@pytest.fixture
def authors(database: Database, cast_as_it_began: dict[str, Author]) -> dict[str, Author]:
    del database
    return dict(cast_as_it_began)


@pytest.fixture
def people(app: House, database: Database, cast_as_it_began: dict[str, Author]) -> People:
    return People(app, database, dict(cast_as_it_began))


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


def pytest_collection_finish() -> None:
    """What is loaded by now stays: looking through all of it for rubbish again and again is waste."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL leave out what touches no database: it ran with SQLite, to the same end."""
    if os.environ.get("DULY_TEST_DATABASE", "sqlite") != "postgresql":
        return
    untouched = [item for item in items if _is_the_same_on_both(item)]
    items[:] = [item for item in items if not _is_the_same_on_both(item)]
    config.hook.pytest_deselected(items=untouched)


def _is_the_same_on_both(item: pytest.Item) -> bool:
    names = getattr(item, "fixturenames", ())
    is_apart = item.get_closest_marker("browser") or item.get_closest_marker("slow")
    return not is_apart and not {"ground", "server"} & set(names)
