"""docs/library.md is what the library is, and no gate is left without food."""

import re

import pytest

from operations import library_table
from questionnaires.library import load_all
from questionnaires.nodes import questions_of
from reviews.gates import ANSWERED, PROOFS, Gate
from tests.house.rooms import ROOT

PAGE = ROOT / "docs" / "library.md"


def test_the_page_is_what_the_library_is(app):
    text = library_table.text()
    if not PAGE.exists() or PAGE.read_text() != text:
        PAGE.write_text(text)
        pytest.fail("The library changed: docs/library.md was written anew. Review and commit it.")


@pytest.mark.parametrize("gate", Gate)
def test_every_gate_is_fed(app, gate: Gate):
    assert library_table.feeds(gate)


def test_questions_feed_exactly_the_gates_that_ask_for_an_answer():
    fed = {question.gate for one in load_all() for question in questions_of(one) if question.gate}
    assert fed == ANSWERED


def test_a_gate_that_needs_a_proof_has_a_question_for_which_that_proof_counts():
    for gate, proof in PROOFS.items():
        asked = [q for one in load_all() for q in questions_of(one) if q.gate == gate]
        assert asked
        assert all(proof in question.evidence_kinds for question in asked), gate


def test_every_kind_of_evidence_that_counts_is_named_in_words(app):
    assert not re.search(r"\b(pci_aoc|soc2_type2|asv_scan)\b", library_table.text())
