"""What everybody has to hear in a year, worked out by hand from the ladders of the design.

Nothing of the product's own rules is asked here: days before and after a date, and who hears of it.
A telling is (address, what it is about, the day it is told on, where its reader is).
"""

from collections.abc import Iterator
from datetime import date, timedelta

from tests.people import ASIF, LAILA, PERVEZ, RABIA, VANIA

WINDOW = 14
"""Days a vendor has to answer."""
TO_VENDOR = (4, 10, 14, 16)
"""At 30 and 70 % of the window, on its last day, and the day after it is over. That one waits for
two days to have gone by since the last letter (ruling 8: never two within 48 hours)."""
TO_OWNER_OF_ANSWERS = (4,)
TO_LEAD_OF_ANSWERS = (8,)

TO_OWNER_OF_A_WORD, TO_LEAD_OF_A_WORD = 4, 8
OPENS_BEFORE = timedelta(days=45)

Telling = tuple[str, str, date]


def of_world(it, due_on: date, next_review_on: date) -> Iterator[Telling]:
    """Yield what is told of a vendor that has one of each thing due on a day.

    Pervez owns the vendor and with it the evidence, the contract, the exemption and the reviews;
    Rabia owns the finding and the condition; Asif approved the exemption; Laila leads.
    """
    evidence, review = f"/vendors/{it.vendor}/evidence", f"/vendors/{it.vendor}/send"
    finding, condition = f"/findings/{it.finding}", f"/conditions/{it.condition}"
    exemption, contract = f"/vendors/{it.vendor}", f"/contracts/{it.contract}"
    yield from _told(PERVEZ, evidence, due_on, -60, -30, -7, 0)
    yield from _told(RABIA, finding, due_on, -30, -7, 0, 3)
    yield from _told(LAILA, finding, due_on, 8)
    yield from _told(RABIA, condition, due_on, -30, -7, 0, 3)
    yield from _told(LAILA, condition, due_on, 1)
    yield from _told(PERVEZ, exemption, due_on, -60, -30, -7, 0)
    yield from _told(ASIF, exemption, due_on, -30, 0)
    yield from _told(LAILA, exemption, due_on, 1)
    yield from _told(PERVEZ, contract, due_on, -90, -60, -30, -7)
    yield from _told(LAILA, contract, due_on, -7)
    # Tier 2: a review opens 45 days before its date.
    yield from _told(PERVEZ, review, next_review_on, -45, -14, 0)
    yield from _told(LAILA, review, next_review_on, 8)


def of_answers(assessment_id, reference: str, sent_on: date) -> Iterator[Telling]:
    """Yield what is told of questions that a vendor never answers."""
    due_on = sent_on + timedelta(days=WINDOW)
    yield from _told(VANIA, reference, sent_on, *TO_VENDOR)
    yield from _told(PERVEZ, f"/assessments/{assessment_id}", due_on, *TO_OWNER_OF_ANSWERS)
    yield from _told(LAILA, f"/assessments/{assessment_id}", due_on, *TO_LEAD_OF_ANSWERS)


def of_a_word(vendor_id, asked_on: date, next_review_on: date) -> Iterator[Telling]:
    """Yield what is told of a vendor in use that never says whether anything has changed.

    Tier 2 is asked half a year after it was cleared, unless its next review is open by then.
    """
    if next_review_on - OPENS_BEFORE > asked_on:
        due_on = asked_on + timedelta(days=WINDOW)
        yield from _told(PERVEZ, word_of(vendor_id), due_on, TO_OWNER_OF_A_WORD)
        yield from _told(LAILA, word_of(vendor_id), due_on, TO_LEAD_OF_A_WORD)


def word_of(vendor_id) -> str:
    """Name the question that is put to a vendor, which has no id before it is put."""
    return f"the word of {vendor_id}"


def _told(who, what: str, from_day: date, *offsets: int) -> Iterator[Telling]:
    for days in offsets:
        yield who.email, what, from_day + timedelta(days=days)
