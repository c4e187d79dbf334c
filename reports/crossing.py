"""What points to what in a report: questions, the files they cite, findings, mappings. Pure."""

from dataclasses import dataclass

from reports.dossier import Dossier
from reports.dossier_answers import AnswerFacts

Place = tuple[str, str]
"""The reference of an assessment and the code of a question."""


@dataclass(frozen=True, slots=True)
class Crossings:
    """Everything a template needs to write a link; readers see numbers, never codes."""

    numbers: dict[Place, str]
    """Q12 by assessment and code."""
    citing: dict[str, list[Place]]
    """The questions that cite a file, by its reference."""
    findings: dict[Place, list[str]]
    """The findings that came from a question."""
    mappings: dict[str, dict[str, list[Place]]]
    """By standard or law, then by its clause: the questions mapped to it."""

    def number(self, assessment: str, code: str) -> str:
        """Return the printed number of a question; empty when the report does not hold it."""
        return self.numbers.get((assessment, code), "")

    def anchor(self, assessment: str, code: str) -> str:
        """Return the name of the place where a question is printed."""
        return f"{assessment}-{self.number(assessment, code)}"


def crossings_of(dossier: Dossier) -> Crossings:
    """Return what points to what."""
    found = Crossings({}, {}, {}, {})
    for told in dossier.assessments:
        answers = (answer for section in told.sections for answer in section.answers)
        for place, answer in enumerate(answers, start=1):
            key = (told.reference, answer.code)
            found.numbers[key] = f"Q{place}"
            _note(found, key, answer)
    for finding in dossier.findings:
        key = (finding.assessment, finding.question)
        if key in found.numbers:
            found.findings.setdefault(key, []).append(finding.reference)
    return found


def _note(found: Crossings, key: Place, answer: AnswerFacts) -> None:
    for file in dict.fromkeys(cited.reference for cited in answer.cited):
        found.citing.setdefault(file, []).append(key)
    for reference in answer.references:
        standard, _, clause = reference.rpartition(" ")
        found.mappings.setdefault(standard, {}).setdefault(clause, []).append(key)
