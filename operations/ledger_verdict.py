"""The whole check of the ledger: its chain, and the chain against the heads kept outside."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit import head_file
from audit.chain import START
from audit.head_checks import (
    Fault,
    Finding,
    check_ledger,
    check_lines,
    read_all,
    remarks,
    still_held,
)
from audit.models import Entry, Head
from audit.signed_heads import SignedHead
from audit.walking import Point, Walked, walk
from evidence.anchoring import evidence_root
from foundation import keyring, settings, signing
from operations.ledger_heads import HEADS
from reminders.queries import find_heartbeat

MOST_NOW = 5_000
"""Entries, and lines of the file of heads, that are checked while somebody waits for a page."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found; `first_bad` is the first entry that does not fit its chain."""

    entries: int
    first_bad: int | None
    heads: int
    newest: SignedHead | None
    findings: tuple[Finding, ...]
    before: int = 0
    """How many older entries were not looked at this time."""

    @property
    def problems(self) -> tuple[Finding, ...]:
        """What proves that somebody meddled, or that the file of heads is lost."""
        return tuple(each for each in self.findings if not each.is_remark)

    @property
    def remarks(self) -> tuple[Finding, ...]:
        """What is told and proves nothing."""
        return tuple(each for each in self.findings if each.is_remark)

    @property
    def is_whole(self) -> bool:
        """Whether everything fits."""
        return self.first_bad is None and not self.problems


def judge(session: Session, at: datetime) -> Verdict:
    """Check every entry, every head, and the one against the other."""
    read = _lines()
    lines = [] if isinstance(read, OSError) else read
    heads = read_all(lines)
    held = still_held(heads)
    found = walk(session, wanted={head.seq for _, head in held})
    newest = held[-1][1] if held else None
    findings = [
        *_absent(session, read),
        *check_lines(lines, heads, _keys()),
        *check_ledger(held, found.points, found.end.seq),
        *_evidence(session, held, found),
        *remarks(heads, held, at),
    ]
    return Verdict(found.count, found.first_bad, len(heads), newest, tuple(findings))


def judge_newest(session: Session, at: datetime) -> Verdict:
    """Check the newest entries and heads; a ledger of few entries is checked whole.

    What is older the worker checks once a day: it grows without end, and a page may not.
    """
    last = session.scalars(select(Head.seq)).first() or 0
    if last <= MOST_NOW:
        return judge(session, at)
    read = _lines()
    lines = [] if isinstance(read, OSError) else read
    skipped = max(len(lines) - MOST_NOW, 0)
    heads = read_all(lines[skipped:])
    held = [(number + skipped, head) for number, head in still_held(heads)]
    bad_lines = list(check_lines(lines, heads, _keys(), skipped))
    near = [(n, head) for n, head in held if last - MOST_NOW <= head.seq <= last]
    since = _since(session, last - MOST_NOW, [] if bad_lines else near)
    found = walk(session, since, wanted={head.seq for _, head in near})
    # Without a head to walk from it cannot be said what the ledger was at a later one.
    told = [(n, head) for n, head in near if head.seq > since.seq and since.digest != START]
    beyond = [(n, head) for n, head in held if head.seq > last]
    findings = (
        *_absent(session, read),
        *bad_lines,
        *check_ledger([*told, *beyond], found.points, found.end.seq),
        *remarks(heads, still_held(heads), at),
    )
    newest = held[-1][1] if held else None
    return Verdict(found.count, found.first_bad, len(lines), newest, findings, before=since.seq)


def _keys() -> dict[str, str]:
    ring = keyring.current()
    return {key_id: signing.public_key(ring, key_id) for key_id in ring.keys}


def _since(session: Session, seq: int, near: Sequence[tuple[int, SignedHead]]) -> Point:
    """Return where to walk from: the oldest of these heads, else what the entry itself says."""
    if near:
        head = near[0][1]
        return Point(head.seq, bytes.fromhex(head.mac), bytes.fromhex(head.digest))
    mac = session.scalars(select(Entry.mac).where(Entry.seq == seq)).first()
    return Point(seq, mac or START)


def _lines() -> list[bytes] | OSError:
    try:
        return head_file.lines_of(settings.current().heads_path)
    except OSError as failure:
        return failure


def _absent(session: Session, lines: Sequence[bytes] | OSError) -> Iterator[Finding]:
    if isinstance(lines, OSError) and not isinstance(lines, FileNotFoundError):
        yield Finding(Fault.UNREADABLE)
    elif isinstance(lines, OSError) or not lines:
        signed = find_heartbeat(session, HEADS)
        yield Finding(Fault.MISSING, since=signed.at) if signed else Finding(Fault.NONE_YET)


def _evidence(
    session: Session, held: Sequence[tuple[int, SignedHead]], found: Walked
) -> Iterator[Finding]:
    if not held or held[-1][1].seq > found.end.seq:
        return  # cut off, which is told already
    number, newest = held[-1]
    if evidence_root(session, newest.seq) != newest.evidence:
        yield Finding(Fault.EVIDENCE, number, newest.seq, since=newest.time)
