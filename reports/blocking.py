"""What keeps a vendor from being approved: what, whose move it is, since when, what to do."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from reports.ball import Clock
from reports.progress import Todo, Way
from reviews.rules import Blocker
from reviews.turns import Errand, Turn


class Block(StrEnum):
    """One kind of thing in the way."""

    NOT_SENT = "not_sent"
    NOT_BACK = "not_back"
    ASKED_BACK = "asked_back"
    NO_CONTRACT = "no_contract"
    CLAUSES = "clauses"
    GATES_OPEN = "gates_open"
    GATES_FAILED = "gates_failed"
    UNSCORED = "unscored"
    RISK_LEFT = "risk_left"
    UNDECIDED = "undecided"
    UNSIGNED = "unsigned"
    NOT_IN_FORCE = "not_in_force"
    FINDINGS_LATE = "findings_late"
    PROOF_OVER = "proof_over"


TODO_OF = {
    Block.NOT_SENT: Todo.SEND,
    Block.NOT_BACK: Todo.WAIT,
    Block.ASKED_BACK: Todo.WAIT,
    Block.NO_CONTRACT: Todo.ADD_CONTRACT,
    Block.CLAUSES: Todo.SETTLE_CLAUSES,
    Block.GATES_OPEN: Todo.REVIEW,
    Block.GATES_FAILED: Todo.DECIDE,
    Block.UNSCORED: Todo.DECIDE,
    Block.RISK_LEFT: Todo.DECIDE,
    Block.UNDECIDED: Todo.REVIEW,
    Block.UNSIGNED: Todo.SIGN,
    Block.NOT_IN_FORCE: Todo.ACTIVATE,
    Block.FINDINGS_LATE: Todo.FINDINGS,
    Block.PROOF_OVER: Todo.EVIDENCE,
}
TURN_OF_BLOCK = {
    Block.NOT_SENT: Turn.BUYER,
    Block.NOT_BACK: Turn.VENDOR,
    Block.ASKED_BACK: Turn.VENDOR,
    Block.NO_CONTRACT: Turn.BUYER,
    Block.CLAUSES: Turn.BUYER,
    Block.GATES_OPEN: Turn.RISK,
    Block.GATES_FAILED: Turn.RISK,
    Block.UNSCORED: Turn.RISK,
    Block.RISK_LEFT: Turn.RISK,
    Block.UNDECIDED: Turn.RISK,
    Block.UNSIGNED: Turn.SIGNERS,
    Block.NOT_IN_FORCE: Turn.BUYER,
    Block.FINDINGS_LATE: Turn.RISK,
    Block.PROOF_OVER: Turn.VENDOR,
}
_OF_CODE = {
    "clarifications": Block.ASKED_BACK,
    "clause": Block.CLAUSES,
    "gate_unanswered": Block.GATES_OPEN,
    "gate_failed": Block.GATES_FAILED,
    "unscored": Block.UNSCORED,
    "high": Block.RISK_LEFT,
    "critical": Block.RISK_LEFT,
}
_AFTER_ANSWERS = frozenset(
    {Block.GATES_OPEN, Block.GATES_FAILED, Block.UNSCORED, Block.RISK_LEFT, Block.ASKED_BACK}
)


@dataclass(frozen=True, slots=True)
class Blocking:
    """One row: several reasons of one kind are one row, with each of them to be read."""

    what: Block
    count: int
    sentences: tuple[str, ...]
    since: date | None

    @property
    def turn(self) -> Turn:
        """Whose move it is."""
        return TURN_OF_BLOCK[self.what]

    @property
    def todo(self) -> Todo:
        """What would take it out of the way."""
        return TODO_OF[self.what]


def what_blocks(
    way: Way, blockers: Iterable[Blocker], clock: Clock, *, late: int, over: int
) -> tuple[Blocking, ...]:
    """Return what is in the way; for a vendor decided about only what is late.

    `late` counts findings past their date, `over` files past their validity.
    """
    if way.is_closed:
        return ()
    found: dict[Block, list[str]] = defaultdict(list)
    if way.turn is Turn.SIGNERS:
        found[Block.UNSIGNED] = [""]
    elif way.errand is Errand.ACTIVATE:
        found[Block.NOT_IN_FORCE] = [""]
    elif way.decided_on is None and way.errand is not Errand.LEAVE:
        _gather(found, way, blockers)
    found[Block.FINDINGS_LATE] = [""] * late
    found[Block.PROOF_OVER] = [""] * over
    return tuple(
        Blocking(block, len(found[block]), _said(found[block]), _since(block, way, clock))
        for block in Block
        if found[block]
    )


def _gather(found: dict[Block, list[str]], way: Way, blockers: Iterable[Blocker]) -> None:
    has_answers = way.answered_on is not None
    for blocker in blockers:
        block = _OF_CODE.get(blocker.code)
        if block is not None and (has_answers or block not in _AFTER_ANSWERS):
            found[block].append(blocker.sentence)
    if way.turn is Turn.RISK:
        found[Block.UNDECIDED] = [""]
    if way.turn is Turn.VENDOR and not found[Block.ASKED_BACK]:
        found[Block.NOT_BACK] = [""]
    elif way.errand is Errand.ASK:
        found[Block.NOT_SENT] = [""]
    if not way.has_contract:
        found[Block.NO_CONTRACT] = [""]
        found[Block.CLAUSES] = []


def _said(sentences: Iterable[str]) -> tuple[str, ...]:
    return tuple(sentence for sentence in sentences if sentence)


def _since(block: Block, way: Way, clock: Clock) -> date | None:
    """Return since when the party could have moved."""
    turn = TURN_OF_BLOCK[block]
    if block in {Block.FINDINGS_LATE, Block.PROOF_OVER}:
        return None
    if clock.spans and clock.spans[-1].turn is turn:
        return clock.spans[-1].first
    if turn is Turn.VENDOR and way.asked_on is not None:
        return way.asked_on
    return way.answered_on if turn is Turn.RISK else way.began_on
