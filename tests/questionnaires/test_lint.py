"""Every rule of the lint bites, and lets pass what it should."""

import shutil
from dataclasses import replace

import pytest

from operations.lint_cli import vocabulary
from questionnaires.bank import BANK
from questionnaires.formats import read
from questionnaires.linting import Notes, Subject, lint, lint_library
from questionnaires.linting.notes import notes_in

WORDS = vocabulary()
QUESTION = """\
      enc_first:
        area: enc
        weight: standard
        gate: G2
        text: Is our information encrypted?
        why_we_ask: Because.
        good_looks_like: Always.
        follow_ups: [Since when?]
        choices:
          yes: {text: "Yes", value: 1}
          no: {text: "No", value: 0}
        evidence: [policy]
        finding: It is not.
        references: [GDPR 32]
        clause: SEC-1
"""
SECOND = """\
      enc_second:
        area: enc
        kind: text
        text: Where are keys kept?
        why_we_ask: Because.
        good_looks_like: In a safe.
        follow_ups: [Since when?]
        references: [GDPR 32]
        clause: SEC-1
        when: {question: enc_first, is: yes}
"""
SOUND = f"sections:\n  one:\n    title: One\n    questions:\n{QUESTION}{SECOND}"


def problems_of(text: str, most: int | None = None) -> list[str]:
    payload = text.encode()
    outcome = read(payload, "ours.yaml")
    assert outcome.questionnaire, outcome.problems
    subject = Subject(outcome.questionnaire, WORDS, notes_in(payload, "ours.yaml"), most)
    return [f"{each.where}: {each.what} {each.fix}" for each in lint(subject)]


def test_a_sound_questionnaire_has_nothing_to_mend():
    assert problems_of(SOUND) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("enc_first", "enc_First", "not small letters"),
        ("enc_first", "enc-first", "not small letters"),
        ("enc_first", "net_first", 'does not begin with its area, "enc_"'),
        ("        area: enc\n        weight", "        weight", "belongs to no area"),
        ("        why_we_ask: Because.\n", "", 'has no "why_we_ask"'),
        ("why_we_ask: Because.", "why_we_ask: <b> </b>", 'has no "why_we_ask"'),
        ("        good_looks_like: Always.\n", "", 'has no "good_looks_like"'),
        ("        follow_ups: [Since when?]\n", "", 'has no "follow_ups"'),
        ("        evidence: [policy]\n", "", 'has no "evidence"'),
        ("        finding: It is not.\n", "", 'has no "finding"'),
        ("        references: [GDPR 32]\n", "", 'has no "references"'),
        ("        clause: SEC-1\n", "", 'has no "clause"'),
        ("        weight: standard\n", "", "only one of a weight and choices"),
        ("        weight: standard\n", "", "feeds gate G2 but is not scored"),
        ("value: 1}", "value: 0.5}", "do not reach from 0 to 1"),
        ('no: {text: "No", value: 0}', 'no: {text: "No"}', "do not reach from 0 to 1"),
        ("GDPR 32", "GDPR 320", 'reference "GDPR 320" is not known. Did you mean GDPR 32'),
        ("GDPR 32", "ISO 9001", 'reference "ISO 9001" is not known'),
        ("[policy]", "[polices]", 'kind of evidence "polices" is not known. Did you mean policy'),
        ("SEC-1\n", "SEC-99\n", 'clause "SEC-99" is not known'),
        ("gate: G2", "gate: G13", 'gate "G13" is not known'),
        ("Is our information encrypted?", "Encrypted.", "not one question"),
        ("encrypted?", "encrypted? Since when?", "not one question"),
        ("encrypted?", "encrypted and backed up?", 'joins things with "and"'),
        ("encrypted?", "encrypted or masked?", 'joins things with "or"'),
        ("encrypted?", "encrypted/masked?", "joins things with"),
        ("encrypted?", f"encrypted {'very ' * 30}well?", "words; more than 30"),
        ("Where are keys kept?", "Is our own information encrypted?", 'nearly the same as "enc_'),
        ("is: yes}", 'is: "no"}\n        meant: {spelling: so}', 'under "meant" is not understood'),
        ("is: yes}", "is: yes}\n        meant: {alike: }", 'under "meant" is not understood'),
    ],
)
def test_each_rule_bites(old: str, new: str, said: str):
    assert old in SOUND
    found = problems_of(SOUND.replace(old, new))
    assert any(said in each for each in found), found


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("{all: [{question: enc_first, is: yes}, {question: enc_first, is: no}]}", "nobody can"),
        ("{all: [{answered: enc_first}, {not: {answered: enc_first}}]}", "nobody can ever see"),
        ("{any: []}", "nobody can ever see"),
        ("{all: [{fact: cards}, {not: {fact: cards}}]}", "nobody can ever see"),
        ("{all: [{fact: cde}, {not: {fact: cards}}]}", "nobody can ever see"),
        (
            "{all: [{fact: access, at_least: 3}, {not: {fact: access, at_least: 2}}]}",
            "nobody can ever see",
        ),
    ],
)
def test_a_question_that_no_answers_lead_to_is_found(condition: str, said: str):
    found = problems_of(SOUND.replace("{question: enc_first, is: yes}", condition))
    assert any(said in each and "enc_second" in each for each in found)


@pytest.mark.parametrize(
    "condition",
    [
        "{fact: cards}",
        "{not: {fact: cards}}",
        "{all: [{fact: cards}, {not: {fact: cde}}, {question: enc_first, is: yes}]}",
        "{all: [{fact: access, at_least: 2}, {not: {fact: access, at_least: 3}}]}",
    ],
)
def test_a_question_that_some_fact_leads_to_is_as_it_should_be(condition: str):
    assert problems_of(SOUND.replace("{question: enc_first, is: yes}", condition)) == []


def test_a_question_behind_an_unreachable_one_is_unreachable_too():
    third = SECOND.replace("enc_second", "enc_third").replace("Where are keys kept", "Who has them")
    third = third.replace("{question: enc_first, is: yes}", "{answered: enc_second}")
    never = "{all: [{answered: enc_first}, {not: {answered: enc_first}}]}"
    text = SOUND.replace("{question: enc_first, is: yes}", never) + third
    found = [each for each in problems_of(text) if "nobody can ever see" in each]
    assert len(found) == 2


def test_a_question_that_waits_for_a_later_one_is_found():
    text = f"sections:\n  one:\n    title: One\n    questions:\n{SECOND}{QUESTION}"
    found = problems_of(text)
    assert len(found) == 1
    assert 'waits for "enc_first", which is asked after it' in found[0]


def test_too_many_questions_are_counted_as_if_every_condition_held():
    assert problems_of(SOUND, most=2) == []
    (found,) = problems_of(SOUND, most=1)
    assert "asks 2 questions; at most 1" in found


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("Where are keys kept?", "Where are keys and copies kept?", "two_asks"),
        ("Where are keys kept?", f"Where are keys {'very ' * 30}well kept?", "long_text"),
        ("Where are keys kept?", "Is our own information encrypted?", "alike"),
    ],
)
def test_a_rule_of_wording_may_be_broken_on_purpose(old: str, new: str, rule: str):
    broken = SOUND.replace(old, new)
    assert len(problems_of(broken)) == 1
    assert problems_of(f"{broken}        meant: {{{rule}: One answer fits.}}\n") == []


def test_a_rule_of_substance_may_not():
    found = problems_of(SOUND.replace("GDPR 32", "GDPR 99") + "        meant: {links: so}\n")
    assert any("GDPR 99" in each for each in found)


def test_the_place_is_where_a_person_finds_it():
    (found,) = problems_of(SOUND.replace("Where are keys kept?", "Where are keys or codes kept?"))
    assert found.startswith('ours.yaml, line 20, question "enc_second"')


def test_without_notes_the_code_alone_is_the_place():
    outcome = read(SOUND.encode(), "ours.yaml")
    assert outcome.questionnaire
    words = replace(WORDS, clauses=frozenset())
    assert {each.where for each in lint(Subject(outcome.questionnaire, words))} == {
        'question "enc_first"',
        'question "enc_second"',
    }
    assert not Subject(outcome.questionnaire, words, {"enc_first": Notes("x")}).is_meant("a", "b")


def test_the_library_has_nothing_to_mend():
    assert lint_library(WORDS) == ()


@pytest.fixture
def copied(tmp_path):
    folder = tmp_path / "bank"
    shutil.copytree(BANK, folder)
    return folder


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("enc", "tiers: [1, 2, 3, 4]", "tiers: [1, 3, 4]", "asked in the tiers 1, 3, 4"),
        ("enc", "tiers: [1, 2, 3, 4]", "tiers: [1, 2, 3, 9]", "asked in the tiers 1, 2, 3, 9"),
        ("net", "tiers: [1, 2, 3]", "tiers: [1, 2, 3, 4]", "is not in tier4.yaml"),
        ("enc", "whenever you send it over a network?", "always?", "under the same code"),
        ("pci", "tiers: [1, 2, 3]", "tiers: [1]", 'names "pci_aoc_service"'),
        ("net", "net_firewall:", "enc_at_rest:", "The code stands in enc.yaml too"),
        ("tok", "tok_other_numbers:", "enc_other_numbers:", "does not begin with its area"),
        ("enc", "    clause: SEC-1\n", "    clause: SEC-1\n    colour: red\n", 'key "colour"'),
        ("reg", "area: reg", "area: law", "its name is not its area"),
    ],
)
def test_what_is_wrong_in_the_bank_is_found(copied, name, old, new, said):
    path = copied / f"{name}.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    found = lint_library(WORDS, copied)
    assert any(said in f"{each.where} {each.what}" for each in found), found


def test_one_question_too_many_in_a_tier_is_found(copied):
    path = copied / "enc.yaml"
    path.write_text(path.read_text().replace("tiers: [1]\n", "tiers: [1, 2, 3]\n"))
    assert any("at most 30 may be asked" in each.what for each in lint_library(WORDS, copied))
