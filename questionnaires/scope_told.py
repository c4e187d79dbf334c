"""What of a questionnaire was left out and why, and what another exposure today would change."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from questionnaires.fact_words import intake_now_says, intake_said
from questionnaires.facts import Fact
from questionnaires.nodes import Question
from questionnaires.scope import LeftOut, left_out, scope_change
from questionnaires.sheet import Sheet
from vendors.tiering import Exposure


@dataclass(frozen=True, slots=True)
class Reasoned:
    """Questions that share a reason, in the order of the form."""

    reason: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class ScopeTold:
    """The scope of one assessment in words."""

    left_out: tuple[Reasoned, ...]
    added: tuple[Reasoned, ...] = ()
    """What would be asked today and was not."""
    dropped: tuple[Reasoned, ...] = ()
    """What was asked and would not be today."""

    @property
    def count(self) -> int:
        """How many questions are left out."""
        return sum(len(each.questions) for each in self.left_out)


def scope_told(sheet: Sheet, now: Exposure | None = None) -> ScopeTold:
    """Return what a sheet leaves out and, with the exposure of today, what that would change."""
    then, asked = sheet.exposure, sheet.questionnaire
    out = _grouped(left_out(asked, then), lambda facts: intake_said(facts, then))
    change = scope_change(asked, then, now) if now else None
    if change is None or now is None:
        return ScopeTold(out)
    return ScopeTold(
        left_out=out,
        added=_grouped(change.added, lambda facts: intake_now_says(facts, now)),
        dropped=_grouped(change.dropped, lambda facts: intake_now_says(facts, now)),
    )


def _grouped(
    found: Iterable[LeftOut], in_words: Callable[[tuple[Fact, ...]], str]
) -> tuple[Reasoned, ...]:
    groups: dict[tuple[Fact, ...], list[Question]] = {}
    for each in found:
        groups.setdefault(each.facts, []).append(each.question)
    return tuple(Reasoned(in_words(facts), tuple(each)) for facts, each in groups.items())
