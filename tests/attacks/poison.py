"""The demo's world with something hostile in every text: put straight into a copy of its rows."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Connection, Table, Text, bindparam, inspect, select, text
from sqlalchemy.exc import DBAPIError

from evidence.storage import EvidenceStore
from foundation import clock, keyring
from foundation.db import Database, Model
from foundation.settings import Settings
from operations.backup.checking import check
from operations.backup.making import make
from operations.backup.progress import Progress
from operations.backup.restoring import Place, restore
from tests.grounds import PostgresServer

MARK = "xssq"
PAYLOAD = (
    "\"'></textarea></title></option></script><xssq onxssq=1><svg/onload=xssq()>"
    "<img src=xssq: onerror=xssq()>{{7*7}}${7*7}{%xssq%}\u2028<!--<a href=javascript:xssq>"
)
ADDRESS = "javascript:alert('xssq')//"

CODES = frozenset(
    [
        "action",
        "answer",
        "band",
        "body_hash",
        "code",
        "code_hash",
        "browser_hash",
        "clause_code",
        "country",
        "currency",
        "data_sha256",
        "content_sha256",
        "dedupe_key",
        "domain_key",
        "dossier_sha256",
        "email",
        "etag",
        "event",
        "file_sha256",
        "format",
        "frozen_rating",
        "gate",
        "home_country",
        "how",
        "kek_id",
        "key",
        "kind",
        "lei",
        "locale",
        "location",
        "media_type",
        "message_id",
        "model_version",
        "name_key",
        "number",
        "owner_key",
        "page_size",
        "password_hash",
        "query",
        "reference",
        "renderer",
        "second_language",
        "sha256",
        "scope",
        "section_code",
        "signature",
        "step",
        "stop_path",
        "subject_kind",
        "template_version",
        "tier_before",
        "tier_model",
        "time_zone",
        "to_email",
        "token_hash",
        "words",
        "body",
    ]
)
"""Columns of words only the program writes, by name; every other one is attacked."""
ADDRESSES = frozenset({"website", "url"})
NAMED = frozenset({"heartbeat", "sweep_lease", "reference_counter", "alembic_version"})
"""Tables whose names are the program's own."""


@dataclass
class Poisoned:
    """What could be written, and what the database itself refused."""

    columns: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    cells: int = 0


def copy_of(
    database: Database, used: Settings, folder: Path, server: PostgresServer | None
) -> Settings:
    """Return the settings of a copy: its own rows, the same files and keys."""
    keys = {"keys_file": used.keys_path, "data_dir": folder}
    if server is None:
        (folder / "evidence").symlink_to(used.evidence_dir)
        with (
            sqlite3.connect(used.data_dir / "duly.sqlite3") as source,
            sqlite3.connect(folder / "duly.sqlite3") as target,
        ):
            source.backup(target)
        return used.model_copy(update=keys)
    address = server.new_database("duly_poisoned")
    place, kept = Place(Database(address), folder / "evidence"), folder / "kept.tar"
    store, at = EvidenceStore(used.evidence_dir), clock.now()
    make(database, store, kept, at=at, replace=False, progress=Progress())
    checked = check(kept, keyring.current())
    restore(kept, checked, place, at=at, progress=Progress())
    place.database.engine.dispose()
    return used.model_copy(update=keys | {"database_url": address})


def poison(database: Database) -> Poisoned:
    """Write the payload into every text of every row."""
    done = Poisoned()
    with database.engine.begin() as connection:
        _unprotect(connection)
        for table in Model.metadata.sorted_tables:
            if table.name not in NAMED:
                for name, kind in _texts(table):
                    _poison(connection, table, name, kind, done)
    return done


def _texts(table: Table) -> Iterator[tuple[str, str]]:
    for column in table.columns:
        if isinstance(column.type, JSON):
            yield column.name, "json"
        elif isinstance(column.type, Text) and column.name not in CODES:
            yield column.name, "address" if column.name in ADDRESSES else "text"


def _poison(connection: Connection, table: Table, name: str, kind: str, done: Poisoned) -> None:
    keys = list(table.primary_key.columns)
    column = table.c[name]
    rows = connection.execute(select(*keys, column).where(column.is_not(None))).all()
    new = [
        {**{f"k{i}": key for i, key in enumerate(row[:-1])}, "v": _hostile(row[-1], kind, number)}
        for number, row in enumerate(rows)
        if row[-1] not in ("", None)
    ]
    if not new:
        return
    change = table.update().values({name: bindparam("v", type_=column.type)})
    for i, key in enumerate(keys):
        change = change.where(key == bindparam(f"k{i}", type_=key.type))
    try:
        with connection.begin_nested():
            connection.execute(change, new)
            done.columns.append(f"{table.name}.{name}")
            done.cells += len(new)
    except DBAPIError as refusal:
        done.refused.append(f"{table.name}.{name}: {str(refusal.orig).splitlines()[0]}")


def _hostile(value: Any, kind: str, number: int) -> Any:
    if kind == "json":
        return _in_prose(value)
    if kind == "address":
        return f"{ADDRESS}{number}"
    return f"{value[:30]}{number}{PAYLOAD}"


def _in_prose(value: Any) -> Any:
    """Add it to what people wrote; words without a blank are the program's own."""
    if isinstance(value, dict):
        return {key: _in_prose(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_in_prose(one) for one in value]
    return value + PAYLOAD if isinstance(value, str) and " " in value else value


def _unprotect(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        guards = (
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%append-only%'"
        )
        for (name,) in connection.execute(text(guards)).all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        return
    for table in inspect(connection).get_table_names():
        connection.execute(text(f'ALTER TABLE "{table}" DISABLE TRIGGER USER'))
