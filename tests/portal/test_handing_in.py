"""Check, declare, submit, the receipt, and what comes back."""

import re

import pytest
from sqlalchemy import func, select, update

from foundation import clock
from identity.models import WebSession
from questionnaires import clarification_commands
from questionnaires.answer_models import Answer, Clarification, Submission
from questionnaires.citation_commands import cite as put
from questionnaires.models import Assessment
from questionnaires.rules import AssessmentState
from reviews.models import ReviewAssessment
from tests import makers
from tests.people import PERVEZ, RABIA
from tests.questionnaires.test_citation_commands import make_evidence
from vendors.rules import Visibility

ANSWERS = {
    "enc_in_transit": "no",
    "pci_card_numbers": "no",
    "iam_second_factor": "yes",
    "net_updates": "yes",
    "aud_outside_view": "within_year",
    "inc_notice": "within_day",
    "tpr_other_companies": "yes",
}
STATEMENTS = 8
"""Of the check, whatever was answered: who is there, what was sent and said, and the files."""
DECLARED = {"name": "Vania Petrova", "role": "Head of Security", "is_true": "y"}


@pytest.fixture
def answered(vania, acme):
    """Everything answered; one does not apply, one is below the bar."""
    for code, option in ANSWERS.items():
        reply = vania.post(f"{acme.at}/answers", data={"code": code, "options": option})
        assert reply.status_code == 200, (code, reply.get_json())
    texts = {"code": "reg_countries", "text": "Pakistan"}
    vania.post(f"{acme.at}/answers", data=texts)
    reason = {"code": "trn_people", "not_applicable": "1", "reason": "There are two of us."}
    vania.post(f"{acme.at}/answers", data=reason)
    return vania


def cite(database, asked, code, *, page="", note="", **file):
    """Let staff cite a file of the vendor from an answer, on its behalf."""
    with database.writing() as session:
        by = makers.make_staff(session, RABIA)
        sent = session.get_one(Assessment, asked.assessment_id)
        made = make_evidence(session, asked.vendor_id, **file)
        put(session, sent, code, made, page=page, note=note, by=by, at=clock.now())


@pytest.fixture
def submitted(answered, acme):
    assert answered.post(f"{acme.at}/check", data=DECLARED).status_code == 303
    return answered


@pytest.fixture
def hand_back(database, acme, later):
    """The risk team asks about one answer and hands the assessment back."""

    def do(code="enc_in_transit", words="By when will that be mended?"):
        with database.writing() as session, later(hours=1):
            by = makers.make_staff(session, RABIA)
            sent = session.get_one(Assessment, acme.assessment_id)
            clarification_commands.ask(session, sent, code, words, by=by, at=clock.now())
            due = clock.now().date().replace(day=20)
            clarification_commands.hand_back(session, sent, due_on=due, by=by, at=clock.now())
            return session.scalars(select(Clarification)).one().id

    return do


def test_the_check_lists_what_is_missing_and_submitting_is_refused(vania, acme, row_of):
    vania.post(f"{acme.at}/start")
    page = vania.get(f"{acme.at}/check").get_data(as_text=True)
    assert "Still to do" in page
    assert f"{acme.at}/s/how_you_work#q-net_updates" in page
    assert "I declare" not in page
    assert vania.post(f"{acme.at}/check", data=DECLARED).status_code == 422
    assert row_of(acme).state is AssessmentState.ANSWERING


def test_the_check_shows_what_stands_out(answered, acme):
    page = answered.get(f"{acme.at}/check").get_data(as_text=True)
    for words in (
        "Answers that will raise a finding (1)",
        "Does not apply (1)",
        "There are two of us.",
        "Vania Petrova",
        "Submit 9 answers to Northwind Payments",
    ):
        assert words in page, words


def read_of(page, code):
    """Return what the check says of one question: from its words to its link."""
    end = page.index(f'#q-{code}">', page.index("Your answers</h2>"))
    return page[page.rindex('class="said"', 0, end) : page.index("</a>", end)]


def test_the_check_reads_out_every_answer_with_a_link_to_change_it(answered, acme, database):
    said = {
        "code": "net_updates",
        "options": "yes",
        "version": "1",
        "text": "Weekly.\n<b>Always</b>.",
    }
    assert answered.post(f"{acme.at}/answers", data=said).status_code == 200
    named = {"title": "Information security policy", "page": "3", "note": "The table at the foot."}
    cite(database, acme, "enc_in_transit", **named)
    page = answered.get(f"{acme.at}/check").get_data(as_text=True)
    updates = read_of(page, "net_updates")
    for words in ("Weekly.", "&lt;b&gt;Always&lt;/b&gt;.", "Comment", ">Change<"):
        assert words in updates, words
    low = read_of(page, "enc_in_transit")
    for words in ("Information security policy", "page 3", "at the foot", "Will raise a finding"):
        assert words in low, words
    assert "Does not apply:" in read_of(page, "trn_people")
    assert "Pakistan" in read_of(page, "reg_countries")
    with_answers = page[page.index("Your answers</h2>") :]
    assert with_answers.count("<details") == with_answers.count("<summary")
    assert "<details open" not in with_answers
    assert f'href="{acme.at}/s/how_you_work#q-net_updates">Change' in page
    assert "tok_replacement" not in page, "what is hidden is not asked"


def test_what_is_not_answered_yet_says_so_and_leads_there(vania, acme):
    vania.post(f"{acme.at}/start")
    page = vania.get(f"{acme.at}/check").get_data(as_text=True)
    open_one = read_of(page, "net_updates")
    assert "No answer" in open_one
    assert ">Answer<" in open_one
    assert "0 of" in page[page.index("Your answers</h2>") :]


def test_a_file_of_ours_that_the_vendor_may_not_see_is_not_named(answered, acme, database):
    cite(database, acme, "enc_in_transit", title="SECRET", visibility=Visibility.INTERNAL)
    assert "SECRET" not in answered.get(f"{acme.at}/check").get_data(as_text=True)


def test_the_check_costs_the_same_for_no_answer_and_for_all(vania, acme, database, request):
    vania.post(f"{acme.at}/start")
    vania.get(f"{acme.at}/check")
    assert len(vania.statements) == STATEMENTS, vania.statements
    request.getfixturevalue("answered")
    for code in ANSWERS:
        cite(database, acme, code, title=f"Proof of {code}")
    vania.get(f"{acme.at}/check")
    assert len(vania.statements) == STATEMENTS, vania.statements


@pytest.mark.parametrize("lacking", ["name", "role", "is_true"])
def test_without_a_full_declaration_nothing_is_submitted(answered, acme, row_of, lacking):
    form = {key: value for key, value in DECLARED.items() if key != lacking}
    refused = answered.post(f"{acme.at}/check", data=form)
    assert refused.status_code == 422
    assert "<title>Error:" in refused.get_data(as_text=True)
    assert row_of(acme).state is AssessmentState.ANSWERING


def test_submitting_gives_a_receipt_and_brings_the_review(submitted, acme, row_of, database):
    row = row_of(acme)
    assert row.state is AssessmentState.SUBMITTED
    page = submitted.get(f"{acme.at}/submitted").get_data(as_text=True)
    for words in (row.reference, "Head of Security", "What happens next", "9 answers"):
        assert words in page, words
    assert submitted.get(acme.at).location == f"{acme.at}/submitted"
    assert submitted.get(f"{acme.at}/s/our_information").location == f"{acme.at}/submitted"
    with database.reading() as session:
        joined = select(func.count()).where(ReviewAssessment.assessment_id == acme.assessment_id)
        assert session.scalar(joined) == 1


def test_submitted_twice_is_submitted_once(submitted, acme, database):
    again = submitted.post(f"{acme.at}/check", data=DECLARED)
    assert again.status_code == 409
    assert "being reviewed" in again.get_data(as_text=True)
    late = submitted.post(f"{acme.at}/answers", data={"code": "net_updates", "options": "no"})
    assert late.status_code == 409
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Submission)) == 1
        stored = session.scalars(select(Answer).where(Answer.code == "net_updates")).one()
        assert stored.options == ["yes"]


def test_the_copy_holds_every_answer(submitted, acme):
    page = submitted.get(f"{acme.at}/copy").get_data(as_text=True)
    for words in ("Pakistan", "There are two of us.", "Within 24 hours", "Vania Petrova"):
        assert words in page, words
    assert "tok_replacement" not in page


def test_a_question_not_sent_yet_is_not_shown(submitted, acme, database):
    with database.writing() as session:
        by = makers.make_staff(session, RABIA)
        sent = session.get_one(Assessment, acme.assessment_id)
        clarification_commands.ask(session, sent, "net_updates", "SECRET", by=by, at=clock.now())
    for path in ("", "/submitted", "/copy", "/clarify"):
        page = submitted.get(acme.at + path, follow_redirects=True).get_data(as_text=True)
        assert "SECRET" not in page, path
    assert "Nothing is waiting for you" in submitted.get(f"{acme.at}/clarify").get_data(
        as_text=True
    )


def test_only_what_came_back_can_be_answered(submitted, acme, hand_back, later, row_of, database):
    asked = hand_back()
    with later(hours=2):
        # Two hours of silence end the session; the journey goes on in the same browser.
        with database.writing() as session:
            session.execute(update(WebSession).values(last_seen_at=clock.now()))
        assert submitted.get(acme.at).location == f"{acme.at}/clarify"
        page = submitted.get(f"{acme.at}/clarify").get_data(as_text=True)
        assert "By when will that be mended?" in page
        assert "Rabia Siddiqui" in page
        assert 'data-question="net_updates"' not in page
        assert "asks about one of them" in page
        question, box = page.index('data-question="enc_in_transit"'), page.index(f"reply:{asked}")
        assert question < box, "the reply stands with its question"
        others = page[page.index("Nobody asked about these") :]
        assert "data-question=" in others
        assert 'data-question="enc_in_transit"' not in others
        other = submitted.post(f"{acme.at}/answers", data={"code": "net_updates", "options": "no"})
        assert other.status_code == 422
        empty = submitted.post(f"{acme.at}/clarify", data={"send": "1"})
        assert "Reply to what was asked back" in empty.get_data(as_text=True)
        assert row_of(acme).state is AssessmentState.RETURNED
        reply = {f"reply:{asked}": "By the end of May.", "send": "1"}
        change = {"q-enc_in_transit:base": "1.", "q-enc_in_transit:options": "planned"}
        done = submitted.post(f"{acme.at}/clarify", data={**reply, **change})
        assert done.location == f"{acme.at}/submitted", done.get_data(as_text=True)
        row = row_of(acme)
        assert (row.state, row.round) == (AssessmentState.SUBMITTED, 2)
    with database.reading() as session:
        assert session.get_one(Clarification, asked).reply == "By the end of May."
        stored = session.scalars(select(Answer).where(Answer.code == "enc_in_transit")).one()
        assert stored.options == ["planned"]
        assert session.scalar(select(func.count()).select_from(Submission)) == 2


def test_does_not_apply_asks_for_a_real_reason_and_is_one_thing_to_mend(answered, acme):
    for reason, sentence in (("", "Say in a short sentence why"), ("x", "too short to judge by")):
        told = {"code": "trn_people", "not_applicable": "1", "reason": reason}
        version = answered.get(f"{acme.at}/s/how_you_work").get_data(as_text=True)
        told["version"] = re.search(r'data-code="trn_people" data-version="(\d+)"', version)[1]
        assert answered.post(f"{acme.at}/answers", data=told).status_code == 200
        page = answered.get(f"{acme.at}/check").get_data(as_text=True)
        assert "Still to do (1)" in page
        assert page.count(sentence) == 1
        assert "Does not apply (" not in page
        assert answered.post(f"{acme.at}/check", data=DECLARED).status_code == 422
    section = answered.get(f"{acme.at}/s/how_you_work").get_data(as_text=True)
    assert "A short sentence, such as" in section


def test_the_section_says_at_once_that_a_reason_is_missing_and_keeps_the_rest(
    vania, acme, database
):
    form = {
        "q-trn_people:base": "0.",
        "q-trn_people:not_applicable": "1",
        "q-trn_people:reason": "no",
    }
    page = vania.post(f"{acme.at}/s/how_you_work", data=form).get_data(as_text=True)
    assert "<title>Error:" in page
    assert 'href="#q-trn_people"' in page
    assert "too short to judge by" in page
    with database.reading() as session:
        assert session.execute(select(Answer.code, Answer.reason)).all() == [("trn_people", "no")]


def test_a_short_reason_from_before_keeps_no_round_back(
    submitted, acme, hand_back, later, row_of, database
):
    asked = hand_back()
    with database.writing() as session:
        old = update(Answer).where(Answer.code == "trn_people")
        session.execute(old.values(reason="x"))
    with later(minutes=5):
        reply = {f"reply:{asked}": "By the end of May.", "send": "1"}
        done = submitted.post(f"{acme.at}/clarify", data=reply)
    assert done.location == f"{acme.at}/submitted"
    assert row_of(acme).round == 2


def test_a_later_round_says_nothing_was_declared(
    answered, acme, hand_back, later, database, people
):
    chief = {**DECLARED, "name": "Anna Petrova", "role": "Chief Executive"}
    assert answered.post(f"{acme.at}/check", data=chief).status_code == 303
    asked = hand_back()
    with later(hours=2):
        with database.writing() as session:
            session.execute(update(WebSession).values(last_seen_at=clock.now()))
        reply = {f"reply:{asked}": "By the end of May.", "send": "1"}
        assert answered.post(f"{acme.at}/clarify", data=reply).status_code == 303
        receipt = answered.get(f"{acme.at}/submitted").text
    ours = people.browser(PERVEZ).get(f"/assessments/{acme.assessment_id}").text
    assert "Anna Petrova, Chief Executive" in receipt[receipt.index("Declared true by") :]
    assert "Nothing was declared anew" in receipt
    assert ours.count("declared true by") == 1
    assert "declared true by Anna Petrova, Chief Executive" in ours
    assert "by Vania Petrova. It replies to what was asked back" in ours
