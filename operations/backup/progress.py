"""How far long work is, told to whoever watches: a line that moves, or one line for each stage."""

import sys


class Progress:
    """Tells standard error; a terminal sees one line move, a log sees one line a stage."""

    def __init__(self) -> None:
        """Ask once who is reading."""
        self._moves = sys.stderr.isatty()

    def step(self, stage: str, number: int, of: int) -> None:
        """Say that one more thing of a stage is being done."""
        if self._moves:
            ending = "\n" if number == of else ""
            sys.stderr.write(f"\r{stage}: {number} of {of} ...{ending}")
            sys.stderr.flush()
        elif number == of:
            sys.stderr.write(f"{stage}: {of}\n")
