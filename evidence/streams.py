"""Parts that come one by one, read as a file is read."""

from collections.abc import Iterable


class Flow:
    """A source that gives what it was handed in parts, each only once."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        """Begin at the first part."""
        self._parts = iter(parts)
        self._left = b""

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes; none at the end."""
        while not self._left:
            following = next(self._parts, None)
            if following is None:
                return b""
            self._left = following
        given, self._left = self._left[:size], self._left[size:]
        return given
