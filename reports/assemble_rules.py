"""The dossier's part about our own rules: every number a score or a rating is made with."""

from collections.abc import Iterator

from evidence.rules import EvidenceKind, levels
from foundation.labels import label
from questionnaires.nodes import WeightClass
from questionnaires.scoring import SCORING_MODEL
from reports.dossier_past import RuleFacts
from reviews.residual import BANDS, CAP
from vendors.tier_model import TierModel

_PROOF = {
    "E0": "The vendor's word alone",
    "E1": "A document of the vendor",
    "E2": "A self-assessment in a known form",
    "E3": "An independent certificate or test",
    "E4": "An independent report on a period",
    "E5": "We have seen it ourselves",
}
_ANSWERS = {"yes": "Yes", "partial": "Partly", "planned": "Planned", "no": "No"}


def rule_facts(model: TierModel) -> tuple[RuleFacts, ...]:
    """Return the rules in force, group after group."""
    return tuple(
        RuleFacts(group=group, name=name, value=value)
        for group, pairs in (
            ("Weight of a question", _weights()),
            ("Value of an answer", _values()),
            ("How far a proof counts", _proofs()),
            ("What a fresh file proves", _kinds()),
            ("Bands of remaining risk", _bands()),
            ("Tiers by inherent score", _tiers(model)),
            ("Floors of tiers", _floors(model)),
        )
        for name, value in pairs
    )


def _weights() -> Iterator[tuple[str, str]]:
    for kind, weight in SCORING_MODEL.weights.items():
        yield str(label(WeightClass(kind))), str(weight)


def _values() -> Iterator[tuple[str, str]]:
    for name, value in SCORING_MODEL.answer_values.items():
        yield _ANSWERS[name], f"{value:.2f}"


def _proofs() -> Iterator[tuple[str, str]]:
    for name, level in SCORING_MODEL.assurance.items():
        yield _PROOF[name], f"{level:.2f}"


def _kinds() -> Iterator[tuple[str, str]]:
    by_level: dict[float, list[EvidenceKind]] = {}
    for kind, level in levels().items():
        by_level.setdefault(level, []).append(kind)
    for level in sorted(by_level, reverse=True):
        yield ", ".join(str(label(kind)) for kind in by_level[level]), f"{level:.2f}"


def _bands() -> Iterator[tuple[str, str]]:
    for least, band in BANDS:
        yield str(label(band)), f"from {least}"
    yield "Low", f"below {BANDS[-1][0]}"
    yield "Most that controls take away", f"{CAP * 100:.0f} %"


def _tiers(model: TierModel) -> Iterator[tuple[str, str]]:
    for tier, least in model.bands.items():
        yield f"Tier {tier}", f"from {least}"


def _floors(model: TierModel) -> Iterator[tuple[str, str]]:
    for floor in model.floors:
        yield floor.because, f"tier {floor.tier}"
