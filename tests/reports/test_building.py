"""Reports end to end: ordered, frozen, built in the sandbox, kept, and never changed."""

import hashlib

import pytest
from sqlalchemy import select

from audit.models import Entry
from foundation import clock, vault
from foundation.errors import Refused
from reports.building import build_due
from reports.dossier import from_json, sha256_of
from reports.models import Report, ReportPaper
from reports.papers import EXTRA
from reports.report_commands import request, try_again
from reports.rules import LEASE, ReportState
from reports.verify import verify
from reports.verifying import Answer
from tests.people import PERVEZ

pytestmark = pytest.mark.slow
"""Real papers are printed here."""


def order(database, people, vendor_id):
    from vendors.queries import get_vendor_for_system

    with database.writing() as session:
        vendor = get_vendor_for_system(session, vendor_id)
        return request(session, vendor, by=people.author(PERVEZ), at=clock.now()).id


def stored(database, report_id):
    with database.reading() as session:
        return session.get_one(Report, report_id)


def test_a_report_is_frozen_then_built_and_kept(database, people, acme):
    report_id = order(database, people, acme)
    waiting = stored(database, report_id)
    assert (waiting.state, waiting.reference, waiting.number) == (ReportState.WAITING, "D-0001", 1)
    dossier = vault.unseal(waiting.dossier_sealed, context=f"report-dossier|{report_id}")
    assert sha256_of(dossier) == waiting.dossier_sha256
    assert from_json(dossier).vendor.name == "Acme Payments"
    assert b"Acme" not in waiting.dossier_sealed

    assert build_due(database, clock.now()) == 1
    issued = stored(database, report_id)
    assert issued.state is ReportState.ISSUED, issued.failure
    printed = vault.unseal(issued.file_sealed, context=f"report-file|{report_id}")
    assert printed.startswith(b"%PDF-")
    assert issued.file_sha256 == hashlib.sha256(printed).hexdigest()
    assert issued.file_size == len(printed)
    assert build_due(database, clock.now()) == 0
    with database.reading() as session:
        beside = list(
            session.scalars(select(ReportPaper).where(ReportPaper.report_id == report_id))
        )
    for one in beside:
        content = vault.unseal(one.file_sealed, context=f"report-paper|{one.id}")
        assert one.file_sha256 == hashlib.sha256(content).hexdigest()
        assert verify(database, content).entry.paper is one.paper
    assert {one.paper for one in beside} == set(EXTRA)
    assert verify(database, printed).answer is Answer.GENUINE
    with database.reading() as session:
        acts = set(session.scalars(select(Entry.action).where(Entry.subject_id == report_id)))
    assert acts == {"report.request", "report.issue"}


def test_one_report_at_a_time(database, people, acme):
    order(database, people, acme)
    with pytest.raises(Refused, match="is being built"):
        order(database, people, acme)


def test_a_failure_says_why_and_can_be_tried_again(database, people, acme, monkeypatch):
    report_id = order(database, people, acme)
    with database.writing() as session:
        session.get_one(Report, report_id).dossier_sha256 = "0" * 64
    assert build_due(database, clock.now()) == 0
    failed = stored(database, report_id)
    assert failed.state is ReportState.FAILED
    assert "do not match their hash" in failed.failure
    with database.writing() as session:
        again = session.get_one(Report, report_id)
        again.dossier_sha256 = sha256_of(
            vault.unseal(again.dossier_sealed, context=f"report-dossier|{report_id}")
        )
        try_again(session, again, by=people.author(PERVEZ), at=clock.now())
    assert build_due(database, clock.now()) == 1


def test_a_lost_worker_loses_its_lease_and_its_fence(database, people, acme):
    from reports.building import Printed, _claim, _keep

    report_id = order(database, people, acme)
    with database.writing() as session:
        lost = _claim(session, clock.now())
    assert build_due(database, clock.now()) == 0, "its lease still runs"
    with database.writing() as session:
        second = _claim(session, clock.now() + LEASE * 2)
    assert second.fence == lost.fence + 1
    assert _keep(database, lost, Printed(b"%PDF-late")) is False
    assert stored(database, report_id).state is ReportState.BUILDING
    assert _keep(database, second, Printed(b"%PDF-mine")) is True
    assert stored(database, report_id).file_sha256 == hashlib.sha256(b"%PDF-mine").hexdigest()
