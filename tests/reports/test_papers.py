"""What leaves the house: the copy for the vendor holds the facts named here, and nothing else."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from typing import Any

from reports.dossier import to_json
from reports.dossier_parts import Word
from reports.papers import Paper, cut
from tests.reports import sample

MAY_LEAVE = {
    "as_of",
    "assessments.contact",
    "assessments.due_on",
    "assessments.n_answered",
    "assessments.n_visible",
    "assessments.questionnaire_sha256",
    "assessments.reference",
    "assessments.round",
    "assessments.sections.answers.answer",
    "assessments.sections.answers.at",
    "assessments.sections.answers.by",
    "assessments.sections.answers.cited.page",
    "assessments.sections.answers.cited.reference",
    "assessments.sections.answers.code",
    "assessments.sections.answers.is_not_applicable",
    "assessments.sections.answers.is_required",
    "assessments.sections.answers.question",
    "assessments.sections.answers.reason",
    "assessments.sections.answers.text",
    "assessments.sections.title",
    "assessments.sent_at",
    "assessments.state",
    "assessments.submitted_at",
    "assessments.title",
    "assessments.version",
    "clarifications.answered_at",
    "clarifications.asked_at",
    "clarifications.asked_by",
    "clarifications.assessment",
    "clarifications.code",
    "clarifications.is_withdrawn",
    "clarifications.reply",
    "clarifications.text",
    "classification",
    "conditions.due_on",
    "conditions.met_at",
    "conditions.text",
    "evidence.is_over",
    "evidence.issued_on",
    "evidence.kind",
    "evidence.original_name",
    "evidence.reference",
    "evidence.scan",
    "evidence.sha256",
    "evidence.size",
    "evidence.times_cited",
    "evidence.title",
    "evidence.uploaded_at",
    "evidence.uploaded_by",
    "evidence.valid_until",
    "findings.assessment",
    "findings.due_on",
    "findings.is_overdue",
    "findings.question",
    "findings.raised_at",
    "findings.reference",
    "findings.severity",
    "findings.state",
    "findings.title",
    "format",
    "number",
    "organisation",
    "paper",
    "prepared_by",
    "reference",
    "vendor.legal_name",
    "vendor.name",
    "vendor.reference",
    "vendor.state",
    "verdict.text",
    "verdict.tone",
    "verify_at",
}
"""A new fact of the dossier stays at home until its name is written here."""

SECRETS = {
    "note of the decision": "Key rotation is weak",
    "reason of the recommendation": "One gate failed",
    "blocker": "no current attestation",
    "gate": "guards administration",
    "note of a verdict": "Read page 14.",
    "what a finding asks inside": "Rotate them yearly.",
    "waiver": "Their group audits them",
    "compensating control": "We read the group",
    "analyst": "Rabia Siddiqui",
    "lead": "Laila Haddad",
    "buyer": "Pervez Anwar",
    "deviation of a clause": "72 hours is longer",
    "factor of the tier": "It administers live systems",
    "company behind, and who shares it": "Granite Backup",
    "rule of our own": "Bands of remaining risk",
    "why a question was left out": "Do you hold keys?",
    "mapping": "PCI DSS 12.8.4",
    "note of the matrix": "split the keys",
    "internal file": "Our own notes",
    "what we made of a reported change": "Only copies that we encrypt ourselves.",
}


def with_internal_file():
    whole = sample.whole()
    ours = replace(whole.evidence[0], reference="E-0009", title="Our own notes", is_internal=True)
    return replace(whole, evidence=(*whole.evidence, ours))


def told(value: Any, default: Any, path: str = "") -> Iterator[str]:
    """Yield the path of every fact that says something."""
    if is_dataclass(value) and not isinstance(value, type) and not isinstance(value, Word):
        for each in fields(value):
            inner = f"{path}.{each.name}" if path else each.name
            yield from told(getattr(value, each.name), each.default, inner)
    elif isinstance(value, tuple) and value and not isinstance(value[0], str):
        for one in value:
            yield from told(one, None, path)
    elif value not in ("", None, (), {}, default) or path in {"format", "classification"}:
        assert isinstance(value, str | int | float | bool | date | datetime | Word | tuple | dict)
        yield path


def test_only_what_is_named_here_leaves_the_house():
    found = set(told(cut(with_internal_file(), Paper.VENDOR), None))
    assert found - MAY_LEAVE == set()
    assert MAY_LEAVE - found == {"clarifications.is_withdrawn"}, "nothing named is idle"


def test_nothing_of_ours_is_in_the_copy_for_the_vendor():
    whole = with_internal_file()
    full = to_json(whole).decode()
    assert all(words in full for words in SECRETS.values()), "the sample holds every secret"
    copy = to_json(cut(whole, Paper.VENDOR)).decode()
    assert {name for name, words in SECRETS.items() if words in copy} == set()


def test_a_decision_that_is_not_signed_is_not_told():
    whole = sample.whole()
    proposed = replace(whole, decision=replace(whole.decision, is_final=False))
    copy = cut(proposed, Paper.VENDOR)
    assert copy.verdict.text == "Nothing is decided yet."
    assert copy.conditions == ()


def test_a_closed_finding_is_not_asked_for_again():
    whole = sample.whole()
    closed = replace(whole.findings[0], state=Word("closed", "Closed", "ok"))
    copy = cut(replace(whole, findings=(closed, whole.findings[1])), Paper.VENDOR)
    assert [one.reference for one in copy.findings] == ["F-0004"]


def test_the_full_report_is_the_whole_dossier():
    assert cut(sample.whole(), Paper.FULL) == sample.whole()


def test_the_board_gets_no_answer_no_file_and_no_contract():
    text = to_json(cut(sample.whole(), Paper.BOARD)).decode()
    for words in (
        "At least annually",
        "split the keys",
        "soc-2-report",
        "Master services agreement",
        "Vania",
        "Only copies that we encrypt",
    ):
        assert words not in text, words
