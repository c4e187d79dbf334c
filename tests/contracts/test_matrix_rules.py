"""Who meets which requirement: numbers, gaps, how long it holds, filling down."""

from datetime import date

import pytest

from contracts.matrix_rules import (
    NAMES,
    Line,
    MatrixStanding,
    Share,
    differing,
    filled,
    gaps,
    in_order,
    parse_number,
    standing_of,
    valid_until,
)
from foundation.errors import Refused

WHOLE = tuple(Line(number, Share.VENDOR) for number in NAMES)


@pytest.mark.parametrize(
    "typed", ["0", "13", "03", "3.0", "3.05", "3..5", "3,5", "3.5.1.2.3", "A1", "-3", "٣", "3 5", "", "3.100"]
)  # fmt: skip
def test_what_is_no_number_is_refused_with_how_to_write_it(typed):
    with pytest.raises(Refused, match=r"Write it like 3\.5"):
        parse_number(typed)


@pytest.mark.parametrize("typed", ["1", "12", "3.5", "12.10.1", "8.3.10.1", " 3.5 ", "3."])
def test_a_number_is_kept_as_it_is_said(typed):
    assert parse_number(typed) == typed.strip(" .")


def test_lines_stand_in_the_order_of_their_numbers_with_all_twelve():
    lines = in_order([Line("12.8"), Line("3.10"), Line("3.9"), Line("10")])
    numbers = [one.number for one in lines]
    assert numbers == ["1", "2", "3", "3.9", "3.10", *map(str, range(4, 13)), "12.8"]


def test_nobody_is_named_by_number():
    lines = [*WHOLE[:5], Line("6"), *WHOLE[6:]]
    assert [gap.sentence for gap in gaps(lines)] == ["Requirement 6 has no owner."]
    assert len(gaps([])) == len(NAMES)
    assert gaps(WHOLE) == ()


def test_a_requirement_that_is_split_still_needs_an_owner_for_the_rest():
    lines = [one for one in WHOLE if one.number != "3"]
    split = [*lines, Line("3.5", Share.OURS), Line("3.6")]
    assert [gap.sentence for gap in gaps(split)] == [
        "Requirement 3 has no owner for what is not split off.",
        "Requirement 3.6 has no owner.",
    ]


@pytest.mark.parametrize(
    ("share", "ends"),
    [
        (Share.SHARED, "does not say who does what."),
        (Share.NOT_APPLICABLE, "does not say why."),
    ],
)
def test_shared_and_not_applicable_say_how_and_why(share, ends):
    lines = [*WHOLE[:8], Line("9", share), *WHOLE[9:]]
    (gap,) = gaps(lines)
    assert gap.number == "9"
    assert gap.sentence.endswith(ends)
    assert gaps([*WHOLE[:8], Line("9", share, "Because."), *WHOLE[9:]]) == ()


def test_it_holds_for_a_year_from_the_day_it_was_agreed():
    assert valid_until(date(2024, 2, 29)) == date(2025, 2, 28)
    assert valid_until(None) is None
    until = date(2027, 3, 2)
    assert standing_of(WHOLE, until, until) is MatrixStanding.HOLDS
    assert standing_of(WHOLE, until, date(2027, 3, 3)) is MatrixStanding.OVER
    assert standing_of(WHOLE[:3], until, date(2027, 3, 3)) is MatrixStanding.OVER
    assert standing_of(WHOLE[:3], until, until) is MatrixStanding.GAPS
    assert standing_of(WHOLE, None, until) is MatrixStanding.NOT_AGREED


def test_one_owner_is_written_down_where_it_is_meant():
    lines = [Line("3", Share.OURS, "ours"), Line("3.5"), Line("12.8", Share.SHARED, "both")]
    empty = {one.number: one for one in filled(lines, Share.VENDOR, "empty")}
    assert empty["3"] == Line("3", Share.OURS, "ours")
    assert empty["3.5"].share is Share.VENDOR
    assert empty["12.8"].share is Share.SHARED
    assert empty["7"].share is Share.VENDOR
    third = {one.number: one.share for one in filled(lines, Share.VENDOR, "3")}
    assert third["3"] is third["3.5"] is Share.VENDOR
    assert third["7"] is None
    every = filled(lines, Share.NOT_APPLICABLE, "all")
    assert {one.share for one in every} == {Share.NOT_APPLICABLE}
    assert every[2].note == "ours", "what was typed stays"


def test_only_what_differs_is_told():
    after = [*WHOLE[1:], Line("3.5", Share.OURS)]
    assert differing(WHOLE, after) == (
        (Line("1", Share.VENDOR), Line("1")),
        (None, Line("3.5", Share.OURS)),
    )
    assert differing(WHOLE, WHOLE) == ()
