"""The history of a vendor: its own entries and those of what belongs to it, and nobody else's."""

import csv
import io

from foundation import clock
from operations.history_rows import history_of_vendor
from tests.makers import make_assessment, make_vendor
from tests.people import AMNA, PERVEZ
from vendors.group_commands import set_countries
from vendors.identifier_commands import add_identifier
from vendors.numbers import IdentifierKind
from vendors.rules import Presence
from vendors.tag_commands import set_tags


def test_children_are_in_it_other_vendors_are_not_and_kinds_filter(people, database):
    by = people.author(PERVEZ)
    with database.writing() as session:
        acme = make_vendor(session, name="Acme", by=by)
        make_vendor(session, name="Borealis", by=by)
        sent = make_assessment(session, vendor=acme, by=by)
        vendor_id, reference = acme.id, sent.reference
    browser = people.browser(AMNA)
    shown = browser.get(f"/vendors/{vendor_id}/history")
    assert "Questionnaire sent" in shown.text
    assert "V-0002" not in shown.text
    assert len(browser.statements) <= 12
    only = browser.get(f"/vendors/{vendor_id}/history?kind=assessment").text
    assert reference in only
    assert "Vendor registered" not in only
    assert "Show everything" in browser.get(f"/vendors/{vendor_id}/history?kind=report").text
    assert browser.get(f"/vendors/{vendor_id}/history?kind=nonsense&before=x").status_code == 200
    for number in ("9" * 30, "-1", "٣", ""):
        assert browser.get(f"/vendors/{vendor_id}/history?before={number}").status_code == 200


def test_pages_meet_without_a_gap(people, database):
    by = people.author(PERVEZ)
    with database.writing() as session:
        acme = make_vendor(session, name="Acme", by=by)
        for n in range(5):
            set_tags(session, acme, [f"tag {n}"], by=by, at=clock.now())
        vendor_id = acme.id
    with database.reading() as session:
        whole = history_of_vendor(session, people.id_of(PERVEZ), vendor_id).rows
        found, before = [], None
        while True:
            part = history_of_vendor(
                session, people.id_of(PERVEZ), vendor_id, before=before, size=3
            )
            found += part.rows
            before = part.older_than
            if before is None:
                break
    assert [row.seq for row in found] == [row.seq for row in whole]


def test_the_file_has_every_entry_and_no_formula(people, database):
    by = people.author(PERVEZ)
    with database.writing() as session:
        acme = make_vendor(session, name="Acme", by=by)
        set_tags(session, acme, ["=1+1", "plain"], by=by, at=clock.now())
        add_identifier(session, acme, IdentifierKind.DUNS, "150483782", by=by, at=clock.now())
        set_countries(session, acme, Presence.OPERATES, ["PK"], by=by, at=clock.now())
        vendor_id = acme.id
    answer = people.browser(AMNA).get(f"/vendors/{vendor_id}/history.csv")
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0][:3] == ["When (UTC)", "Who", "What"]
    told = next(row for row in rows if row[2] == "Tags of a vendor changed")
    assert (told[1], told[4]) == ("Pervez Anwar", "'+=1+1, +plain")
    assert {"D-U-N-S", "'+Pakistan"} <= {row[4] for row in rows}
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
