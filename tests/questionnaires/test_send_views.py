"""Sending by hand: preset where it can be, one transaction, need-to-know kept."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from foundation import clock
from foundation.ids import new_id
from mail.models import Letter
from questionnaires import contents, library, sending
from questionnaires.models import Assessment, QuestionnaireRecord, QuestionnaireVersion
from tests import people as cast
from tests.makers import CRITICAL, make_contact, make_staff, make_vendor, make_version
from vendors.tiering import NOTHING_KNOWN


@pytest.fixture
def pervez(people):
    return people.browser(cast.PERVEZ)


@pytest.fixture
def acme(database):
    with database.writing() as session:
        vendor = make_vendor(session)
        contact = make_contact(session, vendor)
    return vendor, contact


def fields(person, **changed):
    due = clock.now().date() + timedelta(days=7)
    return {
        "questionnaire": "library:tier4",
        "contact": str(person.id) if person else "new",
        "due_on": due.isoformat(),
        "message": "Good morning, Vania.",
        **changed,
    }


def test_the_page_is_preset_and_shows_the_letter(pervez, acme):
    vendor, _ = acme
    shown = pervez.get(f"/vendors/{vendor.id}/send").text
    assert re.search(r"Security basics for low-risk vendors: \d+ questions", shown)
    assert (clock.now().date() + timedelta(days=7)).isoformat() in shown
    assert "Vania Petrova" in shown
    assert "Dear Vania Petrova" in shown
    assert "Northwind Payments" in shown


def test_sending_writes_assessment_letter_and_link_together(pervez, acme, database):
    vendor, contact = acme
    answer = pervez.post(f"/vendors/{vendor.id}/send", data=fields(contact))
    assert answer.status_code == 303
    shown = pervez.get(answer.location).text
    assert "A-0001" in shown
    assert "The vendor" in shown
    with database.reading() as session:
        letter = session.scalars(select(Letter)).one()
        assert letter.to_email == cast.VANIA.email
        assert session.scalars(select(Assessment.reference)).all() == ["A-0001"]


def test_it_says_what_is_left_out_where_no_card_data_comes_into_it(pervez, acme):
    vendor, _ = acme
    shown = pervez.get(f"/vendors/{vendor.id}/send").text
    assert "Security basics for low-risk vendors: 7 questions, 2 left out" in shown
    assert "The intake says: no card data comes into it." in shown
    assert "about cards" not in shown


def test_it_says_how_many_questions_concern_cards_where_card_data_comes_into_it(pervez, database):
    with database.writing() as session:
        vendor = make_vendor(session, exposure=CRITICAL)
    shown = pervez.get(f"/vendors/{vendor.id}/send").text
    assert re.search(r"Full security review for critical vendors: \d+ questions, \d+ about", shown)
    assert "The intake says: card data comes into it." in shown
    assert "left out" not in shown.replace("our use of the vendor is left out", "")


def test_what_nobody_knows_about_cards_is_asked_and_said_so(pervez, database):
    with database.writing() as session:
        vendor = make_vendor(session, exposure=NOTHING_KNOWN)
    shown = pervez.get(f"/vendors/{vendor.id}/send").text
    assert "card data comes into it (not known yet, so the worst case counts)" in shown
    assert re.search(r"Full security review for critical vendors: \d+ questions, \d+ about", shown)


def test_somebody_new_is_not_optional_and_mistakes_come_in_the_order_of_the_fields(pervez, acme):
    vendor, _ = acme
    data = fields(None, new_name="", new_email="")
    refused = pervez.post(f"/vendors/{vendor.id}/send", data=data).text
    summary = refused[refused.index("There is a problem") :]
    assert summary.index("Write the e-mail address") < summary.index("Write the name of the new")
    for name in ("E-mail address of the new contact", "Name of the new contact"):
        assert not re.search(rf"{name}\s*<span class=.optional", refused)


def test_showing_the_letter_sends_nothing(pervez, acme, database):
    vendor, contact = acme
    shown = pervez.post(
        f"/vendors/{vendor.id}/send", data=fields(contact, step="preview", message="Mind the gap")
    )
    assert "Mind the gap" in shown.text
    with database.reading() as session:
        assert session.scalars(select(Letter)).all() == []


def test_a_new_contact_is_added_inline(pervez, acme, database):
    vendor, _ = acme
    data = fields(None, new_name="Omar Aziz", new_email="omar@acme.example")
    assert pervez.post(f"/vendors/{vendor.id}/send", data=data).status_code == 303
    with database.reading() as session:
        assert session.scalars(select(Letter.to_email)).one() == "omar@acme.example"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"contact": "new"}, "Write the name of the new contact."),
        ({"due_on": ""}, "Give a date"),
        ({"due_on": "2020-01-01"}, "has passed already"),
        ({"message": "Ours is 4111 1111 1111 1111"}, "card number"),
        (
            {"contact": "new", "new_name": "Vania", "new_email": cast.VANIA.email},
            "already a contact",
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_sent(pervez, acme, database, changed, sentence):
    vendor, contact = acme
    answer = pervez.post(f"/vendors/{vendor.id}/send", data=fields(contact, **changed))
    assert answer.status_code == 422
    assert sentence in answer.text
    with database.reading() as session:
        assert session.scalars(select(Letter)).all() == []
        assert session.scalars(select(Assessment)).all() == []


def test_a_vendor_hidden_from_somebody_is_not_there_for_them(people, database):
    with database.writing() as session:
        hidden = make_vendor(session, by=make_staff(session, cast.RABIA), is_need_to_know=True)
    assert people.browser(cast.PERVEZ).get(f"/vendors/{hidden.id}/send").status_code == 404
    assert people.browser(cast.RABIA).get(f"/vendors/{hidden.id}/send").status_code == 200


def test_the_due_date_follows_the_tier(pervez, database):
    with database.writing() as session:
        vendor = make_vendor(session, exposure=CRITICAL)
    shown = pervez.get(f"/vendors/{vendor.id}/send").text
    assert (clock.now().date() + timedelta(days=14)).isoformat() in shown


def test_a_vendor_nothing_is_known_about_is_tiered_as_the_worst(pervez, database):
    with database.writing() as session:
        vendor = make_vendor(session, exposure=NOTHING_KNOWN)
    shown = pervez.get(f"/vendors/{vendor.id}/send").text
    assert "provisional" in shown


def test_an_auditor_sends_nothing(people, acme):
    vendor, contact = acme
    amna = people.browser(cast.AMNA)
    assert amna.post(f"/vendors/{vendor.id}/send", data=fields(contact)).status_code == 403


@pytest.mark.parametrize("tier", [1, 2, 3, 4])
def test_the_questionnaire_of_the_tier_is_offered_first(database, tier):
    with database.reading() as session:
        found = sending.offers(session, tier)
    assert found[0].code == f"tier{tier}"
    assert {offer.code for offer in found} >= set(library.CODES)


def test_a_tier_nobody_knows_counts_as_the_highest(database):
    with database.reading() as session:
        assert sending.offers(session, None)[0].code == "tier1"


def test_a_stored_questionnaire_of_the_tier_comes_first_too(database):
    with database.writing() as session:
        make_version(session, "tier4")
        make_version(session, "tier2")
    with database.reading() as session:
        found = sending.offers(session, 2)
    assert [offer.code for offer in found].count("tier2") == 1
    assert (found[0].code, found[0].value.startswith(sending.SHIPPED)) == ("tier2", False)


def test_what_is_not_known_yet_is_sent_the_questions_of_its_worst_case(pervez, database):
    with database.writing() as session:
        vendor = make_vendor(session, exposure=NOTHING_KNOWN)
        contact = make_contact(session, vendor)
        assert vendor.is_tier_provisional
    shown = pervez.get(f"/vendors/{vendor.id}/send").text
    first = re.search(r'<option[^>]*value="library:(tier\d)"', shown)
    assert first
    assert first[1] == "tier1"
    data = fields(contact, questionnaire="library:tier1")
    answer = pervez.post(f"/vendors/{vendor.id}/send", data=data)
    assert answer.status_code == 303
    assert "Full security review for critical vendors" in pervez.get(answer.location).text


def test_offering_many_questionnaires_takes_no_more_statements(people, acme, database, monkeypatch):
    vendor, _contact = acme
    pervez = people.browser(cast.PERVEZ)
    counts = []
    with database.writing() as session:
        content = make_version(session, "tier4").content
    for place in range(4):
        with database.writing() as session:
            _another(session, content, place)
        monkeypatch.setattr(contents, "_kept", {})
        monkeypatch.setattr(sending, "_told", {})
        pages = (f"/vendors/{vendor.id}/send", f"/vendors/{vendor.id}/next")
        assert f"Another {place}" in pervez.get(pages[0]).text
        counts.append([len(pervez.statements)])
        pervez.get(pages[1])
        counts[-1].append(len(pervez.statements))
    assert counts[0] == counts[-1]


def _another(session, content, place):
    record = QuestionnaireRecord(
        id=new_id(), code=f"another-{place}", title="x", format="x", created_at=clock.now()
    )
    session.add(record)
    session.flush()
    title = f"Another {place}"
    session.add(
        QuestionnaireVersion(
            id=new_id(), questionnaire_id=record.id, number=1, title=title, sha256=title,
            content=content | {"code": record.code, "title": title}, n_sections=1, n_questions=1,
            scoring_model={}, created_at=clock.now(),
        )
    )  # fmt: skip
