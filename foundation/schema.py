"""The schema: numbered migrations, run in order, on either database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from foundation.db import Database, Model
from foundation.errors import Refused

FOLDER = Path(__file__).resolve().parent.parent / "migrations"
FULL_TEXT = "_fts"
"""Stands in the name of every table and index that one database has and the other has not."""

REVISIONS = "alembic_version"
"""The table in which a database says which revision it is at."""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


def migrate(database: Database) -> str:
    """Bring the database to the newest schema and return its revision."""
    with changing(database) as connection:
        bring_to(connection, "head")
    return newest()


def bring_to(connection: Connection, revision: str) -> None:
    """Run the migrations up to a revision, in the transaction of the connection."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


@contextmanager
def changing(database: Database) -> Iterator[Connection]:
    """Change the schema in one transaction: all of it or nothing.

    SQLite changes a table by making it anew, which it refuses while rows elsewhere point at it:
    there the links of all rows are checked once, at the end. Raises Refused for a broken one.
    """
    with database.engine.execution_options(duly_writes=True).connect() as connection:
        if not database.is_sqlite:
            with connection.begin():
                yield connection
            return
        driver = connection.connection.cursor()
        driver.execute("PRAGMA foreign_keys=OFF")  # works outside a transaction only
        try:
            with connection.begin():
                yield connection
                check_links(connection)
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def check_links(connection: Connection) -> None:
    """Refuse a row that points at none. PostgreSQL never lets one in, SQLite only if told so."""
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise Refused(f"A row of {broken[0]} points at a row of {broken[2]} that is not there.")


def is_empty(database: Database) -> bool:
    """Return whether the database holds no table at all."""
    with database.engine.execution_options(duly_writes=False).connect() as connection:
        return not inspect(connection).get_table_names()


def knows(revision: str) -> bool:
    """Return whether the code has this revision, or is older than it."""
    return any(
        one.revision == revision for one in ScriptDirectory.from_config(_config()).walk_revisions()
    )


def newest() -> str:
    """Return the newest revision the code knows."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def revision_of(database: Database) -> str | None:
    """Return the revision the database is at, or None for an empty one."""
    with database.engine.execution_options(duly_writes=False).connect() as connection:
        return revision_on(connection)


def revision_on(connection: Connection) -> str | None:
    """Return the revision the database of a connection is at."""
    return MigrationContext.configure(connection).get_current_revision()


def drift(database: Database) -> list[object]:
    """Return every difference between the tables in code and in the database."""
    with database.engine.execution_options(duly_writes=False).connect() as connection:
        opts = {"compare_type": True, "include_name": _is_in_code}
        context = MigrationContext.configure(connection, opts=opts)
        return list(compare_metadata(context, Model.metadata))


def _is_in_code(name: str | None, kind: str, parents: object) -> bool:
    """Leave out what a database needs for its own full-text search: it has no model."""
    del kind, parents
    return name is None or FULL_TEXT not in name
