"""Rules of the organisation: days, codes and trees, with what people really type."""

from datetime import date
from uuid import UUID

import pytest

from foundation.errors import Refused
from organisation.calendars import public_holidays
from organisation.regimes import PACKS, checked_facts, standings
from organisation.rules import (
    RegimeStatus,
    checked_lei,
    checked_weekend,
    read_holidays,
    read_years,
    refuse_circle,
)
from organisation.working_days import calendar_of

LEI = "529900T8BM49AURSDO55"


@pytest.mark.parametrize("typed", [LEI, LEI.lower(), "5299 00T8-BM49 AURS DO55"])
def test_a_lei_is_read_however_it_is_typed(typed):
    assert checked_lei(typed) == LEI


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (LEI[:-1] + "6", "last two digits"),
        ("529900T8BM49AURSDO5", "has 19 characters"),
        ("529900T8BM49AURSDÖ55", "20 letters and digits"),
        ("<script>alert(1)</script>", "20 letters and digits"),
    ],
)
def test_a_wrong_lei_is_told_what_is_wrong(typed, said):
    with pytest.raises(Refused, match=said):
        checked_lei(typed)


def test_no_lei_is_no_lei():
    assert checked_lei("  ") is None


def test_a_week_needs_a_working_day():
    assert checked_weekend([7, 5, 5, 99]) == [5, 7]
    with pytest.raises(Refused, match="nobody ever works"):
        checked_weekend([1, 2, 3, 4, 5, 6, 7])


def test_days_are_sorted_and_two_names_of_one_day_joined():
    found = read_holidays(
        "2026-08-14 Independence Day\n\n2026-05-28 Eid\n2026-05-28 Youm-e-Takbeer"
    )
    assert list(map(str, found)) == [
        "2026-05-28 Eid; Youm-e-Takbeer",
        "2026-08-14 Independence Day",
    ]
    assert read_holidays("\n".join(map(str, found))) == found


def test_every_bad_line_is_named():
    with pytest.raises(Refused) as refused:
        read_holidays("2026-02-30 Leap of faith\n2026-08-14 Fine\n14 August\n0999-01-01 Long ago")
    said = str(refused.value)
    assert "Line 1: “2026-02-30” is no day of the calendar" in said
    assert "Line 3" in said
    assert "Line 4: 0999-01-01 is not between 2000 and 2100" in said
    assert "Line 2" not in said


def test_work_goes_on_after_holiday_and_week_end():
    calendar = calendar_of([6, 7], ["2026-08-14 Independence Day", "2026-08-17 Bridge"])
    assert calendar.on_or_after(date(2026, 8, 14)) == date(2026, 8, 18)
    assert calendar.on_or_after(date(2026, 8, 13)) == date(2026, 8, 13)


def test_public_holidays_are_proposed_and_nonsense_refused():
    days = {one.day: one.name for one in public_holidays("PK", [2026])}
    assert days[date(2026, 8, 14)] == "Independence Day"
    for country, years in (("XX", [2026]), ("PK", [1]), ("PK", []), ("PK", range(2000, 2050))):
        with pytest.raises(Refused):
            public_holidays(country, years)


@pytest.mark.parametrize(
    ("typed", "years"),
    [("2026", [2026]), ("2026 - 2028", [2026, 2027, 2028]), ("2028,2026", [2026, 2028])],
)
def test_years_are_read_as_people_write_them(typed, years):
    assert read_years(typed) == years


@pytest.mark.parametrize(
    "typed", ["", "next year", "26", "2026-2099", "2028-2026", "0001", "9999", "2095, 2150"]
)
def test_what_is_no_year_is_refused(typed):
    with pytest.raises(Refused):
        read_years(typed)


def test_the_last_years_of_the_calendar_are_years_too():
    assert read_years("2099-2100") == [2099, 2100]


def test_a_unit_is_never_its_own_grandparent():
    top, middle, low = (UUID(int=n) for n in (1, 2, 3))
    parents = {top: None, middle: top, low: middle}
    refuse_circle(parents, low, top)
    for parent in (top, middle, low):
        with pytest.raises(Refused, match="below itself"):
            refuse_circle(parents, top, parent)


def test_a_bill_is_no_law_until_somebody_enters_that_it_is():
    [bill] = [s for s in standings([], {}) if s.status is RegimeStatus.BILL]
    assert bill.pack.code == "pk_pdpb"
    assert bill.in_force_on is None
    facts = checked_facts({"pk_pdpb": (RegimeStatus.IN_FORCE, date(2027, 1, 1))})
    [law] = [s for s in standings(["pk_pdpb"], facts) if s.pack.code == "pk_pdpb"]
    assert (law.status, law.in_force_on, law.is_edited) == (
        RegimeStatus.IN_FORCE,
        date(2027, 1, 1),
        True,
    )
    with pytest.raises(Refused, match="from which day"):
        checked_facts({"pk_pdpb": (RegimeStatus.IN_FORCE, None)})


def test_what_equals_the_pack_is_not_kept():
    assert checked_facts({p.code: (p.status, p.in_force_on) for p in PACKS}) == {}
