"""duly import-vendors: a dry run by default, stored with --apply."""

import argparse
import json
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from accounts.queries import StaffRow, list_staff
from accounts.rules import Role
from audit.actions import SYSTEM
from foundation import clock, schema
from foundation.errors import Refused
from identity.rules import Author
from operations.cli_print import say
from operations.setup_cli import opened
from organisation.queries import today_of
from vendors.importing.commands import apply_import
from vendors.importing.drafts import begin
from vendors.importing.dropped import nameless
from vendors.importing.dry_run import dry_run, dry_run_without_inventory, source_of
from vendors.importing.fields import ImportField, plain_words
from vendors.importing.header import header_at
from vendors.importing.mapping import guess_columns, mapping_of
from vendors.importing.outcome import Check, Choices, Problem, RowKind
from vendors.importing.sandboxed import read_in_sandbox
from vendors.importing.table import Reading, Source

_OWNERS = (Role.PROCUREMENT, Role.LEAD, Role.ANALYST, Role.ADMINISTRATOR)


def add_to(parser: argparse.ArgumentParser, name: str) -> object:
    """Declare the arguments and return the function that runs."""
    del name
    parser.add_argument("file", type=Path, help="XLSX, ODS, CSV or Markdown")
    parser.add_argument("--apply", action="store_true", help="store it; without this, only look")
    parser.add_argument("--json", action="store_true", help="print one JSON line")
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar='"COLUMN=FIELD"',
        help=f"read a column as a field, or as nothing (COLUMN=). Fields: {', '.join(ImportField)}",
    )
    parser.add_argument("--sheet", help="name of the sheet; without it, the likeliest")
    parser.add_argument("--owner", metavar="MAIL", help="who owns vendors whose row names nobody")
    parser.add_argument(
        "--skip-problems",
        action="store_true",
        help="with --apply: leave rows with problems out instead of storing nothing",
    )
    parser.epilog = "Exit code 0: no problems (or left out as told). 1: problems. 2: wrong usage."
    return run


def run(chosen: argparse.Namespace) -> int:
    """Read the list in the sandbox, print what importing would do, do it when asked."""
    database = opened()
    try:
        reading = read_in_sandbox(chosen.file.read_bytes(), chosen.file.name)
        source, choices = _prepared(reading, chosen.sheet, chosen.map)
    except Refused as refusal:
        return _refused(chosen, refusal)
    is_ready = schema.revision_of(database) == schema.newest()
    if chosen.apply and not is_ready:
        raise Refused("The database is not up to date. Run ./duly migrate first.")
    if not is_ready:
        checked = dry_run_without_inventory(source, choices, clock.today("UTC"))
    else:
        with database.reading() as session:
            today = today_of(session)
            checked = dry_run(session, source, choices, viewer_id=None, today=today)
    _print(chosen, checked)
    is_good = not checked.problems or (chosen.apply and chosen.skip_problems)
    if chosen.apply and is_good:
        with database.writing() as session:
            _apply(session, chosen, checked)
    elif chosen.apply and not chosen.json:
        say("Nothing is stored. Mend the rows above, or leave them out with --skip-problems.")
    return 0 if is_good else 1


def _prepared(reading: Reading, sheet: str | None, maps: list[str]) -> tuple[Source, Choices]:
    names = [each.name for each in reading.sheets]
    if sheet is not None and sheet not in names:
        raise Refused(f"There is no sheet {sheet}. The file has: {', '.join(names)}.")
    progress = begin(reading, names.index(sheet) if sheet is not None else None)
    found = reading.sheets[progress.sheet]
    header = header_at(found, progress.header_first, progress.header_rows)
    mapping = mapping_of(guess_columns(found, header))
    for each in maps:
        place, which = _mapped(each, header.names)
        mapping = {p: f for p, f in mapping.items() if p != place and f is not which}
        if which is not None:
            mapping[place] = which
    if ImportField.NAME not in mapping.values():
        raise Refused(
            "No column looks like the company's name. "
            'Say which one it is, for example --map "Firm=name".'
        )
    return source_of(reading.kind, found, header), Choices(mapping=mapping)


def _mapped(text: str, names: tuple[str, ...]) -> tuple[int, ImportField | None]:
    column, sign, field = text.rpartition("=")
    called = [name or nameless(place) for place, name in enumerate(names)]
    wanted = [i for i, name in enumerate(called) if plain_words(name) == plain_words(column)]
    if not sign or not wanted:
        shown = ", ".join(name for name in names if name)
        raise Refused(f"There is no column {column or text}. The list has: {shown}.")
    if field and field not in set(ImportField):
        raise Refused(f"There is no field {field}. Use: {', '.join(ImportField)}.")
    return wanted[0], ImportField(field) if field else None


def _apply(session: Session, chosen: argparse.Namespace, checked: Check) -> None:
    owner_id = _owner(list_staff(session), chosen.owner)
    batch = apply_import(
        session,
        checked,
        file_name=chosen.file.name,
        owner_id=owner_id,
        by=Author(SYSTEM, owner_id),
        at=clock.now(),
    )
    if not chosen.json:
        say(f"Stored. It can be undone for 30 days at /vendors/imports/{batch.id}")


def _owner(staff: list[StaffRow], email: str | None) -> UUID:
    if email is not None:
        found = [row for row in staff if row.email == email.casefold()]
        if not found:
            raise Refused(f"Nobody who works here has the mail address {email}.")
        return found[0].person_id
    for role in _OWNERS:
        found = [row for row in staff if role in row.roles]
        if found:
            return found[0].person_id
    raise Refused(
        "Vendors need an owner, and nobody works here yet. Run ./duly create-admin first."
    )


def _refused(chosen: argparse.Namespace, refusal: Refused) -> int:
    fault = {"where": "the whole file", "what": str(refusal), "fix": ""}
    if chosen.json:
        say(json.dumps({"rows": 0, "new": 0, "update": 0, "not_imported": [], "problems": [fault]}))
        return 1
    raise refusal


def _print(chosen: argparse.Namespace, checked: Check) -> None:
    counts = {kind: checked.count(kind) for kind in RowKind}
    if chosen.json:
        found = {
            "rows": len(checked.rows),
            "new": counts[RowKind.NEW],
            "update": counts[RowKind.UPDATE],
            "not_imported": [{"column": one.name, "filled": one.filled} for one in checked.dropped],
            "problems": [as_json(problem) for problem in checked.problems],
        }
        say(json.dumps(found, ensure_ascii=False))
        return
    say(f"{checked.sheet}: {len(checked.rows)} rows")
    say(
        f"{counts[RowKind.NEW]} new, {counts[RowKind.UPDATE]} update, "
        f"{counts[RowKind.UNCHANGED]} unchanged, {counts[RowKind.PROBLEM]} with problems"
    )
    _print_dropped(checked)
    for problem in checked.problems:
        say(f"  {problem.where}: {problem.what} {problem.fix}")
    for remark in checked.remarks:
        say(f"  Remark on row {remark.row}: {remark.text}")


def _print_dropped(checked: Check) -> None:
    if not checked.dropped:
        return
    named = [f"{one.name} ({_cells(one.filled)})" for one in checked.dropped]
    say(f"Not imported: {', '.join(named)}.")
    say(f'  Say what a column holds, for example --map "{checked.dropped[0].name}=notes"')


def _cells(filled: int) -> str:
    if filled == 0:
        return "empty"
    return "1 cell" if filled == 1 else f"{filled} cells"


def as_json(problem: Problem) -> dict[str, object]:
    """Return a problem as scripts read it."""
    return {
        "where": problem.where,
        "what": problem.what,
        "fix": problem.fix,
        "kind": problem.kind.value,
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.header,
        "found": problem.found,
        "expected": problem.expected,
    }
