"""Who meets which PCI requirement: agreed in full with one vendor, with a gap with another."""

from uuid import UUID

from contracts.matrix_commands import MatrixFacts, save_matrix
from contracts.matrix_rules import NAMES, Line, Share
from foundation import clock
from operations.demo.stage import Stage
from vendors.models import Vendor

PROCESSOR = (
    Line("3.5", Share.VENDOR),
    Line("6", Share.SHARED, "They build the switch; we build the page that sends cards to it."),
    Line("7", Share.SHARED, "Each of us for its own staff; we name who of ours may see reports."),
    Line("8", Share.SHARED, "They run the sign-in to their console; we enrol our people."),
    Line("9", Share.VENDOR, "Both of their data centres."),
    Line("12", Share.SHARED, "Each of us keeps rules and trains people of its own."),
    Line("12.8", Share.OURS, "We keep the list of providers; theirs are named in the contract."),
    Line("12.10", Share.SHARED, "They tell us within 24 hours; we tell the card brands."),
)
VAULT = (
    Line("1", Share.VENDOR),
    Line("2", Share.VENDOR),
    Line("3", Share.VENDOR, "No card number stays with us, only tokens."),
    Line("4", Share.SHARED, "They offer the encrypted address; we refuse anything else."),
    Line("5", Share.VENDOR),
    Line("7", Share.SHARED),
    Line("8", Share.VENDOR),
    Line("9", Share.VENDOR),
    Line("10", Share.VENDOR),
    Line("11", Share.VENDOR),
    Line("12", Share.SHARED, "Each of us for its own people."),
)


def whole(*others: Line) -> tuple[Line, ...]:
    """Return a line for every requirement, the vendor's where nothing else is said."""
    known = {number: Line(number, Share.VENDOR) for number in NAMES}
    return tuple((known | {line.number: line for line in others}).values())


def agree(stage: Stage, days_ago: int, vendor_id: UUID, lines: tuple[Line, ...]) -> None:
    """Let the analyst store what was agreed on that day."""
    with stage.day(days_ago, 11) as session:
        vendor = session.get_one(Vendor, vendor_id)
        facts = MatrixFacts(agreed_on=stage.on(days_ago), lines=lines)
        by = stage.cast["Rabia"]
        save_matrix(session, vendor, facts, version=0, by=by, at=clock.now())
