"""docs/api.md read into headings, paragraphs and tables, so that a page can print it. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

Piece = tuple[str, str]
"""A kind (text, code or strong) and its words."""
Line = tuple[Piece, ...]

_INLINE = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*|\b(null|[a-z]+(?:_[a-z]+)+)\b")
"""Code is what stands in back-ticks, and what is a word of JSON or a key wherever it stands."""
_RULE = re.compile(r"^\|[ :|-]+\|$")


@dataclass(slots=True)
class Block:
    """A part of the text: a heading of a level, a paragraph, or a table with its head."""

    level: int = 0
    words: Line = ()
    head: tuple[Line, ...] = ()
    rows: list[tuple[Line, ...]] = field(default_factory=list)


def blocks_of(text: str) -> list[Block]:
    """Return the parts of a text in their order; only what docs/api.md uses is known."""
    found: list[Block] = []
    for part in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in part.splitlines()]
        if lines[0].startswith("#"):
            marks = len(lines[0]) - len(lines[0].lstrip("#"))
            found.append(Block(level=marks, words=pieces(lines[0].lstrip("# "))))
        elif lines[0].startswith("|"):
            found.append(_table(lines))
        else:
            found.append(Block(words=pieces(" ".join(lines))))
    return found


def pieces(text: str) -> Line:
    """Return a line in pieces: plain words, code and strong words."""
    found: list[Piece] = []
    end = 0
    for match in _INLINE.finditer(text):
        found.append(("text", text[end : match.start()]))
        marked, strong, word = match.groups()
        code = marked or word
        found.append(("code", code) if code is not None else ("strong", strong))
        end = match.end()
    found.append(("text", text[end:]))
    return tuple(piece for piece in found if piece[1])


def _table(lines: Iterable[str]) -> Block:
    rows = [
        tuple(pieces(cell.strip()) for cell in line.strip("|").split("|"))
        for line in lines
        if not _RULE.match(line)
    ]
    return Block(head=rows[0], rows=rows[1:])
