"""Lint of the words of a question: one ask, short, and asked only once."""

import re
from collections.abc import Iterator
from itertools import combinations

from questionnaires.linting.subject import Subject
from questionnaires.problem import Problem
from questionnaires.richtext import plain

MOST_WORDS = 30
ALIKE = 0.6
"""The share of words two texts have in common from which they count as the same question."""
RULES = ("two_asks", "long_text", "alike")
"""The rules that may be broken on purpose: {meant: {two_asks: the reason}}."""
_JOINED = re.compile(r"\b(?:and|or)\b|\w/\w", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_SMALL = frozenset(
    (
        *("a", "an", "and", "are", "at", "be", "by", "can", "do", "does", "for", "from", "has"),
        *("have", "how", "in", "is", "it", "its", "of", "on", "or", "our", "that", "the", "their"),
        *("them", "they", "this", "to", "us", "was", "we", "were", "when", "which", "who", "will"),
        *("with", "would", "you", "your"),
    )
)


def wording_problems(subject: Subject) -> Iterator[Problem]:
    """Yield texts that ask two things, are too long, or ask what another one asks."""
    texts = {question.code: plain(question.text).strip() for question in subject.questions}
    for code, text in texts.items():
        yield from _one_ask(subject, code, text)
        yield from _length(subject, code, text)
        yield from _reasons(subject, code)
    yield from _alike(subject, texts)


def _one_ask(subject: Subject, code: str, text: str) -> Iterator[Problem]:
    if text.count("?") != 1 or not text.endswith("?"):
        yield subject.problem(
            code,
            "Its text is not one question that ends in a question mark.",
            "Ask one thing, and move everything else to  help:.",
        )
    joined = _JOINED.search(text)
    if joined and not subject.is_meant(code, "two_asks"):
        yield subject.problem(
            code,
            f'Its text joins things with "{joined.group()}": one answer may stand for two.',
            "Make two questions of it; if one answer fits all of it, add "
            "  meant: {two_asks: why one answer fits}.",
        )


def _length(subject: Subject, code: str, text: str) -> Iterator[Problem]:
    count = len(text.split())
    if count > MOST_WORDS and not subject.is_meant(code, "long_text"):
        yield subject.problem(
            code,
            f"Its text has {count} words; more than {MOST_WORDS} are not read.",
            "Move what explains it to  help:.",
        )


def _reasons(subject: Subject, code: str) -> Iterator[Problem]:
    note = subject.notes.get(code)
    for rule, reason in (note.meant if note else {}).items():
        if rule not in RULES or not reason.strip():
            yield subject.problem(
                code,
                f'What it says under "meant" is not understood: "{rule[:40]}".',
                f"Name one of {', '.join(RULES)}, with the reason.",
            )


def _alike(subject: Subject, texts: dict[str, str]) -> Iterator[Problem]:
    sets = {code: _words(text) for code, text in texts.items()}
    for (first, one), (second, other) in combinations(sets.items(), 2):
        if not one or not other or subject.is_meant(second, "alike"):
            continue
        shared = len(one & other) / len(one | other)
        if shared >= ALIKE:
            yield subject.problem(
                second,
                f'It asks nearly the same as "{first}".',
                "Keep one of them, or say how they differ in the text; if both are needed, add "
                "  meant: {alike: why both are asked}.",
            )


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower())) - _SMALL
