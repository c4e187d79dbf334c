"""Opening reviews: one at a time, joined by what the vendor submits."""

import pytest
from sqlalchemy import func, select

from audit.actions import SYSTEM
from foundation import clock
from foundation.errors import Refused
from mail.models import Letter
from reviews import commands
from reviews.models import Review, ReviewAssessment, ReviewService
from reviews.rules import ReviewState
from tests import makers
from tests import people as cast
from tests.reviews import stories


def open_(session, vendor, kind="initial"):
    return commands.open_review(session, vendor, kind=kind, by=SYSTEM, at=clock.now())


def test_a_second_opening_gives_the_open_review(session):
    vendor = makers.make_vendor(session)
    first, second = open_(session, vendor), open_(session, vendor, "off_cycle")
    assert first.id == second.id
    assert (first.cycle, first.kind, first.state) == (1, "initial", ReviewState.OPEN)
    assert session.scalar(select(func.count()).select_from(ReviewService)) == 1


def test_a_kind_nobody_knows_is_refused(session):
    with pytest.raises(ValueError, match="off_cycle"):
        open_(session, makers.make_vendor(session), "sudden")


def test_a_submission_opens_the_first_review(session):
    review, assessment = stories.submitted(session)
    assert (review.kind, review.cycle) == ("initial", 1)
    assert session.get(ReviewAssessment, (review.id, assessment.id)) is not None


def test_a_submission_joins_the_open_review(session):
    vendor = makers.make_vendor(session)
    opened = open_(session, vendor)
    review, _ = stories.submitted(session, vendor=vendor)
    assert review.id == opened.id


def test_the_same_submission_is_received_once(session):
    review, assessment = stories.submitted(session)
    again = commands.receive_submission(session, assessment, by=SYSTEM, at=clock.now())
    assert again.id == review.id
    assert session.scalar(select(func.count()).select_from(Review)) == 1


def test_taking_a_decided_review_is_refused(session):
    review, _ = stories.submitted(session)
    rabia = makers.make_staff(session, cast.RABIA)
    commands.take(session, review, by=rabia, at=clock.now())
    assert review.reviewer_id == rabia.person_id
    review.state, review.decided_at = ReviewState.DECIDED, clock.now()
    with pytest.raises(Refused, match="decided"):
        commands.take(session, review, by=rabia, at=clock.now())


def test_answers_that_come_in_are_told_to_the_risk_team_or_to_the_reviewer_alone(session):
    rabia, laila = (makers.make_staff(session, one) for one in (cast.RABIA, cast.LAILA))
    makers.make_staff(session, cast.ASIF)
    review, assessment = stories.submitted(session)
    told = select(Letter.to_email).where(Letter.kind == "to_review").order_by(Letter.to_email)
    assert session.scalars(told).all() == sorted([cast.RABIA.email, cast.LAILA.email])
    commands.take(session, review, by=rabia, at=clock.now())
    assessment.round += 1
    commands.receive_submission(session, assessment, by=laila.actor, at=clock.now())
    assert session.scalars(told).all() == sorted([cast.RABIA.email] * 2 + [cast.LAILA.email])
    subjects = session.scalars(select(Letter.subject).where(Letter.kind == "submitted")).all()
    assert subjects, "whoever sent it still hears"
    assert all(subject.count("[") == 1 for subject in subjects)
