"""The geometry of charts: pure numbers, drawn as SVG by one template, with a table beside it."""

from collections.abc import Iterable
from dataclasses import dataclass

WIDTH = 640


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a stacked bar, in units of its view box."""

    x: float
    width: float
    look: str
    """The class that colours it."""
    label: str
    value: int


@dataclass(frozen=True, slots=True)
class Stack:
    """One bar of parts in a row; `said` tells in words what it shows."""

    width: int
    segments: tuple[Segment, ...]
    said: str
    total: int


def stack(parts: Iterable[tuple[str, str, int]], *, of: int = 0, width: int = WIDTH) -> Stack:
    """Return a bar of (class, label, value); with `of`, its parts fill only their share of that."""
    shown = [part for part in parts if part[2] > 0]
    total = sum(value for _, _, value in shown)
    scale = width / max(total, of, 1)
    segments, x = [], 0.0
    for look, label, value in shown:
        segments.append(Segment(round(x, 2), round(value * scale, 2), look, label, value))
        x += value * scale
    said = ", ".join(f"{label} {value}" for _, label, value in shown)
    return Stack(width, tuple(segments), said, total)
