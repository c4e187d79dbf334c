"""The database of the tests: one for each process, put back to how it began before every test.

The engine stays: SQLAlchemy keeps what it compiled with the engine, and compiling every statement
anew for every test took a good part of the whole suite.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, event, inspect, text

from foundation.db import Database
from foundation.settings import Settings
from tests.postgres import start


class Ground(Protocol):
    """What tests stand on."""

    folder: Path
    database: Database

    def settings(self, folder: Path) -> Settings: ...
    def keep(self) -> None: ...
    def put_back(self) -> None: ...


class _Ground:
    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        self.address = address
        self.database = Database(address)

    def settings(self, folder: Path) -> Settings:
        """Return settings with a data folder of the test's own."""
        return Settings(
            data_dir=folder,
            database_url=self.address,
            base_url="http://localhost",
            keys_file=self.folder / "keys.json",
        )


class SqliteGround(_Ground):
    """One file; a copy of it as it began."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "duly.sqlite3"
        self.kept = folder / "kept.sqlite3"
        self.began: tuple[int, int, int] | None = None
        super().__init__(folder, f"sqlite:///{self.file}")
        event.listen(self.database.engine, "connect", _do_not_wait_for_the_disk)

    def keep(self) -> None:
        """Remember how it is now."""
        self.database.engine.dispose()  # the last connection out folds the log into the file
        shutil.copy(self.file, self.kept)

    def put_back(self) -> None:
        """Make it a new file, unless nobody wrote: who still holds the old one cannot touch it."""
        if self._is_as_it_began():
            return
        self.database.engine.dispose()
        for ending in ("", "-wal", "-shm"):
            self.file.with_name(self.file.name + ending).unlink(missing_ok=True)
        shutil.copy(self.kept, self.file)
        self.began = self._marks()

    def _marks(self) -> tuple[int, int, int]:
        found = self.file.stat()
        return found.st_ino, found.st_size, found.st_mtime_ns

    def _is_as_it_began(self) -> bool:
        """Say whether no process wrote: what is committed stands in the log, or in the file."""
        if self.began is None or self.database.engine.pool.checkedout():
            return False
        log = self.file.with_name(self.file.name + "-wal")
        return (
            self.file.exists()
            and self._marks() == self.began
            and not (log.exists() and log.stat().st_size)
        )


def _do_not_wait_for_the_disk(connection: Any, record: object) -> None:
    """The tests need the database's behaviour, not its safety from power cuts."""
    del record
    connection.execute("PRAGMA synchronous=OFF")


class PostgresServer:
    """A real PostgreSQL from the test requirements."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.admin = Database(address)

    @classmethod
    @contextmanager
    def running(cls) -> Iterator["PostgresServer"]:
        with start() as address:
            made = cls(address)
            try:
                yield made
            finally:
                made.admin.engine.dispose()

    def new_database(self, name: str) -> str:
        """Make an empty database; returns its address."""
        with _at_once(self.admin.engine).connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        return self.address.replace("/postgres?", f"/{name}?")


class PostgresGround(_Ground):
    """One database; its rows as they began in a schema beside it.

    A new database from a template for each test costs ten times as much as emptying the tables.
    """

    def __init__(self, folder: Path, server: PostgresServer) -> None:
        super().__init__(folder, server.new_database("duly_test"))
        self.script = ""
        self.keeper: Connection | None = None
        self.began: str | None = None

    def keep(self) -> None:
        """Remember all rows and sequences, and write down how to put them back."""
        tables = inspect(self.database.engine).get_table_names()
        steps = ["SET LOCAL session_replication_role = replica"]  # no trigger, no order of tables
        steps += [f'DELETE FROM "{name}"' for name in tables]
        with self.database.engine.begin() as connection:
            connection.execute(text("CREATE SCHEMA kept"))
            for name in tables:
                connection.execute(text(f'CREATE TABLE kept."{name}" AS TABLE public."{name}"'))
                if connection.execute(text(f'SELECT 1 FROM "{name}" LIMIT 1')).first():
                    columns = self._columns(name)
                    steps.append(
                        f'INSERT INTO "{name}" ({columns}) SELECT {columns} FROM kept."{name}"'
                    )
            for name, last in connection.execute(
                text("SELECT sequencename, last_value FROM pg_sequences")
            ):
                steps.append(f"SELECT setval('\"{name}\"', {last or 1}, {last is not None})")
        self.script = ";".join(["BEGIN", *steps, "COMMIT"])

    def _columns(self, table: str) -> str:
        known = inspect(self.database.engine).get_columns(table)
        return ", ".join(f'"{each["name"]}"' for each in known if not each.get("computed"))

    def put_back(self) -> None:
        """End what a test left running, and give every table the rows it began with if any wrote.

        Who writes takes a number; the next one to be taken tells whether anybody did. Connections stay open where nothing is left running on them: a new one starts with empty
        caches, and reading the catalogue anew for every test cost more than the tests' own work.
        """
        if self.database.engine.pool.checkedout():
            self.database.engine.dispose()
        if self.keeper is None:
            self.keeper = _at_once(self.database.engine).connect()
            self.keeper.detach()  # the pool forgets it: it is nobody's but ours
        self.keeper.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() "
                "AND state <> 'idle'"
            )
        )
        if self.began != self._next_number():
            self.keeper.exec_driver_sql(self.script)
            self.began = self._next_number()

    def _next_number(self) -> str:
        assert self.keeper is not None
        return str(
            self.keeper.execute(text("SELECT pg_snapshot_xmax(pg_current_snapshot())")).scalar_one()
        )


def _at_once(engine: Engine) -> Engine:
    return engine.execution_options(isolation_level="AUTOCOMMIT")
