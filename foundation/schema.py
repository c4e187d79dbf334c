"""The schema: numbered migrations, run in order, on either database."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from foundation.db import Database, Model

FOLDER = Path(__file__).resolve().parent.parent / "migrations"
FULL_TEXT = "_fts"
"""Stands in the name of every table and index that one database has and the other has not."""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


def migrate(database: Database) -> str:
    """Bring the database to the newest schema and return its revision."""
    with database.engine.execution_options(duly_writes=True).begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return newest()


def newest() -> str:
    """Return the newest revision the code knows."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def revision_of(database: Database) -> str | None:
    """Return the revision the database is at, or None for an empty one."""
    with database.engine.execution_options(duly_writes=False).connect() as connection:
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
