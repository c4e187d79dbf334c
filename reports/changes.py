"""What has changed since the last report or cycle, and how many points that moved. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from reports import change_lines
from reports.dossier import Dossier
from reports.dossier_answers import AssessmentFacts
from reports.dossier_parts import StandingFacts
from reports.dossier_past import ChangeFacts, ChangesFacts, EffectFacts, NumberFacts

LEAST = 0.05
"""An effect that would be printed as 0.0 is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What a dossier is compared with; `dossier` is None where only a cycle is known."""

    since: str
    at: datetime
    standing: StandingFacts
    assessments: tuple[AssessmentFacts, ...]
    outcome: str = ""
    dossier: Dossier | None = None


def before_of_report(known: Dossier) -> Before:
    """Return an issued report as something to compare with."""
    return Before(
        since=f"report {known.reference}",
        at=known.as_of,
        standing=known.standing,
        assessments=known.assessments,
        outcome=known.decision.outcome.text if known.decision else "",
        dossier=known,
    )


def changes_between(before: Before, now: Dossier) -> ChangesFacts:
    """Return what is not as it was, the weightiest answers first."""
    return ChangesFacts(
        since=before.since,
        at=before.at,
        numbers=tuple(_numbers(before.standing, now.standing)),
        effects=tuple(_effects(before.assessments, now.assessments)),
        lines=tuple(_lines(before, now)),
    )


def _numbers(before: StandingFacts, now: StandingFacts) -> Iterator[NumberFacts]:
    yield NumberFacts(name="Inherent risk", before=before.inherent, after=now.inherent)
    yield NumberFacts(
        name="Controls, claimed", before=_of_100(before.claimed), after=_of_100(now.claimed)
    )
    yield NumberFacts(
        name="Controls, evidenced", before=_of_100(before.evidenced), after=_of_100(now.evidenced)
    )
    yield NumberFacts(name="Remaining risk", before=before.residual, after=now.residual)


def _effects(
    before: Iterable[AssessmentFacts], now: Iterable[AssessmentFacts]
) -> Iterator[EffectFacts]:
    """Yield the effect of each area; since each is a part of the same total, they add up."""
    was, is_ = _parts_by_area(before), _parts_by_area(now)
    if not was or not is_:
        return
    for area in dict.fromkeys([*is_, *was]):
        points = is_.get(area, 0.0) - was.get(area, 0.0)
        if abs(points) >= LEAST:
            yield EffectFacts(area=area, points=round(points, 2))


def _parts_by_area(assessments: Iterable[AssessmentFacts]) -> Mapping[str, float]:
    """Return how many of 100 points of evidenced controls each area gives."""
    scores = [one.score for one in assessments if one.score]
    weight = sum(score.total.weight for score in scores)
    parts: dict[str, float] = {}
    for score in scores:
        for area in score.areas:
            parts[area.name] = parts.get(area.name, 0.0) + 100 * area.evidenced_points / weight
    return parts


def _lines(before: Before, now: Dossier) -> Iterator[ChangeFacts]:
    outcome = now.decision.outcome.text if now.decision else ""
    yield from _one("Decision", "Outcome", before.outcome, outcome)
    yield from _one("Tier", "Tier", before.standing.tier, now.standing.tier)
    if before.dossier is not None:
        yield from change_lines.of_records(before.dossier, now)
    yield from change_lines.of_answers(before.assessments, now.assessments)


def _one(kind: str, what: str, was: object, is_: object) -> Iterator[ChangeFacts]:
    if was != is_:
        yield ChangeFacts(kind=kind, what=what, before=_said(was), after=_said(is_))


def _said(value: object) -> str:
    return "none" if value in (None, "") else str(value)


def _of_100(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 2)
