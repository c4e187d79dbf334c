"""The demo's vendors copied many times over: every row with new identifiers, keys of a kind kept.

What belongs to a vendor is found from the schema (`operations/vendor_tables.py`), so that a table
added later is copied too.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    Connection,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    insert,
    select,
    update,
)

from audit import chain
from audit.commands import chain_key
from audit.models import Entry, Head, Words
from foundation import vault
from foundation.db import Model
from foundation.ids import new_id
from operations.vendor_tables import VENDOR, owned
from vendors.models import Contact
from vendors.naming import domain_key, name_key

IN_ONE = 20_000
ABOUT = {"outbox_letter": "about_id", "reminder": "subject_id", "invitation": "for_id"}
"""Tables without a vendor of their own, and what of a vendor their rows are about."""

SEARCHED = "vendor_index"
"""Written from the facts afterwards."""

SEALED = {
    ("report", "dossier_sealed"): "report-dossier|{}",
    ("report", "file_sealed"): "report-file|{}",
    ("report_paper", "file_sealed"): "report-paper|{}",
    ("outbox_letter", "body_sealed"): "outbox-letter|{}",
}
"""Sealed for their row: each copy is sealed for its own."""

Row = dict[str, Any]
Ids = dict[UUID, UUID]


class Copies:
    """The rows of the demo in memory, and what was copied but not written yet."""

    def __init__(self, connection: Connection) -> None:
        """Read everything that belongs to vendors, their people and the ledger about them."""
        tables = [each for each in owned() if each.name != SEARCHED]
        tables += [Model.metadata.tables[name] for name in ABOUT]
        people = Model.metadata.tables["person"]
        self.rows = {each: _read(connection, each) for each in (people, VENDOR, *tables)}
        theirs = {row["person_id"] for row in self.rows[Contact.__table__]}  # type: ignore[index]
        self.rows[people] = [row for row in self.rows[people] if row["id"] in theirs]
        self.entries = [dict(row) for row in connection.execute(_ENTRIES).mappings()]
        self.waiting: dict[Table, list[Row]] = {}
        self.turn = 0
        self.go_on(connection)

    def go_on(self, connection: Connection) -> None:
        """Copy in this transaction from now on, behind the ledger as it is there."""
        self.connection = connection
        head = connection.execute(select(Head.seq, Head.mac)).one()
        self.seq, self.mac, self.key = head.seq, head.mac, chain_key()

    def copy(
        self,
        vendor_ids: Collection[UUID],
        *,
        known: Mapping[UUID, UUID],
        without: Collection[str] = (),
        change: Callable[[Table, Row, int], None] = lambda _table, _row, _turn: None,
        with_ledger: bool = True,
    ) -> Ids:
        """Copy everything of some vendors; returns the new identifier of each old one.

        `known` says what an identifier stands for that is not copied itself; the rows of the
        tables `without` are left out.
        """
        self.turn += 1
        chosen = self._chosen(vendor_ids, known, without)
        ids: Ids = dict(known)
        for table, rows in chosen.items():
            fresh = [each.name for each in table.columns if _is_fresh(each)]
            ids.update((row[n], new_id()) for row in rows for n in fresh if row[n] is not None)
        for table, rows in chosen.items():
            for row in rows:
                made = self._made(table, row, ids)
                change(table, made, self.turn)
                self._write(table, made)
        if with_ledger:
            self._follow(ids)
        return ids

    def finish(self) -> None:
        """Write what waits, and where the ledger ends."""
        for table in (*self.rows, *self.waiting.copy()):  # parents before what hangs on them
            self._flush(table)
        self.connection.execute(update(Head).values(seq=self.seq, mac=self.mac))

    def _chosen(
        self, vendor_ids: Collection[UUID], known: Mapping[UUID, UUID], without: Collection[str]
    ) -> dict[Table, list[Row]]:
        """Return the rows of some vendors: by their vendor, or by the row they hang on."""
        inside: set[UUID] = set(vendor_ids)
        found: dict[Table, list[Row]] = {}
        for table, rows in self.rows.items():
            if table.name == "person" or table.name in without:
                continue
            tie = _tie(table, self.rows)
            mine = [row for row in rows if row[tie] in inside]
            inside.update(row["id"] for row in mine if "id" in row)
            found[table] = mine
        contacts = found.get(Contact.__table__, [])  # type: ignore[call-overload]
        wanted = {row["person_id"] for row in contacts} - set(known)
        people = Model.metadata.tables["person"]
        return {people: [row for row in self.rows[people] if row["id"] in wanted], **found}

    def _made(self, table: Table, row: Row, ids: Ids) -> Row:
        made = _with_new_ids(row, ids)
        for name in _alone(table):
            made[name] = _other(table.columns[name], made[name], self.turn)
        for (of, name), context in SEALED.items():
            if table.name == of and made[name] is not None:
                plain = vault.unseal(row[name], context=context.format(row["id"]))
                made[name] = vault.seal(plain, context=context.format(made["id"]))
        if table is VENDOR:
            made["name"] = f"{row['name']} {self.turn}"
            made["name_key"] = name_key(made["name"])
            made["website"] = row["website"].replace("://", f"://v{self.turn}-")
            made["domain_key"] = domain_key(made["website"])
        return made

    def _follow(self, ids: Ids) -> None:
        """Copy the entries of the ledger about what was copied, chained like all others."""
        texts = {str(old): str(new) for old, new in ids.items()}
        for entry in self.entries:
            if entry["subject_id"] not in ids:
                continue
            self.seq += 1
            made = _with_new_ids(entry, ids)
            made["detail"] = {
                name: texts.get(value, value) if isinstance(value, str) else value
                for name, value in entry["detail"].items()
            }
            words, salt = made.pop("words"), made.pop("salt")
            made["actor_kind"] = entry["actor_kind"].value
            self.mac = chain.link(self.key, self.mac, self.seq, chain.Body(**made))
            row = {**made, "seq": self.seq, "mac": self.mac}
            self._write(Entry.__table__, row | {"actor_kind": entry["actor_kind"]})  # type: ignore[arg-type]
            if salt is not None:
                self._write(Words.__table__, {"seq": self.seq, "words": words, "salt": salt})  # type: ignore[arg-type]

    def _write(self, table: Table, row: Row) -> None:
        waiting = self.waiting.setdefault(table, [])
        waiting.append(row)
        if len(waiting) >= IN_ONE:
            self._flush(table)

    def _flush(self, table: Table) -> None:
        rows = self.waiting.pop(table, [])
        if rows:
            self.connection.execute(insert(table), rows)


_BODY = ("at", "actor_kind", "actor_id", "on_behalf_id", "request_id", "ip", "action")
_ENTRIES = (
    select(
        *(getattr(Entry, name) for name in _BODY),
        Entry.subject_kind,
        Entry.subject_id,
        Entry.chained.label("detail"),
        Words.words,
        Words.salt,
    )
    .outerjoin(Words, Words.seq == Entry.seq)
    .order_by(Entry.seq)
)


def _read(connection: Connection, table: Table) -> list[Row]:
    return [dict(row) for row in connection.execute(select(table)).mappings()]


def _with_new_ids(row: Row, ids: Ids) -> Row:
    return {
        name: ids.get(value, value) if isinstance(value, UUID) else value
        for name, value in row.items()
    }


def _tie(table: Table, known: Iterable[Table]) -> str:
    """Return the column that says whose a row is."""
    if table is VENDOR:
        return "id"
    if table.name in ABOUT:
        return ABOUT[table.name]
    if "vendor_id" in table.columns:
        return "vendor_id"
    names = {each.name for each in known} - {"person", table.name}
    return next(
        column.name
        for column in table.columns
        if any(key.column.table.name in names for key in column.foreign_keys)
    )


def _is_fresh(column: Column[Any]) -> bool:
    """Say whether a column holds an identifier that no other row may have."""
    is_its_own = column.name == "id" or bool(column.unique)
    return is_its_own and not column.foreign_keys and column.type.python_type is UUID


def _alone(table: Table) -> list[str]:
    """Return the columns of texts and codes that no other row may have."""
    together = {
        column.name
        for each in table.constraints
        if isinstance(each, UniqueConstraint) and not any(c.foreign_keys for c in each.columns)
        for column in each.columns
        if isinstance(column.type, LargeBinary)
    }
    plain = {c.name for c in table.columns if c.unique and isinstance(c.type, Text)}
    return [*plain, *together]


def _other(column: Column[Any], value: Any, turn: int) -> Any:  # noqa: ANN401  a value of any column
    """Return a value of the same kind that is nobody's yet."""
    if value is None:
        return None
    if isinstance(value, bytes):
        return value + turn.to_bytes(4)
    numbered = re.fullmatch(r"(\w+)-(\d+)", value) if column.name == "reference" else None
    if numbered is not None:
        return f"{numbered[1]}-{int(numbered[2]) + 1000 * turn:04d}"
    return f"c{turn}.{value}"
