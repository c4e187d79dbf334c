"""docs/library.md: what the library asks, by area and tier, gate and reference; made from it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from contracts.library import catalogue
from evidence.rules import EvidenceKind, Proof, assurance_of
from foundation.labels import label
from questionnaires import library
from questionnaires.nodes import Area, Question, questions_of
from questionnaires.references import framework_of, frameworks
from questionnaires.scope import WITHOUT_CARDS, left_out
from reviews.gates import PROOFS, TITLES, Gate

HEAD = """# The library

Made from the library itself; a test writes it anew when the library changes. `./duly
lint-questionnaire` says what is wrong with the library, or with a file of your own.

The questions of tiers 1 to 3 stand once, by area, in `questionnaires/library/bank/`; each says in
which tiers it is asked, and a higher tier is asked everything a lower one is. The ten questions of
tier 4 are in `questionnaires/library/tier4.yaml`. An answer is used again under the same code. All
texts are our own words; of standards and laws only identifiers are named, and
`questionnaires/library/references.yaml` says in a few words of ours what each is about.

What a vendor is asked follows from the intake too: questions about card data are left out where no
service of the vendor touches it. What the intake does not know yet counts as the worst case.
"""
OTHER_FEEDS: Mapping[Gate, str] = {
    Gate.G8: "open critical findings",
    Gate.G11: "the factor location, while nothing was answered",
}
"""What answers a gate beside questions, clauses and proofs."""


def text() -> str:
    """Return the whole page."""
    parts = (HEAD, _areas(), _gates(), _frameworks(), _proofs())
    return "".join(parts)


def feeds(gate: Gate) -> tuple[str, ...]:
    """Return what answers a gate: codes of questions, ids of clauses, words for the rest."""
    questions = [f"`{one.code}`" for one in _asked().values() if one.gate == gate]
    clauses = [
        f"clause {one.clause.id}" for one in catalogue().clauses if one.clause.gate == gate.value
    ]
    proof = [f"proof: {label(EvidenceKind(PROOFS[gate]))}"] if gate in PROOFS else []
    other = [OTHER_FEEDS[gate]] if gate in OTHER_FEEDS else []
    return (*questions, *clauses, *proof, *other)


def _asked() -> dict[str, Question]:
    """Return every question once, by code; the highest tier that asks it counts."""
    shipped = reversed(library.load_all())
    return {each.code: each for one in shipped for each in questions_of(one)}


def _areas() -> str:
    tiers = library.load_all()
    counts = [Counter(question.area for question in questions_of(tier)) for tier in tiers]
    rows = [
        (f"{label(area)} (`{area.value}`)", *(str(count[area]) for count in counts))
        for area in Area
    ]
    totals = ("**All**", *(f"**{count.total()}**" for count in counts))
    left = (len(questions_of(tier)) - len(left_out(tier, WITHOUT_CARDS)) for tier in tiers)
    return _table(
        "Questions by area and tier, counted as if every condition held",
        ("Area", "Tier 1", "Tier 2", "Tier 3", "Tier 4"),
        (*rows, totals, ("**All, where no card data comes into it**", *(f"**{n}**" for n in left))),
    )


def _gates() -> str:
    rows = [(gate.value, TITLES[gate], "; ".join(feeds(gate))) for gate in Gate]
    title = "What feeds each gate; where several things do, all of them count"
    return _table(title, ("Gate", "Passes when", "Fed by"), rows)


def _frameworks() -> str:
    named: Counter[str] = Counter()
    identifiers: dict[str, set[str]] = {}
    for question in _asked().values():
        known = {one.name: one for one in map(framework_of, question.references) if one}
        named.update(known.keys())
        for name, one in known.items():
            used = one.references & set(question.references)
            identifiers.setdefault(name, set()).update(used)
    rows = [
        (one.title, str(named[one.name]), str(len(identifiers.get(one.name, ()))))
        for one in frameworks()
    ]
    return _table(
        "Questions by reference", ("Standard or law", "Questions", "Identifiers named"), rows
    )


def _proofs() -> str:
    counts = Counter(kind for one in _asked().values() for kind in one.evidence_kinds)
    rows = [
        (label(kind), f"{assurance_of(Proof(kind, None), date.min):.2f}", str(counts[kind]))
        for kind in EvidenceKind
        if counts[kind]
    ]
    title = "Questions by proof that counts, with what it assures while it is valid"
    return _table(title, ("Proof", "Assurance, 0.5 to 1", "Questions"), rows)


def _table(title: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return "\n".join(("", f"## {title}", "", *_lines(head, rows))) + "\n"


def _lines(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
