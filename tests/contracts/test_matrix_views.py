"""The pages of a responsibility matrix, in browsers of the cast."""

import re
from datetime import date

import pytest

from contracts.matrix_queries import find_matrix
from contracts.matrix_rules import NAMES, Line, Share
from tests import people as cast
from tests.contracts.matrices import card_vendor, make_matrix, whole
from tests.makers import make_staff, make_vendor
from vendors.models import Vendor


@pytest.fixture
def vendor_id(scene):
    return scene(_vendor_id)


def _vendor_id(database):
    with database.writing() as session:
        return card_vendor(session).id


def address(vendor_id, door=""):
    return f"/vendors/{vendor_id}/pci-matrix{door}"


def typed(*lines, version=0, **stated):
    """Return what a browser sends of these lines."""
    sent = {"version": version, "agreed_on": "2026-02-01", **stated}
    for place, (number, share, note) in enumerate(lines):
        sent |= {f"lines-{place}-number": number, f"lines-{place}-share": share}
        sent[f"lines-{place}-note"] = note
    return sent


def every(share="vendor"):
    return [(number, share, "") for number in NAMES]


def stored(database, vendor_id):
    with database.reading() as session:
        return find_matrix(session, vendor_id)


def doors(vendor_id):
    return (
        ("GET", address(vendor_id, "/edit")),
        ("POST", address(vendor_id, "/edit")),
        ("POST", address(vendor_id, "/rework")),
    )


def test_it_is_filled_in_saved_and_read(people, database, vendor_id):
    browser = people.browser(cast.PERVEZ)
    assert "No matrix yet" in browser.get(address(vendor_id)).text
    assert browser.get(address(vendor_id, "/edit")).status_code == 200
    lines = [one for one in every() if one[0] != "6"]
    answer = browser.post(address(vendor_id, "/edit"), data=typed(*lines, ("6", "", "")))
    assert answer.status_code == 303
    text = browser.get(address(vendor_id)).text
    assert "Requirement 6 has no owner." in text
    assert "1 gap" in text
    assert "Not complete" in text
    assert "1 February 2027" in text
    assert stored(database, vendor_id).agreed_on == date(2026, 2, 1)


def test_the_vendors_page_says_where_it_stands_only_where_cards_are_touched(people, database):
    with database.writing() as session:
        plain, touched = make_vendor(session).id, card_vendor(session, name="Switch").id
    browser = people.browser(cast.RABIA)
    assert "pci-matrix" not in browser.get(f"/vendors/{plain}").text
    text = browser.get(f"/vendors/{touched}").text
    assert address(touched) in text
    assert "Nothing on record" in text
    assert "pci-matrix" not in people.browser(cast.ADIL).get(f"/vendors/{touched}").text


def test_one_owner_is_written_down_for_all_and_nothing_is_stored(people, database, vendor_id):
    browser = people.browser(cast.PERVEZ)
    sent = typed(("3", "ours", "We keep it"), fill_share="vendor", fill_where="empty")
    answer = browser.post(address(vendor_id, "/rework"), data={**sent, "step": "fill"})
    assert answer.status_code == 200
    assert "11 lines are new or filled in." in answer.text
    assert "Nothing is stored yet" in answer.text
    assert answer.text.count('<option selected value="vendor">') == len(NAMES), "11 and the filler"
    assert "We keep it" in answer.text
    assert 'value="2026-02-01"' in answer.text
    assert stored(database, vendor_id) is None


def test_a_requirement_is_split_and_a_part_taken_out_again(people, database, vendor_id):
    browser = people.browser(cast.PERVEZ)
    sent = typed(*every(), step="split", split="3.10, 3.9;12.8")
    text = browser.post(address(vendor_id, "/rework"), data=sent).text
    numbers = re.findall(r'name="lines-\d+-number" type="hidden" value="([\d.]+)"', text)
    assert numbers[2:6] == ["3", "3.9", "3.10", "4"]
    assert numbers[-1] == "12.8"
    lines = typed(*every(), ("3.9", "ours", ""), ("3.10", "ours", ""))
    lines["lines-13-is_dropped"] = "y"
    assert browser.post(address(vendor_id, "/edit"), data=lines).status_code == 303
    assert [one.number for one in stored(database, vendor_id).lines][2:5] == ["3", "3.9", "4"]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"step": "split", "split": "3,5"}, "3 is a whole requirement"),
        ({"step": "split", "split": "A1.2"}, "not the number of a requirement"),
        ({"step": "split", "split": ""}, "Write the number of a part"),
        (
            {"step": "split", "split": " ".join(f"3.1.{n} 4.1.{n} 5.{n}" for n in range(1, 99))},
            "at most 250 lines",
        ),
        ({"step": "split", "split": "3.5\x00"}, "invisible control characters"),
        ({"step": "fill", "fill_share": ""}, "Choose who meets them."),
        ({"step": "fill", "fill_share": "everybody"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_filled_in_or_split_comes_back(people, vendor_id, asked, sentence):
    browser = people.browser(cast.PERVEZ)
    sent = typed(("3", "ours", "Typed before"), **asked)
    answer = browser.post(address(vendor_id, "/rework"), data=sent)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Typed before" in answer.text


@pytest.mark.parametrize(
    ("lines", "stated", "sentence"),
    [
        ([("3", "", "")], {"agreed_on": ""}, "Nothing is filled in yet"),
        ([("3", "everybody", "")], {}, "Not a valid choice"),
        ([("3", "ours", "4111 1111 1111 1111")], {}, "card number"),
        ([("3", "ours", "\x00")], {}, "invisible control characters"),
        ([("3", "ours", "x" * 501)], {}, "500"),
        ([("3.5", "ours", ""), ("3.5", "vendor", "")], {}, "3.5 stands there twice"),
        ([("0x3", "ours", "")], {}, "not the number of a requirement"),
        ([("3\x00", "ours", "")], {}, "invisible control characters"),
        ([("3", "ours", "")], {"agreed_on": "2026-13-01"}, "Write the date as"),
        ([("3", "ours", "")], {"agreed_on": "2026-03-03"}, "must not be ahead"),
        ([("3", "ours", "")], {"version": "one"}, "Not a valid integer"),
        ([(f"3.{n}", "ours", "") for n in range(1, 300)], {}, "at most 250 lines"),
    ],
)
def test_what_cannot_be_stored_comes_back_as_typed(
    people, database, vendor_id, lines, stated, sentence
):
    browser = people.browser(cast.PERVEZ)
    sent = typed(*lines, **stated)
    answer = browser.post(address(vendor_id, "/edit"), data=sent)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert stored(database, vendor_id) is None


def test_only_what_is_wrong_is_marked_as_wrong(people, vendor_id):
    browser = people.browser(cast.PERVEZ)
    assert "aria-invalid" not in browser.get(address(vendor_id, "/edit")).text
    sent = typed(("3", "everybody", ""), ("4", "ours", ""))
    answer = browser.post(address(vendor_id, "/edit"), data=sent)
    assert answer.text.count("aria-invalid") == 1


def test_two_people_at_one_matrix_see_both_and_lose_nothing(people, database, vendor_id):
    pervez, rabia = people.browser(cast.PERVEZ), people.browser(cast.RABIA)
    assert pervez.post(address(vendor_id, "/edit"), data=typed(*every())).status_code == 303
    hers = typed(*every()[:5], ("6", "shared", "They build, we test"), agreed_on="2026-02-02")
    answer = rabia.post(address(vendor_id, "/edit"), data=hers)
    assert answer.status_code == 409
    assert "What differs" in answer.text
    assert answer.text.count("They build, we test") == 2, "in the table, and still in the form"
    assert 'name="version" type="hidden" value="1"' in answer.text
    assert stored(database, vendor_id).lines[5].share is Share.VENDOR
    assert rabia.post(address(vendor_id, "/edit"), data={**hers, "version": 1}).status_code == 303
    assert stored(database, vendor_id).lines[5] == Line("6", Share.SHARED, "They build, we test")


def test_reading_and_editing_are_two_rights(people, vendor_id):
    for who in (cast.ASIF, cast.AMNA):
        browser = people.browser(who)
        assert browser.get(address(vendor_id)).status_code == 200
        assert "/edit" not in browser.get(address(vendor_id)).text
        for method, door in doors(vendor_id):
            assert browser.open(door, method=method).status_code == 403, door
    assert people.browser(cast.ADIL).get(address(vendor_id)).status_code == 403


def test_whoever_may_not_know_the_vendor_finds_nothing(people, database):
    with database.writing() as session:
        vendor = card_vendor(session, is_need_to_know=True)
        make_matrix(session, vendor)
        vendor_id = vendor.id
    browser = people.browser(cast.LAILA)
    assert browser.get(address(vendor_id)).status_code == 404
    for method, door in doors(vendor_id):
        assert browser.open(door, method=method).status_code == 404, door


def test_out_of_scope_it_is_read_and_not_stored(people, database, vendor_id):
    with database.writing() as session:
        plain = make_vendor(session, name="Caterer", by=make_staff(session)).id
    browser = people.browser(cast.PERVEZ)
    assert "nothing to divide" in browser.get(address(plain)).text
    answer = browser.post(address(plain, "/edit"), data=typed(*every()))
    assert answer.status_code == 422
    assert "touches card data" in answer.text
    assert stored(database, plain) is None


def test_typed_markup_is_shown_as_text(people, database, vendor_id):
    evil = "<script>alert(1)</script>"
    with database.writing() as session:
        make_matrix(session, session.get_one(Vendor, vendor_id), whole(Line("6", None, evil)))
    browser = people.browser(cast.RABIA)
    for door in ("", "/edit"):
        text = browser.get(address(vendor_id, door)).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text


def test_a_page_costs_the_same_for_few_lines_and_many(people, database, vendor_id):
    browser = people.browser(cast.RABIA)
    with database.writing() as session:
        vendor = session.get_one(Vendor, vendor_id)
        make_matrix(session, vendor, [Line("6", Share.OURS)])
    for door in ("", "/edit"):
        browser.get(address(vendor_id, door))
        few = len(browser.statements)
        with database.writing() as session:
            vendor = session.get_one(Vendor, vendor_id)
            make_matrix(session, vendor, whole(*(Line(f"3.{n}") for n in range(1, 90))))
        browser.get(address(vendor_id, door))
        assert len(browser.statements) == few
        assert few <= 10
