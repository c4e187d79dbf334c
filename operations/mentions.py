"""Where a name or an address stands in somebody's words, and taking it out of them."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import JSON, Column, Table, Text, case, func, or_, select, union_all, update
from sqlalchemy.orm import Session

from foundation.db import Model
from operations.person_tables import SECRETS

LEFT = frozenset(
    {
        "answer",
        "answer_event",
        "ledger_entry",
        "ledger_words",
        "person",
        "questionnaire_version",
        "report",
        "report_paper",
        "sub_processor",
        "tier_model_version",
        "vendor",
        "vendor_alias",
        "vendor_index",
    }
)
"""Tables that are treated on their own, or say what was said: an answer is proof as it stands."""

SAID = ("answer",)
"""Of those, the ones in which a name may stand in words of a vendor."""


def take_out(session: Session, instead: Mapping[str, str]) -> int:
    """Put other texts in place of these, wherever somebody wrote them; return how many values."""
    done = 0
    for table in Model.metadata.sorted_tables:
        if table.name in LEFT:
            continue
        for column in _free(table):
            done += _replace(session, column, instead)
        for column in _lists(table):
            done += _replace_within(session, table, column, instead)
    return done


def count(session: Session, texts: Mapping[str, str]) -> int:
    """Return how many values hold one of these texts and would be changed; one statement."""
    tables = (each for each in Model.metadata.sorted_tables if each.name not in LEFT)
    return _count(session, tables, texts)


def count_said(session: Session, texts: Mapping[str, str]) -> int:
    """Return how many answers hold one of these texts; they stay as they were given."""
    return _count(session, (Model.metadata.tables[name] for name in SAID), texts)


def _count(session: Session, tables: Iterable[Table], texts: Mapping[str, str]) -> int:
    """Count the values of tables that hold a text, each table read once."""
    counted = [
        select(func.sum(_hits(columns, texts)).label("n"))
        for table in tables
        if (columns := list(_free(table)))
    ]
    held = union_all(*counted).subquery()
    return session.scalar(select(func.sum(held.c.n))) or 0


def _hits(columns: Iterable[Column[Any]], texts: Mapping[str, str]) -> Any:  # noqa: ANN401
    return reduce(add, (case((_holds(each, texts), 1), else_=0) for each in columns))


def _replace(session: Session, column: Column[Any], instead: Mapping[str, str]) -> int:
    value: Any = column
    for text, other in instead.items():
        value = func.replace(value, text, other)
    change = update(column.table).where(_holds(column, instead)).values({column.name: value})
    return int(session.execute(change).rowcount)  # type: ignore[attr-defined]  # of a change


def _replace_within(
    session: Session, table: Table, column: Column[Any], instead: Mapping[str, str]
) -> int:
    keys = list(table.primary_key.columns)
    done = 0
    for row in session.execute(select(*keys, column).where(column.is_not(None))).all():
        before = json.dumps(row[-1], ensure_ascii=False)
        after = before
        for text, other in instead.items():
            after = after.replace(json.dumps(text, ensure_ascii=False)[1:-1], other)
        if after != before:
            mine = [key == value for key, value in zip(keys, row[:-1], strict=True)]
            session.execute(update(table).where(*mine).values({column.name: json.loads(after)}))
            done += 1
    return done


def _holds(column: Column[Any], texts: Mapping[str, str]) -> Any:  # noqa: ANN401  a condition
    return or_(*(column.contains(text, autoescape=True) for text in texts))


def _free(table: Table) -> Iterator[Column[Any]]:
    """Give the columns in which somebody may have written a name."""
    for column in table.columns:
        is_bound = column.primary_key or column.unique or column.foreign_keys
        if type(column.type) is Text and not is_bound and column.name not in SECRETS:
            yield column


def _lists(table: Table) -> Iterator[Column[Any]]:
    """Give the columns of what an import brought: its undoing knows names and addresses."""
    if table.name in {"import_batch", "attestation"}:
        yield from (column for column in table.columns if isinstance(column.type, JSON))
