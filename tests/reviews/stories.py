"""Stories of a review, told with the commands the product itself uses."""

from foundation import clock
from questionnaires import submission_commands
from questionnaires.answer_commands import RawAnswer
from questionnaires.bulk_commands import save_first_answers
from questionnaires.sheet import of
from reviews.case import case_of
from reviews.commands import receive_submission
from reviews.facts import gather
from reviews.gate_commands import HandAnswer, judge_gate
from reviews.gates import GateStatus
from reviews.queries import get_review
from tests import makers
from tests import people as cast
from tests.contracts import stories as contracts

GOOD = {
    "pci_card_numbers": ("no",),
}
HARMLESS_WORDS = "As agreed, in Pakistan only."


def best_option(question):
    """Return the option worth most; the first of equals."""
    valued = [option for option in question.options if option.value is not None]
    return max(valued or question.options, key=lambda option: option.value or 0).code


def raw(question, option=None):
    """Return an answer to a question: the best one, or the one asked for."""
    if question.options:
        return RawAnswer(code=question.code, options=(option or best_option(question),))
    text = "2026-01-15" if question.kind.value == "date" else HARMLESS_WORDS
    return RawAnswer(code=question.code, text=text)


def answer_all(session, assessment, *, worse=None, left_out=(), silent=(), who=cast.VANIA):
    """Let Vania answer every question that is shown but the silent; `worse` picks options."""
    vania = makers.vendor_author(session, who)
    for _ in range(6):
        sheet = of(session, assessment)
        done = {*sheet.answers, *silent}
        open_ones = [q for q in sheet.form.questions if q.code not in done]
        if not open_ones:
            return
        said = [_said(one, (worse or {}).get(one.code), one.code in left_out) for one in open_ones]
        save_first_answers(session, assessment, said, by=vania, at=clock.now())


def _said(question, worse, is_left_out):
    if is_left_out:
        return RawAnswer(code=question.code, not_applicable=True, reason="We have no such thing.")
    return raw(question, worse or GOOD.get(question.code, (None,))[0])


def submit(session, assessment, *, who=cast.VANIA):
    """Let Vania hand in, and put it before us as the portal does."""
    vania = makers.vendor_author(session, who)
    submission_commands.submit(
        session, assessment, name=who.name, role="CISO", by=vania, at=clock.now()
    )
    return receive_submission(session, assessment, by=vania.actor, at=clock.now())


def submitted(session, *, vendor=None, who=cast.VANIA, **how):
    """Return a review with one submitted tier 4 assessment."""
    vendor = vendor or makers.make_vendor(session)
    contact = makers.make_contact(session, vendor, who)
    assessment = makers.make_assessment(session, vendor=vendor, contact=contact)
    answer_all(session, assessment, who=who, **how)
    return submit(session, assessment, who=who), assessment


def cover_by_contract(session, vendor):
    """Enter a contract in which every required clause stands as needed."""
    contract = contracts.make_contract(session, vendor)
    contracts.settle(session, contract, makers.make_staff(session))
    return contract


def judge_gates(session, review, *, by):
    """Answer by hand whatever gate the record leaves open."""
    facts = gather(session, review.vendor, review, clock.now().date())
    for line in case_of(facts).gates:
        if line.result.status is GateStatus.UNANSWERED:
            answer = HandAnswer(GateStatus.PASSED, "Seen on the call.")
            judge_gate(session, review, line.result.gate, answer, by=by, at=clock.now())


def ready(session, *, vendor=None, **how):
    """Return a review in which nothing stands against an approval but its score."""
    vendor = vendor or makers.make_vendor(session)
    cover_by_contract(session, vendor)
    review, assessment = submitted(session, vendor=vendor, **how)
    review = get_review(session, vendor.owner_id, review.id)
    judge_gates(session, review, by=makers.make_staff(session, cast.RABIA))
    return review, assessment
