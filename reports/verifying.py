"""Is this paper genuine? One answer in a sentence, from what the register knows. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reports.papers import Paper

MOST_BYTES = 25 * 1024 * 1024
"""Nothing we issue is near this size."""


class Answer(StrEnum):
    """What can be said of a file."""

    GENUINE = "genuine"
    SUPERSEDED = "superseded"
    ALTERED = "altered"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the register: a paper as it was issued, and the newest report about its vendor."""

    reference: str
    number: int
    paper: Paper
    issued_at: datetime
    newest_reference: str
    newest_number: int

    @property
    def is_newest(self) -> bool:
        """Whether no newer report about the same vendor was issued."""
        return self.number >= self.newest_number


@dataclass(frozen=True, slots=True)
class Marks:
    """What the file says of itself."""

    is_pdf: bool = False
    is_draft: bool = False
    is_locked: bool = False
    is_damaged: bool = False


@dataclass(frozen=True, slots=True)
class Verified:
    """The answer, and the line of the register it rests on."""

    answer: Answer
    sentence: str
    entry: Entry | None = None


PAPERS = {
    Paper.FULL: "the full report",
    Paper.BOARD: "the page for the board",
    Paper.VENDOR: "the copy for the vendor",
}


def of_issued(entry: Entry) -> Verified:
    """Answer for a file whose bytes are in the register."""
    what = f"This is {PAPERS[entry.paper]} {entry.reference}, byte for byte as it was issued"
    if entry.is_newest:
        return Verified(Answer.GENUINE, f"{what}, and the newest about its vendor.", entry)
    return Verified(
        Answer.SUPERSEDED,
        f"{what}. It is number {entry.number} about its vendor; number {entry.newest_number} "
        f"({entry.newest_reference}) has taken its place. Ask for that one.",
        entry,
    )


def of_altered(entry: Entry) -> Verified:
    """Answer for a file that carries our data but not our bytes."""
    return Verified(
        Answer.ALTERED,
        f"This file carries the data of {PAPERS[entry.paper]} {entry.reference}, but it is not as "
        "it was issued: at least one byte is different. Do not rely on it. Ask for the original.",
        entry,
    )


def of_unknown(size: int, marks: Marks) -> Verified:
    """Answer for a file the register knows nothing of, saying what it is where that helps."""
    return Verified(Answer.UNKNOWN, _why_unknown(size, marks))


def _why_unknown(size: int, marks: Marks) -> str:
    if not size:
        return "The file is empty. Choose the PDF again."
    if size > MOST_BYTES:
        return "The file is larger than any report we issue, so it is none of ours."
    if not marks.is_pdf:
        return "This is not a PDF, and we issue nothing else."
    if marks.is_locked:
        return "This PDF is locked with a password. Nothing we issue is, so it is not as issued."
    if marks.is_draft:
        return "This is a draft. Drafts are in no register: ask for the issued report."
    damaged = " It is damaged or cut off." if marks.is_damaged else ""
    return f"The register knows nothing of this file.{damaged} It was not issued here."
