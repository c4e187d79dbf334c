"""Citing files: once uploaded, cited often; proof moves the evidenced score and nothing else."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from audit.actions import ActorKind
from evidence.models import Evidence
from evidence.rules import EvidenceKind, ScanState
from foundation import clock
from foundation.errors import Missing, Refused
from foundation.ids import new_id
from questionnaires import answer_commands, sheet
from questionnaires.answer_commands import RawAnswer
from questionnaires.answer_models import Citation
from questionnaires.citation_commands import cite, uncite
from questionnaires.rules import AssessmentState
from tests import people as cast
from tests.makers import make_assessment, make_vendor, vendor_author
from vendors.rules import Visibility


@pytest.fixture
def assessment(session):
    return make_assessment(session)


@pytest.fixture
def vania(session):
    return vendor_author(session)


def make_evidence(session, vendor_id, **changed):
    """Put a file's record down; its bytes are not needed for citing."""
    number = len(session.scalars(select(Evidence)).all()) + 1
    values = {
        "reference": f"E-{number:04d}",
        "title": "SOC 2 report",
        "kind": EvidenceKind.SOC2_TYPE2,
        "original_name": "soc2.pdf",
        "media_type": "application/pdf",
        "size": 10,
        "sha256": bytes(32),
        "kek_id": "k1",
        "wrapped_dek": b"x",
        "row_mac": b"x",
        "scan_state": ScanState.CLEAN,
        "valid_until": clock.now().date() + timedelta(days=200),
        "visibility": Visibility.VENDOR,
        "uploaded_by_kind": ActorKind.VENDOR,
        "uploaded_at": clock.now(),
        **changed,
    }
    made = Evidence(id=new_id(), vendor_id=vendor_id, object_id=new_id(), **values)
    session.add(made)
    session.flush()
    return made


def answer(session, assessment, by):
    answer_commands.save_answer(
        session,
        assessment,
        RawAnswer("enc_in_transit", ("yes",)),
        base_version=0,
        sequence=1,
        by=by,
        at=clock.now(),
    )


def test_proof_raises_evidenced_and_leaves_claimed(session, assessment, vania):
    answer(session, assessment, vania)
    claimed, asserted = assessment.claimed, assessment.evidenced
    file = make_evidence(session, assessment.vendor_id)
    cited = cite(session, assessment, "enc_in_transit", file, page="12", by=vania, at=clock.now())
    assert assessment.claimed == claimed
    assert assessment.evidenced > asserted
    row = sheet.of(session, assessment).citations["enc_in_transit"][0]
    assert (row.title, row.page, row.reference) == ("SOC 2 report", "12", "E-0001")
    uncite(session, assessment, cited.id, by=vania, at=clock.now())
    assert assessment.evidenced == asserted
    assert session.get(Evidence, file.id) is not None


def test_one_file_many_answers_and_the_same_place_once(session, assessment, vania):
    file = make_evidence(session, assessment.vendor_id)
    for code in ("enc_in_transit", "pci_card_numbers"):
        cite(session, assessment, code, file, by=vania, at=clock.now())
    again = cite(session, assessment, "enc_in_transit", file, page="3", by=vania, at=clock.now())
    assert again.page == "3"
    assert len(session.scalars(select(Citation)).all()) == 2
    assert assessment.state is AssessmentState.ANSWERING


def test_proof_long_over_counts_as_nothing_more_than_a_word(session, assessment, vania):
    answer(session, assessment, vania)
    asserted = assessment.evidenced
    old = make_evidence(
        session, assessment.vendor_id, valid_until=clock.now().date() - timedelta(days=91)
    )
    cite(session, assessment, "enc_in_transit", old, by=vania, at=clock.now())
    assert assessment.evidenced == asserted


def test_an_erased_file_is_listed_and_proves_nothing(session, assessment, vania):
    answer(session, assessment, vania)
    asserted = assessment.evidenced
    file = make_evidence(session, assessment.vendor_id)
    cite(session, assessment, "enc_in_transit", file, by=vania, at=clock.now())
    file.erased_at, file.wrapped_dek = clock.now(), None
    session.flush()
    stands = sheet.of(session, assessment)
    assert len(stands.citations["enc_in_transit"]) == 1
    assert stands.score.total.evidenced == asserted


def test_files_of_others_and_files_only_we_see_are_not_there(session, assessment, vania):
    borealis = make_vendor(session, name="Borealis")
    theirs = make_evidence(session, borealis.id)
    ours = make_evidence(session, assessment.vendor_id, visibility=Visibility.INTERNAL)
    for file in (theirs, ours):
        with pytest.raises(Missing):
            cite(session, assessment, "enc_in_transit", file, by=vania, at=clock.now())


def test_bad_files_are_refused(session, assessment, vania):
    infected = make_evidence(session, assessment.vendor_id, scan_state=ScanState.INFECTED)
    with pytest.raises(Refused, match="malware"):
        cite(session, assessment, "enc_in_transit", infected, by=vania, at=clock.now())
    good = make_evidence(session, assessment.vendor_id)
    with pytest.raises(Missing):
        cite(session, assessment, "no_such_question", good, by=vania, at=clock.now())


def test_a_citation_is_reached_through_its_own_assessment(session, assessment, vania):
    file = make_evidence(session, assessment.vendor_id)
    cited = cite(session, assessment, "enc_in_transit", file, by=vania, at=clock.now())
    other = make_assessment(session, vendor=make_vendor(session, name="Borealis"))
    with pytest.raises(Missing):
        uncite(session, other, cited.id, by=vendor_author(session, cast.VIKTOR), at=clock.now())
