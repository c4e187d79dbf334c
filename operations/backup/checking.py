"""Checking a backup file: each part against the list at its end, that list against the keys."""

import hmac
import json
from dataclasses import dataclass, field
from tarfile import TarError
from typing import IO, Any

from foundation import schema
from foundation.errors import Refused
from foundation.keyring import Keyring
from operations.backup import container
from operations.backup.closing import Source
from operations.backup.container import Hashing, Part
from operations.backup.kinds import Kind
from operations.backup.making import seal_of
from operations.backup.tables import Shape

MOST_SHOWN = 20
UNREADABLE_JSON = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
DOCUMENTS = frozenset({container.HEADER, container.HEADS, container.MANIFEST, container.SEAL})
"""Parts that are kept in memory while the others are hashed."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a backup says of itself."""

    program: str
    revision: str
    made_at: str
    key: str
    keys: dict[str, str]
    shapes: tuple[Shape, ...]


@dataclass(slots=True)
class Checked:
    """What was found: the two documents, and everything that is not as it should be."""

    header: Header
    manifest: dict[str, Any] = field(default_factory=dict)
    damaged: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    heads: bytes = b""
    """The lines of the signed heads, as they were."""
    is_sealed: bool | None = None
    """Whether the list of parts was made with our keys; None where there are no keys to ask."""

    @property
    def problems(self) -> list[str]:
        """Say everything that is wrong, one sentence each."""
        return [
            *self.others,
            *_said("is damaged", self.damaged),
            *_said("is missing", self.missing),
            *_said("does not belong to it", self.extra),
        ]


def check(path: Source, ring: Keyring | None) -> Checked:
    """Read the whole file and say what is wrong with it. Raises Refused for what is no backup."""
    seen, documents = dict[str, Part](), dict[str, bytes]()
    extra, damaged = list[str](), list[str]()
    for name, source in container.parts_of(path):
        if name == container.END:
            damaged.append(name)
            continue
        if name in seen or source is None:
            extra.append(name)
            continue
        seen[name], content = _take(name, source)
        if content is not None:
            documents[name] = content
    header = read_header(documents.get(container.HEADER, b""))
    if header is None:
        raise Refused(f"{path} is no backup of Duly: its first part is missing or damaged.")
    found = Checked(header, extra=extra, damaged=damaged)
    _judge_manifest(found, documents, ring)
    _compare(found, seen)
    if container.HEADS in documents and not found.problems:
        found.heads = container.unpacked(documents[container.HEADS])
    return found


def keys_that_do_not_fit(header: Header, ring: Keyring) -> list[str]:
    """Return the keys a backup needs and the ring has not, or has otherwise."""
    return [
        key_id
        for key_id, fingerprint in header.keys.items()
        if key_id not in ring.keys or ring.fingerprint(key_id) != fingerprint
    ]


def read_header(content: bytes) -> Header | None:
    """Return the header, or None for bytes that are none."""
    try:
        told = json.loads(content)
        if told["format"] != container.FORMAT:
            raise Refused(
                f'This backup has the format "{told["format"]}"; '
                f"this version of Duly reads {container.FORMAT}."
            )
        shapes = tuple(
            Shape(each["name"], tuple((n, Kind(k)) for n, k in each["columns"]), tuple(each["key"]))
            for each in told["tables"]
        )
        return Header(
            str(told["program"]),
            str(told["revision"]),
            str(told["made_at"]),
            str(told["key"]),
            dict(told["keys"]),
            shapes,
        )
    except UNREADABLE_JSON:
        return None


def _take(name: str, source: IO[bytes]) -> tuple[Part, bytes | None]:
    """Hash a part to its end; keep it only if it is one of the documents."""
    hashing = Hashing(source)
    content = None
    try:
        if name in DOCUMENTS:
            content = hashing.whole()
        hashing.drain()
    except (OSError, TarError):
        pass  # cut short: the hash of what is there will not be the one that is listed
    return hashing.part, content


def _judge_manifest(found: Checked, documents: dict[str, bytes], ring: Keyring | None) -> None:
    manifest = documents.get(container.MANIFEST)
    try:
        found.manifest = json.loads(manifest or b"")
        known = (found.manifest["tables"], _listed(found.manifest))
    except UNREADABLE_JSON:
        found.manifest, known = {}, None
    if known is None or manifest is None:
        found.others.append(
            "The list of its parts is missing or damaged: the file is cut short, or was changed."
        )
        return
    if not schema.knows(found.header.revision):
        found.others.append(
            f"It was made by a newer version ({found.header.program}, schema "
            f"{found.header.revision}); this one knows schemas up to {schema.newest()}."
        )
    if ring is not None:
        _judge_keys(found, manifest, documents.get(container.SEAL, b""), ring)


def _judge_keys(found: Checked, manifest: bytes, seal: bytes, ring: Keyring) -> None:
    strange = keys_that_do_not_fit(found.header, ring)
    if strange:
        needed = ", ".join(f"{each} ({found.header.keys[each]})" for each in strange)
        found.others.append(
            f"Its keys are not in the key file of this installation: {needed}. "
            "Put back the key file that was kept apart when the backup was made."
        )
        return
    sealed = seal_of(ring, found.header.key, manifest)
    found.is_sealed = hmac.compare_digest(sealed.encode(), seal.strip())
    if not found.is_sealed:
        found.others.append("The list of its parts was changed after the backup was made.")


def _compare(found: Checked, seen: dict[str, Part]) -> None:
    if not found.manifest:
        return
    listed = _listed(found.manifest)
    for name, part in listed.items():
        if name not in seen:
            found.missing.append(name)
        elif seen[name] != part:
            found.damaged.append(name)
    if seen.get(container.SEAL, Part("", 0)).size != container.SEAL_SIGNS:
        found.missing.append(container.SEAL)
    found.extra += sorted(seen.keys() - listed.keys() - container.OWN_PARTS)


def _listed(manifest: dict[str, Any]) -> dict[str, Part]:
    """Return the parts a list names. Raises what UNREADABLE_JSON holds for a list that is none."""
    return {name: Part(*told) for name, told in manifest["parts"].items()}


def _said(what: str, names: list[str]) -> list[str]:
    shown = [f"{name} {what}." for name in names[:MOST_SHOWN]]
    if len(names) > MOST_SHOWN:
        shown.append(f"{len(names) - MOST_SHOWN} further parts: each {what}.")
    return shown
