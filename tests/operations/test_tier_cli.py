"""duly tier: the golden vectors from the command line, and sentences for bad input."""

import json

import pytest

from operations.cli import main

FACTORS = (
    "data_class",
    "data_volume",
    "access",
    "criticality",
    "substitutability",
    "regulatory",
    "location",
    "subcontracting",
)
ALL = "account_data=yes cde=yes critical_function=yes"
GOLDEN = [
    ("card processor", "4 4 3 4 3 4 1 3", ALL, 87.0, 1),
    ("cloud host", "4 4 4 4 3 4 2 2", "cde=yes critical_function=yes", 91.0, 1),
    ("KYC with biometrics", "4 3 2 3 2 3 2 3", "", 72.5, 1),
    ("payroll", "3 1 1 2 1 2 1 2", "", 45.0, 3),
    ("pen-test firm", "2 0 3 0 0 2 0 1", "cde=yes", 31.5, 2),
    ("bulk e-mail", "3 4 1 1 1 2 2 2", "", 49.5, 2),
    ("cleaning", "0 0 1 0 0 0 0 1", "", 6.5, 4),
    ("stock photos", "0 0 0 0 0 0 1 0", "", 1.5, 4),
]


@pytest.mark.parametrize(("name", "values", "flags", "score", "tier"), GOLDEN)
def test_all_golden_vectors(capsys, name, values, flags, score, tier):
    facts = [f"{factor}={value}" for factor, value in zip(FACTORS, values.split(), strict=True)]
    assert main(["tier", *facts, *flags.split(), "--json"]) == 0, name
    found = json.loads(capsys.readouterr().out)
    assert (found["score"], found["tier"]) == (score, tier)
    assert found["reasons"]


def test_a_floor_names_itself(capsys):
    main(["tier", *(f"{factor}=0" for factor in FACTORS), "account_data=yes", "--json"])
    found = json.loads(capsys.readouterr().out)
    assert (found["raw_tier"], found["tier"]) == (4, 1)
    assert any("account data" in floor for floor in found["floors"])


def test_what_is_not_given_counts_as_the_worst(capsys):
    assert main(["tier", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["score"], found["tier"], found["is_provisional"]) == (100.0, 1, True)


def test_people_read_a_sentence(capsys):
    assert main(["tier", "data_class=4", "account_data=yes"]) == 0
    assert capsys.readouterr().out.startswith("Tier 1, score ")


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("data_class=5", "whole number from 0 to 4"),
        ("data_class=-1", "whole number from 0 to 4"),
        ("data_class=", "whole number from 0 to 4"),
        ("data_class=٣", "whole number from 0 to 4"),
        ("colour=3", "no factor or flag"),
        ("cde=maybe", "must be yes or no"),
        ("data_class", "is not name=value"),
    ],
)
def test_nonsense_gets_a_sentence(capsys, word, sentence):
    assert main(["tier", word, "--json"]) == 1
    told = capsys.readouterr()
    assert sentence in told.err
    assert told.out == ""


def test_a_factor_given_twice_is_refused(capsys):
    assert main(["tier", "access=1", "access=2"]) == 1
    assert "given twice" in capsys.readouterr().err


def test_an_unknown_command_names_the_known_ones(capsys):
    assert main(["dance"]) == 2
    assert "create-admin" in capsys.readouterr().err
