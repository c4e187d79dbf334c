"""Restoring a backup: into nothing, verified before anything of it can be seen."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from evidence.storage import EvidenceStore
from foundation import schema
from foundation.db import Database
from foundation.errors import Refused
from foundation.failpoints import failpoint
from operations.backup import container, kinds, tables
from operations.backup.aftermath import Aftermath, begin_anew
from operations.backup.checking import Checked, Header
from operations.backup.closing import Source
from operations.backup.container import Hashing, Part
from operations.backup.progress import Progress
from operations.backup.tables import Shape
from operations.backup.whole_file import sync_folder

MARK = ".restoring"
"""Stands in a folder of evidence until the database that names it is there too."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a backup is restored to."""

    database: Database
    evidence: Path

    @property
    def draft(self) -> Path:
        """Where the evidence is put together, on the same disk as its place."""
        return self.evidence.with_name(f"{self.evidence.name}.restoring")


def check_place(place: Place) -> None:
    """Refuse a place that holds anything: nothing is ever restored over something."""
    if not schema.is_empty(place.database):
        raise Refused(
            "The database holds tables already. Restore into an empty one: name another with "
            "DULY_DATABASE_URL or DULY_DATA_DIR, or move what is there away."
        )
    if (place.evidence / MARK).exists():
        shutil.rmtree(place.evidence)  # a restore that was killed: its database never came to be
    if not EvidenceStore(place.evidence).is_empty():
        raise Refused(
            f"{place.evidence} holds evidence already. Restore into an empty folder: name another "
            "with DULY_DATA_DIR, or move what is there away."
        )


def restore(
    path: Source, checked: Checked, place: Place, *, at: datetime, progress: Progress
) -> Aftermath:
    """Put everything back, or nothing. The file was checked just now. Raises Refused."""
    with _alone(place), schema.changing(place.database) as connection:
        if tables.shapes(connection):
            raise Refused("Somebody else has begun to use this database.")
        shapes = _prepare(connection, checked.header)
        with _unlinked(connection):
            _take_parts(path, connection, checked, place, progress)
        schema.check_links(connection)
        _count_on(connection, shapes)
        for number, shape in enumerate(checked.header.shapes, 1):
            progress.step("Comparing", number, len(checked.header.shapes))
            if tables.fingerprint(connection, shape) != _told_of(checked, shape):
                raise Refused(f"The rows of {shape.name} are not what the backup holds.")
        schema.bring_to(connection, "head")
        after = begin_anew(connection, checked.header, at)
        failpoint("restore.before_files")
        _show(place)
        failpoint("restore.before_commit")
    (place.evidence / MARK).unlink(missing_ok=True)
    return after


def _told_of(checked: Checked, shape: Shape) -> object:
    return checked.manifest["tables"].get(shape.name, {}).get("sha256")


def _prepare(connection: Connection, header: Header) -> list[Shape]:
    """Make the schema the backup was made of, without a row; returns it."""
    schema.bring_to(connection, header.revision)
    shapes = tables.shapes(connection)
    here = {shape.name: dict(shape.columns) for shape in shapes}
    if here != {shape.name: dict(shape.columns) for shape in header.shapes}:
        raise Refused(f"Its tables are not those of the schema {header.revision}.")
    tables.empty(connection, shapes)
    return shapes


def _take_parts(
    path: Source, connection: Connection, checked: Checked, place: Place, progress: Progress
) -> None:
    shapes = {shape.name: shape for shape in checked.header.shapes}
    store, n_all = EvidenceStore(place.draft), len(checked.manifest["parts"])
    n_done = 0
    for name, source in container.parts_of(path):
        if source is None or name not in checked.manifest["parts"]:
            continue
        n_done += 1
        progress.step("Restoring", n_done, n_all)
        hashing = Hashing(source)
        table, object_id = container.table_of(name), container.object_of(name)
        if table is not None:
            _store_rows(connection, shapes[table], hashing)
        elif object_id is not None:
            store.keep_sealed(hashing, object_id)
        hashing.drain()
        if hashing.part != Part(*checked.manifest["parts"][name]):
            raise Refused(f"{name} changed while it was restored.")


def _store_rows(connection: Connection, shape: Shape, source: Hashing) -> None:
    lines = container.unpacked(source.whole()).splitlines(keepends=True)
    try:
        tables.store(connection, shape, (kinds.read(line, shape.kinds) for line in lines))
    except (SQLAlchemyError, ValueError) as error:
        why = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise Refused(f"A row of {shape.name} cannot be kept by this database: {why}.") from None


@contextmanager
def _unlinked(connection: Connection) -> Iterator[None]:
    """Let rows point at rows that come later; PostgreSQL checks them all at the end.

    SQLite does the same in schema.changing().
    """
    if connection.dialect.name == "sqlite":
        yield
        return
    chosen = "SELECT conrelid::regclass::text, quote_ident(conname) FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"  # noqa: E501
    links = connection.exec_driver_sql(chosen).all()
    for table, name in links:
        connection.exec_driver_sql(
            f"ALTER TABLE {table} ALTER CONSTRAINT {name} DEFERRABLE INITIALLY DEFERRED"
        )
    yield
    try:
        connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    except SQLAlchemyError as error:
        why = str(getattr(error, "orig", error)).splitlines()[0]
        raise Refused(f"A row points at one that is not in the backup: {why}.") from None
    for table, name in links:
        connection.exec_driver_sql(f"ALTER TABLE {table} ALTER CONSTRAINT {name} NOT DEFERRABLE")


def _count_on(connection: Connection, shapes: list[Shape]) -> None:
    """Let numbers the database gives out go on after the highest one that was restored."""
    if connection.dialect.name == "sqlite":
        return
    for shape in shapes:
        for name, kind in shape.columns:
            if kind is not kinds.Kind.INT or name not in shape.key:
                continue
            connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{shape.name}', '{name}'), "  # noqa: S608  names from the catalogue
                f'max("{name}")) FROM "{shape.name}" '
                f"HAVING pg_get_serial_sequence('{shape.name}', '{name}') IS NOT NULL"
            )


@contextmanager
def _alone(place: Place) -> Iterator[None]:
    """Keep a second restore out, and take away what one that failed has put together."""
    place.draft.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = place.draft.with_name(f"{place.draft.name}.lock")
    descriptor = os.open(lock, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(place.draft, ignore_errors=True)
        place.draft.mkdir(mode=0o700)
        yield
    except BlockingIOError:
        raise Refused("Another restore is at work in this folder. Wait for it.") from None
    except BaseException:
        shutil.rmtree(place.draft, ignore_errors=True)
        raise
    finally:
        os.close(descriptor)
    lock.unlink(missing_ok=True)


def _show(place: Place) -> None:
    """Put the evidence in its place; the mark in it goes when the database is there too."""
    (place.draft / MARK).touch(mode=0o600)
    sync_folder(place.draft)
    if place.evidence.exists():
        shutil.rmtree(place.evidence)  # holds no object: check_place() looked
    place.draft.rename(place.evidence)
    sync_folder(place.evidence.parent)
