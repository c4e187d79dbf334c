"""The dossier's part about questionnaires: answers, clarifications and the sum."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from foundation.labels import label
from questionnaires.given import NOTHING, Given
from questionnaires.nodes import Question, nodes_of, questions_of
from questionnaires.queries import AssessmentRow, assessments_of
from questionnaires.richtext import plain
from questionnaires.rules import LIVE
from questionnaires.scope_told import Reasoned, ScopeTold
from questionnaires.scoring import AreaScore, Score
from reports.dossier_answers import (
    AnswerFacts,
    AreaFacts,
    AssessmentFacts,
    CitedFacts,
    ClarificationFacts,
    LeftOutFacts,
    LineFacts,
    ScoreFacts,
    SectionFacts,
)
from reports.hidden import hidden_of
from reports.words import word
from reviews.facts import Facts, Told
from reviews.rules import REST_RULE
from reviews.scoping import scopes_of


def assessments(
    session: Session, vendor_id: UUID, facts: Facts, hashes: Mapping[UUID, str]
) -> tuple[AssessmentFacts, ...]:
    """Return what the review looks at, and what is still with the vendor."""
    known = {each.assessment.id: each for each in facts.told}
    scopes = {one.id: scope for one, scope in scopes_of(facts)}
    return tuple(
        _scoped(
            _assessment(row, known.get(row.assessment_id), hashes[row.assessment_id]),
            scopes.get(row.assessment_id),
        )
        for row in assessments_of(session, vendor_id)
        if row.assessment_id in known or row.state in LIVE
    )


def told_assessments(told: Sequence[Told]) -> tuple[AssessmentFacts, ...]:
    """Return the submitted assessments of a cycle that is over, to compare with."""
    return tuple(
        AssessmentFacts(
            reference=each.assessment.reference,
            title=each.title,
            version=0,
            questionnaire_sha256="",
            state=word(each.assessment.state),
            round=each.assessment.round,
            contact="",
            sent_at=_whole(each.assessment.sent_at),
            due_on=each.assessment.due_on,
            score=_score(each.score) if each.score else None,
            sections=_sections(each),
        )
        for each in told
        if each.is_submitted
    )


def clarifications(told: Sequence[Told]) -> tuple[ClarificationFacts, ...]:
    """Return what was asked back and sent, oldest first."""
    found = [
        ClarificationFacts(
            assessment=each.assessment.reference,
            code=row.code,
            text=row.text,
            asked_by=row.asked_by_name,
            asked_at=_whole(row.asked_at),
            reply=row.reply,
            answered_at=_whole(row.answered_at) if row.answered_at else None,
            is_withdrawn=row.withdrawn_at is not None,
        )
        for each in told
        for thread in each.sheet.clarifications.values()
        for row in thread
        if row.sent_at is not None
    ]
    return tuple(sorted(found, key=lambda one: (one.asked_at, one.assessment, one.code)))


def times_cited(told: Sequence[Told]) -> Mapping[UUID, int]:
    """Count how often each file is cited from submitted answers."""
    return Counter(
        row.evidence_id
        for each in told
        if each.is_submitted
        for cited in each.sheet.citations.values()
        for row in cited
    )


def _assessment(row: AssessmentRow, told: Told | None, sha256: str) -> AssessmentFacts:
    is_told = told is not None and told.is_submitted
    every = len(questions_of(told.sheet.questionnaire)) if told else row.n_visible
    return AssessmentFacts(
        reference=row.reference,
        title=row.title,
        version=row.version_number,
        questionnaire_sha256=sha256,
        state=word(row.state),
        round=row.round,
        contact=row.contact_name,
        sent_at=_whole(row.sent_at),
        due_on=row.due_on,
        submitted_at=_whole(row.submitted_at) if row.submitted_at else None,
        n_visible=row.n_visible,
        n_answered=row.n_answered,
        n_hidden=max(0, every - row.n_visible),
        score=_score(told.score) if is_told and told and told.score else None,
        sections=_sections(told) if is_told and told else (),
        hidden=tuple(hidden_of(told.sheet)) if is_told and told else (),
    )


def _scoped(facts: AssessmentFacts, scope: ScopeTold | None) -> AssessmentFacts:
    if scope is None:
        return facts
    out, added = map(_left_out, scope.left_out), map(_left_out, scope.added)
    return replace(facts, left_out=tuple(out), added_since=tuple(added))


def _left_out(group: Reasoned) -> LeftOutFacts:
    return LeftOutFacts(
        reason=group.reason,
        codes=tuple(question.code for question in group.questions),
        questions=tuple(plain(question.text) for question in group.questions),
    )


def _sections(told: Told) -> tuple[SectionFacts, ...]:
    return tuple(
        SectionFacts(
            title=section.title,
            answers=tuple(
                _answer(told, node)
                for node in nodes_of(section.nodes)
                if isinstance(node, Question)
            ),
        )
        for section in told.sheet.form.sections
    )


def _answer(told: Told, question: Question) -> AnswerFacts:
    stored = told.sheet.answers.get(question.code)
    given: Given = stored.given if stored else NOTHING
    chosen = (plain(one.text) for one in question.options if one.code in given.options)
    verdict = told.verdicts.get(question.code)
    return AnswerFacts(
        code=question.code,
        question=plain(question.text),
        is_required=question.is_required,
        answer="; ".join(chosen),
        text=given.text,
        is_not_applicable=given.not_applicable,
        reason=given.reason,
        by=stored.by_name if stored else "",
        at=_whole(stored.updated_at) if stored else None,
        cited=tuple(
            CitedFacts(reference=row.reference, page=row.page)
            for row in told.sheet.citations.get(question.code, ())
        ),
        references=question.references,
        verdict=word(verdict.outcome) if verdict else None,
        judged_by=verdict.by_name if verdict else "",
        judged_at=_whole(verdict.at) if verdict else None,
        judged_note=verdict.note if verdict else "",
        is_by_rule=verdict is not None and verdict.note == REST_RULE,
    )


def _score(score: Score) -> ScoreFacts | None:
    if score.total is None:
        return None
    return ScoreFacts(
        total=_area(score.total),
        areas=tuple(map(_area, score.areas)),
        lines=tuple(
            LineFacts(
                code=line.question_code,
                area=label(line.area),
                weight=line.weight,
                value=line.value,
                assurance=line.assurance,
                claimed_points=line.claimed_points,
                evidenced_points=line.evidenced_points,
                outcome=word(line.outcome),
            )
            for line in score.lines
        ),
        formula=score.formula_version,
    )


def _area(area: AreaScore) -> AreaFacts:
    return AreaFacts(
        name=label(area.area) if area.area else "All areas",
        claimed=area.claimed,
        evidenced=area.evidenced,
        coverage=area.coverage,
        weight=area.weight,
        claimed_points=area.claimed_points,
        evidenced_points=area.evidenced_points,
        questions=area.question_count,
    )


def _whole(at: datetime) -> datetime:
    return at.replace(microsecond=0)
