"""Storing a responsibility matrix: all or nothing, told in the ledger, nobody overwritten."""

from datetime import date

import pytest
from sqlalchemy import func, select

from audit.actions import Action
from contracts.matrix_commands import MatrixFacts, bring_together, save_matrix
from contracts.matrix_models import Responsibility, ResponsibilityMatrix
from contracts.matrix_queries import find_matrix, needs_matrix
from contracts.matrix_rules import MOST_LINES, Line, MatrixStanding, Share
from foundation import clock
from foundation.errors import Conflict, Refused
from tests.contracts.matrices import AGREED, card_vendor, make_matrix, whole
from tests.makers import CRITICAL, make_staff, make_vendor
from tests.noted import noted
from tests.people import RABIA
from vendors.queries import services_of


def save(session, vendor, lines, *, version=0, agreed_on=AGREED):
    facts = MatrixFacts(agreed_on=agreed_on, lines=tuple(lines))
    return save_matrix(
        session, vendor, facts, version=version, by=make_staff(session), at=clock.now()
    )


def told(session):
    return [body for body in noted(session) if body.action == Action.MATRIX_EDIT]


def test_it_is_stored_with_its_year_and_read_back_in_order(session):
    vendor = card_vendor(session)
    stored = make_matrix(session, vendor, whole(Line("3.10", Share.OURS), Line("3.9")))
    assert stored.agreed_on == AGREED
    assert stored.valid_until == date(2027, 1, 15)
    assert [one.number for one in stored.lines][2:6] == ["3", "3.9", "3.10", "4"]
    assert [gap.number for gap in stored.gaps] == ["3.9"]
    assert stored.standing(clock.today()) is MatrixStanding.GAPS
    assert stored.changed_by == "Pervez Anwar"


def test_what_nobody_said_takes_no_row(session):
    vendor = card_vendor(session)
    make_matrix(session, vendor, [Line("6", Share.OURS), Line("7"), Line("7.2")])
    assert session.scalar(select(func.count()).select_from(Responsibility)) == 2
    assert len(find_matrix(session, vendor.id).lines) == 13


def test_the_ledger_keeps_what_stood_there_before(session):
    vendor = card_vendor(session)
    make_matrix(session, vendor)
    lines = whole(Line("6", Share.SHARED, "They build, we test"), Line("3.5"))
    make_matrix(session, vendor, lines, agreed_on=date(2026, 2, 1), by=make_staff(session, RABIA))
    first, second = told(session)
    assert first.detail["before"][0] == "not agreed"
    assert second.detail == {
        "before": ["agreed on 2026-01-15", "6 vendor"],
        "after": ["agreed on 2026-02-01", "3.5 no owner", "6 shared: They build, we test"],
    }
    assert second.subject_id == vendor.id


def test_saving_the_same_again_changes_nothing(session):
    vendor = card_vendor(session)
    stored = make_matrix(session, vendor)
    assert not save(session, vendor, whole(), version=stored.version)
    assert find_matrix(session, vendor.id).version == stored.version
    assert len(told(session)) == 1


def test_a_new_line_is_one_sign_however_it_was_sent(session):
    vendor = card_vendor(session)
    stored = make_matrix(session, vendor, whole(Line("6", Share.SHARED, "They build\r\nWe test")))
    assert stored.lines[5].note == "They build\nWe test"
    again = whole(Line("6", Share.SHARED, "They build\r\nWe test"))
    assert not save(session, vendor, again, version=stored.version)


def test_the_version_counts_though_only_a_line_changed_at_the_same_moment(session):
    vendor = card_vendor(session)
    stored = make_matrix(session, vendor)
    assert save(session, vendor, whole(Line("6", Share.OURS)), version=stored.version)
    assert find_matrix(session, vendor.id).version == stored.version + 1


@pytest.mark.parametrize("version", [0, 2, -1])
def test_whoever_was_slower_overwrites_nothing(session, version):
    vendor = card_vendor(session)
    make_matrix(session, vendor)
    with pytest.raises(Conflict) as conflict:
        save(session, vendor, whole(Line("6", Share.OURS)), version=version)
    assert conflict.value.theirs.version == 1
    assert find_matrix(session, vendor.id).lines[5].share is Share.VENDOR


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([Line("3.5", Share.OURS), Line("3.5", Share.VENDOR)], "3.5 stands there twice"),
        ([Line("13", Share.OURS)], "not the number of a requirement"),
        ([Line("3.5.", Share.OURS), Line("3.5")], "stands there twice"),
        ([Line("3", Share.OURS, "4111 1111 1111 1111")], "card number"),
        ([Line("3", Share.OURS, "n" * 501)], "requirement 3 has 501 characters"),
        ([Line("3", Share.OURS, "a\x00b")], "invisible control characters"),
        ([Line(f"{n}.{m}") for n in range(1, 5) for m in range(1, 99)], f"at most {MOST_LINES}"),
        ([Line(f"{n}.{m}") for n in (1, 2, 3) for m in range(1, 81)], "these are 252"),
        ([], "Nothing is filled in yet"),
        ([Line("3")], "Nothing is filled in yet"),
    ],
)
def test_what_cannot_be_stored_leaves_nothing(session, lines, sentence):
    vendor = card_vendor(session)
    agreed_on = None if sentence.startswith("Nothing") else AGREED
    with pytest.raises(Refused, match=sentence):
        save(session, vendor, lines, agreed_on=agreed_on)
    assert find_matrix(session, vendor.id) is None
    assert told(session) == []


@pytest.mark.parametrize("day", [date(2026, 3, 3), date(202, 6, 1), date(9999, 12, 31)])
def test_the_day_it_was_agreed_on_is_a_day_that_was(session, day):
    vendor = card_vendor(session)
    with pytest.raises(Refused) as refusal:
        save(session, vendor, whole(), agreed_on=day)
    assert refusal.value.where == "agreed_on"


def test_only_where_card_data_is_touched_is_there_something_to_divide(session):
    vendor = make_vendor(session)
    assert not needs_matrix(session, vendor.id)
    with pytest.raises(Refused, match="touches card data"):
        save(session, vendor, whole())
    assert needs_matrix(session, make_vendor(session, name="Switch", exposure=CRITICAL).id)


def test_a_service_that_was_put_away_needs_none(session):
    vendor = card_vendor(session)
    (service,) = services_of(session, vendor.id)
    service.archived_at = clock.now()
    session.flush()
    assert not needs_matrix(session, vendor.id)


@pytest.mark.parametrize(
    ("mine", "theirs", "kept"),
    [
        (None, date(2026, 1, 1), date(2026, 1, 1)),
        (date(2026, 1, 1), date(2026, 2, 1), date(2026, 2, 1)),
        (date(2026, 2, 1), date(2026, 1, 1), date(2026, 2, 1)),
    ],
)
def test_of_two_that_are_one_company_the_later_agreement_stays(session, mine, theirs, kept):
    keep, other = card_vendor(session), card_vendor(session, name="Acme Two")
    for vendor, day in ((keep, mine), (other, theirs)):
        if day:
            make_matrix(session, vendor, agreed_on=day)
    bring_together(session, keep.id, other.id)
    session.expire_all()
    stored = find_matrix(session, keep.id)
    assert stored.agreed_on == kept
    assert stored.version == 1 or kept == theirs, "no form that is still open saves over it"
    assert stored.version > 1 or kept == mine
    assert find_matrix(session, other.id) is None
    assert session.scalar(select(func.count()).select_from(ResponsibilityMatrix)) == 1
