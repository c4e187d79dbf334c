"""Lint of what a question names: references, clauses, gates, kinds of evidence."""

from collections.abc import Collection, Iterator
from difflib import get_close_matches

from questionnaires.linting.subject import Subject
from questionnaires.problem import Problem


def link_problems(subject: Subject) -> Iterator[Problem]:
    """Yield every name that stands for nothing."""
    words = subject.words
    for question in subject.questions:
        for reference in question.references:
            yield from _unknown(subject, question.code, "reference", reference, words.references)
        for kind in question.evidence_kinds:
            yield from _unknown(subject, question.code, "kind of evidence", kind, words.evidence)
        if question.clause:
            yield from _unknown(subject, question.code, "clause", question.clause, words.clauses)
        if question.gate:
            yield from _unknown(subject, question.code, "gate", question.gate, words.gates)


def _unknown(
    subject: Subject, code: str, thing: str, name: str, known: Collection[str]
) -> Iterator[Problem]:
    if name in known:
        return
    near = get_close_matches(name, sorted(known), n=3, cutoff=0.6)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"Use a {thing} that is known."
    yield subject.problem(code, f'The {thing} "{name[:60]}" is not known.', hint)
