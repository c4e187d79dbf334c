"""The product's own commands, in a time that a test tells them.

`python -m tests.attacks.clocked FILE serve --port N` runs `duly serve`; only its clock adds the
seconds that stand in the file. The web processes are forked later and read the same file.
"""

import mmap
import struct
import sys
from datetime import datetime, timedelta
from pathlib import Path

from foundation import clock
from operations import cli

SPAN = struct.Struct("<d")


class Hand:
    """How many seconds everybody who looks is ahead of the machine."""

    def __init__(self, path: Path, *, new: bool = False) -> None:
        if new:
            path.write_bytes(SPAN.pack(0.0))
        with path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), SPAN.size)

    def now(self) -> datetime:
        return clock.of_machine() + timedelta(seconds=SPAN.unpack_from(self._shared)[0])

    def forward(self, span: timedelta) -> None:
        ahead = SPAN.unpack_from(self._shared)[0] + span.total_seconds()
        SPAN.pack_into(self._shared, 0, ahead)


def main(path: str, *words: str) -> int:
    with clock.told(Hand(Path(path)).now):
        return cli.main(list(words))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
