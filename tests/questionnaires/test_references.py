"""The table of references: everything in it is used, and nothing in it is a standard's text."""

import pytest

from questionnaires.library import load_all
from questionnaires.nodes import questions_of
from questionnaires.references import framework_of, frameworks, known_references

MOST_WORDS = 9
USED = {
    reference
    for one in load_all()
    for question in questions_of(one)
    for reference in question.references
}


def test_the_table_holds_exactly_what_is_named():
    assert known_references() == USED


@pytest.mark.parametrize("framework", frameworks(), ids=lambda one: one.name)
def test_a_topic_is_a_few_words_of_our_own(framework):
    assert framework.title
    for identifier, topic in framework.topics.items():
        assert topic, identifier
        assert len(topic.split()) <= MOST_WORDS, identifier
        assert "shall" not in topic.split(), identifier


def test_a_reference_is_found_by_its_whole_name():
    assert framework_of("PCI DSS 3.5.1").name == "PCI DSS"
    assert framework_of("PDPB 2023").title.endswith("(a bill, not in force)")
    for unknown in ("PCI DSS 3.5", "PCI DSS", "", "2023", "GDPR 32 "):
        assert framework_of(unknown) is None
