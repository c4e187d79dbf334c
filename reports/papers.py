"""The papers of one report: everything, one page for the board, and the copy for the vendor. Pure.

Each is drawn from its own cut of the frozen dossier, and that cut is what it embeds: a paper
carries nothing that it does not show. The cut for the vendor names what stays, so that a fact
added to the dossier later is not in it until somebody puts it there.
"""

from collections.abc import Collection
from dataclasses import replace
from enum import StrEnum

from reports.dossier import Dossier
from reports.dossier_answers import AnswerFacts, AssessmentFacts, ClarificationFacts, SectionFacts
from reports.dossier_papers import EvidenceFacts
from reports.dossier_parts import (
    ConditionFacts,
    DecisionFacts,
    FindingFacts,
    StandingFacts,
    VendorFacts,
    VerdictFacts,
)
from reports.rules import OUTCOME_WORDS, counted

LIVE_FINDINGS = frozenset({"open", "fixed"})
OURS = "the risk team"
"""Who asked, on paper that leaves the house."""


class Paper(StrEnum):
    """What a report comes as."""

    FULL = "full"
    BOARD = "board"
    VENDOR = "vendor"


EXTRA = (Paper.BOARD, Paper.VENDOR)
"""What is drawn beside the full report."""


def cut(dossier: Dossier, paper: Paper) -> Dossier:
    """Return the part of a dossier one paper shows."""
    if paper is Paper.BOARD:
        return _for_board(dossier)
    if paper is Paper.VENDOR:
        return _for_vendor(dossier)
    return dossier


def _for_board(whole: Dossier) -> Dossier:
    """Leave out what one page has no room for: answers, sums, files, contracts, names of people."""
    return replace(
        whole,
        paper=Paper.BOARD.value,
        vendor=replace(whole.vendor, contacts=()),
        assessments=tuple(
            replace(
                one, contact="", sections=(), hidden=(), left_out=(), added_since=(), score=None
            )
            for one in whole.assessments
        ),
        services=tuple(replace(one, factors=(), flags=()) for one in whole.services),
        contracts=(),
        evidence=(),
        clarifications=(),
        sub_processors=(),
        pci=(),
        matrix=None,
        rules=(),
        attestations=None,
        second=None,
        review=replace(whole.review, respondents=(), judges=()) if whole.review else None,
        changes=replace(whole.changes, lines=()) if whole.changes else None,
    )


def _for_vendor(whole: Dossier) -> Dossier:
    vendor, decision = whole.vendor, whole.decision
    is_told = decision is not None and decision.is_final
    shown = frozenset(one.reference for one in whole.evidence if not one.is_internal)
    return Dossier(
        format=whole.format,
        paper=Paper.VENDOR.value,
        reference=whole.reference,
        number=whole.number,
        organisation=whole.organisation,
        as_of=whole.as_of,
        zone=whole.zone,
        prepared_by=OURS,
        classification=whole.classification,
        page_size=whole.page_size,
        verify_at=whole.verify_at,
        vendor=VendorFacts(
            reference=vendor.reference,
            name=vendor.name,
            legal_name=vendor.legal_name,
            state=vendor.state,
            owner="",
        ),
        verdict=_outcome(decision if is_told else None, len(whole.conditions)),
        standing=StandingFacts(),
        assessments=tuple(_assessment(one, shown) for one in whole.assessments),
        findings=tuple(_finding(one) for one in whole.findings if one.state.value in LIVE_FINDINGS),
        conditions=tuple(
            ConditionFacts(text=one.text, owner="", due_on=one.due_on, met_at=one.met_at)
            for one in (whole.conditions if is_told else ())
        ),
        evidence=tuple(_file(one) for one in whole.evidence if one.reference in shown),
        clarifications=tuple(_clarification(one) for one in whole.clarifications),
    )


def _outcome(decision: DecisionFacts | None, conditions: int) -> VerdictFacts:
    if decision is None:
        return VerdictFacts(text="Nothing is decided yet.", tone="info")
    words, tone = OUTCOME_WORDS[decision.outcome.value]
    if conditions and decision.outcome.value == "approved_with_conditions":
        words = f"Approved with {counted(conditions, 'condition')}"
    until = decision.valid_until
    end = f" until {until.day} {until:%B %Y}" if until else ""
    return VerdictFacts(text=f"{words}{end}.", tone=tone)


def _assessment(one: AssessmentFacts, shown: Collection[str]) -> AssessmentFacts:
    return AssessmentFacts(
        reference=one.reference,
        title=one.title,
        version=one.version,
        questionnaire_sha256=one.questionnaire_sha256,
        state=one.state,
        round=one.round,
        contact=one.contact,
        sent_at=one.sent_at,
        due_on=one.due_on,
        submitted_at=one.submitted_at,
        n_visible=one.n_visible,
        n_answered=one.n_answered,
        sections=tuple(
            SectionFacts(
                title=section.title,
                answers=tuple(_answer(answer, shown) for answer in section.answers),
            )
            for section in one.sections
        ),
    )


def _answer(one: AnswerFacts, shown: Collection[str]) -> AnswerFacts:
    return AnswerFacts(
        code=one.code,
        question=one.question,
        is_required=one.is_required,
        answer=one.answer,
        text=one.text,
        is_not_applicable=one.is_not_applicable,
        reason=one.reason,
        by=one.by,
        at=one.at,
        cited=tuple(file for file in one.cited if file.reference in shown),
    )


def _finding(one: FindingFacts) -> FindingFacts:
    return FindingFacts(
        reference=one.reference,
        title=one.title,
        severity=one.severity,
        state=one.state,
        owner="",
        raised_at=one.raised_at,
        is_overdue=one.is_overdue,
        question=one.question,
        assessment=one.assessment,
        due_on=one.due_on,
    )


def _file(one: EvidenceFacts) -> EvidenceFacts:
    return EvidenceFacts(
        reference=one.reference,
        title=one.title,
        kind=one.kind,
        original_name=one.original_name,
        size=one.size,
        sha256=one.sha256,
        scan=one.scan,
        uploaded_at=one.uploaded_at,
        uploaded_by=one.uploaded_by,
        is_over=one.is_over,
        issued_on=one.issued_on,
        valid_until=one.valid_until,
        times_cited=one.times_cited,
    )


def _clarification(one: ClarificationFacts) -> ClarificationFacts:
    return ClarificationFacts(
        assessment=one.assessment,
        code=one.code,
        text=one.text,
        asked_by=OURS,
        asked_at=one.asked_at,
        reply=one.reply,
        answered_at=one.answered_at,
        is_withdrawn=one.is_withdrawn,
    )
