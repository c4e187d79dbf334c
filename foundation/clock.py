"""The only clock. Tests and the demo set it here, never in the operating system."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_offset = timedelta(0)
_told: Callable[[], datetime] | None = None


def now() -> datetime:
    """Return the current moment in UTC, with microseconds."""
    if _told is not None:
        return _told()
    return of_machine() + _offset


def of_machine() -> datetime:
    """Return the machine's own time in UTC: only to wait by, as nobody can set it here."""
    return datetime.now(UTC)


def today(zone: str = "UTC") -> date:
    """Return today's date in the named time zone."""
    return now().astimezone(ZoneInfo(zone)).date()


@contextmanager
def told(by: Callable[[], datetime]) -> Iterator[None]:
    """Let somebody tell the time, in UTC, for the length of a block.

    No setting and no command comes here, so nobody who runs Duly can make it believe in another
    day; a fence keeps it to tests and the demo.
    """
    global _told  # noqa: PLW0603  the one clock of the process
    before = _told
    _told = by
    try:
        yield
    finally:
        _told = before


@contextmanager
def fixed(at: datetime) -> Iterator[None]:
    """Hold the clock still at a moment for the length of a block."""
    moment = at.astimezone(UTC)
    with told(lambda: moment):
        yield


@contextmanager
def shifted(by: timedelta) -> Iterator[None]:
    """Let the clock run, ahead or behind by a fixed span, for the length of a block."""
    global _offset  # noqa: PLW0603  the one clock of the process
    before = _offset
    _offset = before + by
    try:
        yield
    finally:
        _offset = before
