"""The intake: a few plain questions, each mapped to what our use of a service touches."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from vendors.intake_questions import INTAKE, NOT_KNOWN_YET, IntakeQuestion
from vendors.tiering import Exposure, Factor, Flag

__all__ = ["INTAKE", "NOT_KNOWN_YET", "IntakeQuestion", "exposure_from", "unanswered"]

Answers = Mapping[str, str | Sequence[str]]


@dataclass
class _Found:
    """What the answers say so far; the worst of several answers counts."""

    factors: dict[Factor, int | None]
    flags: dict[Flag, bool | None]

    def add(self, name: Factor | Flag, value: int | None) -> None:
        if isinstance(name, Factor):
            self.factors[name] = _worse(self.factors[name], value)
        else:
            self.flags[name] = _worse_flag(self.flags[name], value)


def exposure_from(answers: Answers) -> Exposure:
    """Turn the answers into an exposure; what is not answered is not known yet.

    Contradicting answers count as the worse one: ticked card numbers outweigh "no cards".
    """
    found = _Found(dict.fromkeys(Factor, -1), dict.fromkeys(Flag, False))
    for question in INTAKE:
        for chosen in _chosen(question, answers.get(question.key, "")):
            for name, value in question.effects_of(chosen).items():
                found.add(name, value)
    factors = {f.value: None if v == -1 else v for f, v in found.factors.items()}
    flags = {flag.value: value for flag, value in found.flags.items()}
    return Exposure(**factors, **flags)  # type: ignore[arg-type]  # checked by Exposure


def unanswered(answers: Answers) -> tuple[IntakeQuestion, ...]:
    """List the questions whose answer is missing or not known yet."""
    return tuple(q for q in INTAKE if NOT_KNOWN_YET in _chosen(q, answers.get(q.key, "")))


def _chosen(question: IntakeQuestion, answer: str | Sequence[str]) -> tuple[str, ...]:
    given: Iterable[str] = [answer] if isinstance(answer, str) else answer
    chosen = tuple(dict.fromkeys(value for value in given if value)) or (NOT_KNOWN_YET,)
    known = [value for value, _ in question.options]
    for value in chosen:
        if value not in known:
            raise ValueError(
                f"{question.text} Choose one of the answers shown; {value!r} is not one of them."
            )
    if len(chosen) > 1 and not question.is_multiple:
        raise ValueError(f"{question.text} Choose one answer only.")
    return chosen


def _worse(a: int | None, b: int | None) -> int | None:
    return None if a is None or b is None else max(a, b)


def _worse_flag(a: bool | None, b: int | None) -> bool | None:
    if a or b:
        return True
    return None if a is None or b is None else False
