"""Rows of the first page: the most urgent first, nothing twice, cut but counted."""

from datetime import date, timedelta
from uuid import UUID

from foundation.dates import Calendar
from reports.tasks import SHOWN, Act, Days, Item, Task, grouped

TODAY = date(2026, 3, 2)


def item(number, task=Task.SEND, **more):
    return Item(task=task, about=UUID(int=number), act=Act("x"), name=f"Vendor {number}", **more)


def day(days):
    return TODAY + timedelta(days=days)


def test_overdue_comes_first_then_soon_then_the_longest_waiting():
    rows = [
        item(1, since=day(-2)),
        item(2, since=day(-9)),
        item(3, due_on=day(40)),
        item(4, due_on=day(3)),
        item(5, due_on=day(-1)),
        item(6, due_on=day(-8), since=day(-1)),
    ]
    made = grouped({"needs": rows}, TODAY)["needs"]
    assert [row.about.int for row in made.items] == [6, 5, 4, 2, 1, 3]


def test_a_proof_that_ended_long_ago_stands_behind_work_that_waits():
    rows = [
        item(1, Task.RENEW_PROOF, due_on=day(-300)),
        item(2, Task.REVIEW, since=day(-1)),
        item(3, Task.GIVE_NOTICE, due_on=day(20)),
    ]
    made = grouped({"needs": rows}, TODAY)["needs"]
    assert [row.about.int for row in made.items] == [3, 2, 1]


def test_what_lies_ahead_is_read_as_a_calendar():
    rows = [
        item(1, Task.GIVE_NOTICE, due_on=day(40)),
        item(2, Task.MEET_CONDITION, due_on=day(36)),
        item(3, Task.RENEW_PROOF, due_on=day(38)),
        item(4),
    ]
    made = grouped({"comes": rows}, TODAY, by_date="comes")["comes"]
    assert [row.about.int for row in made.items] == [2, 3, 1, 4]


def test_somebody_with_two_roles_sees_a_thing_once_where_it_is_most_urgent():
    late = item(1, Task.LATE_REVIEW, due_on=day(-3))
    made = grouped(
        {"needs": [item(1, Task.REVIEW, since=day(-5)), late], "comes": [late, item(2)]}, TODAY
    )
    assert made["needs"].items == (late,)
    assert [row.about.int for row in made["comes"].items] == [2]


def test_a_long_group_is_cut_and_says_how_long_it_is():
    rows = [item(number) for number in range(1, SHOWN + 4)]
    cut = grouped({"needs": rows}, TODAY)["needs"]
    assert (len(cut.items), cut.count, cut.is_cut) == (SHOWN, SHOWN + 3, True)
    whole = grouped({"needs": rows}, TODAY, whole="needs")["needs"]
    assert (len(whole.items), whole.is_cut) == (SHOWN + 3, False)


def test_waiting_is_told_in_working_days():
    days = Days(TODAY, Calendar(frozenset({6, 7})))
    assert days.waited(item(1, since=date(2026, 2, 27))) == 1, "a week-end lies between"
    assert days.waited(item(2)) == 0
