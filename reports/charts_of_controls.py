"""The geometry of the report's charts of controls: pure numbers, drawn by one template."""

from collections.abc import Iterable
from dataclasses import dataclass

from reports.charts import Stack, stack
from reports.dossier_answers import AreaFacts, AssessmentFacts
from reports.dossier_past import RuleFacts

LABEL = 190
WIDTH = 640
ROW = 27
TOP = 16
TRACK = WIDTH - LABEL - 78
PROOF_GROUP = "How far a proof counts"


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of the chart, in units of its view box; `last` is None without a cycle before."""

    y: int
    name: str
    claimed: float
    evidenced: float
    last: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars, the line of the tier and the size of the drawing; `said` tells it in words."""

    width: int
    height: int
    left: int
    track: int
    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, str], ...]
    line: float | None
    line_text: str
    said: str


@dataclass(frozen=True, slots=True)
class ProofLevel:
    """How many questions, with how much weight, are proven how well."""

    name: str
    level: float
    questions: int
    weight: int


def areas_chart(areas: Iterable[AreaFacts], last: Iterable[AreaFacts], bar: float | None) -> Chart:
    """Return the bars of the control areas, claimed against evidenced, with last time's tick."""
    shown = tuple(areas)
    before = {one.name: one.evidenced for one in last}
    bars = tuple(_bar(index, area, before.get(area.name)) for index, area in enumerate(shown))
    line = None if bar is None else round(LABEL + bar * TRACK, 1)
    return Chart(
        width=WIDTH,
        height=TOP + len(shown) * ROW + 18,
        left=LABEL,
        track=TRACK,
        bars=bars,
        ticks=tuple((LABEL + TRACK * n / 4, str(25 * n)) for n in range(5)),
        line=line,
        line_text="" if bar is None else f"needed {bar * 100:.0f}",
        said=_said(shown, before, bar),
    )


def proof_levels(
    assessments: Iterable[AssessmentFacts], rules: Iterable[RuleFacts]
) -> tuple[ProofLevel, ...]:
    """Return the counted questions by how well they are proven, the best first."""
    names = {rule.value: rule.name for rule in rules if rule.group == PROOF_GROUP}
    found: dict[float, list[int]] = {}
    for one in assessments:
        for line in one.score.lines if one.score else ():
            if line.outcome.value == "counted":
                found.setdefault(line.assurance, []).append(line.weight)
    return tuple(
        ProofLevel(
            name=names.get(f"{level:.2f}", f"Counts {level:.2f}"),
            level=level,
            questions=len(found[level]),
            weight=sum(found[level]),
        )
        for level in sorted(found, reverse=True)
    )


def proof_stack(levels: Iterable[ProofLevel]) -> Stack:
    """Return one bar of the weight by how well it is proven."""
    return stack((f"proof-{one.level * 100:.0f}", one.name, one.weight) for one in levels)


def _bar(index: int, area: AreaFacts, last: float | None) -> Bar:
    return Bar(
        y=TOP + index * ROW,
        name=area.name,
        claimed=round(area.claimed * TRACK, 1),
        evidenced=round(area.evidenced * TRACK, 1),
        last=None if last is None else round(LABEL + last * TRACK, 1),
        text=f"{area.evidenced * 100:.0f} / {area.claimed * 100:.0f}",
    )


def _said(areas: tuple[AreaFacts, ...], before: dict[str, float], bar: float | None) -> str:
    parts = []
    for area in areas:
        last = f", last cycle {before[area.name] * 100:.0f}" if area.name in before else ""
        parts.append(
            f"{area.name}: claimed {area.claimed * 100:.0f}, "
            f"evidenced {area.evidenced * 100:.0f}{last}"
        )
    needed = "" if bar is None else f" The line stands at {bar * 100:.0f}."
    return f"Out of 100. {'; '.join(parts)}.{needed}"
