"""Hostile XML inside other files: what would make its reader fetch or unfold something."""

import re

UNSAFE = (
    "The selected file holds instructions to load other files. Save it anew in its own program "
    "and select it again."
)
LONGEST_PROLOG = 64 * 1024
XINCLUDE = b"http://www.w3.org/2001/XInclude"
_WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_SKIPPED = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>", re.IGNORECASE)
_LOADED = re.compile(
    r"\bType\s*=\s*[\"'][^\"']*/(attachedTemplate|oleObject|frame|subDocument)[\"']", re.IGNORECASE
)
_ELSEWHERE = re.compile(
    r"\bTarget\s*=\s*[\"']\s*(https?:|ftp:|smb:|mhtml:|\\\\|//|file:/*[\\/]{2,}[^/\\\"'])",
    re.IGNORECASE,
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

    Links somebody would have to follow are no such parts.
    """
    text = relations.decode(_WIDE.get(relations[:2], "utf-8-sig"), errors="replace")
    return any(_LOADED.search(each) and _ELSEWHERE.search(each) for each in _RELATION.findall(text))


def has_declarations(content: bytes) -> bool:
    """Say whether somewhere in a picture or a description of it entities are declared."""
    return b"<!DOCTYPE" in content or b"<!ENTITY" in content
