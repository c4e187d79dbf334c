"""What was refused on the desk, kept so that the desk can be shown again with nothing lost."""

from collections.abc import Mapping
from dataclasses import dataclass

from reviews.desk import Card


@dataclass(frozen=True, slots=True)
class Slip:
    """One act that was refused: which, in what words, and what had been typed."""

    act: str
    """The name of the desk's door, such as `ask`."""
    sentences: tuple[str, ...]
    typed: Mapping[str, str]

    def is_on(self, card: Card, act: str = "") -> bool:
        """Return whether it was this answer, and where an act is named, this act."""
        is_here = self.typed.get("assessment_id") == str(card.assessment_id)
        return is_here and self.typed.get("code") == card.question.code and act in {"", self.act}

    def is_at_gate(self, gate: str) -> bool:
        """Return whether it was this gate that was answered by hand."""
        return self.act == "judge_gate" and self.typed.get("gate") == gate

    def is_back_to(self, assessment_id: object) -> bool:
        """Return whether it was this assessment that was handed back."""
        return self.act == "hand_back" and self.typed.get("assessment_id") == str(assessment_id)

    def value(self, name: str, otherwise: object = "") -> object:
        """Return what had been typed there."""
        return self.typed.get(name, otherwise)


def place_of(slip: Slip, cards: tuple[Card, ...]) -> str:
    """Return the id on the page of what was refused; the top of the queue when it has none."""
    if slip.act == "judge_gate":
        return f"gate-{slip.value('gate')}"
    return next((card.anchor for card in cards if slip.is_on(card)), "queue")
