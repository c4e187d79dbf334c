"""Words for the terminal: answers to standard output, progress to standard error."""

import sys


def say(text: str) -> None:
    """Print an answer."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """Print progress, which a pipe never sees."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
