"""The parts of each paper in order; headings, contents and bookmarks all ask here. Pure."""

from dataclasses import dataclass

from reports.dossier import Dossier


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a paper: the key of its template, its number as printed, its title."""

    key: str
    no: str
    title: str
    language: str = ""
    """Of a part that is not in the language of the paper."""


_BODY = (
    ("summary", "Executive summary"),
    ("scope", "Scope and method"),
    ("inherent", "Inherent risk"),
    ("controls", "Control areas"),
    ("proof", "Claimed and evidenced"),
    ("gates", "Gates"),
    ("findings", "Findings and conditions"),
    ("clauses", "Contract clauses"),
    ("pci", "Card data responsibilities"),
    ("chain", "Sub-processors and data locations"),
    ("evidence", "Evidence register"),
    ("clarifications", "Clarification log"),
    ("decision", "Decision and sign-off"),
    ("verification", "Verification"),
)
SECOND = {"ur": Part("summary_ur", "", "انتظامی خلاصہ", "ur")}
"""The second summary by its language; it stands behind the first and has no number of its own."""
_APPENDICES = (
    ("answers", "All answers"),
    ("arithmetic", "The whole sum and its rules"),
    ("models", "Questionnaires and mappings"),
    ("changes", "What has changed"),
)
_VENDOR = (
    ("outcome", "The outcome"),
    ("mend", "What we ask you to mend"),
    ("evidence", "Evidence register"),
    ("clarifications", "Clarification log"),
    ("answers", "Your answers"),
    ("verification", "Verification"),
)


def parts_of(dossier: Dossier) -> tuple[Part, ...]:
    """Return the parts a paper has: what does not apply to a vendor has no number and no page."""
    if dossier.paper == "vendor":
        return tuple(Part(key, str(no), title) for no, (key, title) in enumerate(_VENDOR, 1))
    if dossier.paper == "board":
        return ()
    absent = {
        key for key, there in (("pci", dossier.pci), ("changes", dossier.changes)) if not there
    }
    body = [pair for pair in _BODY if pair[0] not in absent]
    appendices = [pair for pair in _APPENDICES if pair[0] not in absent]
    summary, *rest = (Part(key, str(no), title) for no, (key, title) in enumerate(body, 1))
    second = (SECOND[dossier.second.language],) if dossier.second else ()
    return (
        summary,
        *second,
        *rest,
        *(Part(key, "ABCD"[place], title) for place, (key, title) in enumerate(appendices)),
    )
