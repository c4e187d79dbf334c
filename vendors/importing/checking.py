"""The dry run: every row read, recognised and compared, with every problem named. Pure."""

from dataclasses import dataclass, field

from vendors.importing.asked import Asked, Fault
from vendors.importing.cells import read_cell
from vendors.importing.companies import link_companies
from vendors.importing.comparing import compare, overwrites
from vendors.importing.date_columns import orders_of, remarks_on_dates
from vendors.importing.dates import DateOrder
from vendors.importing.dropped import dropped_columns
from vendors.importing.fields import ImportField
from vendors.importing.inventory import Inventory, KnownVendor
from vendors.importing.merging import join_into, put
from vendors.importing.outcome import (
    Check,
    Choices,
    Planned,
    Problem,
    ProblemKind,
    Remark,
    RowKind,
    RowOutcome,
    Surroundings,
    Values,
)
from vendors.importing.past import next_review_for
from vendors.importing.recognising import Recogniser, header_of
from vendors.importing.table import Row, Source


@dataclass(slots=True)
class _Run:
    """A dry run while it goes on."""

    source: Source
    choices: Choices
    around: Surroundings
    inventory: Inventory
    orders: dict[int, DateOrder]
    recogniser: Recogniser
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    outcomes: dict[int, RowOutcome] = field(default_factory=dict)
    planned: dict[int, Planned] = field(default_factory=dict)


def check(source: Source, choices: Choices, around: Surroundings, inventory: Inventory) -> Check:
    """Say what importing would do, row by row; nothing is written."""
    run = _Run(
        source,
        choices,
        around,
        inventory,
        orders_of(source, choices),
        Recogniser(inventory, choices, source.sheet, source.names),
    )
    run.remarks += remarks_on_dates(source, choices, run.orders)
    for row in source.rows:
        _take(run, row)
    for problem in link_companies(source.sheet, run.planned, inventory, run.recogniser):
        run.problems.append(problem)
        run.planned.pop(problem.row, None)
    _finish(run)
    run.problems.sort(key=lambda one: (one.row, -1 if one.column is None else one.column))
    return Check(
        sheet=source.sheet,
        rows=tuple(run.outcomes[row.number] for row in source.rows if row.number in run.outcomes),
        problems=tuple(run.problems),
        remarks=tuple(run.remarks),
        planned=tuple(run.planned.values()),
        dropped=dropped_columns(source, choices.mapping),
    )


def _take(run: _Run, row: Row) -> None:
    if row.number in run.choices.skipped:
        run.outcomes[row.number] = RowOutcome(row.number, RowKind.SKIPPED, _name_of(run, row))
        return
    values, faults = _read_row(run, row)
    if not values and not faults:
        return
    name = str(values.get(ImportField.NAME, "")) or _name_of(run, row)
    if ImportField.NAME not in values and not any(f.field is ImportField.NAME for f in faults):
        faults.append(_missing_name(run, row))
    if faults:
        _refuse(run, row.number, name, faults)
        return
    _keep_bare_contact(run, row.number, values)
    seen = run.recogniser.recognise(row.number, values)
    if seen.problem is not None:
        _refuse(run, row.number, name, [seen.problem])
        return
    if seen.remark:
        run.remarks.append(Remark(row.number, seen.remark))
    if seen.joins is not None and seen.joins in run.planned:
        first = run.planned[seen.joins]
        told = join_into(first.values, values)
        run.remarks += [Remark(row.number, f"{text} Row {first.row} counts.") for text in told]
        run.outcomes[row.number] = RowOutcome(
            row.number, RowKind.UPDATE, name, joins=first.row, target_id=first.target_id
        )
        return
    run.planned[row.number] = Planned(row.number, values, seen.target_id)
    run.outcomes[row.number] = RowOutcome(row.number, RowKind.NEW, name)


def _keep_bare_contact(run: _Run, number: int, values: Values) -> None:
    """Keep a contact without a mail address as a note: nobody could be let in."""
    name = values.get(ImportField.CONTACT_NAME)
    if name is None or ImportField.CONTACT_EMAIL in values:
        return
    role = values.get(ImportField.CONTACT_ROLE)
    put(values, ImportField.NOTES, f"Contact: {name}{f', {role}' if role else ''}")
    text = "The contact has no mail address and is kept as a note."
    run.remarks.append(Remark(number, text))


def _refuse(run: _Run, number: int, name: str, faults: list[Problem]) -> None:
    run.problems += faults
    run.outcomes[number] = RowOutcome(number, RowKind.PROBLEM, name)


def _read_row(run: _Run, row: Row) -> tuple[Values, list[Problem]]:
    values: Values = {}
    faults: list[Problem] = []
    for column, which in run.choices.mapping.items():
        text = run.choices.text_of(row.number, column, row.cell(column))
        if not text:
            continue
        try:
            value = read_cell(Asked(text, which, run.orders.get(column), run.around))
        except Fault as fault:
            faults.append(_problem(run, row.number, column, text, fault))
        else:
            if value is not None:
                put(values, which, value)
    if run.source.is_ragged and len(row.cells) > len(run.source.names) > 0:
        faults.append(_too_many(run, row))
    return values, faults


def _problem(run: _Run, number: int, column: int, text: str, fault: Fault) -> Problem:
    return Problem(
        kind=fault.kind,
        sheet=run.source.sheet,
        row=number,
        column=column,
        header=header_of(run.source.names, column),
        field=run.choices.mapping[column],
        found=text,
        expected=fault.expected,
        fix=fault.fix,
    )


def _missing_name(run: _Run, row: Row) -> Problem:
    column = next((c for c, f in run.choices.mapping.items() if f is ImportField.NAME), None)
    return Problem(
        kind=ProblemKind.MISSING_NAME,
        sheet=run.source.sheet,
        row=row.number,
        column=column,
        header=header_of(run.source.names, column),
        field=ImportField.NAME,
        found="" if column is None else row.cell(column),
        expected="the company's name",
        fix="Write the name, or leave the row out.",
    )


def _too_many(run: _Run, row: Row) -> Problem:
    return Problem(
        kind=ProblemKind.TOO_MANY_CELLS,
        sheet=run.source.sheet,
        row=row.number,
        found=f"{len(row.cells)} cells",
        expected=f"at most {len(run.source.names)} cells, as many as the header has",
        fix="A separator inside a text shifts the cells. Put that text in quotation marks.",
    )


def _name_of(run: _Run, row: Row) -> str:
    for column, which in run.choices.mapping.items():
        if which is ImportField.NAME:
            return row.cell(column)[:200]
    return ""


def _finish(run: _Run) -> None:
    """Compare what is planned with the inventory, now that every row is read."""
    for number, plan in run.planned.items():
        again = next_review_for(plan.values)
        if again is not None:
            plan.values[ImportField.NEXT_REVIEW] = again
        if plan.sub_processor_of is None:
            kind, changes = compare(plan, run.inventory)
        else:
            kind, changes = run.recogniser.kind_of_sub_processor(plan), []
        plan.changes = changes
        known = run.inventory.vendors.get(plan.target_id) if plan.target_id else None
        run.outcomes[number] = RowOutcome(
            number,
            kind,
            str(plan.values[ImportField.NAME]),
            target_id=plan.target_id,
            target=_target(plan, known),
            changes=tuple(changes),
            overwrites=overwrites(plan, known),
        )
    lost = {problem.row for problem in run.problems}
    for number, outcome in list(run.outcomes.items()):
        if number in lost or outcome.joins in lost:
            run.outcomes[number] = RowOutcome(number, RowKind.PROBLEM, outcome.name)


def _target(plan: Planned, known: KnownVendor | None) -> str:
    """Return what a row is about, where it is no new vendor."""
    if plan.sub_processor_of is not None:
        return f"Sub-processor of {plan.values[ImportField.SUB_PROCESSOR_OF]}"
    return known.title if known else ""
