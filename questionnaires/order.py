"""In which order visibility is worked out: a node after its parent and all its condition names."""

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from questionnaires.conditions import MAX_DEPTH, TOO_DEEP, Condition, depth_of, parts_of
from questionnaires.nodes import Group, Node, Questionnaire, nodes_of, questions_of


@dataclass(frozen=True, slots=True)
class Entry:
    """One section or node with the condition on it and the section or group it stands in."""

    code: str
    parent: str | None
    condition: Condition


def entries_of(questionnaire: Questionnaire) -> tuple[Entry, ...]:
    """Return every section and node, in document order."""
    found: list[Entry] = []
    for section in questionnaire.sections:
        found.append(Entry(section.code, None, section.condition))
        found.extend(_inside(section.code, section.nodes))
    return tuple(found)


def _inside(parent: str, nodes: tuple[Node, ...]) -> Iterator[Entry]:
    for node in nodes:
        yield Entry(node.code, parent, node.condition)
        if isinstance(node, Group):
            yield from _inside(node.code, node.nodes)


def in_order(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return the entries so that each follows what it builds on; those in a ring are left out."""
    by_code = {entry.code: entry for entry in entries}
    waiting: dict[str, int] = {}
    followers: dict[str, list[str]] = defaultdict(list)
    for code, entry in by_code.items():
        needs = needs_of(entry) & by_code.keys()
        waiting[code] = len(needs)
        for need in needs:
            followers[need].append(code)
    ready = deque(code for code in by_code if waiting[code] == 0)
    done: list[Entry] = []
    while ready:
        code = ready.popleft()
        done.append(by_code[code])
        for follower in followers[code]:
            waiting[follower] -= 1
            if waiting[follower] == 0:
                ready.append(follower)
    return tuple(done)


class Itself:
    """A questionnaire as a key: the same object, not an equal one, for comparing is slow."""

    __slots__ = ("questionnaire",)

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire

    def __hash__(self) -> int:
        return id(self.questionnaire)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Itself) and other.questionnaire is self.questionnaire


@dataclass(frozen=True, slots=True)
class Plan:
    """What every reading of one questionnaire needs and no answer changes."""

    entries: tuple[Entry, ...]
    """In the order in which visibility is worked out."""
    asked: frozenset[str]
    """The codes of the questions."""


def plan_of(questionnaire: Questionnaire) -> Plan:
    """Return the plan of a questionnaire; it never changes, so the last 64 are remembered.

    ValueError for a condition of more than 32 levels.
    """
    return _plan(Itself(questionnaire))


@lru_cache(maxsize=64)
def _plan(itself: Itself) -> Plan:
    questionnaire = itself.questionnaire
    entries = entries_of(questionnaire)
    if any(depth_of(entry.condition) > MAX_DEPTH for entry in entries):
        raise ValueError(TOO_DEEP)
    return Plan(
        in_order(entries),
        frozenset(question.code for question in questions_of(questionnaire)),
    )


def needs_of(entry: Entry) -> set[str]:
    """Return the codes whose visibility must be known before this entry's."""
    needs = {
        part.node if hasattr(part, "node") else part.question for part in parts_of(entry.condition)
    }
    return needs | ({entry.parent} if entry.parent else set())


def ring_of(entries: tuple[Entry, ...]) -> tuple[str, ...]:
    """Return one ring of codes that wait for each other, or nothing."""
    settled = {entry.code for entry in in_order(entries)}
    stuck = {entry.code: entry for entry in entries if entry.code not in settled}
    if not stuck:
        return ()
    path: list[str] = [next(iter(stuck))]
    while True:
        following = min(need for need in needs_of(stuck[path[-1]]) if need in stuck)
        if following in path:
            return tuple(path[path.index(following) :])
        path.append(following)


def codes_of(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return the codes of every section and node, in document order, repeats kept."""
    codes: list[str] = []
    for section in questionnaire.sections:
        codes.append(section.code)
        codes.extend(node.code for node in nodes_of(section.nodes))
    return tuple(codes)
