"""Writing to an SQLite file: one at a time, and whoever came first goes first.

Left to itself SQLite lets everybody who waits look again after ever longer pauses, so that whoever
came last wins. Where many write at once on a busy machine, somebody is then refused after a quarter
of a minute although every turn was short.
"""

import sqlite3
import time
from collections import deque
from threading import Event, Lock

from sqlalchemy import Connection, Engine, event

BEGIN = "BEGIN IMMEDIATE"
"""A deferred transaction that upgrades to a writer loses updates (SQLITE_BUSY_SNAPSHOT)."""
LONGEST = 15.0
"""Seconds somebody waits in the line of this process, and as long again for other processes."""
PATIENT = f"busy_timeout={int(LONGEST * 1000)}"
LOOK_AGAIN = 0.002
"""Seconds between looks for the first in line: the same for all, so that processes take turns."""


class Line:
    """Those of one process who want to write. It is good manners: the file's own lock decides.

    Whoever waited too long in it goes on to the lock all the same.
    """

    def __init__(self) -> None:
        """Begin with nobody."""
        self._guard = Lock()
        self._waiting = deque[tuple[object, Event]]()
        self._holder: object | None = None

    def __len__(self) -> int:
        """Return how many wait."""
        return len(self._waiting)

    @property
    def is_free(self) -> bool:
        """Return whether nobody writes and nobody waits."""
        return self._holder is None and not self._waiting

    def enter(self, who: object, seconds: float = LONGEST) -> None:
        """Wait for those who came before, and not for ever."""
        with self._guard:
            if self._holder is None or self._holder is who:
                self._holder = who
                return
            place = (who, Event())
            self._waiting.append(place)
        if place[1].wait(seconds):
            return
        with self._guard:
            if place in self._waiting:
                self._waiting.remove(place)

    def leave(self, who: object) -> None:
        """Let the next one go, if it was this one's turn."""
        with self._guard:
            if self._holder is not who:
                return
            self._holder = None
            if self._waiting:
                self._holder, its_turn = self._waiting.popleft()
                its_turn.set()


def keep(engine: Engine) -> Line:
    """Let those who write through an SQLite engine leave the line again; return it.

    A turn ends just before the commit: the next one waits out the rest of it at the lock.
    """
    line = Line()

    def ended(connection: Connection) -> None:
        if not (connection.closed or connection.invalidated):
            line.leave(connection.connection.dbapi_connection)

    event.listen(engine, "commit", ended)
    event.listen(engine, "rollback", ended)
    event.listen(engine, "checkin", lambda given, _record: line.leave(given))
    event.listen(engine, "invalidate", lambda given, _record, _fault: line.leave(given))
    return line


def begin(connection: Connection, line: Line) -> None:
    """Begin a writing transaction when it is this connection's turn."""
    driver = connection.connection.dbapi_connection
    line.enter(driver)
    try:
        _lock(connection)
    except BaseException:
        line.leave(driver)
        raise


def _lock(connection: Connection) -> None:
    """Take the lock of the file, looking often for as long as somebody else has it."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError("This is no connection to SQLite.")
    driver.execute("PRAGMA busy_timeout=0")
    try:
        until = time.monotonic() + LONGEST
        while _is_taken(driver) and time.monotonic() < until:
            time.sleep(LOOK_AGAIN)
        if not driver.in_transaction:
            connection.exec_driver_sql(BEGIN)  # fails again, in the words of SQLAlchemy
    finally:
        driver.execute(f"PRAGMA {PATIENT}")


def _is_taken(driver: sqlite3.Connection) -> bool:
    """Begin, or say that another one is writing; whatever else is wrong shows when asked again."""
    try:
        driver.execute(BEGIN)
    except sqlite3.OperationalError as refusal:
        return refusal.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
    return False
