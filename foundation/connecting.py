"""What every connection and transaction begins with, and which fault is worth another try."""

import sqlite3
from typing import Any

from psycopg.pq import TransactionStatus
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from foundation import turns


def prepare_sqlite(connection: sqlite3.Connection, record: object) -> None:
    """Set what each new connection to SQLite has to keep to."""
    del record
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # an acknowledged write survives a power cut
        "foreign_keys=ON",
        "secure_delete=ON",  # what is erased is overwritten, not only forgotten
        turns.PATIENT,
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _writes(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("duly_writes", True))


def begin_sqlite(line: turns.Line, connection: Connection) -> None:
    """Begin a transaction: writers wait in line, readers cannot write."""
    writes = _writes(connection)
    connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
    if writes:
        turns.begin(connection, line)
    else:
        connection.exec_driver_sql("BEGIN")


def begin_postgresql(connection: Connection) -> None:
    """Begin a transaction in which readers cannot write; the driver says so with its BEGIN."""
    driver: Any = connection.connection.dbapi_connection
    driver.read_only = not _writes(connection)


def end_reading_postgresql(connection: Connection) -> None:
    """End what could only read by COMMIT, just before it would be rolled back: to the same end.

    With a ROLLBACK the driver forgets the statements it has prepared, and planning one anew takes
    longer than running most of them (decision 30). What failed is rolled back as ever.
    """
    if _writes(connection):
        return
    driver: Any = connection.connection.dbapi_connection
    if driver.info.transaction_status == TransactionStatus.INTRANS:
        driver.commit()


def is_deadlock(error: DBAPIError) -> bool:
    """Say whether the database ended a transaction for another's sake: done anew, it succeeds."""
    return getattr(error.orig, "sqlstate", None) in {"40P01", "40001"}
