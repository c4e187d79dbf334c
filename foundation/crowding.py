"""Places for what takes long on the line: large bodies and files, so many at once and no more.

The server gives a place to a request (`operations/porter.py`); where it has none, nothing of the
body is read and the sender is asked to come again.
"""

import threading
from typing import Any

from foundation.errors import NoRoom

PLACE = "duly.place"
"""Where the environment of a request holds its place; a page has none."""
MOST_STRANGERS = 4
"""Places of one process that all those hold together who have not signed in."""


class Strangers:
    """How many places of this process are held by people nobody knows."""

    def __init__(self) -> None:
        """Begin with none."""
        self.count = 0
        self.guard = threading.Lock()


class Place:
    """What one request holds while its body or its file is on the way."""

    def __init__(self, strangers: Strangers, *, is_late: bool = False) -> None:
        """Take a place; `is_late` is the sign of who waited in vain for one."""
        self.is_late = is_late
        self._strangers = strangers
        self._is_strangers = False

    def admit(self, *, is_known: bool) -> bool:
        """Say whether its holder may go on, now that it is known who that is."""
        if self.is_late or is_known:
            return not self.is_late
        with self._strangers.guard:
            if self._strangers.count >= MOST_STRANGERS:
                return False
            self._strangers.count += 1
            self._is_strangers = True
            return True

    def leave(self) -> None:
        """Give it back."""
        with self._strangers.guard:
            self._strangers.count -= self._is_strangers
            self._is_strangers = False


def keep_room(environ: dict[str, Any], *, is_known: bool) -> None:
    """Refuse what found no place, before its body is read. Raises NoRoom."""
    place: Place | None = environ.get(PLACE)
    if place is not None and not place.admit(is_known=is_known):
        raise NoRoom
