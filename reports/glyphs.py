"""What can be printed: control characters go, and what our fonts lack is named by its number."""

import unicodedata
from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

_KEPT = frozenset("\n\t")
_BIDI_CONTROLS = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
_JOINERS = frozenset("\u200c\u200d\u200e\u200f\u00ad\u2060\ufeff")


class Shapes(dict[int, str]):
    """What is printed for each character, found once; a table for str.translate."""

    def __init__(self, covered: Iterable[int]) -> None:
        """Take the code points our fonts can draw."""
        super().__init__()
        self.covered = frozenset(covered)

    def __missing__(self, code: int) -> str:
        """Find what is printed for a character seen for the first time."""
        self[code] = shape = _shape(chr(code), self.covered)
        return shape


def shapes_of(files: Iterable[Path]) -> Shapes:
    """Return what is printed where these fonts are all there is to draw with."""
    covered: set[int] = set()
    for file in files:
        with TTFont(file, lazy=True) as font:
            covered |= font.getBestCmap().keys()
    return Shapes(covered)


def printable(text: str, shapes: Shapes) -> str:
    """Return a text in which every character has a shape; the data keeps the real one."""
    return text.replace("\r\n", "\n").translate(shapes)


def all_printable(value: Any, shapes: Shapes) -> Any:  # noqa: ANN401  facts of any shape
    """Return the same facts with every text made printable."""
    if isinstance(value, str):
        return printable(value, shapes)
    if isinstance(value, tuple):
        return tuple(all_printable(item, shapes) for item in value)
    if isinstance(value, dict):
        return {key: all_printable(item, shapes) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        changed = {f.name: all_printable(getattr(value, f.name), shapes) for f in fields(value)}
        return replace(value, **changed)
    return value


def direction(text: str) -> str:
    """Return rtl when the first letter with a direction runs right to left."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in {"R", "AL"}:
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"


def _shape(char: str, covered: frozenset[int]) -> str:
    if char in _KEPT:
        return char
    if char in _BIDI_CONTROLS or unicodedata.category(char) in {"Cc", "Cs"}:
        return ""
    if ord(char) in covered or char in _JOINERS:
        return char
    return f"[U+{ord(char):04X}]"
