"""The PCI responsibility matrix in the dossier and on the paper: as agreed, with its gaps, or not."""

from datetime import date

import pytest

from contracts.matrix_rules import Line, Share
from foundation import clock
from reports.assemble import assemble
from reports.dossier import from_json, to_json
from reports.paper import html_of
from tests.contracts.matrices import card_vendor, make_matrix, whole
from tests.makers import make_vendor
from tests.reports import sample


@pytest.fixture
def vendor(session):
    return card_vendor(session, name="Indus Switch")


def dossier_of(session, vendor):
    return assemble(session, vendor.id, clock.now(), prepared_by="Pervez Anwar")


def duty(dossier):
    return next(one for one in dossier.pci if one.requirement == "12.8.5")


def told(dossier):
    """Return the paper from the heading of the matrix on."""
    shown = html_of(dossier, sha256="0" * 64, is_draft=True)
    return shown.partition("PCI responsibility matrix")[2]


def test_it_is_frozen_with_its_dates_and_every_line(session, vendor):
    make_matrix(session, vendor, whole(Line("3.5", Share.SHARED, "They keep one half.")))
    dossier = dossier_of(session, vendor)
    assert from_json(to_json(dossier)) == dossier
    matrix = dossier.matrix
    assert (matrix.agreed_on, matrix.valid_until) == (date(2026, 1, 15), date(2027, 1, 15))
    assert matrix.status.text == "Complete, and in force"
    assert [(one.number, one.is_rest) for one in matrix.lines][2:4] == [("3", True), ("3.5", False)]
    assert matrix.gaps == ()
    assert duty(dossier).status == matrix.status
    assert "agreed on 15 January 2026 and holds until 15 January 2027" in duty(dossier).record
    make_matrix(session, vendor, whole(Line("6")))
    assert matrix.lines[6].share.value == "vendor", "what was frozen stays"


def test_a_gap_is_said_where_it_is(session, vendor):
    make_matrix(session, vendor, [one for one in whole() if one.number != "6"])
    dossier = dossier_of(session, vendor)
    assert dossier.matrix.gaps == ("Requirement 6 has no owner.",)
    assert duty(dossier).record.endswith("Contract clause PCI-3: not checked.")
    assert "; 1 gap." in duty(dossier).record
    shown = told(dossier)
    assert "Requirement 6 has no owner." in shown
    assert "Nobody yet" in shown


def test_past_its_year_it_is_not_told_as_holding(session, vendor, later):
    make_matrix(session, vendor)
    with later(days=400):
        dossier = dossier_of(session, vendor)
    assert duty(dossier).status.text == "Past its end"


def test_where_none_is_on_record_the_paper_says_so(session, vendor):
    dossier = dossier_of(session, vendor)
    assert dossier.matrix is None
    assert duty(dossier).status.text == "Nothing on record"
    assert "No matrix is on record" in told(dossier)


def test_where_no_card_data_is_touched_nothing_is_said(session):
    dossier = dossier_of(session, make_vendor(session, name="Caterer"))
    assert dossier.pci == ()
    assert dossier.matrix is None


def test_typed_markup_and_another_direction_are_shown_as_text(session, vendor):
    notes = [Line("3", Share.SHARED, "<b>bold</b>"), Line("4", Share.SHARED, sample.URDU)]
    make_matrix(session, vendor, whole(*notes))
    html = html_of(dossier_of(session, vendor), sha256="0" * 64, is_draft=True)
    assert "&lt;b&gt;bold" in html
    assert f'<span class="user" dir="rtl">{sample.URDU}' in html
