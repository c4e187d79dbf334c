"""Control areas over several assessments, each answer counting by its weight. Pure."""

from collections.abc import Iterable

from reports.dossier_answers import AreaFacts, AssessmentFacts


def areas_of(assessments: Iterable[AssessmentFacts]) -> tuple[AreaFacts, ...]:
    """Return the areas of all scored assessments as one list, in the order they come."""
    found: dict[str, list[AreaFacts]] = {}
    for one in assessments:
        for area in one.score.areas if one.score else ():
            found.setdefault(area.name, []).append(area)
    return tuple(_together(areas) if len(areas) > 1 else areas[0] for areas in found.values())


def coverage_of(areas: Iterable[AreaFacts]) -> float | None:
    """Return the share of weight with independent proof, 0 to 1; None where nothing is scored."""
    shown = tuple(areas)
    weight = sum(one.weight for one in shown)
    return sum(one.coverage * one.weight for one in shown) / weight if weight else None


def _together(areas: list[AreaFacts]) -> AreaFacts:
    weight = sum(one.weight for one in areas)
    claimed = sum(one.claimed_points for one in areas)
    evidenced = sum(one.evidenced_points for one in areas)
    covered = sum(one.coverage * one.weight for one in areas)
    return AreaFacts(
        name=areas[0].name,
        claimed=round(claimed / weight, 4),
        evidenced=round(evidenced / weight, 4),
        coverage=round(covered / weight, 4),
        weight=weight,
        claimed_points=round(claimed, 4),
        evidenced_points=round(evidenced, 4),
        questions=sum(one.questions for one in areas),
    )
