"""duly lint-questionnaire: green for the library, and plain words for a file with faults."""

import json

import pytest

from operations.cli import main
from questionnaires.bank import BANK

BAD = """
format: duly-questionnaire/1
code: ours
title: Ours
sections:
  keys:
    title: Keys
    questions:
      enc_keys:
        area: enc
        weight: standard
        text: Do you rotate and destroy keys?
        why_we_ask: So that old keys open nothing.
        good_looks_like: Every year.
        follow_ups: [When was the last time?]
        choices:
          yes: {text: "Yes", value: 1}
          no: {text: "No", value: 0}
        evidence: [soc2_typ2]
        finding: Keys are never replaced.
        references: [PCI DSS 3.7.4]
        clause: SEC-99
"""


@pytest.fixture
def at_home(tmp_path, monkeypatch):
    monkeypatch.setenv("DULY_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("DULY_DATABASE_URL", "")
    monkeypatch.setenv("DULY_BASE_URL", "http://localhost")
    return tmp_path


def problems_of(path, capsys):
    code = main(["lint-questionnaire", str(path), "--json"])
    return code, json.loads(capsys.readouterr().out)["problems"]


def test_the_library_is_green(capsys):
    assert main(["lint-questionnaire"]) == 0
    told = capsys.readouterr().out
    assert "98 questions, nothing to mend" in told
    assert [n for n in (84, 51, 26, 8) if f"  {n} of them where no card data comes" in told] == [
        *(84, 51, 26, 8)
    ]
    assert main(["lint-questionnaire", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"problems": []}


def test_a_file_with_faults_ends_with_one_and_says_where(at_home, capsys):
    path = at_home / "ours.yaml"
    path.write_text(BAD)
    code, problems = problems_of(path, capsys)
    assert code == 1
    assert {each["where"] for each in problems} == {'ours.yaml, line 9, question "enc_keys"'}
    said = " ".join(each["what"] for each in problems)
    assert 'clause "SEC-99"' in said
    assert 'kind of evidence "soc2_typ2"' in said
    assert 'joins things with "and"' in said
    assert any("soc2_type2" in each["fix"] for each in problems)


def test_a_file_that_is_mended_ends_with_nothing(at_home, capsys):
    path = at_home / "ours.yaml"
    mended = BAD.replace("soc2_typ2", "soc2_type2").replace("SEC-99", "SEC-1")
    path.write_text(mended.replace("rotate and destroy", "replace"))
    assert problems_of(path, capsys) == (0, [])


def test_what_is_meant_is_heard(at_home, capsys):
    path = at_home / "ours.yaml"
    mended = BAD.replace("soc2_typ2", "soc2_type2").replace("SEC-99", "SEC-1")
    path.write_text(mended + "        meant: {two_asks: One procedure does both.}\n")
    assert problems_of(path, capsys) == (0, [])


def test_the_same_code_may_not_ask_something_else_than_the_library(at_home, capsys):
    path = at_home / "ours.yaml"
    path.write_text(BAD.replace("enc_keys", "enc_at_rest"))
    _, problems = problems_of(path, capsys)
    assert any("something else under the same code" in each["what"] for each in problems)


@pytest.mark.parametrize("payload", ["", "{", "title: nothing here", "questions: [", "\x00"])
def test_a_file_that_is_none_is_refused_with_a_sentence(at_home, capsys, payload: str):
    path = at_home / "none.yaml"
    path.write_text(payload)
    code, problems = problems_of(path, capsys)
    assert code == 1
    assert problems
    assert all(each["where"] and each["what"] and each["fix"] for each in problems)


def test_a_file_that_is_not_there_is_said(at_home, capsys):
    assert main(["lint-questionnaire", str(at_home / "none.yaml")]) == 1
    assert "none.yaml" in capsys.readouterr().err


def test_one_area_of_the_bank_is_no_questionnaire(at_home, capsys):
    assert main(["lint-questionnaire", str(BANK / "enc.yaml")]) == 1
    assert "one area of the library" in capsys.readouterr().err
