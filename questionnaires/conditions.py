"""When something is asked: the one closed list of operators, their JSON and their meaning.

"does not apply" is no answer to build on: `Chosen` and `Answered` do not hold for it.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import assert_never

from questionnaires.given import NOTHING, Given

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


Condition = Always | Chosen | Answered | Shown | Not | All | Any_
ALWAYS = Always()
NEVER = Not(ALWAYS)


def holds(
    condition: Condition, answers: Mapping[str, Given], shown: Collection[str] = frozenset()
) -> bool:
    """Return whether the condition holds for these answers; ValueError beyond 32 levels."""
    if depth_of(condition) > MAX_DEPTH:
        raise ValueError(TOO_DEEP)
    return is_met(condition, answers, shown)


def is_met(  # noqa: PLR0911  one return for each operator
    condition: Condition, answers: Mapping[str, Given], shown: Collection[str]
) -> bool:
    """Return whether a condition holds whose depth was measured before."""
    match condition:
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
        case Not(inner):
            return not is_met(inner, answers, shown)
        case All(inners):
            return all(is_met(inner, answers, shown) for inner in inners)
        case Any_(inners):
            return any(is_met(inner, answers, shown) for inner in inners)
    assert_never(condition)


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
    rest: list[Condition] = [condition]
    while rest:
        here = rest.pop()
        if isinstance(here, Chosen | Answered | Shown):
            yield here
        rest.extend(reversed(inner_of(here)))


def to_json(condition: Condition) -> dict[str, object]:  # noqa: PLR0911  one for each operator
    """Return the condition as plain JSON values."""
    match condition:
        case Always():
            return {"always": True}
        case Chosen(question, option):
            return {"question": question, "is": option}
        case Answered(question):
            return {"answered": question}
        case Shown(node):
            return {"shown": node}
        case Not(inner):
            return {"not": to_json(inner)}
        case All(inners):
            return {"all": [to_json(inner) for inner in inners]}
        case Any_(inners):
            return {"any": [to_json(inner) for inner in inners]}
    assert_never(condition)


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
    return None


def _not_a_condition(plain: object) -> str:
    shown = str(dict(plain) if isinstance(plain, Mapping) else plain)[:80]
    return (
        f"{shown} is not a condition. Write one of: question and is; answered; shown; "
        "not; all with a list; any with a list."
    )
