"""Processor time of a dry run of 5,000 rows with 200 planted faults: at most 3 seconds.

Run it as: PYTHONPATH=. .venv/bin/python bench/vendor_import.py
It reads, maps and checks in this process, so that all the time is counted; the product reads the
file in the sandbox.
"""

import sys
import time
from datetime import date

from bench.faulty_list import workbook
from vendors.importing.checking import check
from vendors.importing.drafts import begin
from vendors.importing.dry_run import source_of
from vendors.importing.header import header_at
from vendors.importing.inventory import Inventory
from vendors.importing.mapping import guess_columns, mapping_of
from vendors.importing.outcome import Choices, RowKind, Surroundings
from vendors.importing.reading import read_file

ROWS, FAULTS, MOST_SECONDS = 5_000, 200, 3.0


def main() -> int:
    """Measure once and print a table; 1 when it took too long or missed a fault."""
    file, planted = workbook(ROWS, FAULTS)
    marks = [time.process_time()]
    reading = read_file(file, "vendors.xlsx")
    marks.append(time.process_time())
    progress = begin(reading)
    sheet = reading.sheets[progress.sheet]
    header = header_at(sheet, progress.header_first, progress.header_rows)
    mapping = mapping_of(guess_columns(sheet, header))
    marks.append(time.process_time())
    nothing = Inventory(index_of=lambda kind, text: f"{kind} {text}".encode())
    around = Surroundings(today=date(2026, 3, 2), owners={}, units={})
    found = check(source_of("xlsx", sheet, header), Choices(mapping=mapping), around, nothing)
    marks.append(time.process_time())
    named = {(one.row, one.kind.value) for one in found.problems}
    missed = [one for one in planted if (one.row, one.kind) not in named]
    total = marks[-1] - marks[0]
    for name, before, after in zip(("read", "map", "check"), marks, marks[1:], strict=False):
        sys.stdout.write(f"{name:<8}{after - before:7.2f} s\n")
    sys.stdout.write(f"{'total':<8}{total:7.2f} s of {MOST_SECONDS} s\n")
    sys.stdout.write(f"{len(found.rows)} rows, {found.count(RowKind.NEW)} new, ")
    sys.stdout.write(f"{len(found.problems)} problems, {len(missed)} planted faults missed\n")
    return 0 if total <= MOST_SECONDS and not missed else 1


if __name__ == "__main__":
    sys.exit(main())
