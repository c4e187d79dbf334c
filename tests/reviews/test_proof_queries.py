"""Which proof counts today, told with a vendor that was reviewed twice."""

from itertools import product

import pytest

from evidence.rules import EvidenceKind, ScanState
from foundation import clock
from questionnaires import assessment_commands
from reviews.gates import PROOFS, GateCase, gates_that_apply
from tests.reviews.cycles import NEW, OLD, Twice
from vendors.queries import default_service
from vendors.rules import PciScope

K = EvidenceKind


@pytest.fixture
def acme(session):
    return Twice(session)


@pytest.fixture
def cards(session):
    return Twice(session, pci_scope=PciScope.SHARES_ACCOUNT_DATA)


def test_what_only_an_earlier_cycle_cites_proves_nothing_any_more(acme):
    old, kept = acme.file(), acme.file(K.ISO27001)
    acme.cycle(old, kept)
    assert acme.nags == {old, kept}
    acme.cycle(kept)
    assert acme.nags == {kept}


def test_until_new_answers_are_in_the_earlier_cycle_counts(acme):
    old = acme.file()
    acme.cycle(old)
    acme.send()
    assert acme.nags == {old}


def test_answers_that_were_withdrawn_replace_nothing(acme):
    old, lent = acme.file(), acme.file(K.PENTEST)
    acme.cycle(old)
    again = acme.send(lent)
    acme.hand_in(again)
    assert acme.nags == {lent}
    assessment_commands.withdraw(acme.session, again, by=acme.by, at=clock.now())
    assert acme.nags == {old}


def test_what_no_answer_ever_cited_was_put_on_record_for_its_own_sake(acme):
    lone = acme.file()
    acme.cycle()
    acme.cycle()
    assert acme.nags == {lone}


def test_a_file_of_the_kind_that_ends_later_takes_its_place(acme):
    old = acme.file()
    acme.cycle(old)
    acme.file(ends=NEW)
    assert acme.nags == set()


@pytest.mark.parametrize(
    "flaw", [{"scan_state": ScanState.INFECTED}, {"kind": K.SOC2_TYPE1}, {"valid_until": OLD}]
)
def test_one_that_proves_nothing_itself_or_no_more_takes_no_place(acme, flaw):
    old = acme.file()
    acme.cycle(old)
    acme.file(ends=NEW, **flaw)
    assert old in acme.nags


def test_a_file_that_was_replaced_by_name_is_not_asked_for(acme):
    old = acme.file()
    acme.cycle(old)
    acme.file(K.OTHER, ends=None, supersedes_id=old.id)
    assert acme.nags == set()


def test_an_infected_file_is_not_asked_for_again(acme):
    acme.file(scan_state=ScanState.INFECTED)
    assert acme.nags == set()


def test_another_policy_without_an_end_takes_no_place_of_one_that_is_cited(acme):
    cited, old = acme.file(K.POLICY), acme.file(K.POLICY)
    acme.cycle(old)
    acme.cycle(cited)
    acme.file(K.POLICY, ends=None)
    assert acme.nags == {cited}


def test_a_file_of_another_vendor_takes_no_place(acme, session):
    old = acme.file()
    Twice(session).file(ends=NEW)
    assert acme.nags == {old}


def test_the_attestation_a_gate_rests_on_counts_though_no_new_answer_cites_it(cards, acme):
    for one in (cards, acme):
        one.cycle(one.file(K.PCI_AOC))
        one.cycle()
    assert {row.kind for row in cards.nags} == {K.PCI_AOC}
    assert acme.nags == set(), "no card data, so no gate"
    cards.file(K.PCI_AOC, ends=None)
    assert cards.nags == set()


def test_a_gate_asks_for_a_kind_exactly_when_it_applies(acme):
    service = default_service(acme.session, acme.vendor.id)
    acme.cycle(acme.file(K.PCI_AOC), acme.file(K.RESTORE_TEST))
    acme.cycle()
    for scope, outage in product(PciScope, (0, 2, 3, 4, None)):
        service.pci_scope, service.criticality = scope, outage
        acme.session.flush()
        case = GateCase(tier=4, data_class=0, criticality=outage, location=0, pci_scope=scope)
        wanted = {PROOFS[gate] for gate in gates_that_apply(case) if gate in PROOFS}
        assert {row.kind.value for row in acme.nags} == wanted, (scope, outage)


def test_what_other_files_are_cited_for_keeps_no_old_one(acme):
    cited, old = acme.file(), acme.file(K.POLICY)
    acme.cycle(old)
    acme.cycle(cited)
    lone = acme.file(K.ISO27001)
    acme.file(K.ISO27001, ends=None)
    assert acme.nags == {cited}, "no answer rests on the old certificate, and a newer one is there"
    assert lone not in acme.nags
