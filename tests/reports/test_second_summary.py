"""The second summary in Urdu: the same facts, in our sentences, and people's words as they wrote them."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO

import page
import pikepdf
import pypdfium2
import pytest
from pdfua.validator import validate

from audit.actions import SYSTEM
from foundation import clock, sandbox
from operations.parts import SANDBOX_TASKS
from organisation.commands import set_up
from reports import urdu
from reports.assemble import assemble
from reports.dossier import from_json, to_json
from reports.outline import parts_of
from reports.papers import EXTRA, cut
from reports.printing import ENVIRONMENT, print_report
from reports.rules import OUTCOME_WORDS, Known, verdict_of
from reviews.residual import Band
from tests import makers
from tests.reports import sample

WORDY = "Every word of this was written by somebody with much to say about it. " * 40
KNOWN = Known(
    outcome="approved_with_conditions",
    is_final=True,
    has_submitted=True,
    conditions=2,
    band="Moderate",
    band_value="moderate",
    claimed=0.802,
    evidenced=0.546,
    gates_failed=1,
    gates_open=2,
    clauses_met=1,
    clauses_required=4,
    findings_open=1,
)


def bilingual(known=KNOWN, **changes):
    return sample.whole(second=urdu.summary_of(known), **changes)


def numbers_in(text):
    return sorted(re.findall(r"\d+(?:\.\d)?", text))


@pytest.mark.parametrize(
    "known",
    [
        Known(),
        Known(has_submitted=True, claimed=0.5, evidenced=0.25, band="Low", band_value="low"),
        KNOWN,
        replace(KNOWN, conditions=1, gates_failed=3, gates_open=1, findings_open=12),
        replace(KNOWN, is_final=False),
        *(
            replace(KNOWN, outcome=outcome, conditions=0, band=band.value, band_value=band.value)
            for outcome, band in zip(OUTCOME_WORDS, Band, strict=True)
        ),
    ],
)
def test_it_says_as_much_as_the_english_one_with_the_same_numbers(known):
    english, other = verdict_of(known), urdu.summary_of(known)
    assert len(other.reasons) == len(english.reasons)
    for ours, theirs in zip(english.reasons, other.reasons, strict=True):
        assert numbers_in(ours) == numbers_in(theirs)
    assert numbers_in(english.text) == numbers_in(other.verdict)
    for text in (other.verdict, *other.reasons, other.band):
        assert not re.search(r"[A-Za-z]", text), "no word is left in English"


def test_every_outcome_and_band_has_a_word():
    assert urdu.OUTCOMES.keys() == OUTCOME_WORDS.keys()
    assert urdu.BANDS.keys() == {band.value for band in Band}
    assert len(set(urdu.BANDS.values())) == len(Band)


def test_what_is_unknown_is_not_told_as_low():
    told = urdu.summary_of(Known())
    assert told.band == ""
    assert urdu.BANDS["low"] not in told.verdict


def test_dates_have_latin_digits_and_every_month_a_name():
    assert urdu.day(date(2026, 12, 18)) == "18 دسمبر 2026"
    assert len({urdu.day(date(2026, month, 1)) for month in range(1, 13)}) == 12
    assert urdu.day(None) == "–"


def test_every_number_that_can_move_has_a_name(session):
    names = {one.name for one in sample.whole().changes.numbers}
    assert names <= urdu.NUMBERS.keys()
    assert urdu.moved(sample.whole().changes).count("سے") == 2
    assert urdu.compared("review R-0002") == ("جائزے", "R-0002")


def test_it_is_frozen_only_where_it_is_wanted(session):
    vendor = makers.make_vendor(session, name="Acme Payments")
    assert assemble(session, vendor.id, clock.now()).second is None
    set_up(session, at=clock.now(), by=SYSTEM, second_language="ur")
    dossier = assemble(session, vendor.id, clock.now())
    assert dossier.second.language == "ur"
    assert from_json(to_json(dossier)) == dossier
    set_up(session, at=clock.now(), by=SYSTEM, second_language="none")
    assert from_json(to_json(dossier)).second == dossier.second, "what was frozen stays"


def test_it_stands_behind_the_first_and_moves_no_number():
    plain, both = parts_of(sample.whole()), parts_of(bilingual())
    assert [part for part in both if part.key != "summary_ur"] == list(plain)
    assert [part.key for part in both[:3]] == ["summary", "summary_ur", "scope"]


def test_the_other_papers_do_without_it():
    assert [cut(bilingual(), paper).second for paper in EXTRA] == [None, None]


def crowded(**changes):
    """Return a dossier in which everybody wrote much; its answers are left out, for they fit."""
    whole = bilingual(assessments=(), **changes)
    return replace(
        whole,
        vendor=replace(whole.vendor, name="Aa" * 150, purpose=WORDY),
        verdict=replace(whole.verdict, reasons=(WORDY,) * 6),
        decision=replace(whole.decision, note=WORDY),
        conditions=tuple(
            replace(whole.conditions[0], text=WORDY, owner="Ab " * 60) for _ in range(9)
        ),
        findings=tuple(replace(whole.findings[0], title=WORDY[:200]) for _ in range(9)),
    )


@pytest.fixture(scope="module")
def printed() -> bytes:
    sandbox.register(SANDBOX_TASKS)
    sandbox.configure(environment=ENVIRONMENT)
    return print_report(to_json(crowded()), is_draft=False)


@pytest.mark.slow
def test_both_validators_find_nothing(printed, tmp_path):
    told = page.validate_pdf_bytes(printed, profile=page.ValidationProfile.PDF_UA_1)
    assert told.is_compliant, [f"{f.rule_id}: {f.message}" for f in told.failures]
    file = tmp_path / "both.pdf"
    file.write_bytes(printed)
    assert not validate(str(file)).findings


@pytest.mark.slow
def test_each_part_says_its_language(printed):
    with pikepdf.open(BytesIO(printed)) as pdf:
        assert pdf.Root.Lang == "en"
        (document,) = pdf.Root.StructTreeRoot.K
        sections = [one for one in document.K if "/Lang" in one]
        assert [(one.S, one.Lang) for one in sections] == [("/Sect", "ur")]
        assert sections[0].Pg.objgen == pdf.pages[3].obj.objgen
        english = [one for one in below(sections[0]) if one.get("/Lang") == "en"]
        assert len(english) >= 4, "the name, the note, a condition, its owner"
        links = [one for one in below(document) if one.S == "/Link" and one.get("/Lang") == "ur"]
        assert len(links) == 1, "the line of the contents"


@pytest.mark.slow
def test_each_summary_is_one_page_whatever_was_written(printed):
    made = pypdfium2.PdfDocument(printed)
    said = [made[place].get_textpage().get_text_range() for place in range(2, 5)]
    assert said[0].startswith("1 Executive summary")
    assert said[1].startswith("انتظامی خلاصہ")
    assert said[2].startswith("2 Scope")


def below(element):
    """Yield every structure element below one."""
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/StructElem":
            yield kid
            yield from below(kid)
