"""What changed since the last report, and that the effects add up to the whole."""

from dataclasses import replace

import pytest

from reports.areas import areas_of
from reports.changes import before_of_report, changes_between
from reports.dossier_answers import AnswerFacts
from reports.dossier_parts import Word
from tests.reports import sample


def changed(now, before=None):
    return changes_between(before_of_report(before or sample.whole()), now)


def with_assessment(whole, **changes):
    first, *rest = whole.assessments
    return replace(whole, assessments=(replace(first, **changes), *rest))


def test_nothing_changed_is_said_as_nothing():
    found = changed(sample.whole())
    assert found.since == "report D-0001"
    assert found.effects == found.lines == ()
    assert all(one.before == one.after for one in found.numbers)


def test_the_effects_of_the_areas_add_up_to_the_change_of_the_whole():
    whole = sample.whole()
    (first, *_) = whole.assessments
    weak = replace(first.score.areas[0], evidenced=0.20, evidenced_points=12.0)
    score = replace(first.score, areas=(weak, *first.score.areas[1:]))
    weight = score.total.weight
    found = changed(with_assessment(whole, score=score))
    was = sum(a.evidenced_points for a in first.score.areas) / weight
    is_ = sum(a.evidenced_points for a in score.areas) / weight
    assert sum(one.points for one in found.effects) == pytest.approx(100 * (is_ - was), abs=0.01)
    assert [one.area for one in found.effects] == ["Encryption"]


def test_a_changed_answer_says_before_and_after():
    whole = sample.whole()
    (first, *_) = whole.assessments
    section = first.sections[0]
    other = replace(section.answers[0], answer="No longer", text="x" * 500)
    sections = (replace(section, answers=(other, *section.answers[1:])), *first.sections[1:])
    (line,) = changed(with_assessment(whole, sections=sections)).lines
    assert (line.kind, line.points) == ("Answer", 0.0)
    assert line.before.startswith(section.answers[0].answer)
    assert len(line.after) <= 160, "long answers are cut"


def test_questions_asked_for_the_first_time_are_counted_and_not_listed():
    whole = sample.whole()
    (first, *_) = whole.assessments
    anew = replace(
        first.sections[0], answers=(AnswerFacts(code="NEW-1", question="New?", answer="Yes"),)
    )
    found = changed(with_assessment(whole, sections=(*first.sections, anew)))
    (line,) = found.lines
    assert line.after == "1 question asked for the first time"


def test_findings_files_conditions_and_clauses_that_moved():
    whole = sample.whole()
    closed = replace(whole.findings[0], state=Word("closed", "Closed", "ok"))
    over = replace(whole.evidence[0], is_over=True)
    met = replace(whole.conditions[0], met_at=sample.AT)
    (contract,) = whole.contracts
    found_now = replace(contract.clauses[2], status=Word("present", "Present", "ok"))
    clauses = (*contract.clauses[:2], found_now, contract.clauses[3])
    now = replace(
        whole,
        findings=(closed, *whole.findings[1:]),
        evidence=(over, *whole.evidence[1:]),
        conditions=(met, *whole.conditions[1:]),
        contracts=(replace(contract, clauses=clauses),),
    )
    told = {(one.kind, one.before, one.after) for one in changed(now).lines}
    assert told == {
        ("Finding", "High, open", "High, closed"),
        ("Evidence", "on record", "past its end"),
        ("Condition", "open", "met"),
        ("Clause", "missing", "present"),
    }


def test_a_clause_whose_title_was_reworded_has_not_changed():
    whole = sample.whole()
    (contract,) = whole.contracts
    clauses = tuple(replace(one, title=f"{one.title}, reworded") for one in contract.clauses)
    now = replace(whole, contracts=(replace(contract, clauses=clauses),))
    assert changed(now).lines == ()


def test_a_report_of_the_first_format_told_of_no_companies_behind():
    old = replace(sample.whole(sub_processors=()), format="duly-dossier-1")
    assert changed(sample.whole(), old).lines == ()


def test_areas_of_two_questionnaires_count_by_weight():
    whole = sample.whole()
    (first, *_) = whole.assessments
    once = areas_of([first])
    twice = areas_of([first, first])
    assert [one.name for one in once] == [one.name for one in twice]
    assert [one.evidenced for one in once] == pytest.approx([one.evidenced for one in twice])
    assert twice[0].weight == 2 * once[0].weight
    assert areas_of([]) == ()
