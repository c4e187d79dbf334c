"""Which questions may change after a submission: those asked back and what hangs on them."""

from collections.abc import Collection

from questionnaires.nodes import Questionnaire
from questionnaires.order import entries_of, needs_of


def in_play(questionnaire: Questionnaire, asked: Collection[str]) -> frozenset[str]:
    """Return the codes asked back and all whose being shown can depend on their answers.

    An answer that changes may bring up questions nobody was asked before; they must be answerable.
    """
    followers: dict[str, set[str]] = {}
    for entry in entries_of(questionnaire):
        for need in needs_of(entry):
            followers.setdefault(need, set()).add(entry.code)
    found: set[str] = set()
    waiting = list(asked)
    while waiting:
        code = waiting.pop()
        if code not in found:
            found.add(code)
            waiting.extend(followers.get(code, ()))
    return frozenset(found)
