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
