"""The one reading of an assessment: portal page, review desk, report and export all use it.

`of` takes three statements, and one more when the questionnaire version is not known yet.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from uuid import UUID

from sqlalchemy.orm import Session

from evidence.rules import ASSERTED, Proof, best_assurance
from organisation.queries import today_of
from questionnaires import answer_rows
from questionnaires.answer_rows import AnswerRow, CitationRow, ClarificationRow
from questionnaires.checking import AnswerProblem, problems
from questionnaires.given import Given
from questionnaires.in_play import in_play
from questionnaires.models import Assessment, QuestionnaireVersion
from questionnaires.nodes import Questionnaire
from questionnaires.queries import questionnaire_of, questionnaire_of_version
from questionnaires.scoring import Score, score
from questionnaires.visibility import FormProgress, VisibleForm, progress, visible
from vendors.tiering import NOTHING_KNOWN, Exposure, exposure_of


@dataclass(frozen=True)
class Sheet:
    """An assessment as it stands."""

    questionnaire: Questionnaire
    form: VisibleForm
    answers: Mapping[str, AnswerRow]
    given: Mapping[str, Given]
    citations: Mapping[str, list[CitationRow]]
    clarifications: Mapping[str, list[ClarificationRow]]
    exposure: Exposure
    """What our use of the vendor touched when it was sent."""

    @cached_property
    def progress(self) -> FormProgress:
        """How many of the visible questions are answered, counted when somebody looks."""
        return progress(self.form, self.given)

    @cached_property
    def score(self) -> Score | None:
        """The score, None while there is no number to show; summed up when somebody looks."""
        return _number_of(score(self.form, self.questionnaire, self.given, {}))


def of(session: Session, assessment: Assessment, *, on: date | None = None) -> Sheet:
    """Return the sheet of an assessment, its evidence judged as of a day (today by default)."""
    questionnaire = questionnaire_of_version(session, assessment.questionnaire_version_id)
    answers = answer_rows.answers_of(session, assessment.id)
    citations = answer_rows.citations_of(session, assessment.id)
    clarifications = answer_rows.clarifications_of(session, assessment.id)
    return assembled(
        questionnaire,
        answers,
        citations,
        clarifications,
        exposure=exposure_at_sending(assessment),
        on=on or today_of(session),
    )


def of_all(session: Session, assessments: Sequence[Assessment], *, on: date) -> dict[UUID, Sheet]:
    """Return the sheets of several assessments; the statements are those of one."""
    ids = [assessment.id for assessment in assessments]
    if not ids:
        return {}
    answers = answer_rows.answers_in(session, ids)
    citations = answer_rows.citations_in(session, ids)
    clarifications = answer_rows.clarifications_in(session, ids)
    return {
        each.id: assembled(
            questionnaire_of_version(session, each.questionnaire_version_id),
            answers.get(each.id, {}),
            citations.get(each.id, {}),
            clarifications.get(each.id, {}),
            exposure=exposure_at_sending(each),
            on=on,
        )
        for each in assessments
    }


def of_new(version: QuestionnaireVersion, exposure: Exposure, *, on: date) -> Sheet:
    """Return the sheet of an assessment nobody has answered yet."""
    return assembled(questionnaire_of(version), {}, {}, {}, exposure=exposure, on=on)


def exposure_at_sending(assessment: Assessment) -> Exposure:
    """Return the facts an assessment was frozen with."""
    kept = assessment.exposure
    return NOTHING_KNOWN if kept is None else exposure_of(kept)


def assembled(
    questionnaire: Questionnaire,
    answers: Mapping[str, AnswerRow],
    citations: Mapping[str, list[CitationRow]],
    clarifications: Mapping[str, list[ClarificationRow]],
    *,
    exposure: Exposure,
    on: date,
) -> Sheet:
    """Return the sheet made of these rows."""
    given = {
        code: given_of(answers.get(code), citations.get(code, []), on=on)
        for code in answers.keys() | citations.keys()
    }
    return Sheet(
        questionnaire=questionnaire,
        form=visible(questionnaire, given, exposure),
        answers=answers,
        given=given,
        citations=citations,
        clarifications=clarifications,
        exposure=exposure,
    )


def with_answers(before: Sheet, rows: Mapping[str, AnswerRow], *, on: date) -> Sheet:
    """Return the sheet with these answers in place of what was there; the files stay."""
    changed = {
        code: given_of(row, before.citations.get(code, []), on=on) for code, row in rows.items()
    }
    given = {**before.given, **changed}
    return replace(
        before,
        form=visible(before.questionnaire, given, before.exposure),
        answers={**before.answers, **rows},
        given=given,
    )


def rescored(
    sheet: Sheet, *, consented: Collection[str], contradicted: Collection[str]
) -> Score | None:
    """Return the score with the reviewer's word: gates that may not apply, answers disproved."""
    return _number_of(
        score(
            sheet.form,
            sheet.questionnaire,
            sheet.given,
            {},
            consented=consented,
            contradicted=contradicted,
        )
    )


def given_of(answer: AnswerRow | None, cited: Collection[CitationRow], *, on: date) -> Given:
    """Return an answer and its files in the form the rules work on."""
    if answer is not None and not (cited or answer.text or answer.reason):
        return _chosen(answer.options, not_applicable=answer.is_not_applicable)
    proofs = tuple(Proof(each.kind, each.valid_until) for each in cited if each.counts)
    count, level = len(proofs), best_assurance(proofs, on) if proofs else ASSERTED
    if answer is None:
        return Given(evidence_count=count, assurance=level)
    return Given(
        frozenset(answer.options),
        answer.text,
        answer.is_not_applicable,
        answer.reason,
        count,
        level,
    )


@lru_cache(maxsize=4096)
def _chosen(options: tuple[str, ...], *, not_applicable: bool) -> Given:
    """Return an answer that only chose: an assessment has hundreds, and few that differ."""
    return Given(frozenset(options), not_applicable=not_applicable, assurance=ASSERTED)


def problems_of(sheet: Sheet) -> tuple[AnswerProblem, ...]:
    """Return what keeps this sheet from being handed in, replies still owed included."""
    owed = tuple(
        AnswerProblem(row.code, "Reply to what was asked back about this answer.")
        for rows in sheet.clarifications.values()
        for row in rows
        if row.is_waiting_for_reply
    )
    return problems(sheet.form, sheet.given) + owed


def codes_in_play(sheet: Sheet, assessment: Assessment) -> frozenset[str]:
    """Return the codes that may change in a round that was handed back."""
    return codes_asked_back(sheet.questionnaire, sheet.clarifications, assessment)


def codes_asked_back(
    questionnaire: Questionnaire,
    clarifications: Mapping[str, list[ClarificationRow]],
    assessment: Assessment,
) -> frozenset[str]:
    """Return the codes asked back since the last submission, with what hangs on them."""
    asked = {
        row.code
        for rows in clarifications.values()
        for row in rows
        if row.is_asked_since(assessment.submitted_at)
    }
    return in_play(questionnaire, asked)


def _number_of(found: Score) -> Score | None:
    return None if found.is_unscored else found
