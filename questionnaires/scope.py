"""The scope of a questionnaire: what the facts rule out, whatever is answered, and which facts do.

Worked out like visibility, node after node, but with answers unknown: a condition holds, does not
hold, or hangs on answers. What is ruled out is never shown, so it can neither count nor pass.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import assert_never

from questionnaires.conditions import (
    All,
    Always,
    Answered,
    Any_,
    Chosen,
    Condition,
    Not,
    Shown,
    Touches,
    facts_in,
)
from questionnaires.facts import Fact, level_of
from questionnaires.nodes import Question, Questionnaire, questions_of
from questionnaires.order import Itself, plan_of
from vendors.tiering import NOTHING_KNOWN, Exposure

WITHOUT_CARDS = replace(NOTHING_KNOWN, account_data=False, cde=False)
"""The worst case of everything but cards."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A question that is out of scope, and the facts that rule it out."""

    question: Question
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class ScopeChange:
    """What another exposure would ask: questions that come into scope, and those that leave it."""

    added: tuple[LeftOut, ...]
    dropped: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """Whether something holds, None while that hangs on answers, and the facts it rests on."""

    holds: bool | None
    facts: frozenset[Fact] = frozenset()


_YES, _NO, _OPEN = _Told(True), _Told(False), _Told(None)


def left_out(questionnaire: Questionnaire, exposure: Exposure) -> tuple[LeftOut, ...]:
    """Return the questions that are out of scope, in document order."""
    out = _ruled_out(Itself(questionnaire), exposure)
    return tuple(
        LeftOut(question, tuple(fact for fact in Fact if fact in out[question.code]))
        for question in questions_of(questionnaire)
        if question.code in out
    )


def facts_named(questionnaire: Questionnaire) -> tuple[Fact, ...]:
    """Return the facts any of its conditions asks for."""
    entries = plan_of(questionnaire).entries
    named = {part.fact for entry in entries for part in facts_in(entry.condition)}
    return tuple(fact for fact in Fact if fact in named)


def codes_left_out(questionnaire: Questionnaire, exposure: Exposure) -> frozenset[str]:
    """Return the codes of all parts that are out of scope, questions or not."""
    return frozenset(_ruled_out(Itself(questionnaire), exposure))


def scope_change(questionnaire: Questionnaire, then: Exposure, now: Exposure) -> ScopeChange | None:
    """Return what would be asked otherwise with another exposure, or None when nothing would."""
    before, after = left_out(questionnaire, then), left_out(questionnaire, now)
    change = ScopeChange(added=_without(before, after), dropped=_without(after, before))
    return change if change.added or change.dropped else None


def _without(some: tuple[LeftOut, ...], others: tuple[LeftOut, ...]) -> tuple[LeftOut, ...]:
    codes = {each.question.code for each in others}
    return tuple(each for each in some if each.question.code not in codes)


@lru_cache(maxsize=256)
def _ruled_out(itself: Itself, exposure: Exposure) -> Mapping[str, frozenset[Fact]]:
    """Return the facts that rule a part out, by the code of the part."""
    nodes: dict[str, _Told] = {}
    for entry in plan_of(itself.questionnaire).entries:
        within = nodes.get(entry.parent, _NO) if entry.parent else _YES
        if within.holds is False:
            nodes[entry.code] = within
        else:
            nodes[entry.code] = _all((within, _told(entry.condition, nodes, exposure)))
    return {code: told.facts for code, told in nodes.items() if told.holds is False and told.facts}


def _told(condition: Condition, nodes: Mapping[str, _Told], exposure: Exposure) -> _Told:
    match condition:
        case Not(inner):
            told = _told(inner, nodes, exposure)
            return _Told(None if told.holds is None else not told.holds, told.facts)
        case All(inners):
            return _all(tuple(_told(inner, nodes, exposure) for inner in inners))
        case Any_(inners):
            return _any(tuple(_told(inner, nodes, exposure) for inner in inners))
        case Touches(fact, at_least):
            return _Told(level_of(fact, exposure) >= at_least, frozenset({fact}))
        case _:
            return _of_answers(condition, nodes)


def _of_answers(part: Always | Chosen | Answered | Shown, nodes: Mapping[str, _Told]) -> _Told:
    match part:
        case Always():
            return _YES
        case Chosen(code, _) | Answered(code):
            asked = nodes.get(code, _NO)
            return asked if asked.holds is False else _OPEN
        case Shown(code):
            return nodes.get(code, _NO)
    assert_never(part)


def _all(parts: tuple[_Told, ...]) -> _Told:
    """Return whether all hold; what no facts could mend is not the facts' doing."""
    failing = [part for part in parts if part.holds is False]
    if failing:
        is_never = any(not part.facts for part in failing)
        return _NO if is_never else _Told(False, _facts(failing))
    return _OPEN if any(part.holds is None for part in parts) else _Told(True, _facts(parts))


def _any(parts: tuple[_Told, ...]) -> _Told:
    holding = [part for part in parts if part.holds]
    if holding:
        return _Told(True, _facts(holding))
    return _OPEN if any(part.holds is None for part in parts) else _Told(False, _facts(parts))


def _facts(parts: Iterable[_Told]) -> frozenset[Fact]:
    return frozenset().union(*(part.facts for part in parts))
