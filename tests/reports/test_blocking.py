"""What is in the way of a vendor: grouped, with whose move it is; nothing that only follows."""

from dataclasses import replace
from datetime import date

from foundation.dates import Calendar
from reports.ball import Event, Moved, clock_of
from reports.blocking import Block, what_blocks
from reports.progress import Way
from reviews.rules import Blocker
from reviews.turns import Errand, Turn

START, SENT, BACK, TODAY = (date(2026, 3, day) for day in (2, 4, 10, 20))
NEW = Way(began_on=START, turn=Turn.BUYER, errand=Errand.ASK)
REVIEWED = Way(began_on=START, turn=Turn.RISK, sent_on=SENT, answered_on=BACK, has_contract=True)
CLOCK = clock_of(
    [
        Moved(START, Event.REGISTERED),
        Moved(SENT, Event.SENT, "A"),
        Moved(BACK, Event.SUBMITTED, "A"),
    ],
    TODAY,
    Calendar(),
)
CLAUSES = [Blocker("clause", f"Contract: clause {number} is open.") for number in range(3)]
GATE = Blocker("gate_unanswered", "G1 is not answered.")


def blocks(way, *blockers, late=0, over=0):
    return {row.what: row for row in what_blocks(way, blockers, CLOCK, late=late, over=over)}


def test_before_anything_is_sent_only_what_can_be_done_is_told():
    found = blocks(NEW, Blocker("no_assessment", "Nothing submitted."), GATE, *CLAUSES)
    assert set(found) == {Block.NOT_SENT, Block.NO_CONTRACT}, "gates follow from answers"
    assert found[Block.NOT_SENT].turn is Turn.BUYER
    assert found[Block.NOT_SENT].since == START


def test_reasons_of_one_kind_are_one_row():
    found = blocks(REVIEWED, *CLAUSES, GATE)
    assert found[Block.CLAUSES].count == 3
    assert len(found[Block.CLAUSES].sentences) == 3
    assert found[Block.GATES_OPEN].turn is Turn.RISK
    assert found[Block.GATES_OPEN].since == BACK
    assert set(found) == {Block.CLAUSES, Block.GATES_OPEN, Block.UNDECIDED}


def test_what_waits_for_signatures_has_one_reason():
    way = replace(REVIEWED, turn=Turn.SIGNERS)
    assert set(blocks(way, *CLAUSES, GATE)) == {Block.UNSIGNED}


def test_of_a_vendor_in_use_only_what_is_late_counts():
    way = replace(REVIEWED, turn=Turn.NOBODY, decided_on=TODAY, is_active=True)
    assert blocks(way, *CLAUSES) == {}
    found = blocks(way, *CLAUSES, late=2, over=1)
    assert {what: row.count for what, row in found.items()} == {
        Block.FINDINGS_LATE: 2,
        Block.PROOF_OVER: 1,
    }
    assert blocks(replace(way, is_closed=True), late=2) == {}


def test_with_the_vendor_the_vendor_has_to_move():
    way = Way(began_on=START, turn=Turn.VENDOR, sent_on=SENT, has_contract=True)
    assert {row.turn for row in blocks(way).values()} == {Turn.VENDOR}


def test_once_approved_the_contract_that_is_not_in_force_is_in_the_way():
    way = Way(began_on=START, turn=Turn.BUYER, errand=Errand.ACTIVATE, decided_on=BACK)
    (row,) = blocks(way, *CLAUSES).values()
    assert (row.what, row.turn) == (Block.NOT_IN_FORCE, Turn.BUYER)
    leaving = replace(way, errand=Errand.LEAVE, decided_on=None)
    assert blocks(leaving, *CLAUSES) == {}, "nothing is to be approved where we leave"
