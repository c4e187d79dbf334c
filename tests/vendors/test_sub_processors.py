"""Sub-processors: pasted, checked, recorded, linked, and leaned on by several vendors."""

import re

import pytest

from tests.people import AMNA, LAILA, PERVEZ, RABIA
from vendors.pasting import MOST_LINES, passed_over, read_pasted
from vendors.sub_processor_queries import sub_processors_of

TABLE = """Entity name\tService\tLocation
Amazon Web Services, Inc.\tHosting\tUSA, Germany
Zendesk\tSupport tickets\tWorldwide
"""


def triples(text):
    return [(row.name, row.purpose, row.country) for row in read_pasted(text) if not row.problem]


def state_in(page):
    return re.search(r'name="state" type="hidden" value="(\w+)"', page.text)[1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            TABLE,
            [
                ("Amazon Web Services, Inc.", "Hosting", "US, DE"),
                ("Zendesk", "Support tickets", "Worldwide"),
            ],
        ),
        (
            "- Stripe, Inc.\n* Twilio\n3. Okta",
            [("Stripe, Inc.", "", ""), ("Twilio", "", ""), ("Okta", "", "")],
        ),
        ("| Name | Country |\n|---|---|\n| Acme | Pakistan |", [("Acme", "", "PK")]),
        ('Name,Purpose\n"Acme, Ltd",Mail', [("Acme, Ltd", "Mail", "")]),
        ("Acme;Germany;Mail", [("Acme", "Mail", "DE")]),
        ("بنك المثال\tإرسال\tPakistan", [("بنك المثال", "إرسال", "PK")]),
        ("=HYPERLINK(1)\n<script>", [("=HYPERLINK(1)", "", ""), ("<script>", "", "")]),
        ("Oracle Company\tHosting service\tUSA", [("Oracle Company", "Hosting service", "US")]),
        ("\n \n---\n", []),
    ],
)
def test_lists_are_read_as_people_paste_them(text, expected):
    assert triples(text) == expected


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Acme\nACME Ltd.", "same company as in line 1"),
        ("Name;Purpose\n;Mail", "no name"),
        ("4111 1111 1111 1111", "card number"),
        ("x" * 201, "at most 200"),
        ("A\x07cme", "control characters"),
        ("A\x00;Mail", "control characters"),
        ("a" * 140_000 + ";Mail", "at most 200"),
        ("\n".join(f"Company {n}" for n in range(MOST_LINES + 1)), "More than"),
    ],
)
def test_a_flawed_line_is_named(text, problem):
    assert problem in " ".join(row.problem for row in read_pasted(text))


PAGE = """# Subprocessors

We use these companies; they are all in the United States:

* [Amazon Web Services](https://aws.example/gdpr). Cloud services provider.
* Twilio - text messages
"""


def test_a_whole_page_is_pasted_and_its_sentences_are_passed_over():
    rows = read_pasted(PAGE)
    assert [(row.name, row.purpose) for row in rows] == [
        ("Amazon Web Services", "Cloud services provider"),
        ("Twilio", "text messages"),
    ]
    assert passed_over(PAGE, rows) == 2
    table = "---\ntitle: x\n---\n| Name of Subprocessor | Location of Processing |\n|--|--|\n| Acme | Pakistan |"
    assert triples(table) == [("Acme", "", "PK")]


def test_published_lists_are_read(field_data):
    folder = field_data / "vendor_lists"
    assert len(read_pasted((folder / "github_subprocessors.md").read_text())) > 15
    (first, *_) = read_pasted((folder / "basecamp_hey-subprocessors.md").read_text())
    assert (first.name, first.purpose) == ("Amazon Web Services", "Cloud services provider")


@pytest.fixture
def paste(people):
    def send(vendor_id, text, who=PERVEZ, step="", **values):
        address = f"/vendors/{vendor_id}/sub-processors{step}"
        return people.browser(who).post(address, data={"pasted": text, "rank": "2", **values})

    return send


def rows_in(database, people, vendor_id, who=PERVEZ):
    with database.reading() as session:
        return sub_processors_of(session, people.id_of(who), vendor_id)


def test_a_list_is_checked_then_recorded_and_linked_to_our_own_vendor(
    people, database, stored, paste
):
    acme, aws = stored("Acme"), stored("Amazon Web Services")
    checked = paste(acme, TABLE, step="/check")
    assert checked.status_code == 200
    assert "It is V-0002 Amazon Web Services of your inventory" in checked.text
    assert rows_in(database, people, acme) == []
    assert paste(acme, TABLE).status_code == 303
    assert paste(acme, "Zendesk;Chat;Ireland").status_code == 303
    first, second = rows_in(database, people, acme)
    assert (first.provider_id, first.countries) == (aws, ("US", "DE"))
    assert (second.purpose, second.countries) == ("Chat", ("IE",))


def test_nothing_is_stored_while_a_line_is_wrong(people, database, stored, paste):
    acme = stored("Acme")
    answer = paste(acme, "Zendesk\nZENDESK inc")
    assert answer.status_code == 422
    assert "Line 2: The same company" in answer.text
    assert paste(acme, "Zendesk", rank="1").status_code == 422
    assert paste(acme, "").status_code == 422
    assert rows_in(database, people, acme) == []


def test_concentration_counts_vendors_the_reader_may_see(people, database, stored, paste):
    acme, borealis = stored("Acme"), stored("Borealis")
    secret = stored("Secret Counsel", is_need_to_know=True)
    for vendor_id in (acme, borealis, secret):
        paste(vendor_id, "Zendesk, Inc.")
    assert "3 of your vendors" in people.browser(PERVEZ).get(f"/vendors/{acme}/sub-processors").text
    seen = people.browser(AMNA).get(f"/vendors/{acme}/sub-processors").text
    assert "2 of your vendors" in seen
    assert "Secret Counsel" not in seen


def test_one_is_edited_and_removed_and_a_hidden_link_survives(people, database, stored, paste):
    acme, secret = stored("Acme"), stored("Secret Counsel", is_need_to_know=True)
    paste(acme, "Secret Counsel\nZendesk")
    rows = {row.name: row for row in rows_in(database, people, acme)}
    assert rows["Secret Counsel"].provider_id == secret
    rabia = people.browser(RABIA)
    address = f"/vendors/{acme}/sub-processors/{rows['Secret Counsel'].row_id}"
    assert "V-0002" not in rabia.get(address).text
    body = {"name": "Secret Counsel", "rank": "3", "country": "Pakistan", "purpose": "Advice"}
    body["state"] = state_in(rabia.get(address))
    assert rabia.post(address, data={**body, "name": "zendesk"}).status_code == 422
    assert "no vendor" in rabia.post(address, data={**body, "provider": "V-0002"}).text
    assert rabia.post(address, data=body).status_code == 303
    (changed,) = [row for row in rows_in(database, people, acme) if row.rank == 3]
    assert (changed.provider_id, changed.countries) == (secret, ("PK",))
    late = rabia.post(address, data={**body, "purpose": "Court cases"})
    assert late.status_code == 409
    assert "Court cases" in late.text
    assert "Advice" in late.text
    again = {**body, "purpose": "Court cases", "state": state_in(late)}
    assert rabia.post(address, data=again).status_code == 303
    assert rabia.post(f"{address}/remove").status_code == 303
    assert rabia.post(f"{address}/remove").status_code == 404
    browser = people.browser(PERVEZ)
    assert browser.get(f"/vendors/{acme}/sub-processors").status_code == 200
    assert len(browser.statements) <= 12
    for path in ("sub-processors", "sub-processors/check"):
        assert people.browser(LAILA).post(f"/vendors/{secret}/{path}").status_code == 404
