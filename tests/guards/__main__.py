"""Removes every guard, or those whose words hold what is given; 1 when nobody would notice one."""

import sys

from tests.guards.listed import GUARDS
from tests.guards.removing import DOCUMENT, copied, table_of, without, written_into


def main(words: list[str]) -> int:
    """Try each chosen guard, show what became of it, and keep the table when all were tried."""
    chosen = [each for each in GUARDS if all(word in each.what + each.file for word in words)]
    outcomes = []
    with copied() as copy:
        for number, guard in enumerate(chosen, 1):
            found = without(guard, copy)
            outcomes.append(found)
            verdict = f"caught by {found.caught_by}" if found.is_caught else "NOBODY NOTICED"
            _say(f"{number:2}/{len(chosen)}  {guard.what}: {verdict}")
    gaps = [each for each in outcomes if not each.is_caught]
    _say(f"{len(outcomes) - len(gaps)} of {len(outcomes)} guards are missed when they are gone.")
    if not words and not gaps:
        DOCUMENT.write_text(written_into(DOCUMENT.read_text(), table_of(outcomes)))
    return 1 if gaps or not chosen else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


sys.exit(main(sys.argv[1:]))
