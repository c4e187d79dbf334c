"""The signed heads against the ledger: what they prove was done behind our back. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from audit.signed_heads import NOTHING, SignedHead, Why, hash_of, read_line
from audit.walking import Point
from foundation.signing import is_signed

LONG = timedelta(hours=2)
"""One head an hour is wanted; so long without one is told as a gap."""


class Fault(StrEnum):
    """What can be wrong. All but the last three are somebody's doing, or a broken disk's."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    DAMAGED = "damaged"
    FORGED = "forged"
    TAKEN_OUT = "taken_out"
    OLD_KEY = "old_key"
    CUT = "cut"
    REWRITTEN = "rewritten"
    EVIDENCE = "evidence"
    GAP = "gap"
    NONE_YET = "none_yet"
    SET_BACK = "set_back"


REMARKS = frozenset({Fault.GAP, Fault.NONE_YET, Fault.SET_BACK})
"""Told, and no proof of anything: a worker that stood still, a restore, a new installation."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found: in which line of the file, at which entries, since when."""

    fault: Fault
    line: int = 0
    seq: int = 0
    after: int = 0
    since: datetime | None = None
    until: datetime | None = None

    @property
    def is_remark(self) -> bool:
        """Whether it is told without being a proof of meddling."""
        return self.fault in REMARKS


def read_all(lines: Sequence[bytes]) -> list[SignedHead | None]:
    """Return the head of every line, None for one that is none."""
    return [read_line(line) for line in lines]


def check_lines(
    lines: Sequence[bytes],
    heads: Sequence[SignedHead | None],
    keys: Mapping[str, str],
    skipped: int = 0,
) -> Iterator[Finding]:
    """Yield what is wrong with the file itself: its lines, signatures, order and keys.

    `heads` are those of the lines behind the `skipped` first ones.
    """
    before, newest_key = hash_of(lines[skipped - 1]) if skipped else NOTHING, 0
    for number, (line, head) in enumerate(zip(lines[skipped:], heads, strict=True), skipped + 1):
        if head is None:
            yield Finding(Fault.DAMAGED, number)
        else:
            yield from _check_line(number, head, keys, before, newest_key)
            newest_key = max(newest_key, _number(head.key))
        before = hash_of(line)


def _check_line(
    number: int, head: SignedHead, keys: Mapping[str, str], before: str, newest_key: int
) -> Iterator[Finding]:
    public = keys.get(head.key, "")
    if head.public != public or not is_signed(public, head.signature, head.signed_part()):
        yield Finding(Fault.FORGED, number, head.seq, since=head.time)
    if head.previous != before:
        yield Finding(Fault.TAKEN_OUT, number, head.seq, since=head.time)
    if _number(head.key) < newest_key:
        yield Finding(Fault.OLD_KEY, number, head.seq, since=head.time)


def still_held(heads: Sequence[SignedHead | None]) -> list[tuple[int, SignedHead]]:
    """Return the heads with their lines that the ledger must fit: a restore sets others aside."""
    held: list[tuple[int, SignedHead]] = []
    for number, head in enumerate(heads, 1):
        if head is None:
            continue
        if head.restored is not None:
            held = [(n, one) for n, one in held if one.seq <= head.restored]
        held.append((number, head))
    return held


def check_ledger(
    held: Sequence[tuple[int, SignedHead]], points: Mapping[int, Point], last: int
) -> Iterator[Finding]:
    """Yield the first head the ledger does not fit: cut off before it, or written anew."""
    fits = 0
    for number, head in held:
        if head.seq > last:
            yield Finding(Fault.CUT, number, head.seq, last, since=head.time)
            return
        point = points.get(head.seq, Point())
        told = (head.count, head.mac, head.digest)
        if told != (head.seq, point.mac.hex(), point.digest.hex()):
            yield Finding(Fault.REWRITTEN, number, head.seq, fits, since=head.time)
            return
        fits = head.seq


def remarks(
    heads: Sequence[SignedHead | None], held: Sequence[tuple[int, SignedHead]], at: datetime
) -> Iterator[Finding]:
    """Yield when no head was signed for long, and what a restore has set aside."""
    kept = {number for number, _ in held}
    known = [(number, head) for number, head in enumerate(heads, 1) if head is not None]
    for number, head in known:
        if head.why is Why.RESTORE and head.restored is not None:
            aside = [one.seq for n, one in known if n < number and n not in kept]
            yield Finding(
                Fault.SET_BACK, number, max(aside, default=0), head.restored, since=head.time
            )
    moments = [head.time for _, head in known] + ([at] if known else [])
    for earlier, later in pairwise(moments):
        if later - earlier > LONG:
            yield Finding(Fault.GAP, since=earlier, until=later)


def _number(key_id: str) -> int:
    return int(key_id[1:]) if key_id[1:].isdecimal() else 0
