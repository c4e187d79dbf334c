"""The condition language of VSAQ: names, &&, ||, ! and brackets; parsed, never evaluated.

`name` is a choice or an item; `name/yes` and `name/no` a yes-no item's answer; `name/value` whether
it is answered; `^name` whether the item is visible; `false` never holds. Without brackets && and ||
are read from left to right, as VSAQ does, and that is remarked on.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from questionnaires.conditions import (
    MAX_DEPTH,
    NEVER,
    TOO_DEEP,
    All,
    Answered,
    Any_,
    Chosen,
    Condition,
    Not,
    Shown,
)

TICKED = "yes"
_TOKEN = re.compile(r"\s*(?:(&&|\|\||!|\(|\))|([^\s()!&|,\"']+))")


class BadCondition(ValueError):  # noqa: N818  a refusal, not a fault
    """The condition is not in the language; the text says where and what."""


@dataclass(slots=True)
class Names:
    """What the names of a file stand for, and the names met that stand for nothing."""

    choices: dict[str, str]
    ticks: frozenset[str]
    yes_nos: frozenset[str]
    questions: frozenset[str]
    nodes: frozenset[str]

    def meaning(self, name: str) -> tuple[Condition, str | None]:
        """Return what a name means, and the part of it that names nothing."""
        if name == "false":
            return NEVER, None
        if name.startswith("^"):
            return self._shown(name[1:])
        base, slash, value = name.partition("/")
        if name in self.choices or not slash:
            return self._plain(name)
        return self._with_value(base, value)

    def _shown(self, name: str) -> tuple[Condition, str | None]:
        return (Shown(name), None) if name in self.nodes else (NEVER, name)

    def _plain(self, name: str) -> tuple[Condition, str | None]:
        if name in self.choices:
            return Chosen(self.choices[name], name), None
        if name in self.ticks or name in self.yes_nos:
            return Chosen(name, TICKED), None
        if name in self.questions:
            return Answered(name), None
        return self._shown(name)

    def _with_value(self, base: str, value: str) -> tuple[Condition, str | None]:
        if base in self.yes_nos and value in {"yes", "no"}:
            return Chosen(base, value), None
        meaning, missing = self._plain(base)
        if value == "value":
            return (Answered(base), None) if base in self.questions else (meaning, missing)
        if missing:
            return NEVER, missing
        return (meaning if value == TICKED else Not(meaning) if value == "no" else NEVER), value


def parse(text: str, names: Names) -> tuple[Condition, tuple[str, ...], bool]:
    """Return the condition, the names that stand for nothing, and whether && and || are mixed."""
    parser = _Parser(list(_tokens(text)), names)
    condition = parser.expression(1)
    if parser.rest:
        raise BadCondition(f'"{parser.rest[-1][:40]}" was not expected here.')
    return condition, tuple(parser.dangling), parser.is_mixed


def _tokens(text: str) -> Iterator[str]:
    at = 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if not match:
            found = text[at:].strip()[:1]
            raise BadCondition(f"The character {found} has no meaning in a condition.")
        yield match.group(1) or match.group(2)
        at = match.end()


class _Parser:
    def __init__(self, tokens: list[str], names: Names) -> None:
        self.rest = tokens
        self.dangling: list[str] = []
        self.is_mixed = False
        self._names = names
        self.rest.reverse()

    def expression(self, depth: int) -> Condition:
        if depth > MAX_DEPTH:
            raise BadCondition(TOO_DEEP)
        left = self._operand(depth)
        seen: set[str] = set()
        while self.rest and self.rest[-1] in {"&&", "||"}:
            operator = self.rest.pop()
            self.is_mixed = self.is_mixed or bool(seen - {operator})
            right = self._operand(depth)
            left = _joined(operator, left, right, is_same=seen == {operator})
            seen = {operator}
        return left

    def _operand(self, depth: int) -> Condition:
        negations = 0
        while self.rest and self.rest[-1] == "!":
            self.rest.pop()
            negations += 1
        operand = self._atom(depth)
        return Not(operand) if negations % 2 else operand

    def _atom(self, depth: int) -> Condition:
        token = self.rest.pop() if self.rest else ""
        if token == "(":  # noqa: S105  a bracket, no password
            inner = self.expression(depth + 1)
            if not self.rest or self.rest.pop() != ")":
                raise BadCondition("A bracket is opened and not closed.")
            return inner
        if token in {"", ")", "&&", "||"}:
            raise BadCondition(
                f"A name was expected {'before ' + token if token else 'at its end'}."
            )
        if self.rest and self.rest[-1] == "(":
            raise BadCondition(f'"{token[:40]}(" calls a function; a condition calls none.')
        meaning, missing = self._names.meaning(token)
        if missing is not None:
            self.dangling.append(missing)
        return meaning


def _joined(operator: str, left: Condition, right: Condition, *, is_same: bool) -> Condition:
    kind = All if operator == "&&" else Any_
    if is_same and isinstance(left, All | Any_):
        return kind((*left.conditions, right))
    return kind((left, right))
