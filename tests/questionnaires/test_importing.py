"""Importing through the sandbox: counts as published, refusals with line and column."""

import json

import pytest
from sqlalchemy import select

from foundation import clock, sandbox
from foundation.errors import Refused
from foundation.ids import new_id
from questionnaires import importing
from questionnaires.commands import import_questionnaire
from questionnaires.content import sha256_of
from questionnaires.formats import read
from questionnaires.models import QuestionnaireRecord, QuestionnaireVersion
from questionnaires.queries import latest_version, list_questionnaires, questionnaire_of
from tests.makers import make_staff

OURS = b"""format: duly-questionnaire/1
code: small
title: A small one
sections:
  one:
    title: One
    questions:
      first:
        area: enc
        weight: standard
        text: Is it encrypted?
        choices:
          yes: {text: "Yes", value: 1}
          no: {text: "No", value: 0}
"""


@pytest.fixture(scope="module", autouse=True)
def small_sandbox():
    sandbox.register({"questionnaire.read": "questionnaires.formats.task:read"})


def test_the_published_file_has_the_counts_expected(field_data):
    expected = json.loads((field_data / "expected.json").read_text())
    wanted = next(each for name, each in _flat(expected) if name.endswith("infrastructure.json"))
    file = field_data / "vsaq" / "infrastructure.json"
    found = importing.as_json(importing.read_in_sandbox(file.read_bytes(), file.name))
    assert set(found) == {
        "format",
        "title",
        "sections",
        "questions",
        "options",
        "conditions",
        "problems",
    }
    assert found["questions"] == wanted["answerable"]


def _flat(tree, name=""):
    if isinstance(tree, dict):
        yield name, tree
        for key, value in tree.items():
            yield from _flat(value, key)


def test_the_sandbox_returns_exactly_what_reading_here_gives():
    assert importing.read_in_sandbox(OURS, "small.yaml") == read(OURS, "small.yaml")


def test_a_broken_file_is_refused_with_line_and_column_and_nothing_stored(session):
    outcome = importing.read_in_sandbox(b'{"questionnaire": [}', "x.json")
    assert outcome.is_refused
    assert "line 1, column" in outcome.problems[0].where
    assert importing.as_json(outcome)["questions"] == 0
    with pytest.raises(Refused, match="line 1, column"):
        import_questionnaire(session, outcome, by=make_staff(session).actor, at=clock.now())
    assert session.scalars(select(QuestionnaireRecord)).all() == []


def test_too_large_a_file_never_reaches_the_sandbox():
    outcome = importing.read_in_sandbox(b"x" * (importing.MOST_BYTES + 1), "big.yaml")
    assert outcome.is_refused


def test_sealed_content_opens_for_its_person_only(database):
    outcome = read(OURS, "small.yaml")
    mine, other = new_id(), new_id()
    text = importing.sealed(outcome, mine)
    assert importing.unsealed(text, mine) == outcome
    for bad in (text[:-8] + "AAAAAAA=", "", "not base64!"):
        with pytest.raises(Refused, match="Choose the file again"):
            importing.unsealed(bad, mine)
    with pytest.raises(Refused, match="Choose the file again"):
        importing.unsealed(text, other)


def test_same_content_is_the_same_version_and_changed_content_the_next(session):
    by = make_staff(session).actor
    first = import_questionnaire(session, read(OURS, "a.yaml"), by=by, at=clock.now())
    again = import_questionnaire(session, read(OURS, "b.yaml"), by=by, at=clock.now())
    changed = OURS.replace(b"Is it encrypted?", b"Is all of it encrypted?")
    second = import_questionnaire(session, read(changed, "a.yaml"), by=by, at=clock.now())
    assert again.id == first.id
    assert (first.number, second.number) == (1, 2)
    assert latest_version(session, "small").id == second.id
    assert [row.number for row in list_questionnaires(session)] == [2]
    assert len(session.scalars(select(QuestionnaireVersion)).all()) == 2


def test_what_is_stored_reads_back_equal(session):
    made = import_questionnaire(
        session, read(OURS, "a.yaml"), by=make_staff(session).actor, at=clock.now()
    )
    session.flush()
    session.expire_all()
    found = session.get_one(QuestionnaireVersion, made.id)
    assert sha256_of(questionnaire_of(found)) == found.sha256
    assert found.n_questions == 1
    assert found.scoring_model["weights"]["critical"] == 20
