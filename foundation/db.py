"""The database: one engine, reading and writing sessions, one commit per request."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from flask import current_app, g, has_request_context, request
from sqlalchemy import (
    Connection,
    Date,
    Engine,
    Integer,
    MetaData,
    Text,
    create_engine,
    event,
    inspect,
)
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    declared_attr,
    mapped_column,
    object_session,
)

from foundation import clock, connecting, turns
from foundation.columns import IdColumn, UtcDateTime

READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_hooks: list[Callable[[Session], None]] = []


class Model(DeclarativeBase):
    """The base of every table. Constraint names are the contract with the code."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  SQLAlchemy's own class-level contract
        UUID: IdColumn(as_uuid=True),
        datetime: UtcDateTime(),
        date: Date(),
        str: Text(),
        int: Integer(),
    }


class Versioned:
    """A row two people can edit: saving with an old version is refused."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        """Name the version column to the mapper."""
        return {"version_id_col": cls.version}


def lock_row(row: Versioned) -> None:
    """Let one change after another to a row, each seeing what the one before stored.

    Without it the later of two reads its version before the other commits, and is refused by the
    database itself, too late for a page with both texts. On SQLite whoever writes is alone already.
    """
    session = object_session(row)
    if session is None or session.get_bind().dialect.name == "sqlite":
        return
    columns = [column.key for column in inspect(type(row)).column_attrs]
    session.refresh(row, attribute_names=columns, with_for_update=True)


class Moving:
    """A row with days that other calendars copy: how often one of them moved, and when last."""

    __days__: ClassVar[tuple[str, ...]]
    """The attributes that are such days."""

    times_moved: Mapped[int] = mapped_column(default=0, server_default="0")
    moved_at: Mapped[datetime | None]


@event.listens_for(Moving, "before_update", propagate=True)
def _note_move(mapper: object, connection: object, row: Any) -> None:  # noqa: ANN401  any model
    del mapper, connection
    state = inspect(row)
    if any(state.attrs[name].history.has_changes() for name in row.__days__):
        row.times_moved += 1
        row.moved_at = clock.now()


class HouseSession(Session):
    """A session that runs the house's hooks just before it commits."""


@event.listens_for(HouseSession, "before_commit")
def _run_hooks(session: Session) -> None:
    for hook in _hooks:
        hook(session)


def before_commit(hook: Callable[[Session], None]) -> None:
    """Register what must happen once, at the end of every writing transaction."""
    if hook not in _hooks:
        _hooks.append(hook)


MOST_AT_ONCE = 30
"""Connections of one process: more than the threads it serves with, so that none has to wait."""
KEPT_OPEN = 5
"""Of these, what stays connected while nobody asks."""


class Database:
    """One database, SQLite or PostgreSQL, with reading and writing sessions."""

    def __init__(self, address: str) -> None:
        """Open the engine; nothing is connected until a session is used."""
        self.is_sqlite = address.startswith("sqlite")
        self.engine: Engine = create_engine(
            address,
            pool_pre_ping=not self.is_sqlite,
            pool_size=KEPT_OPEN,
            max_overflow=MOST_AT_ONCE - KEPT_OPEN,
            hide_parameters=True,  # a fault's words must not hold what somebody wrote
        )
        if self.is_sqlite:
            event.listen(self.engine, "connect", connecting.prepare_sqlite)
            self.line = turns.keep(self.engine)
            event.listen(self.engine, "begin", partial(connecting.begin_sqlite, self.line))
        else:
            event.listen(self.engine, "begin", connecting.begin_postgresql)
            event.listen(self.engine, "rollback", connecting.end_reading_postgresql)
        self._readers = self.engine.execution_options(duly_writes=False)
        self._writers = self.engine.execution_options(duly_writes=True)

    def open(self, *, writes: bool) -> Session:
        """Return a new session; the caller commits or rolls back and closes it."""
        bind = self._writers if writes else self._readers
        return HouseSession(bind, expire_on_commit=False)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Read in a transaction in which the database itself refuses writes."""
        with self.open(writes=False) as session:
            try:
                yield session
            finally:
                session.expunge_all()  # what was read stays readable; a rollback would empty it
                session.rollback()

    @contextmanager
    def moment(self) -> Iterator[Session]:
        """Read one moment of everything in a session: many statements tell one story.

        Without it PostgreSQL would show each statement what others committed meanwhile.
        """
        with self.snapshot() as connection, HouseSession(connection) as session:
            try:
                yield session
            finally:
                session.expunge_all()

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Read one moment of everything, however long it takes; writers go on meanwhile."""
        options = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        with self._readers.execution_options(**options).connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Write in one transaction, committed at the end of the block."""
        with self.open(writes=True) as session:
            try:
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                raise

    def scrub(self) -> None:
        """Overwrite what deleted rows left behind: SQLite's log, PostgreSQL's dead rows."""
        if self.is_sqlite:
            raw = self.engine.raw_connection()
            try:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                raw.close()
            return
        with self.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql("VACUUM")


def database() -> Database:
    """Return the database of the running application."""
    found: Database = current_app.extensions["database"]
    return found


def session() -> Session:
    """Return the request's session: read-only for a GET, committed by the shell for the rest.

    It knows what the door read already (`g.known_at_the_door`), so that nobody asks twice.
    """
    if "session" not in g:
        writes = has_request_context() and request.method not in READING_METHODS
        g.session = database().open(writes=writes)
        g.session.info.update(g.get("known_at_the_door", {}))
    found: Session = g.session
    return found


@contextmanager
def side_write() -> Iterator[Session]:
    """Write a fact that must survive the request: a try, a denial, a sighting.

    Ruling: a short transaction of its own, and never inside the request's writing one, which
    would wait for itself on SQLite. Raises RuntimeError when that one has begun.
    """
    mine: Session | None = g.get("session") if has_request_context() else None
    if mine is not None and mine.in_transaction() and request.method not in READING_METHODS:
        raise RuntimeError("side_write() was called while the request's own writing is open.")
    with database().writing() as apart:
        yield apart
