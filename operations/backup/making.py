"""Making a backup: one moment of the database and every object it names, while work goes on."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from pyrage.x25519 import Recipient
from sqlalchemy import Connection

from audit import head_file
from audit.signed_heads import read_line
from evidence.storage import EvidenceStore
from foundation import keyring, schema, settings
from foundation.crypto import Label, Tampered, WrappedKey
from foundation.db import Database
from foundation.errors import Refused
from foundation.failpoints import failpoint
from foundation.keyring import Keyring, KeyringError
from operations.backup import container, tables
from operations.backup.closing import closing
from operations.backup.container import Writer
from operations.backup.progress import Progress
from operations.backup.tables import Shape
from operations.backup.whole_file import written_whole
from operations.version import version

PART_BYTES = 4 * 1024 * 1024
"""Rows of a table are packed in parts of about this size, before packing."""
OBJECTS = "evidence"
"""The table that names stored objects."""


@dataclass(slots=True)
class Made:
    """What a backup holds, and which stored files were not right when it was made."""

    revision: str
    rows: int = 0
    objects: int = 0
    size: int = 0
    faulty: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Object:
    """A stored object and what opens it."""

    reference: str
    label: Label
    object_id: Any
    key: WrappedKey


def make(  # noqa: PLR0913  each part of a backup is named
    database: Database,
    store: EvidenceStore,
    target: Path,
    *,
    at: datetime,
    replace: bool,
    progress: Progress,
    recipients: Sequence[Recipient] = (),
) -> Made:
    """Write a backup to the target, whole or not at all. Raises Refused.

    With recipients it is encrypted, and only they open it: this server cannot.
    """
    with written_whole(target, replace=replace) as file:
        with closing(file, recipients) if recipients else nullcontext(file) as inner:
            made = _write(database, store, inner, at, progress)
        made.size = file.tell()
    return made


def _write(
    database: Database, store: EvidenceStore, file: IO[bytes], at: datetime, progress: Progress
) -> Made:
    heads = _heads()  # before the moment of the rows: no head may name an entry that is not in them
    with database.snapshot() as connection:
        revision = schema.revision_on(connection)
        if revision is None:
            raise Refused("There is nothing to back up: the database has no tables yet.")
        made = Made(revision)
        all_shapes = tables.shapes(connection)
        writer = Writer(file, at)
        writer.add(container.HEADER, _document(_header(revision, all_shapes, at)))
        writer.add(container.HEADS, container.packed(b"".join(line + b"\n" for line in heads)))
        told = _write_rows(connection, writer, all_shapes, made, progress)
        failpoint("backup.after_rows")
        _write_objects(connection, store, writer, all_shapes, made, progress)
        _write_manifest(writer, told, made, heads)
    return made


def _heads() -> list[bytes]:
    with suppress(OSError):  # one that cannot be read is told by the check of the ledger
        return head_file.lines_of(settings.current().heads_path)
    return []


def seal_of(ring: Keyring, key_id: str, manifest: bytes) -> str:
    """Return the code that only somebody with the key can make for a list of parts."""
    return hmac.new(ring.derive("backup|v1", key_id), manifest, hashlib.sha256).hexdigest()


def _header(revision: str, all_shapes: list[Shape], at: datetime) -> dict[str, object]:
    ring = keyring.current()
    return {
        "format": container.FORMAT,
        "program": version(),
        "revision": revision,
        "made_at": at.isoformat(timespec="seconds"),
        "key": ring.current_id,
        "keys": {key_id: ring.fingerprint(key_id) for key_id in ring.keys},
        "tables": [
            {"name": shape.name, "columns": shape.columns, "key": shape.key} for shape in all_shapes
        ],
    }


def _write_rows(
    connection: Connection,
    writer: Writer,
    all_shapes: list[Shape],
    made: Made,
    progress: Progress,
) -> dict[str, dict[str, object]]:
    told: dict[str, dict[str, object]] = {}
    for number, shape in enumerate(all_shapes, 1):
        progress.step("Tables", number, len(all_shapes))
        known, n_rows = hashlib.sha256(), 0
        for part, (lines, n_lines) in enumerate(_batches(tables.lines(connection, shape)), 1):
            known.update(lines)
            n_rows += n_lines
            writer.add(container.table_part(shape.name, part), container.packed(lines))
        told[shape.name] = {"rows": n_rows, "sha256": known.hexdigest()}
        made.rows += n_rows
    return told


def _batches(lines: Iterator[bytes]) -> Iterator[tuple[bytes, int]]:
    """Put lines together until a part is large enough."""
    held, size = list[bytes](), 0
    for line in lines:
        held.append(line)
        size += len(line)
        if size >= PART_BYTES:
            yield b"".join(held), len(held)
            held, size = [], 0
    if held:
        yield b"".join(held), len(held)


def _write_objects(
    connection: Connection,
    store: EvidenceStore,
    writer: Writer,
    all_shapes: list[Shape],
    made: Made,
    progress: Progress,
) -> None:
    wanted = list(_objects(connection, all_shapes))
    for number, each in enumerate(wanted, 1):
        progress.step("Evidence", number, len(wanted))
        try:
            for _ in store.open(each.object_id, label=each.label, key=each.key):
                pass  # what is copied must be what was stored: a later restore has nothing else
        except (Tampered, KeyringError) as found:
            made.faulty.append(f"{each.reference}: {found}")
        try:
            _copy(store, writer, each)
        except Tampered:
            continue  # it is not there at all, which was noted above
        made.objects += 1


def _copy(store: EvidenceStore, writer: Writer, each: Object) -> None:
    with store.open_sealed(each.object_id) as source:
        size = source.seek(0, 2)
        source.seek(0)
        writer.add_from(container.object_part(each.object_id), source, size)


def _objects(connection: Connection, all_shapes: list[Shape]) -> Iterator[Object]:
    """Yield the objects the snapshot names; an erased one has no key and needs no copy."""
    shape = next((one for one in all_shapes if one.name == OBJECTS), None)
    if shape is None:
        return
    clause = shape.clause()
    chosen = clause.select().where(clause.c.wrapped_dek.is_not(None)).order_by(clause.c.id)
    for row in connection.execute(chosen).mappings():
        sealed_for = row.get("sealed_for_id") or row["vendor_id"]
        yield Object(
            row["reference"],
            Label(sealed_for, row["id"], row.get("sealed_version") or 1),
            row["object_id"],
            WrappedKey(row["kek_id"], row["wrapped_dek"]),
        )


def _write_manifest(
    writer: Writer, told: dict[str, dict[str, object]], made: Made, heads: list[bytes]
) -> None:
    manifest = _document(
        {
            "parts": {name: [part.sha256, part.size] for name, part in writer.parts.items()},
            "tables": told,
            "rows": made.rows,
            "objects": made.objects,
            "faulty": made.faulty,
            "head": json.loads(heads[-1]) if heads and read_line(heads[-1]) else None,
        }
    )
    writer.add(container.MANIFEST, manifest)
    ring = keyring.current()
    writer.add(container.SEAL, seal_of(ring, ring.current_id, manifest).encode())
    writer.close()


def _document(content: dict[str, object]) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"
