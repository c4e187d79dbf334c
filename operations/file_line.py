"""The line of those who bring or take large files: so many at once, and nobody has all places."""

from collections import Counter
from typing import Generic, TypeVar

FILES = 12
"""Large bodies and files that one process has on the line at once."""
MOST_OF_ONE = 4
"""Of these for one session; its others wait, and those behind them are let past."""
LONGEST = 100
MOST_WAITING = 25
"""How many of one session may wait."""
PATIENCE = 40.0
"""Seconds somebody waits before being asked to come again: less than proxies wait for an answer."""

Who = TypeVar("Who")


class FileLine(Generic[Who]):
    """Who holds a place, and who waits for one; whoever came first is first."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._waiting: dict[Who, tuple[bytes, float]] = {}
        self._held: dict[Who, bytes] = {}

    def enter(self, who: Who, session: bytes, now: float) -> bool:
        """Line up; False where the line is too long."""
        same = sum(each == session for each, _ in self._waiting.values())
        if same >= MOST_WAITING or len(self._waiting) >= LONGEST:
            return False
        self._waiting[who] = session, now + PATIENCE
        return True

    def next_ones(self) -> list[Who]:
        """Return who gets a place now."""
        of_each, found = Counter(self._held.values()), []
        for who, (session, _) in tuple(self._waiting.items()):
            if len(self._held) < FILES and of_each[session] < MOST_OF_ONE:
                del self._waiting[who]
                self._held[who] = session
                of_each[session] += 1
                found.append(who)
        return found

    def leave(self, who: Who) -> None:
        """Give a place back."""
        self._held.pop(who, None)

    def too_late(self, now: float) -> list[Who]:
        """Return who waited in vain; they are in the line no more."""
        found = [who for who, (_, until) in self._waiting.items() if until < now]
        for who in found:
            del self._waiting[who]
        return found
