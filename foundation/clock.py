"""The only clock. Tests and the demo set it here, never in the operating system."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_offset = timedelta(0)
_fixed: datetime | None = None


def now() -> datetime:
    """Return the current moment in UTC, with microseconds."""
    if _fixed is not None:
        return _fixed
    return datetime.now(UTC) + _offset


def today(zone: str = "UTC") -> date:
    """Return today's date in the named time zone."""
    return now().astimezone(ZoneInfo(zone)).date()


@contextmanager
def fixed(at: datetime) -> Iterator[None]:
    """Hold the clock still at a moment for the length of a block."""
    global _fixed  # noqa: PLW0603  the one clock of the process
    before = _fixed
    _fixed = at.astimezone(UTC)
    try:
        yield
    finally:
        _fixed = before


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
