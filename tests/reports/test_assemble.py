"""The dossier of a vendor that went the whole way, and its print."""

from dataclasses import replace

import page
import pytest

from contracts.commands import activate
from contracts.models import Contract
from contracts.notice_commands import Notice, give_notice
from contracts.queries import contracts_of
from foundation import clock
from reports.assemble import assemble
from reports.dossier import from_json, to_json
from reports.paper import html_of
from reports.printing import print_report
from reports.vendor_page import vendor_page
from reviews import decision_commands as decisions
from reviews.decision_commands import Proposal
from reviews.rules import Outcome
from tests import makers
from tests import people as cast
from tests.reviews import stories
from vendors.queries import default_service
from vendors.service_commands import set_exposure


@pytest.fixture
def decided(session):
    review, assessment = stories.ready(session)
    pervez = makers.make_staff(session, cast.PERVEZ)
    proposal = Proposal(outcome=Outcome.APPROVED, round=1, note="Looked at it all.")
    decisions.propose(session, review, proposal, by=pervez, at=clock.now())
    session.flush()
    return review, assessment


def test_the_dossier_holds_what_the_rooms_hold(session, decided):
    review, assessment = decided
    dossier = assemble(session, review.vendor_id, clock.now(), prepared_by="Pervez Anwar")
    assert from_json(to_json(dossier)) == dossier
    assert dossier.decision.outcome.text == "Approved"
    assert dossier.decision.is_final
    assert [one.name for one in dossier.decision.signatures] == ["Pervez Anwar"]
    assert dossier.verdict.tone == "ok"
    assert dossier.verdict.text.startswith("Approved; remaining risk")
    (told,) = dossier.assessments
    assert told.reference == assessment.reference
    assert told.score.total.claimed == dossier.standing.claimed
    assert sum(line.claimed_points for line in told.score.lines) == pytest.approx(
        told.score.total.claimed_points
    )
    assert sum(len(section.answers) for section in told.sections) == told.n_visible
    assert all(
        one.answer or one.text or one.is_not_applicable or not one.is_required
        for section in told.sections
        for one in section.answers
    )
    assert dossier.coverage.met == dossier.coverage.required > 0
    assert {gate.status.value for gate in dossier.standing.gates} <= {"passed", "not_applicable"}
    assert sum(factor.points for factor in dossier.services[0].factors) == pytest.approx(
        dossier.services[0].score, abs=0.05
    )


def test_what_was_out_of_scope_is_in_the_dossier_and_in_no_sum(session, decided):
    review, _ = decided
    (told,) = assemble(session, review.vendor_id, clock.now()).assessments
    (group,) = told.left_out
    assert group.reason == "At sending the intake said: no card data comes into it."
    assert group.codes == ("pci_card_numbers", "tok_replacement")
    assert told.added_since == ()
    assert told.n_hidden == len(group.codes)
    answered = {one.code for section in told.sections for one in section.answers}
    assert not set(group.codes) & (answered | {line.code for line in told.score.lines})


def test_a_scope_that_has_changed_since_is_in_the_dossier(session):
    review, _ = stories.submitted(session)
    service = default_service(session, review.vendor_id)
    by = makers.make_staff(session)
    set_exposure(session, service, makers.CRITICAL, {}, by=by, at=clock.now())
    (told,) = assemble(session, review.vendor_id, clock.now()).assessments
    (group,) = told.added_since
    assert group.reason == "The intake now says: card data comes into it."


def test_the_report_says_that_notice_was_given(session, decided):
    review, _ = decided
    by = makers.make_staff(session, cast.PERVEZ)
    (row,) = contracts_of(session, review.vendor_id)
    contract = session.get_one(Contract, row.contract_id)
    activate(session, contract, by=by, at=clock.now())
    given = Notice(given_on=clock.today())
    give_notice(session, contract, given, version=contract.version, by=by, at=clock.now())
    dossier = assemble(session, review.vendor_id, clock.now(), prepared_by="Pervez Anwar")
    (told,) = dossier.contracts
    assert (told.notice_given_on, told.leaves_on) == (clock.today(), contract.ends_on)
    assert from_json(to_json(dossier)) == dossier
    assert "Notice was given on 2 March 2026." in html_of(dossier, sha256="", is_draft=True)


def test_the_same_moment_gives_the_same_bytes(session, decided):
    review, _ = decided
    first = to_json(assemble(session, review.vendor_id, clock.now()))
    assert to_json(assemble(session, review.vendor_id, clock.now())) == first


@pytest.mark.slow
def test_it_prints_as_an_accessible_report(session, decided):
    review, _ = decided
    dossier = assemble(session, review.vendor_id, clock.now(), reference="D-0007", number=7)
    printed = print_report(to_json(replace(dossier, prepared_by="Pervez")), is_draft=False)
    told = page.validate_pdf_bytes(printed, profile=page.ValidationProfile.PDF_UA_1)
    assert told.is_compliant, [f"{f.rule_id}: {f.message}" for f in told.failures]


def test_the_page_agrees_with_the_dossier(session, decided):
    review, _ = decided
    pervez = makers.make_staff(session, cast.PERVEZ)
    dossier = assemble(session, review.vendor_id, clock.now())
    shown = vendor_page(session, pervez.person_id, review.vendor_id, clock.now())
    assert shown.standing.evidenced == dossier.standing.evidenced
    assert shown.standing.residual == dossier.standing.residual
    assert [one.state for one in shown.rail] == [*["done"] * 6, "current"]
    assert shown.todo == "activate", "its contract is still a draft"
