"""The vendor's word between reviews in the dossier and on the paper: asked, answered, or not asked."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from foundation import clock
from reports.assemble import assemble
from reports.dossier import from_json, to_json
from reports.paper import html_of
from reviews.attestation_commands import ask, declare, judge
from reviews.attestation_rules import Change, Declaration, Judged, Judgement
from tests import makers
from tests.people import RABIA, VANIA
from tests.reports import sample
from tests.reviews.attested import DECIDED, in_use

SENTENCE = "Backups lie in Frankfurt since May."


@pytest.fixture
def vendor(session):
    return in_use(session, contact=VANIA)


def asked(session, vendor, since_on=DECIDED):
    return ask(session, vendor, since_on=since_on, today=clock.today(), at=clock.now())


def answered(session, one, changes=None):
    word = Declaration(
        name="Vania Petrova", role="CISO", is_unchanged=not changes, changes=changes or {}
    )
    by = makers.vendor_author(session)
    declare(session, one, word, today=clock.today(), by=by, at=clock.now())


def dossier_of(session, vendor):
    return assemble(session, vendor.id, clock.now(), prepared_by="Pervez Anwar")


def told(dossier):
    """Return what the paper says from the heading on, as plain words."""
    shown = html_of(dossier, sha256="0" * 64, is_draft=True)
    _, heading, after = shown.partition("The vendor’s word between reviews")
    return " ".join(after.partition("</section>")[0].split()) if heading else ""


def test_none_asked_yet_is_said_and_is_not_unknown(session, vendor):
    dossier = dossier_of(session, vendor)
    assert dossier.attestations == ()
    assert "None asked yet." in told(dossier)


def test_a_dossier_of_before_says_nothing_of_it(session, vendor):
    older = json.loads(to_json(dossier_of(session, vendor)))
    del older["attestations"]
    read = from_json(json.dumps(older).encode())
    assert read.attestations is None
    assert told(read) == ""


def test_an_asking_without_a_word_says_when_it_is_due_and_that_it_is_late(session, vendor, later):
    one = asked(session, vendor)
    (known,) = dossier_of(session, vendor).attestations
    assert (known.since_on, known.due_on, known.declared_at) == (DECIDED, one.due_on, None)
    assert "Not answered yet; due 16 March 2026." in told(dossier_of(session, vendor))
    with later(days=30):
        (known,) = dossier_of(session, vendor).attestations
        assert known.is_overdue
        assert "overdue" in told(dossier_of(session, vendor))


def test_a_word_says_by_whom_and_when(session, vendor):
    answered(session, asked(session, vendor))
    dossier = dossier_of(session, vendor)
    assert from_json(to_json(dossier)) == dossier
    text = told(dossier)
    assert "Nothing has changed" in text
    assert "by Vania Petrova, CISO." in text


def test_a_reported_change_stands_with_its_sentence_and_what_was_made_of_it(session, vendor):
    one = asked(session, vendor)
    answered(session, one, {Change.DATA_PLACES: SENTENCE, Change.INCIDENTS: "<b>A leak.</b>"})
    dossier = dossier_of(session, vendor)
    assert [kind.value for kind, _ in dossier.attestations[0].changes] == [
        "incidents",
        "data_places",
    ]
    text = told(dossier)
    assert f"Places where data lies:</strong> {SENTENCE}" in text
    assert "&lt;b&gt;A leak." in text
    assert "Not judged yet; due 4 March 2026." in text
    judged = Judged(Judgement.NOTE, "Frankfurt is as good.")
    rabia = makers.make_staff(session, RABIA)
    judge(session, one, judged, version=one.version, by=rabia, at=clock.now())
    after = dossier_of(session, vendor)
    assert "by Rabia Siddiqui: Frankfurt is as good." in told(after)
    assert dossier.attestations[0].judged_at is None, "what was frozen stays"


def test_the_last_word_stays_beside_an_asking_that_has_none_yet(session, vendor, later):
    answered(session, asked(session, vendor))
    with later(days=200):
        asked(session, vendor, since_on=clock.today() - timedelta(days=1))
        newest, last = dossier_of(session, vendor).attestations
        assert (newest.declared_at, last.declared_by) == (None, "Vania Petrova")
        assert (newest.since_on, last.since_on) == (date(2026, 9, 17), DECIDED)


def test_a_word_in_another_direction_is_shown_as_text():
    whole = sample.whole()
    _, told_of = whole.attestations
    kind, _ = told_of.changes[0]
    changed = replace(whole, attestations=(replace(told_of, changes=((kind, sample.URDU),)),))
    html = html_of(changed, sha256="0" * 64, is_draft=False)
    assert f'<span class="user" dir="rtl">{sample.URDU}' in html.partition("word between")[2]
