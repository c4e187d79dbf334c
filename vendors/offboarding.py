"""Offboarding: the checklist, and whether nothing of it is open (ux.md P11, NIST CSF GV.SC-10)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class LineState(StrEnum):
    """What was said of a line; one nobody spoke of is open."""

    DONE = "done"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True)
class Line:
    """Something to be done before a relationship has ended."""

    code: str
    title: str
    hint: str
    wants_certificate: bool = False


CHECKLIST = (
    Line(
        "access",
        "Their access to our systems is removed",
        "Accounts, VPN, API keys we gave them, badges, shared mailboxes and channels.",
    ),
    Line(
        "data",
        "Our data is returned or destroyed",
        "Backups and copies at their sub-processors too. Cite the certificate they signed.",
        wants_certificate=True,
    ),
    Line(
        "keys",
        "Keys and credentials they knew are revoked",
        "Encryption keys, certificates, passwords, tokens and webhooks on our side.",
    ),
    Line(
        "contract",
        "The contract has ended",
        "Notice was given in time, and what outlives the contract is written down.",
    ),
    Line(
        "sub_processors",
        "Their sub-processors were told",
        "Whoever held our data for them has deleted it or handed it back.",
    ),
    Line(
        "payment",
        "The final payment is settled",
        "Last invoice, credits and deposits; standing orders are cancelled.",
    ),
)


def line_of(code: str) -> Line | None:
    """Return a line of the checklist, or None."""
    return next((line for line in CHECKLIST if line.code == code), None)


def open_lines(settled: Iterable[str]) -> tuple[Line, ...]:
    """Return the lines that stand between a vendor and its end."""
    known = set(settled)
    return tuple(line for line in CHECKLIST if line.code not in known)
