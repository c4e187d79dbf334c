"""The database of the tests: one for each process, put back to how it began before every test.

The engine stays: SQLAlchemy keeps what it compiled with the engine, and compiling every statement
anew for every test took a good part of the whole suite. What many tests of a file begin with is
a scene: it is played once, by the product's own commands, and put back for whoever needs it next.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event, inspect, text

from foundation.db import Database
from foundation.settings import Settings
from tests.postgres import start

BEGAN = "began"


class Ground:
    """What tests stand on: one database, and the scenes that are kept of it."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        self.address = address
        self.database = Database(address)
        self.stands_at = ""
        self.told: dict[str, Any] = {}
        self._settings: Settings | None = None

    def settings(self, folder: Path) -> Settings:
        """Return settings with a data folder of the test's own."""
        if self._settings is None:
            self._settings = Settings(
                data_dir=folder,
                database_url=self.address,
                base_url="http://localhost",
                keys_file=self.folder / "keys.json",
            )
        return self._settings.model_copy(update={"data_dir": folder})

    def keep(self, scene: str = BEGAN) -> None:
        """Remember how it is now."""
        raise NotImplementedError

    def put_back(self, scene: str = BEGAN) -> None:
        """Make it what it was in that scene."""
        raise NotImplementedError

    def is_untouched(self) -> bool:
        """Say whether it is as the scene it was put back to, whoever may have written."""
        raise NotImplementedError

    def play(self, scene: str, tell: Callable[[], Any]) -> Any:
        """Return what is told of a scene: told for the first time, or put back.

        Where something was written before in the same test, it is told on top of that, as ever.
        """
        if self.stands_at != BEGAN or not self.is_untouched():
            return tell()
        if scene in self.told:
            self.put_back(scene)
        else:
            self.told[scene] = tell()
            self.keep(scene)
        return self.told[scene]


class SqliteGround(Ground):
    """One file, and a copy of it for each scene."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "duly.sqlite3"
        self.marks = (0, 0, 0)
        super().__init__(folder, f"sqlite:///{self.file}")
        event.listen(self.database.engine, "connect", _do_not_wait_for_the_disk)

    def keep(self, scene: str = BEGAN) -> None:
        self.database.engine.dispose()  # the last connection out folds the log into the file
        shutil.copy(self.file, self._copy(scene))

    def put_back(self, scene: str = BEGAN) -> None:
        """Make it a new file, unless nobody wrote: who still holds the old one cannot touch it."""
        if self.stands_at == scene and self.is_untouched():
            return
        self.database.engine.dispose()
        for ending in ("", "-wal", "-shm"):
            self.file.with_name(self.file.name + ending).unlink(missing_ok=True)
        shutil.copy(self._copy(scene), self.file)
        self.stands_at, self.marks = scene, self._marks()

    def is_untouched(self) -> bool:
        """Say so when nothing is committed in the log or in the file, by whatever process."""
        log = self.file.with_name(self.file.name + "-wal")
        return (
            not self.database.engine.pool.checkedout()
            and self.file.exists()
            and self._marks() == self.marks
            and not (log.exists() and log.stat().st_size)
        )

    def _copy(self, scene: str) -> Path:
        return self.folder / f"{scene}.kept"

    def _marks(self) -> tuple[int, int, int]:
        found = self.file.stat()
        return found.st_ino, found.st_size, found.st_mtime_ns


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


class PostgresGround(Ground):
    """One database; the rows of each scene in a schema beside it.

    A new database from a template for each test costs ten times as much as emptying the tables.
    """

    def __init__(self, folder: Path, server: PostgresServer) -> None:
        super().__init__(folder, server.new_database("duly_test"))
        event.listen(self.database.engine, "connect", _plan_once)
        self.database.engine.pool._pre_ping = False  # this server goes nowhere
        self.scripts: dict[str, str] = {}
        self.keeper: Connection | None = None
        self.number = ""

    def keep(self, scene: str = BEGAN) -> None:
        """Remember all rows and sequences, and write down how to put them back."""
        kept = f"kept_{len(self.scripts)}"
        steps = ["SET LOCAL session_replication_role = replica"]  # no trigger, no order of tables
        steps += [f'DELETE FROM "{name}"' for name in self.columns]
        copies = [f"CREATE SCHEMA {kept}"]
        with self.database.engine.begin() as connection:
            for name in connection.execute(text(self._filled())).scalars():
                columns = self.columns[name]
                copies.append(f'CREATE TABLE {kept}."{name}" AS TABLE public."{name}"')
                steps.append(
                    f'INSERT INTO "{name}" ({columns}) SELECT {columns} FROM {kept}."{name}"'
                )
            for name, last in connection.execute(
                text("SELECT sequencename, last_value FROM pg_sequences")
            ):
                steps.append(f"SELECT setval('\"{name}\"', {last or 1}, {last is not None})")
            connection.exec_driver_sql(";".join(copies))
        self.scripts[scene] = ";".join(["BEGIN", *steps, "COMMIT"])

    @cached_property
    def columns(self) -> dict[str, str]:
        """What can be written of each table; asked once, for asking takes longest."""
        found = inspect(self.database.engine).get_multi_columns()
        return {
            name: ", ".join(f'"{each["name"]}"' for each in known if not each.get("computed"))
            for (_, name), known in found.items()
        }

    def _filled(self) -> str:
        one = "SELECT '{0}' WHERE EXISTS (SELECT 1 FROM \"{0}\")"
        return " UNION ALL ".join(one.format(name) for name in self.columns)

    def put_back(self, scene: str = BEGAN) -> None:
        """End what a test left running, and give every table the rows of the scene.

        Connections stay open where nothing is left running on them: a new one starts with empty
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
        if self.stands_at != scene or not self.is_untouched():
            self.keeper.exec_driver_sql(self.scripts[scene])
            self.stands_at, self.number = scene, self._next_number()

    def is_untouched(self) -> bool:
        """Say so when nobody took a number since, as every transaction does that writes."""
        return not self.database.engine.pool.checkedout() and self._next_number() == self.number

    def _next_number(self) -> str:
        assert self.keeper is not None
        taken = self.keeper.execute(text("SELECT pg_snapshot_xmax(pg_current_snapshot())"))
        return str(taken.scalar_one())


def _plan_once(connection: Any, record: object) -> None:
    """Our tables are small and our statements many: planning them took longer than running them."""
    del record
    connection.prepare_threshold = 1
    connection.prepared_max = 2_000
    connection.execute("SET plan_cache_mode = force_generic_plan")
    connection.commit()


def _at_once(engine: Engine) -> Engine:
    return engine.execution_options(isolation_level="AUTOCOMMIT")
