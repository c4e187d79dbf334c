"""Values as people type them from a contract."""

from decimal import Decimal

import pytest

from contracts.reading import keep, kept, read_value, stored_value
from contracts.values import Direction, Parameter, ParameterKind, say
from foundation.errors import Refused

K = ParameterKind
DAY = Parameter(K.HOURS, Decimal(24), Direction.MAX)
UPTIME = Parameter(K.PERCENT, Decimal("99.9"), Direction.MIN)


@pytest.mark.parametrize(
    "typed",
    [
        "without undue delay",
        "immediately",
        "-24 hours",
        "24 moons",
        "24 hours 30 minutes",
        "NaN hours",
        "1,000 hours",
        "99999999999999999999999999 hours",
        "1e400",
        "24/7",
        "hours",
    ],
)
def test_what_cannot_be_counted_is_refused_with_a_way_out(typed):
    with pytest.raises(Refused) as refused:
        read_value(typed, DAY)
    assert refused.value.where == "found_value"
    assert str(refused.value).endswith(".")


def test_working_days_are_asked_for_as_calendar_days():
    with pytest.raises(Refused, match="calendar days"):
        read_value("10 working days", DAY)


def test_more_than_all_of_it_is_refused():
    with pytest.raises(Refused, match="too large"):
        read_value("101 %", UPTIME)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("24", "24 hours"),
        ("24h", "24 hours"),
        ("٤٨ hours", "48 hours"),
        ("1 Day", "1 day"),
        ("2 weeks", "14 days"),
        ("1 year.", "12 months"),
        ("0.5 days", "0.5 days"),
    ],
)
def test_amounts_are_kept_in_one_form_that_reads_back(typed, said):
    found = read_value(typed, DAY)
    assert found is not None
    assert say(found) == said
    assert stored_value(said, DAY) == found


def test_nothing_typed_is_nothing_found():
    assert read_value("  ", DAY) is None


def test_texts_stay_texts():
    named = Parameter(K.TEXT, text="the law")
    found = read_value("24 hours, Pakistan", named)
    assert found is not None
    assert found.text == "24 hours, Pakistan"


@pytest.mark.parametrize("parameter", [DAY, UPTIME, Parameter(), Parameter(K.TEXT, text="x")])
def test_a_parameter_survives_its_row(parameter):
    assert kept(keep(parameter)) == parameter


def test_no_parameter_asks_for_presence_only():
    assert kept(None) == Parameter()
