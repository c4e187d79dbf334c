"""The four steps in the browser: file, columns, check, import; and taking it back."""

import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from foundation import clock
from tests.makers import make_staff, make_vendor
from tests.people import AMNA, PERVEZ, RABIA
from vendors.import_models import ColumnMemory, ImportDraft
from vendors.models import Vendor

LIST = "Firm,State,Country\nAcme,Zombie,PK\nBeta,zombie,Germany\nGamma,Live,DE\n,Live,DE\n"


@pytest.fixture
def pervez(people):
    return people.browser(PERVEZ)


def stored(database, table=Vendor):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def begun(client, text=LIST, name="list.csv"):
    """Send a file; return the address of the columns page."""
    sent = client.post(
        "/vendors/import", data={"file": (io.BytesIO(text.encode()), name), "pasted": ""}
    )
    assert sent.status_code == 303, sent.get_data(as_text=True)
    return sent.location


def checked(client, text=LIST, columns=None):
    """Go to the check page; return its address."""
    address = begun(client, text)
    page = client.get(address).get_data(as_text=True)
    chosen = dict(
        re.findall(r'name="(column-\d+)".*?<option value="(\w*)" selected', page, re.DOTALL)
    )
    sent = client.post(address, data={**chosen, **(columns or {})})
    assert sent.status_code == 303, sent.get_data(as_text=True)
    return sent.location


def told(client, address):
    return client.get(address).get_data(as_text=True)


def test_a_list_goes_all_the_way_and_back(pervez, database):
    address = checked(pervez, "Vendor,Country,Website\nAcme,PK,acme.example\nBeta,DE,\n")
    page = told(pervez, address)
    assert "Import 2 rows" in page
    assert stored(database) == 0
    digest = re.search(r'name="digest" value="(\w+)"', page)[1]
    done = pervez.post(address.replace("/check", "/apply"), data={"digest": digest})
    assert done.status_code == 303
    page = told(pervez, done.location)
    assert "V-0001" in page
    assert "It can be undone until" in page
    assert (stored(database), stored(database, ImportDraft)) == (2, 0)
    assert "list.csv" in told(pervez, "/vendors/imports")
    back = pervez.post(done.location + "/undo")
    page = told(pervez, back.location)
    assert "Undone: 2 rows" in page
    assert "Acme" not in told(pervez, "/vendors")


def test_the_page_of_an_undone_import_says_for_good_what_stays_and_why(pervez, database):
    with database.writing() as session:
        make_vendor(session, name="Indus Card Processing")
    text = "Vendor,Website,What they do\nIndus Card Processing,indus.example,Cards\nBeta,,\n"
    address = checked(pervez, text)
    digest = re.search(r'name="digest" value="(\w+)"', told(pervez, address))[1]
    done = pervez.post(address.replace("/check", "/apply"), data={"digest": digest}).location
    assert 'data-label="Undoing"' not in told(pervez, done)
    with database.writing() as session:
        known = select(Vendor).where(Vendor.name == "Indus Card Processing")
        session.scalars(known).one().purpose = "Somebody wrote this"
    page = told(pervez, pervez.post(done + "/undo").location)
    assert "Undone: 1 row is as it was before." in page
    assert "Something stays of: Indus Card Processing." in page
    later = told(pervez, done)
    assert "Undone in part" in later
    assert "What they do stays: it was changed since." in later
    assert "As before: Website" in later
    assert "The vendor is archived" in later


EXTRA = "Vendor,Website,Contract ends,Notice (days),,Nothing\nAcme,acme.example,2027-01-01,90,x,\n"


def test_columns_that_are_not_imported_are_named_before_and_after(pervez):
    address = checked(pervez, EXTRA)
    page = told(pervez, address)
    assert "4 columns are not imported" in page
    columns = address.replace("/check", "/columns")
    for place, shown in (
        (2, "Contract ends"),
        (3, "Notice (days)"),
        (4, "Column E"),
        (5, "Nothing"),
    ):
        assert f'<a href="{columns}#column-{place}"><bdi>{shown}</bdi></a>' in page
    assert "2 of 6 imported" in page
    assert 'id="column-3"' in told(pervez, columns)
    digest = re.search(r'name="digest" value="(\w+)"', page)[1]
    done = pervez.post(address.replace("/check", "/apply"), data={"digest": digest}).location
    for page in (told(pervez, done), told(pervez, pervez.post(done + "/undo").location)):
        assert "4 columns were not imported" in page
        assert "Contract ends" in page
        assert "Column E" in page


def test_nothing_is_said_of_columns_when_all_are_imported(pervez):
    page = told(pervez, checked(pervez, "Vendor,Website\nAcme,acme.example\n"))
    assert "not imported" not in page


def test_only_what_somebody_chose_is_called_their_choice(pervez):
    address = begun(pervez, EXTRA)
    same = {"column-0": "name", "column-1": "website"}
    pervez.post(address, data=same)
    page = told(pervez, address)
    assert "Your choice" not in page
    assert "As last time" not in page
    assert "Sure" in page
    pervez.post(address, data={**same, "column-3": "notes"})
    assert told(pervez, address).count("Your choice") == 1


def test_what_was_remembered_says_from_when_and_by_whom(pervez, people, database):
    with database.writing() as session:
        make_staff(session, RABIA)
    pervez.post(begun(pervez, EXTRA), data={"column-0": "name", "column-3": "notes"})
    rabia = people.browser(RABIA)
    address = begun(rabia, EXTRA)
    page = told(rabia, address)
    assert page.count("As last time") == 6
    assert f"(2 March 2026, by <bdi>{PERVEZ.name}</bdi>)" in page
    rabia.post(address, data={"column-0": "name", "column-2": "notes"})
    page = told(rabia, address)
    assert page.count("As last time") == 4
    assert page.count("Your choice") == 2
    assert f"by <bdi>{PERVEZ.name}</bdi>" in page
    assert f"by <bdi>{RABIA.name}</bdi>" in told(rabia, begun(rabia, EXTRA))


def test_nothing_is_lost_by_a_reload_and_nobody_else_sees_it(pervez, people, database):
    address = checked(pervez)
    assert "Zombie" in told(pervez, address)
    assert "Zombie" in told(pervez, address)
    with database.reading() as session:
        draft = session.scalars(select(ImportDraft)).one()
        assert b"Zombie" not in draft.table_sealed + draft.choices_sealed
    assert "list.csv" in told(pervez, "/vendors/import")
    rabia = people.browser(RABIA)
    assert rabia.get(address).status_code == 404
    assert rabia.post(address.replace("/check", "/apply")).status_code == 404
    with clock.fixed(clock.now() + timedelta(days=8)):
        assert people.browser(PERVEZ).get(address).status_code == 404


def test_one_answer_mends_all_cells_and_a_row_is_left_out(pervez, database):
    address = checked(pervez, columns={"column-0": "name"})
    page = told(pervez, address)
    assert "Words we do not know" in page
    assert "and in 1 more rows: 3" in page
    key = re.search(r'name="(word-\d+-1)" id="word-', page)[1]
    skip = re.search(r'name="skip" id="skip-cell-5-0" value="(\d+)"', page)[1]
    sent = pervez.post(
        address,
        data={key: "ended", key.replace("word", "found"): "Zombie", "skip": skip},
    )
    page = told(pervez, sent.location)
    assert "Import 3 rows" in page
    assert "1 left out" in page
    digest = re.search(r'name="digest" value="(\w+)"', page)[1]
    pervez.post(address.replace("/check", "/apply"), data={"digest": digest})
    assert stored(database) == 3


def test_a_cell_is_mended_in_place(pervez):
    address = checked(pervez, "Vendor,Next review\nAcme,2026-05-01\nBeta,31/02/2026\n")
    assert "a day that exists, found “31/02/2026”" in told(pervez, address)
    pervez.post(address, data={"word-3-1": "2026-02-28", "found-3-1": "31/02/2026"})
    assert "Every row can be imported" in told(pervez, address)


def test_unanswered_and_emptied_are_not_the_same(pervez):
    address = checked(pervez, "Vendor,Contact email\nAcme,not a mail\n")
    pervez.post(address, data={"word-2-1": "not a mail", "found-2-1": "not a mail"})
    assert "1 with problems" in told(pervez, address)
    pervez.post(address, data={"word-2-1": "", "found-2-1": "not a mail"})
    assert "0 with problems" in told(pervez, address)


def test_day_or_month_first_is_answered_once(pervez):
    address = checked(pervez, "Vendor,Next review\nAcme,03/04/2026\nBeta,05/06/2026\n")
    assert "Day or month first?" in told(pervez, address)
    pervez.post(address, data={"order-1": "day_first"})
    assert "Every row can be imported" in told(pervez, address)


def test_the_same_company_is_asked_and_answered(pervez):
    address = checked(pervez, "Vendor,Website\nAcme,acme.com\nAcme Hosting,acme.com\n")
    assert "The same as row 2: Acme" in told(pervez, address)
    pervez.post(address, data={"same-3": "row:2"})
    assert "Added to row 2, the same company" in told(pervez, address)


def test_answers_nobody_offered_are_passed_over(pervez):
    address = checked(pervez, "Vendor,Website\nAcme,acme.com\nAcme Hosting,acme.com\n")
    odd = {"same-3": "row:x", "order-1": "sideways", "cell-x-y": "z", "word-": "q", "skip": "a,,9"}
    assert pervez.post(address, data=odd).status_code == 303
    assert "1 with problems" in told(pervez, address)
    pervez.post(address, data={"same-3": "row:99999"})
    assert pervez.get(address).status_code == 200


def test_numbers_as_long_as_a_page_are_no_places(pervez):
    address, digits = checked(pervez), "9" * 5000
    data = {"skip": digits, f"order-{digits}": "day", f"cell-{digits}-1": "x"}
    assert pervez.post(address, data=data).status_code == 303
    columns = address.replace("/check", "/columns")
    assert pervez.post(columns, data={f"column-{digits}": "name"}).status_code == 422


def test_rows_with_problems_are_downloaded_with_the_reason_and_no_formula(pervez):
    address = checked(pervez, 'Vendor,Next review,Notes\nAcme,31/02/2026,"=1+1"\n')
    got = pervez.get(address.replace("/check", "/left-out.csv"))
    text = got.get_data(as_text=True)
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert "'=1+1" in text
    assert "Expected a day that exists" in text
    assert "'=1+1" not in told(pervez, checked(pervez, text.replace("31/02/2026", "2026-02-02")))


def test_the_inventory_changing_in_between_is_noticed(pervez, database):
    address = checked(pervez, "Vendor,Country\nAcme,PK\n")
    digest = re.search(r'name="digest" value="(\w+)"', told(pervez, address))[1]
    with database.writing() as session:
        make_vendor(session, name="Acme")
    sent = pervez.post(address.replace("/check", "/apply"), data={"digest": digest})
    assert sent.location == address
    assert "changed since this page was shown" in told(pervez, address)
    assert stored(database) == 1


def mend_and_import(client, address, **answers):
    """Press the button that mends and imports in one; return the page it led to."""
    digest = re.search(r'name="digest" value="(\w+)"', told(client, address))[1]
    sent = client.post(address, data={"step": "import", "digest": digest, **answers})
    assert sent.status_code == 303, sent.get_data(as_text=True)
    return told(client, sent.location)


def test_the_last_mending_imports_at_once_and_only_when_it_is_the_last(pervez, database):
    address = checked(pervez)
    odd = {"word-2-1": "ended", "found-2-1": "Zombie"}
    page = mend_and_import(pervez, address, **odd)
    assert "1 row still has a problem. Nothing is imported yet." in page
    assert stored(database) == 0
    page = mend_and_import(pervez, address, **{"cell-5-0": "Delta", "found-5-0": ""})
    assert "Import of list.csv" in page
    assert stored(database) == 4
    assert pervez.post(address, data={"step": "import"}).status_code == 404


def test_what_mending_does_to_vendors_on_record_is_shown_before_it_happens(pervez, database):
    with database.writing() as session:
        make_vendor(session, name="Acme Cloud")
    address = checked(pervez, "Vendor,Country,Notes\n,PK,x\n")
    page = mend_and_import(pervez, address, **{"cell-2-0": "Acme Cloud", "found-2-0": ""})
    assert "changes vendors on record" in page
    assert "1 update" in page
    assert "Import 1 row" in page
    assert stored(database) == 1


def test_mending_a_page_of_yesterday_imports_nothing(pervez, database):
    address = checked(pervez, "Vendor,Country\nAcme Cloud,PK\nBeta,Atlantis\n")
    digest = re.search(r'name="digest" value="(\w+)"', told(pervez, address))[1]
    with database.writing() as session:
        make_vendor(session, name="Acme Cloud")
    odd = {"word-3-1": "Pakistan", "found-3-1": "Atlantis", "step": "import", "digest": digest}
    page = told(pervez, pervez.post(address, data=odd).location)
    assert "The inventory changed" in page
    assert "0 with problems" in page
    assert stored(database) == 1


def test_columns_are_remembered_for_the_next_list_with_this_header(pervez, database):
    checked(pervez, "Firm,Stuff\nAcme,x\n", {"column-0": "name", "column-1": "tags"})
    assert stored(database, ColumnMemory) == 1
    page = told(pervez, begun(pervez, "Firm,Stuff\nBeta,y\n"))
    assert "As last time" in page
    assert re.search(r'<option value="tags" selected', page)


def test_another_header_row_is_read_again(pervez):
    address = begun(pervez, "Firma,Wer\nx,y\nAlpha,Beta\n1,2\n")
    sent = pervez.post(address, data={"step": "again", "header_first": "3", "header_rows": "1"})
    page = told(pervez, sent.location)
    assert "<bdi>Alpha</bdi></label>" in page


def test_columns_that_cannot_be_are_said_and_kept(pervez):
    address = begun(pervez, "A,B\nx,y\n")
    sent = pervez.post(address, data={"column-0": "country", "column-1": "country"})
    page = sent.get_data(as_text=True)
    assert sent.status_code == 422
    assert "Say which column holds the company" in page
    assert "Only one column can fill" in page
    assert page.count('<option value="country" selected') == 2


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("<html><table><tr><td>Acme", "list.xls", "This is a web page"),
        ("", "list.csv", "This file is empty"),
        ("Vendor,X\n" + "Acme,1\n" * 20_001, "list.csv", "more than 20,000 rows"),
    ],
)
def test_what_is_no_list_is_refused_on_the_page(pervez, database, text, name, words):
    sent = pervez.post("/vendors/import", data={"file": (io.BytesIO(text.encode()), name)})
    assert sent.status_code == 422
    assert words in sent.get_data(as_text=True)
    assert stored(database, ImportDraft) == 0


def test_rows_can_be_pasted_and_a_card_number_is_taken_out(pervez, database):
    sent = pervez.post(
        "/vendors/import", data={"pasted": "Vendor\tNotes\nAcme\t4111111111111111\n"}
    )
    assert sent.status_code == 303
    page = told(pervez, sent.location)
    assert "4111111111111111" not in page
    assert pervez.post("/vendors/import", data={"pasted": " "}).status_code == 422


def test_the_templates_come_as_files(pervez):
    for kind, start in (("csv", b"\xef\xbb\xbfName,"), ("xlsx", b"PK")):
        got = pervez.get(f"/vendors/import/template.{kind}")
        assert got.data.startswith(start)
        assert "attachment" in got.headers["Content-Disposition"]


def test_who_only_reads_may_look_at_imports_and_not_import(people):
    amna = people.browser(AMNA)
    assert amna.get("/vendors/imports").status_code == 200
    assert amna.get("/vendors/import").status_code == 403


def test_a_hidden_vendor_is_not_named_on_the_page_of_its_import(pervez, people, database):
    address = checked(pervez, "Vendor,Country\nSecret Deal,PK\n")
    digest = re.search(r'name="digest" value="(\w+)"', told(pervez, address))[1]
    done = pervez.post(address.replace("/check", "/apply"), data={"digest": digest})
    with database.writing() as session:
        session.scalars(select(Vendor)).one().is_need_to_know = True
        make_staff(session, RABIA)
    rabia = people.browser(RABIA)
    page = told(rabia, done.location)
    assert "Secret Deal" not in page
    assert "may not see" not in page
    assert '<td data-label="Rows" class="num">1</td>' in told(pervez, "/vendors/imports")
    assert '<td data-label="Rows" class="num">0</td>' in told(rabia, "/vendors/imports")


def test_a_past_decision_is_shown_as_imported_on_the_vendors_page(pervez, database):
    address = checked(
        pervez, "Vendor,Status,Last decision,Decided on\nAcme,Live,Approved,2025-06-01\n"
    )
    digest = re.search(r'name="digest" value="(\w+)"', told(pervez, address))[1]
    pervez.post(address.replace("/check", "/apply"), data={"digest": digest})
    with database.reading() as session:
        acme = session.scalars(select(Vendor)).one()
    page = told(pervez, f"/vendors/{acme.id}")
    assert "Approved before Duly" in page
    assert "it clears nothing here" in page
    assert "Onboarding" in page
    assert "1 June 2026" in page


def test_the_check_shows_what_is_overwritten_with_what(pervez, people, database):
    with database.writing() as session:
        make_vendor(session, name="Acme", by=people.author(PERVEZ))
        kept = session.scalars(select(Vendor)).one()
        kept.purpose, kept.country = "Pays our people", "PK"
    page = told(
        pervez,
        checked(
            pervez,
            f"Vendor,Purpose,Country,Relationship mgr\nAcme,<b>Runs payroll</b>,DE,{RABIA.email}\n",
        ),
    )
    assert "<del><bdi>Pays our people</bdi></del> → <ins><bdi>&lt;b&gt;Runs payroll" in page
    assert "<del><bdi>Pakistan</bdi></del> → <ins><bdi>Germany</bdi></ins>" in page
    assert f"<del><bdi>{PERVEZ.name}</bdi></del> → <ins><bdi>{RABIA.name}</bdi></ins>" in page
