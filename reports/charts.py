"""The geometry of charts: pure numbers, drawn as SVG by one template, with a table beside it."""

from collections.abc import Iterable
from dataclasses import dataclass

from reports.dossier_answers import AreaFacts

LABEL = 220
WIDTH = 640
ROW = 26
TRACK = WIDTH - LABEL - 60


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of the chart, in units of its view box."""

    y: int
    name: str
    claimed: float
    evidenced: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars and the size of the drawing; `said` tells in words what it shows."""

    width: int
    height: int
    left: int
    track: int
    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, str], ...]
    said: str


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


def areas_chart(areas: Iterable[AreaFacts]) -> Chart:
    """Return the bars of the control areas, claimed against evidenced."""
    shown = tuple(areas)
    bars = tuple(
        Bar(
            y=index * ROW,
            name=area.name,
            claimed=round(area.claimed * TRACK, 1),
            evidenced=round(area.evidenced * TRACK, 1),
            text=f"{area.evidenced * 100:.0f} / {area.claimed * 100:.0f}",
        )
        for index, area in enumerate(shown)
    )
    said = "; ".join(
        f"{area.name}: claimed {area.claimed * 100:.0f}, evidenced {area.evidenced * 100:.0f}"
        for area in shown
    )
    ticks = tuple(
        (LABEL + TRACK * share, f"{share * 100:.0f}") for share in (0, 0.25, 0.5, 0.75, 1)
    )
    return Chart(WIDTH, len(shown) * ROW + 18, LABEL, TRACK, bars, ticks, f"Out of 100. {said}.")
