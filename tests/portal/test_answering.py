"""Answering: start, section, one save for each answer, and everything without scripts."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from sqlalchemy import select, update

from foundation import clock
from identity import invitations
from identity.commands import set_time_zone
from identity.models import Person, WebSession
from identity.rules import Purpose
from questionnaires.answer_models import Answer
from questionnaires.assessment_commands import withdraw
from questionnaires.models import Assessment
from questionnaires.rules import AssessmentState
from tests import makers
from tests.people import Character
from vendors.contact_commands import remove_contact
from vendors.models import Contact, Vendor

OMAR = Character("Omar Aziz", "omar@acme.example", ())
FIRST = "/s/our_information"


@pytest.fixture
def save(acme):
    def do(browser, code, *options, version=0, sequence=1, at=acme.at, **parts):
        form = {
            "code": code,
            "options": [*options],
            "version": version,
            "sequence": sequence,
            **parts,
        }
        return browser.post(f"{at}/answers", data=form)

    return do


@pytest.fixture
def answers_of(database):
    def read(asked):
        with database.reading() as session:
            rows = session.scalars(
                select(Answer).where(Answer.assessment_id == asked.assessment_id)
            )
            return {row.code: row for row in rows}

    return read


@pytest.fixture
def omar(database, acme, portal_client):
    """A colleague of Vania's, with a link of his own."""
    with database.writing() as session:
        contact = makers.make_contact(session, session.get_one(Vendor, acme.vendor_id), OMAR)
        person = makers.make_person(session, OMAR)
        assert contact.person_id == person.id
        sent = session.get_one(Assessment, acme.assessment_id)
        _link, token = invitations.invite(
            session, person, purpose=Purpose.VENDOR_ENTRY, for_id=sent.id, at=clock.now()
        )
    return portal_client(type(acme)(acme.assessment_id, acme.vendor_id, OMAR.email, token))


def fields_of(page):
    """Read what a browser without scripts would send back from a section page."""
    form = page.split('enctype="multipart/form-data"')[1].split("</form>")[0]
    found = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form):
        found[unescape(name)] = unescape(value)
    for box in re.findall(r'<input type="radio"[^>]*checked>', form):
        found[re.search('name="([^"]+)"', box)[1]] = re.search('value="([^"]+)"', box)[1]
    for name, text in re.findall(
        r'<textarea id="[^"]+" name="([^"]+)"[^>]*>\n(.*?)</textarea>', form
    ):
        found[name] = unescape(text)
    found.pop("csrf_token", None)
    return found


def test_the_start_page_says_what_it_is_about_before_anything_begins(vania, acme, row_of):
    page = vania.get(acme.at).get_data(as_text=True)
    for words in ("Pervez Anwar", "Acme Cloud", "minutes", "Due on", "at hand", "Who sees"):
        assert words in page, words
    assert row_of(acme).state is AssessmentState.SENT


def test_the_hub_lists_sections_and_leads_on(vania, acme, save):
    vania.post(f"{acme.at}/start")
    page = vania.get(acme.at).get_data(as_text=True)
    assert "Continue: 0 of 2 in Our data" in page
    save(vania, "enc_in_transit", "yes")
    page = vania.get(acme.at).get_data(as_text=True)
    assert "Continue: 1 of 3 in Our data" in page
    assert "In progress" in page
    assert "How you work" in page


def test_a_save_tells_what_it_shows_and_counts(vania, acme, save):
    reply = save(vania, "enc_in_transit", "yes").get_json()
    assert reply["version"] == 1
    assert reply["saved_at"].count(":") == 2
    assert "reg_countries" in reply["visible"]
    assert reply["progress"]["section_answered"] == 1
    assert reply["progress"]["section_visible"] == 3
    assert "enc_in_transit/coach" in reply["hidden"]
    again = save(vania, "enc_in_transit", "no", version=1, sequence=2).get_json()
    assert again["version"] == 2
    assert "enc_in_transit/coach" in again["visible"]
    back = save(vania, "enc_in_transit", "none_held", version=2, sequence=3).get_json()
    assert "reg_countries" in back["hidden"]


def test_a_save_costs_at_most_twelve_statements_and_a_page_ten(vania, acme, save):
    save(vania, "enc_in_transit", "yes")
    save(vania, "enc_in_transit", "no", version=1, sequence=2)
    assert len(vania.statements) <= 12, vania.statements
    vania.get(acme.at + FIRST)
    assert len(vania.statements) <= 10, vania.statements


def test_a_hidden_question_is_printed_hidden_and_disabled(vania, acme):
    vania.post(f"{acme.at}/start")
    page = vania.get(acme.at + FIRST).get_data(as_text=True)
    opening = re.search(r'<fieldset[^>]*data-question="reg_countries"[^>]*>', page)[0]
    assert "hidden disabled" in opening
    assert 'data-version="0"' in opening
    shown = re.search(r'<fieldset[^>]*data-question="enc_in_transit"[^>]*>', page)[0]
    assert "hidden" not in shown


def test_what_is_out_of_scope_is_not_even_printed(ask, portal_client):
    asked = ask(pci_scope=None)
    vania = portal_client(asked)
    vania.post(f"{asked.at}/start")
    page = vania.get(asked.at + FIRST).get_data(as_text=True)
    assert 'data-question="enc_in_transit"' in page
    assert "pci_card_numbers" not in page
    assert "tok_replacement" not in page
    assert "0 of 1" in vania.get(asked.at).get_data(as_text=True)


def test_a_section_out_of_scope_is_not_there(ask, portal_client):
    asked = ask(pci_scope=None, version="tier3")
    vania = portal_client(asked)
    vania.post(f"{asked.at}/start")
    assert vania.get(f"{asked.at}/s/enc").status_code == 200
    for section in ("pci", "tok"):
        assert vania.get(f"{asked.at}/s/{section}").status_code == 404
    assert "Payment card data" not in vania.get(asked.at).get_data(as_text=True)


def test_two_people_meet_and_nothing_is_lost(vania, omar, acme, save, answers_of):
    save(vania, "enc_in_transit", "yes", text="Always.")
    clash = save(omar, "enc_in_transit", "no")
    assert clash.status_code == 409
    told = clash.get_json()
    assert told["version"] == 1
    assert told["theirs"]["options"] == ["Yes, always"]
    assert told["theirs"]["values"] == ["yes"]
    assert told["theirs"]["text"] == "Always."
    assert told["theirs"]["by"] == "Vania Petrova"
    assert answers_of(acme)["enc_in_transit"].options == ["yes"]
    assert save(omar, "enc_in_transit", "no", version=1).status_code == 200


def test_what_is_no_answer_is_refused_in_words(vania, acme, save, answers_of):
    card = save(vania, "reg_countries", text="4111 1111 1111 1111")
    assert card.status_code == 422
    assert "card number" in card.get_json()["error"]
    assert save(vania, "enc_in_transit", "unheard_of").status_code == 422
    assert save(vania, "no_such_question", "yes").status_code == 422
    assert save(vania, "", "yes").status_code == 422
    assert save(vania, "enc_in_transit", "yes", version="1" * 400).status_code == 200
    assert save(vania, "pci_card_numbers", not_applicable="1", reason="x").status_code == 422
    assert set(answers_of(acme)) <= {"enc_in_transit"}


def test_a14_extra_fields_change_nothing(vania, acme, save, row_of):
    extra = {"score": "1", "state": "accepted", "vendor_id": "x", "n_answered": "99", "tier": "4"}
    assert save(vania, "enc_in_transit", "yes", **extra).status_code == 200
    row = row_of(acme)
    assert (row.state, row.n_answered) == (AssessmentState.ANSWERING, 1)


def test_without_scripts_one_button_saves_the_section(vania, acme, answers_of):
    vania.post(f"{acme.at}/start")
    form = fields_of(vania.get(acme.at + FIRST).get_data(as_text=True))
    form["q-enc_in_transit:options"] = "no"
    form["q-enc_in_transit:text"] = "Planned <b>soon</b>"
    shown = vania.post(acme.at + FIRST, data=form)
    assert shown.location == f"{acme.at}{FIRST}#q-reg_countries"  # it has newly appeared
    page = vania.get(acme.at + FIRST).get_data(as_text=True)
    assert "Planned &lt;b&gt;soon&lt;/b&gt;" in page
    form = fields_of(page)
    assert form["q-enc_in_transit:options"] == "no"
    form["q-reg_countries:text"] = "Pakistan\nUnited Arab Emirates"
    form["q-pci_card_numbers:options"] = "no"
    assert vania.post(acme.at + FIRST, data=form).location == f"{acme.at}/s/how_you_work"
    stored = answers_of(acme)
    assert stored["reg_countries"].text == "Pakistan\nUnited Arab Emirates"
    assert stored["enc_in_transit"].version == 1


def test_an_untouched_section_writes_nothing(vania, acme, save, answers_of):
    save(vania, "enc_in_transit", "yes")
    form = fields_of(vania.get(acme.at + FIRST).get_data(as_text=True))
    assert vania.post(acme.at + FIRST, data=form).location == f"{acme.at}/s/how_you_work"
    assert {row.version for row in answers_of(acme).values()} == {1}


def test_without_scripts_a_clash_shows_both_and_the_rest_is_saved(
    vania, omar, acme, save, answers_of
):
    vania.post(f"{acme.at}/start")
    form = fields_of(vania.get(acme.at + FIRST).get_data(as_text=True))
    save(omar, "enc_in_transit", "yes", text="Omar was here")
    form["q-enc_in_transit:options"] = "no"
    form["q-pci_card_numbers:options"] = "no"
    page = vania.post(acme.at + FIRST, data=form).get_data(as_text=True)
    assert "<title>Error:" in page
    assert "Omar was here" in page
    assert "Omar Aziz" in page
    stored = answers_of(acme)
    assert stored["enc_in_transit"].options == ["yes"]
    assert stored["pci_card_numbers"].options == ["no"]
    again = fields_of(page)
    assert again["q-enc_in_transit:options"] == "no"
    theirs = vania.post(acme.at + FIRST, data={**again, "q-enc_in_transit:take": "1"})
    assert theirs.status_code == 303
    assert answers_of(acme)["enc_in_transit"].options == ["yes"]
    mine = vania.post(acme.at + FIRST, data=again)
    assert mine.status_code == 303
    assert answers_of(acme)["enc_in_transit"].options == ["no"]


def test_what_omar_changed_meanwhile_is_no_clash_for_who_did_not_touch_it(
    vania, omar, acme, save, answers_of
):
    form = fields_of(vania.get(f"{acme.at}{FIRST}").get_data(as_text=True))
    save(omar, "enc_in_transit", "yes")
    assert vania.post(acme.at + FIRST, data=form).status_code == 303
    assert answers_of(acme)["enc_in_transit"].options == ["yes"]


def test_a_refused_answer_keeps_what_was_typed_and_says_error(vania, acme, answers_of):
    form = fields_of(vania.get(f"{acme.at}{FIRST}").get_data(as_text=True))
    form["q-enc_in_transit:text"] = "Our card is 4111 1111 1111 1111"
    form["q-pci_card_numbers:options"] = "no"
    answer = vania.post(acme.at + FIRST, data=form)
    page = answer.get_data(as_text=True)
    assert "<title>Error:" in page
    assert 'href="#q-enc_in_transit"' in page
    assert set(answers_of(acme)) == {"pci_card_numbers"}


def test_viktor_finds_nothing_of_acme(acme, borealis, portal_client, vania):
    viktor = portal_client(borealis)
    assert viktor.get(borealis.at).status_code == 200
    assert "Acme" not in viktor.get("/p/").get_data(as_text=True)
    for path in ("", FIRST, "/check", "/submitted", "/copy", "/clarify"):
        assert viktor.get(acme.at + path).status_code == 404, path
    for path in ("/start", FIRST, "/answers", "/check", "/clarify"):
        assert viktor.post(acme.at + path).status_code == 404, path
    assert viktor.get("/p/evidence", query_string={"vendor": acme.vendor_id}).status_code == 404
    assert viktor.post("/p/evidence", data={"vendor_id": acme.vendor_id}).status_code == 404
    assert vania.get(acme.at + "/s/no_such_section").status_code == 404


def test_a10_a_removed_contact_is_out_at_once(vania, acme, database):
    with database.writing() as session:
        contact = session.scalars(select(Contact)).one()
        remove_contact(session, contact, by=makers.make_staff(session), at=clock.now())
    assert vania.get(acme.at).status_code in {303, 404}
    assert vania.post(f"{acme.at}/answers").status_code in {403, 404}


def test_a13_a_withdrawn_assessment_takes_nothing(vania, acme, save, database, answers_of):
    form = fields_of(vania.get(f"{acme.at}{FIRST}").get_data(as_text=True))
    with database.writing() as session:
        sent = session.get_one(Assessment, acme.assessment_id)
        withdraw(session, sent, by=makers.make_staff(session), at=clock.now())
    assert vania.get(acme.at).status_code == 409
    assert "taken back" in vania.get(acme.at).get_data(as_text=True)
    form["q-pci_card_numbers:options"] = "no"
    assert vania.post(acme.at + FIRST, data=form).status_code == 409
    assert save(vania, "enc_in_transit", "yes").status_code == 409
    assert vania.post(f"{acme.at}/check").status_code == 409
    assert answers_of(acme) == {}
    assert "Nothing is asked of you" in vania.get("/p/").get_data(as_text=True)


def test_help_says_what_is_known(vania):
    page = vania.get("/p/help").get_data(as_text=True)
    assert "vania@acme.example" in page
    assert "Acme Cloud" in page


def test_the_proof_that_counts_is_named_in_words(ask, portal_client):
    critical = ask("Kestrel Cards", version="tier1")
    shown = portal_client(critical).get(f"{critical.at}/s/pci").text
    assert "PCI DSS attestation of compliance" in shown
    assert "pci_aoc)" not in shown


def test_moments_are_told_in_the_zone_of_whoever_asks_and_the_zone_is_named(
    vania, acme, save, database, person_of
):
    at = datetime(2026, 3, 4, 22, 30, tzinfo=UTC)
    with clock.fixed(at):
        with database.writing() as session:
            session.execute(update(WebSession).values(last_seen_at=at, ends_at=at + timedelta(1)))
            session.execute(update(Assessment).values(due_on=date(2026, 3, 4)))
        reply = save(vania, "enc_in_transit", "yes")
        assert reply.get_json()["saved_at"] == "03:30:00 PKT"
        page = vania.get(f"{acme.at}/copy").get_data(as_text=True)
        assert "5 March 2026, 03:30 PKT" in page
        assert "UTC" not in page
        assert "overdue" in vania.get(acme.at).get_data(as_text=True), "the 5th has begun there"
        assert "Asia/Karachi" in vania.get("/p/help").get_data(as_text=True)
        with database.writing() as session:
            mine = session.get_one(Person, person_of(acme.email).id)
            set_time_zone(session, mine, "Asia/Dubai")
        page = vania.get(f"{acme.at}/copy").get_data(as_text=True)
        assert "5 March 2026, 02:30 UTC+04" in page


TYPED = {
    "q-enc_in_transit:base": "0.",
    "q-enc_in_transit:options": "yes",
    "q-enc_in_transit:text": "Half an hour of <b>typing</b>",
    "reply:0b0c0c0c-0000-4000-8000-000000000000": "and a reply",
}


@pytest.fixture
def signed_off(vania, acme, database):
    """Vania's session has ended while she typed."""
    with database.writing() as session:
        session.execute(update(WebSession).values(revoked_at=clock.now()))
    return vania


def test_what_was_typed_into_a_lost_session_is_given_back_to_be_copied(
    signed_off, acme, answers_of
):
    refused = signed_off.post(acme.at + FIRST, data=TYPED)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 403
    for words in ("Not saved: you are signed out", "typing&lt;/b&gt;", "and a reply", "to copy"):
        assert words in page, words
    assert "Acme" not in page
    assert answers_of(acme) == {}
    script = signed_off.post(acme.at + FIRST, data=TYPED, headers={"Accept": "application/json"})
    assert script.get_json()["error"].startswith("You are signed out.")


@pytest.mark.parametrize(
    ("headers", "more"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, {}),
        ({"Origin": "https://evil.example"}, {}),
        ({}, {"q-x:text": "y" * 600_000}),
    ],
)
def test_no_foreign_page_and_no_heap_is_printed_back(signed_off, acme, headers, more):
    refused = signed_off.post(acme.at + FIRST, data={**TYPED, **more}, headers=headers)
    assert refused.status_code == 403
    assert "typing" not in refused.get_data(as_text=True)


def test_what_came_too_late_is_given_back_to_be_copied(vania, acme, database):
    with database.writing() as session:
        by = makers.make_staff(session)
        withdraw(session, session.get_one(Assessment, acme.assessment_id), by=by, at=clock.now())
    late = vania.post(acme.at + FIRST, data=TYPED)
    page = late.get_data(as_text=True)
    assert late.status_code == 409
    assert "What you typed just now, to copy" in page
    assert "typing&lt;/b&gt;" in page
    assert "to copy" not in vania.get(f"{acme.at}/check").get_data(as_text=True)
