"""The review desk: every answer with its proof and its verdict, those that need a look first."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from evidence.rules import ASSERTED
from questionnaires.answer_rows import AnswerRow, CitationRow, ClarificationRow
from questionnaires.given import NOTHING
from questionnaires.nodes import Question, Tip, WeightClass, nodes_of
from questionnaires.order import entries_of, needs_of
from questionnaires.richtext import plain
from questionnaires.scoring import SumLine, is_scored, value_of
from questionnaires.visibility import VisibleForm, is_answered
from reviews.facts import Facts, Told
from reviews.looks import Look, Pile, Seen, looks, pile_of, proposed_severity
from reviews.rows import VerdictRow
from reviews.rules import Severity

LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Proposed:
    """A finding as the form offers it."""

    title: str
    severity: Severity
    description: str


@dataclass(frozen=True, slots=True)
class Card:
    """One answer on the desk; `value` is 0 to 1, None where nothing is scored."""

    anchor: str
    assessment_id: UUID
    number: int
    section: str
    question: Question
    chosen: tuple[str, ...]
    answer: AnswerRow | None
    version: int
    citations: tuple[CitationRow, ...]
    tips: tuple[tuple[Tip, str], ...]
    """The warnings shown for this answer, each with what the vendor wrote to it."""
    line: SumLine | None
    verdict: VerdictRow | None
    thread: tuple[ClarificationRow, ...]
    looks: tuple[Look, ...]
    pile: Pile
    proposed: Proposed


@dataclass(frozen=True, slots=True)
class Desk:
    """All answers of a review by the pile they lie on."""

    cards: tuple[Card, ...]

    def pile(self, which: Pile) -> tuple[Card, ...]:
        """Return the answers on one pile, in the order of the questionnaire."""
        return tuple(card for card in self.cards if card.pile is which)

    @property
    def unsent(self) -> Mapping[UUID, int]:
        """How many questions are piled up for each assessment."""
        found: dict[UUID, int] = defaultdict(int)
        for card in self.cards:
            found[card.assessment_id] += sum(row.is_piled_up for row in card.thread)
        return {assessment_id: count for assessment_id, count in found.items() if count}

    def after(self, assessment_id: UUID, code: str) -> Card | None:
        """Return the next answer that needs a look, from this one on."""
        keys = [(card.assessment_id, card.question.code) for card in self.cards]
        here = keys.index((assessment_id, code)) if (assessment_id, code) in keys else -1
        ahead = [*self.cards[here + 1 :], *self.cards[: max(here, 0)]]
        return next((card for card in ahead if card.pile is Pile.NEEDS_A_LOOK), None)


def desk_of(facts: Facts) -> Desk:
    """Lay out every visible answer of the assessments that were submitted."""
    submitted = [told for told in facts.told if told.is_submitted]
    return Desk(
        tuple(card for index, told in enumerate(submitted) for card in _cards(told, index + 1))
    )


def _cards(told: Told, which: int) -> Iterable[Card]:
    tips = _tips_by_question(told.sheet.form)
    lines = {line.question_code: line for line in told.score.lines} if told.score else {}
    number = 0
    for section in told.sheet.form.sections:
        for node in nodes_of(section.nodes):
            if isinstance(node, Question):
                number += 1
                warnings = tips.get(node.code, ())
                yield _card(
                    told, node, warnings, lines.get(node.code), (which, number, section.title)
                )


def _card(
    told: Told,
    question: Question,
    warnings: tuple[Tip, ...],
    line: SumLine | None,
    place: tuple[int, int, str],
) -> Card:
    which, number, section = place
    answer = told.sheet.answers.get(question.code)
    thread = tuple(told.sheet.clarifications.get(question.code, ()))
    seen = _seen(told, question, len(warnings))
    return Card(
        anchor=f"answer-{which}-{number}",
        assessment_id=told.assessment.id,
        number=number,
        section=section,
        question=question,
        chosen=_chosen(question, answer),
        answer=answer,
        version=answer.version if answer else 0,
        citations=tuple(told.sheet.citations.get(question.code, ())),
        tips=tuple((tip, _said(told, tip.code)) for tip in warnings),
        line=line,
        verdict=told.verdicts.get(question.code),
        thread=thread,
        looks=looks(seen),
        pile=pile_of(seen),
        proposed=_proposed(question, warnings),
    )


def _seen(told: Told, question: Question, warnings: int) -> Seen:
    given = told.sheet.given.get(question.code, NOTHING)
    verdict = told.verdicts.get(question.code)
    assurance = ASSERTED if given.assurance is None else given.assurance
    return Seen(
        value=value_of(question, given) if is_scored(question) else None,
        is_answered=is_answered(question, given),
        is_required=question.is_required,
        is_not_applicable=given.not_applicable,
        is_critical=question.weight_class is WeightClass.CRITICAL,
        has_proof=assurance > ASSERTED,
        warnings=warnings,
        verdict=verdict.outcome if verdict else None,
        is_changed=verdict is not None and _is_changed(told, question.code, verdict),
        is_waiting=any(
            row.answered_at is None and row.withdrawn_at is None
            for row in told.sheet.clarifications.get(question.code, ())
        ),
    )


def _is_changed(told: Told, code: str, verdict: VerdictRow) -> bool:
    answer = told.sheet.answers.get(code)
    has_new_proof = any(row.cited_at > verdict.at for row in told.sheet.citations.get(code, ()))
    return (answer.version if answer else 0) != verdict.answer_version or has_new_proof


def _chosen(question: Question, answer: AnswerRow | None) -> tuple[str, ...]:
    picked = frozenset(answer.options) if answer else frozenset()
    return tuple(plain(option.text) for option in question.options if option.code in picked)


def _said(told: Told, code: str) -> str:
    answer = told.sheet.answers.get(code)
    return answer.text if answer else ""


def _proposed(question: Question, warnings: tuple[Tip, ...]) -> Proposed:
    named = next((plain(tip.name) or plain(tip.text) for tip in warnings), "")
    title = question.finding_text or named or plain(question.text)
    about = "\n".join(plain(tip.text) for tip in warnings)
    weight = question.weight_class.value if question.weight_class else None
    severities = [tip.severity.value if tip.severity else None for tip in warnings]
    return Proposed(
        title=title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1].rstrip() + "…",
        severity=proposed_severity(severities, weight, is_gate=question.is_gate),
        description=about,
    )


def _tips_by_question(form: VisibleForm) -> Mapping[str, tuple[Tip, ...]]:
    """Hang each warning shown on the question it depends on, else on the one before it."""
    shown = form.question_codes
    needs = {entry.code: needs_of(entry) & shown for entry in entries_of(form.questionnaire)}
    found: dict[str, list[Tip]] = defaultdict(list)
    before = form.questions[0].code if form.questions else ""
    for section in form.sections:
        for node in nodes_of(section.nodes):
            if isinstance(node, Question):
                before = node.code
            elif isinstance(node, Tip) and node.is_warning:
                owner = next((q.code for q in form.questions if q.code in needs[node.code]), before)
                found[owner].append(node)
    return {code: tuple(tips) for code, tips in found.items()}
