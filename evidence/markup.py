"""Hostile XML inside other files: what would make its reader fetch or unfold something."""

import re
from xml.parsers import expat

UNSAFE = (
    "The selected file holds instructions to load other files. Save it anew in its own program "
    "and select it again."
)
LONGEST_PROLOG = 64 * 1024
XINCLUDE = b"http://www.w3.org/2001/XInclude"
_WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_SKIPPED = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_LOADED = frozenset(
    {"attachedtemplate", "oleobject", "frame", "subdocument", "image", "audio", "video", "media"}
)
"""Kinds of relations, in small letters, that are followed when a document is opened."""
_TAKEN_IN = "afchunk"
"""A page of another format, which its program reads as such on opening, with all it points to."""
_ELSEWHERE = re.compile(
    r"\s*(https?:|ftp:|smb:|mhtml:|\\\\|//|file:/*[\\/]{2,}[^/\\\"'])", re.IGNORECASE
)


def declares_a_document_type(beginning: bytes) -> bool:
    """Say whether XML has, before its first element, anything but remarks: no DTD, no entities.

    What does not begin like XML in UTF-8 or UTF-16 is taken for hostile, too: a parser may read it
    by another alphabet than we do.
    """
    text = beginning.decode(_WIDE.get(beginning[:2], "utf-8-sig"), errors="replace")
    at = 0
    while found := _SKIPPED.match(text, at):
        at = found.end()
    return not re.match(r"<[^!?\W]", text[at : at + 2])


def loads_from_elsewhere(relations: bytes) -> bool:
    """Say whether a list of relations has a part loaded from another machine on opening.

    Links somebody would have to follow are no such parts. Raises ValueError for what is no XML.
    """
    return any(_is_loaded(each) for name, each in elements(relations) if name == "relationship")


def elements(content: bytes) -> list[tuple[str, dict[str, str]]]:
    """Return the elements of a list as its readers see them: names in small letters, attributes.

    A letter may be written as its number, and a sign of closing may stand in an attribute: so this
    is read by a parser. Raises ValueError for what is no XML, and for declarations.
    """
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, given: found.append(
        (_local(name), {_local(key): value for key, value in given.items()})
    )
    parser.StartDoctypeDeclHandler = _refuse_declarations
    try:
        parser.Parse(content, True)
    except expat.ExpatError as fault:
        raise ValueError("no XML") from fault
    return found


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()


def _refuse_declarations(*declared: object) -> None:
    raise ValueError(f"{len(declared)} words of a document type")


def _is_loaded(relation: dict[str, str]) -> bool:
    kind = relation.get("type", "").rpartition("/")[2].strip().lower()
    is_elsewhere = _ELSEWHERE.match(relation.get("target", "")) is not None
    return kind == _TAKEN_IN or (kind in _LOADED and is_elsewhere)


def has_declarations(content: bytes) -> bool:
    """Say whether somewhere in a picture or a description of it entities are declared."""
    return b"<!DOCTYPE" in content or b"<!ENTITY" in content
