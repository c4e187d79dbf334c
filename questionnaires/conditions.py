"""When something is asked: the one closed list of operators, their JSON and their meaning.

"does not apply" is no answer to build on: `Chosen` and `Answered` do not hold for it. Beside
answers a condition may ask for a fact: what our use of the vendor touched at sending.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import assert_never

from questionnaires.facts import Fact, fact_from, level_of
from questionnaires.given import NOTHING, Given
from vendors.tiering import NOTHING_KNOWN, Exposure

MAX_DEPTH = 32
TOO_DEEP = (
    f"This condition nests more than {MAX_DEPTH} levels deep. "
    "Take some of its brackets apart, or ask a question in between."
)


@dataclass(frozen=True, slots=True)
class Always:
    """Holds whatever was answered."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Holds when this option of this question was chosen."""

    question: str
    option: str


@dataclass(frozen=True, slots=True)
class Answered:
    """Holds when this question was answered with an option, a text or a file."""

    question: str


@dataclass(frozen=True, slots=True)
class Shown:
    """Holds when this node (tip, group, question, section) is itself visible."""

    node: str


@dataclass(frozen=True, slots=True)
class Touches:
    """Holds when our use of the vendor touches this at least so much; unknown is the worst case."""

    fact: Fact
    at_least: int = 1


@dataclass(frozen=True, slots=True)
class Not:
    """Holds when the inner condition does not."""

    condition: "Condition"


@dataclass(frozen=True, slots=True)
class All:
    """Holds when every inner condition does; with none inside it holds."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Any_:  # noqa: N801  `Any` belongs to typing
    """Holds when at least one inner condition does; with none inside it does not."""

    conditions: tuple["Condition", ...]


Condition = Always | Chosen | Answered | Shown | Touches | Not | All | Any_
ALWAYS = Always()
NEVER = Not(ALWAYS)


def holds(
    condition: Condition,
    answers: Mapping[str, Given],
    shown: Collection[str] = frozenset(),
    exposure: Exposure = NOTHING_KNOWN,
) -> bool:
    """Return whether the condition holds for these answers; ValueError beyond 32 levels."""
    if depth_of(condition) > MAX_DEPTH:
        raise ValueError(TOO_DEEP)
    return is_met(condition, answers, shown, exposure)


def is_met(
    condition: Condition,
    answers: Mapping[str, Given],
    shown: Collection[str],
    exposure: Exposure,
) -> bool:
    """Return whether a condition holds whose depth was measured before."""
    match condition:
        case Not(inner):
            return not is_met(inner, answers, shown, exposure)
        case All(inners):
            return all(is_met(inner, answers, shown, exposure) for inner in inners)
        case Any_(inners):
            return any(is_met(inner, answers, shown, exposure) for inner in inners)
        case Touches(fact, at_least):
            return level_of(fact, exposure) >= at_least
        case _:
            return _is_said(condition, answers, shown)


def _is_said(
    part: Always | Chosen | Answered | Shown, answers: Mapping[str, Given], shown: Collection[str]
) -> bool:
    match part:
        case Always():
            return True
        case Chosen(question, option):
            given = answers.get(question, NOTHING)
            return not given.not_applicable and option in given.options
        case Answered(question):
            given = answers.get(question, NOTHING)
            return not given.not_applicable and given.says_something
        case Shown(node):
            return node in shown
    assert_never(part)


def inner_of(condition: Condition) -> tuple[Condition, ...]:
    """Return the conditions directly inside this one."""
    if isinstance(condition, Not):
        return (condition.condition,)
    if isinstance(condition, All | Any_):
        return condition.conditions
    return ()


def depth_of(condition: Condition) -> int:
    """Return how deep the condition nests; one without an inner condition is 1."""
    deepest, rest = 0, [(condition, 1)]
    while rest:
        here, depth = rest.pop()
        deepest = max(deepest, depth)
        rest.extend((inner, depth + 1) for inner in inner_of(here))
    return deepest


def parts_of(condition: Condition) -> Iterator[Chosen | Answered | Shown]:
    """Yield every part that names a question or a node, in reading order."""
    return (part for part in _each(condition) if isinstance(part, Chosen | Answered | Shown))


def facts_in(condition: Condition) -> Iterator[Touches]:
    """Yield every part that names a fact, in reading order."""
    return (part for part in _each(condition) if isinstance(part, Touches))


def _each(condition: Condition) -> Iterator[Condition]:
    rest: list[Condition] = [condition]
    while rest:
        here = rest.pop()
        yield here
        rest.extend(reversed(inner_of(here)))


def to_json(condition: Condition) -> dict[str, object]:
    """Return the condition as plain JSON values."""
    match condition:
        case Not(inner):
            return {"not": to_json(inner)}
        case All(inners):
            return {"all": [to_json(inner) for inner in inners]}
        case Any_(inners):
            return {"any": [to_json(inner) for inner in inners]}
        case Touches(fact, at_least):
            return {"fact": fact.value} | ({"at_least": at_least} if fact.is_level else {})
        case _:
            return _said_as_json(condition)


def _said_as_json(part: Always | Chosen | Answered | Shown) -> dict[str, object]:
    match part:
        case Always():
            return {"always": True}
        case Chosen(question, option):
            return {"question": question, "is": option}
        case Answered(question):
            return {"answered": question}
        case Shown(node):
            return {"shown": node}
    assert_never(part)


def from_json(plain: object) -> Condition:
    """Read a condition back; ValueError says in a sentence what is not understood."""
    return _read(plain, 1)


def _read(plain: object, depth: int) -> Condition:
    if depth > MAX_DEPTH:
        raise ValueError(TOO_DEEP)
    if isinstance(plain, Mapping):
        simple = _read_simple(plain)
        if simple is not None:
            return simple
        if len(plain) == 1:
            ((word, inner),) = plain.items()
            if word == "not":
                return Not(_read(inner, depth + 1))
            if word in {"all", "any"} and isinstance(inner, list | tuple):
                inners = tuple(_read(each, depth + 1) for each in inner)
                return All(inners) if word == "all" else Any_(inners)
    raise ValueError(_not_a_condition(plain))


def _read_simple(plain: Mapping[object, object]) -> Condition | None:
    match sorted(((str(word), value) for word, value in plain.items()), key=itemgetter(0)):
        case [("always", True)]:
            return ALWAYS
        case [("is", str(option)), ("question", str(question))]:
            return Chosen(str(question), str(option))
        case [("answered", str(question))]:
            return Answered(str(question))
        case [("shown", str(node))]:
            return Shown(str(node))
    return _read_fact(plain)


def _read_fact(plain: Mapping[object, object]) -> Condition | None:
    named = plain.get("fact")
    if not isinstance(named, str) or plain.keys() - {"fact", "at_least"}:
        return None
    return Touches(*fact_from(named, plain.get("at_least")))


def _not_a_condition(plain: object) -> str:
    shown = str(dict(plain) if isinstance(plain, Mapping) else plain)[:80]
    return (
        f"{shown} is not a condition. Write one of: question and is; answered; shown; "
        "fact; not; all with a list; any with a list."
    )
