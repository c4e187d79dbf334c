"""Lists of vendors as people keep them, for the tests of importing."""

import io

import xlsxwriter

from tests.makers import make_staff
from vendors.importing.drafts import begin
from vendors.importing.dry_run import dry_run, source_of
from vendors.importing.header import header_at
from vendors.importing.mapping import guess_columns, mapping_of
from vendors.importing.outcome import Choices
from vendors.importing.reading import read_file


def book_of(*sheets, **options):
    """Return a workbook; each sheet is a name and a function that fills it."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **options})
    for name, fill in sheets:
        fill(book.add_worksheet(name), book)
    book.close()
    return out.getvalue()


def rows_into(rows, *, first=0):
    """Return a function that writes rows as texts."""

    def fill(sheet, book):
        for place, row in enumerate(rows, first):
            sheet.write_row(place, 0, row)

    return fill


def prepared(file, name="list.csv"):
    """Return the source and the guessed choices of a file."""
    reading = read_file(file if isinstance(file, bytes) else file.encode(), name)
    progress = begin(reading)
    sheet = reading.sheets[progress.sheet]
    header = header_at(sheet, progress.header_first, progress.header_rows)
    source = source_of(reading.kind, sheet, header)
    return source, Choices(mapping=mapping_of(guess_columns(sheet, header)))


def checked(session, file, *, choices=None, by=None, today=None, name="list.csv"):
    """Return the dry run of a file for a member of staff, Pervez unless told otherwise."""
    source, guessed = prepared(file, name)
    author = by or make_staff(session)
    from foundation import clock

    return dry_run(
        session,
        source,
        choices(guessed) if choices else guessed,
        viewer_id=author.person_id,
        today=today or clock.now().date(),
    )
