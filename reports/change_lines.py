"""The lines of a change log: answers, findings, conditions, clauses, files, companies. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from reports.dossier import Dossier
from reports.dossier_answers import AnswerFacts, AssessmentFacts
from reports.dossier_past import ChangeFacts
from reports.rules import counted

LONGEST = 160
NOTHING = "none"


@dataclass(frozen=True, slots=True)
class Held:
    """An answer with what it gives of 100 points of evidenced controls."""

    question: str
    said: str
    points: float | None


def of_answers(
    before: Iterable[AssessmentFacts], now: Iterable[AssessmentFacts]
) -> Iterator[ChangeFacts]:
    """Yield the answers that read differently, the weightiest first, then what was asked anew."""
    was, is_ = _held(before), _held(now)
    if not was or not is_:
        return
    changed = [
        ChangeFacts(
            kind="Answer",
            what=held.question,
            before=was[code].said,
            after=held.said,
            points=_difference(was[code], held),
        )
        for code, held in is_.items()
        if code in was and was[code].said != held.said
    ]
    yield from sorted(changed, key=lambda one: -abs(one.points or 0.0))
    anew, gone = len(is_.keys() - was.keys()), len(was.keys() - is_.keys())
    if anew or gone:
        yield ChangeFacts(
            kind="Questions",
            what="Asked of the vendor",
            before=f"{counted(gone, 'question')} no longer asked",
            after=f"{counted(anew, 'question')} asked for the first time",
        )


def of_records(before: Dossier, now: Dossier) -> Iterator[ChangeFacts]:
    """Yield what changed in findings, conditions, clauses, files and companies behind."""
    yield from _compared(
        "Finding",
        {
            one.reference: f"{one.severity.text}, {one.state.text.lower()}"
            for one in before.findings
        },
        {one.reference: f"{one.severity.text}, {one.state.text.lower()}" for one in now.findings},
        {one.reference: f"{one.reference}: {one.title}" for one in now.findings},
    )
    yield from _compared(
        "Condition",
        {one.text: "met" if one.met_at else "open" for one in before.conditions},
        {one.text: "met" if one.met_at else "open" for one in now.conditions},
    )
    # By code: a clause whose title was reworded is the same clause.
    yield from _compared("Clause", _clauses(before), _clauses(now), _titles(before) | _titles(now))
    yield from _compared(
        "Evidence",
        {one.reference: "past its end" if one.is_over else "on record" for one in before.evidence},
        {one.reference: "past its end" if one.is_over else "on record" for one in now.evidence},
        {one.reference: f"{one.reference}: {one.title}" for one in now.evidence},
    )
    if before.format != now.format:
        return  # the first format did not tell of companies behind: they are not new
    yield from _compared(
        "Sub-processor",
        {one.name: "used" for one in before.sub_processors},
        {one.name: "used" for one in now.sub_processors},
    )


def _compared(
    kind: str,
    was: Mapping[str, str],
    is_: Mapping[str, str],
    names: Mapping[str, str] | None = None,
) -> Iterator[ChangeFacts]:
    for key in dict.fromkeys([*is_, *was]):
        if was.get(key) != is_.get(key):
            yield ChangeFacts(
                kind=kind,
                what=_short((names or {}).get(key, key)),
                before=was.get(key, NOTHING),
                after=is_.get(key, "no longer there"),
            )


def _clauses(dossier: Dossier) -> dict[str, str]:
    return {
        f"{one.code} {contract.reference}": one.status.text.lower()
        for contract in dossier.contracts
        for one in contract.clauses
    }


def _titles(dossier: Dossier) -> dict[str, str]:
    return {
        f"{one.code} {contract.reference}": f"{one.title} ({contract.reference})"
        for contract in dossier.contracts
        for one in contract.clauses
    }


def _held(assessments: Iterable[AssessmentFacts]) -> dict[str, Held]:
    known = [one for one in assessments if one.sections]
    weight = sum(one.score.total.weight for one in known if one.score)
    points = {
        line.code: 100 * line.evidenced_points / weight
        for one in known
        if one.score
        for line in one.score.lines
    }
    return {
        answer.code: Held(_short(answer.question), _said(answer), points.get(answer.code))
        for one in known
        for section in one.sections
        for answer in section.answers
    }


def _difference(was: Held, is_: Held) -> float | None:
    if was.points is None or is_.points is None:
        return None
    return round(is_.points - was.points, 2)


def _said(answer: AnswerFacts) -> str:
    if answer.is_not_applicable:
        return _short(f"Does not apply: {answer.reason}")
    return _short("; ".join(filter(None, (answer.answer, answer.text)))) or "Not answered"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
