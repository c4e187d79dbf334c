"""The words of a digest: per line what, when, and which action with its link."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from foundation.links import absolute
from mail.letters import day as in_words
from reminders.digests import Line
from reminders.due_queries import Due
from reminders.ladders import OPENS, Kind

LONGEST_TITLE = 120
MOST_TITLES = 3


@dataclass(frozen=True, slots=True)
class Said:
    """One line as the mail prints it."""

    due_on: date
    when: str
    what: str
    action: str
    link: str
    note: str = ""


PATHS: Mapping[Kind, str] = {
    Kind.ANSWERS: "/assessments/{subject_id}",
    Kind.REVIEW: "/vendors/{vendor_id}/send",
    Kind.EVIDENCE: "/vendors/{vendor_id}/evidence",
    Kind.FINDING: "/findings/{subject_id}",
    Kind.CONDITION: "/conditions/{subject_id}",
    Kind.EXEMPTION: "/vendors/{vendor_id}",
    Kind.NOTICE: "/contracts/{subject_id}",
    Kind.MATRIX: "/vendors/{vendor_id}/pci-matrix",
    Kind.WORD: "/attestations/{subject_id}",
    Kind.CHANGE: "/attestations/{subject_id}",
}


def path_of(due: Due) -> str:
    """Return the page where a thing is dealt with."""
    return PATHS[due.kind].format(subject_id=due.subject_id, vendor_id=due.vendor_id)


def said(lines: Iterable[Line], today: date) -> list[Said]:
    """Return the lines of a digest, the earliest date first; files that end together are one."""
    return [_say(list(some), today) for _, some in groupby(lines, key=_together)]


def _together(line: Line) -> tuple[object, ...]:
    due = line.due
    single = None if due.kind is Kind.EVIDENCE else due.subject_id
    return (due.kind, due.due_on, due.vendor_id, line.put_off, single)


def _say(lines: list[Line], today: date) -> Said:
    line, due = lines[0], lines[0].due
    what, action = _WORDS[due.kind](lines, today)
    note = f"You put this off until now: {line.put_off}" if line.put_off else ""
    link = absolute(path_of(due))
    return Said(due.due_on, when(due.due_on, today), what, action, link, note)


def when(due_on: date, today: date) -> str:
    """Say how far a date is: 5 March 2026, in 3 days."""
    days = (due_on - today).days
    if days == 0:
        return f"{in_words(due_on)}, today"
    count = "1 day" if abs(days) == 1 else f"{abs(days)} days"
    return f"{in_words(due_on)}, {f'in {count}' if days > 0 else f'{count} ago'}"


def _answers(lines: list[Line], today: date) -> tuple[str, str]:
    due = lines[0].due
    late = (today - due.due_on).days
    days = f"{late} days late. We have written to the vendor at each step."
    said = f"{due.vendor}: the answers to {due.reference} are {days}"
    return said, "Follow up, give more time, or ask somebody else"


def _review(lines: list[Line], today: date) -> tuple[str, str]:
    due, rung = lines[0].due, lines[0].rung
    if rung is not None and rung.step == OPENS:
        said = f"{due.vendor}: the next review has been opened, so that there is time to answer."
        return said, "Send the questionnaire"
    if due.due_on < today:
        return f"{due.vendor}: the review is past its date.", "Start it, or see where it stands"
    return f"{due.vendor}: the next review is due, and nobody was asked yet.", "Send it now"


def _evidence(lines: list[Line], today: date) -> tuple[str, str]:
    due = lines[0].due
    titles = [_cut(line.due.title) for line in lines[:MOST_TITLES]]
    more = f" and {len(lines) - MOST_TITLES} more" if len(lines) > MOST_TITLES else ""
    ending = "proof that ends today" if due.due_on == today else "proof that ends"
    return f"{due.vendor}: {ending}: {', '.join(titles)}{more}.", "Ask for what follows it"


def _finding(lines: list[Line], today: date) -> tuple[str, str]:
    due = lines[0].due
    late = " is late" if due.due_on < today else " is to be mended"
    return f"{due.vendor}: finding {due.reference}, {_cut(due.title)},{late}.", "Open the finding"


def _condition(lines: list[Line], today: date) -> tuple[str, str]:
    due = lines[0].due
    if due.due_on < today:
        said = (
            f"{due.vendor}: a condition of its approval was not met in time, so it may not be "
            f"used: {_cut(due.title)}."
        )
        return said, "Open the condition"
    return f"{due.vendor}: a condition is to be met: {_cut(due.title)}.", "Open the condition"


def _exemption(lines: list[Line], today: date) -> tuple[str, str]:
    due = lines[0].due
    verb = "has ended" if due.due_on < today else "ends"
    said = f"{due.vendor}: an exemption {verb}; what it set aside counts again: {_cut(due.title)}."
    return said, "See what follows, and renew it or let it end"


def _notice(lines: list[Line], today: date) -> tuple[str, str]:
    del today
    due = lines[0].due
    return (
        f"{due.vendor}: last day to give notice of {due.reference}, {_cut(due.title)}.",
        "Decide whether it goes on",
    )


def _matrix(lines: list[Line], today: date) -> tuple[str, str]:
    due = lines[0].due
    ending = "ends today" if due.due_on == today else "ends"
    said = f"{due.vendor}: what was agreed on who meets which PCI requirement {ending}."
    return said, "Agree on it anew"


def _word(lines: list[Line], today: date) -> tuple[str, str]:
    due = lines[0].due
    late = (today - due.due_on).days
    days = f"{late} days late. We have written to the vendor at each step."
    return f"{due.vendor}: its word whether anything has changed is {days}", "Follow up"


def _change(lines: list[Line], today: date) -> tuple[str, str]:
    due = lines[0].due
    late = " It should have been judged by now." if due.due_on < today else ""
    said = f"{due.vendor}: {_cut(due.title)} reported a change, and the risk team is to judge it."
    return f"{said}{late}", "Read it, and note it or start a reassessment"


_WORDS: Mapping[Kind, Callable[[list[Line], date], tuple[str, str]]] = {
    Kind.ANSWERS: _answers,
    Kind.REVIEW: _review,
    Kind.EVIDENCE: _evidence,
    Kind.FINDING: _finding,
    Kind.CONDITION: _condition,
    Kind.EXEMPTION: _exemption,
    Kind.NOTICE: _notice,
    Kind.MATRIX: _matrix,
    Kind.WORD: _word,
    Kind.CHANGE: _change,
}


def _cut(text: str) -> str:
    line = " ".join(text.split()).rstrip(".")
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1].rstrip()}…"
