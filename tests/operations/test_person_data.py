"""A person's rights: everything of them as a file, and erased without losing what they did."""

import html
import json
import re

import pytest
from sqlalchemy import LargeBinary, String, cast, select

from audit.actions import SYSTEM, Action
from audit.commands import record
from audit.models import Entry
from audit.queries import first_bad_entry
from foundation import clock
from foundation.db import Model
from foundation.errors import Refused
from foundation.ids import new_id
from identity import sessions
from identity.models import Person, WebSession
from identity.passkey_models import Passkey, PasskeyChallenge
from identity.rules import Ceremony, DoorKind, SessionStage
from identity.sign_on_models import WorkAccount
from mail.commands import queue
from mail.letters import Text
from mail.models import Letter
from operations.person_erasing import erase
from operations.person_tables import places
from questionnaires.hand_over import let_go
from questionnaires.models import Assessment
from reports.models import Report
from tests.makers import make_assessment, make_contact, make_vendor
from tests.operations.test_leaving import busy_rabia
from tests.people import ADIL, LAILA, PERVEZ, RABIA, VANIA, VIKTOR
from tests.reviews import stories
from vendors.inventory_models import Note
from vendors.models import Contact, Vendor
from vendors.note_commands import add_note
from vendors.rules import Visibility

__all__ = ["busy_rabia"]


@pytest.fixture
def adil(people):
    return people.browser(ADIL)


@pytest.fixture
def vania(scene, authors):
    """Vania declared her answers, was written about, mailed to, and signed in; then she left."""
    return scene(_vania, authors[PERVEZ.email])


def _vania(database, pervez):
    at = clock.now()
    with database.writing() as session:
        _review, assessment = stories.submitted(session)
        vendor = session.get_one(Vendor, assessment.vendor_id)
        contact = session.get_one(Contact, assessment.contact_id)
        heir = make_contact(session, vendor, VIKTOR, by=pervez)
        add_note(
            session,
            vendor,
            text=f"Spoke to {VANIA.name} <{VANIA.email}> about keys.",
            visibility=Visibility.INTERNAL,
            by=pervez,
            at=at,
        )
        told = {"reason": f"{VANIA.name} asked for it"}
        subject = ("vendor", vendor.id)
        record(
            session, at=at, actor=SYSTEM, action=Action.VENDOR_EDIT, subject=subject, detail=told
        )
        for key in ("one", "two"):
            text = Text("Hello", f"Dear {VANIA.name}")
            queue(session, dedupe_key=key, kind="x", to=(VANIA.email, VANIA.name), text=text, at=at)
        sessions.start(
            session, contact.person_id, door=DoorKind.VENDOR, stage=SessionStage.FULL, at=at
        )
        let_go(session, contact, heir, left_on=None, by=pervez, at=at)
        return contact.person_id


def everything(database, *, without=("report",)):
    """Return every text of the database in one."""
    found = []
    with database.reading() as session:
        for table in Model.metadata.sorted_tables:
            if table.name not in without:
                columns = [
                    cast(column, String)
                    for column in table.columns
                    if not isinstance(column.type, LargeBinary)
                ]
                found += [str(tuple(row)) for row in session.execute(select(*columns))]
    return "\n".join(found)


def erase_by_hand(adil, person_id, typed=VANIA.email):
    return adil.post(f"/people/{person_id}/data/erase", data={"typed": typed})


def test_every_table_that_names_a_person_is_in_the_file(adil, vania, database):
    file = json.loads(adil.get(f"/people/{vania}/data/download").text)
    assert file["person"]["email"] == VANIA.email
    assert {"answer", "submission", "contact", "web_session"} <= set(file["records"])
    assert len(file["letters"]) >= 2
    assert "hash" not in json.dumps([file["person"], file["records"]["web_session"]])
    with database.reading() as session:
        newest = session.scalars(select(Entry).order_by(Entry.seq.desc())).first()
    assert newest.action == Action.PERSON_EXPORT


def test_no_table_with_a_person_is_passed_over():
    named = {place.table.name for place in places()}
    assert {"answer_event", "legal_hold", "note", "sign_off", "vendor"} <= named


def test_a_vendor_few_may_know_is_not_in_the_file(adil, people, database):
    rabia = people.author(RABIA)
    with database.writing() as session:
        hidden = make_vendor(session, name="Hush Ltd", by=rabia, is_need_to_know=True)
        add_note(
            session, hidden, text="hush", visibility=Visibility.INTERNAL, by=rabia, at=clock.now()
        )
    file = json.loads(adil.get(f"/people/{rabia.person_id}/data/download").text)
    assert "hush" not in json.dumps(file).lower()
    assert file["rows_left_out"] == 2
    page = adil.get(f"/people/{rabia.person_id}/data")
    assert "2 records are left out" in page.text


def test_somebody_of_a_hidden_vendor_alone_is_not_there(adil, people, database):
    with database.writing() as session:
        hidden = make_vendor(session, by=people.author(RABIA), is_need_to_know=True)
        contact = make_contact(session, hidden)
    for path in ("data", "data/download"):
        assert adil.get(f"/people/{contact.person_id}/{path}").status_code == 404
    assert erase_by_hand(adil, contact.person_id).status_code == 404
    assert "Nobody here has this address" in adil.get(f"/people/data?email={VANIA.email}").text


def test_they_are_found_by_their_address(adil, vania):
    found = adil.get(f"/people/data?email={VANIA.email.upper()}")
    assert found.headers["Location"].endswith(f"/people/{vania}/data")
    for typed in ("", "no address", "a@b@c", "nobody@acme.example", "x" * 300):
        assert "error" in adil.get(f"/people/data?email={typed}").text


def test_the_look_changes_nothing_and_says_what_stays(adil, vania, database):
    before = everything(database)
    page = adil.get(f"/people/{vania}/data").text
    assert "Answers with the name in their text" in page
    assert "is never made again" in page
    assert everything(database) == before


def test_texts_are_counted_when_somebody_asks(adil, vania, database):
    before = everything(database)
    page = adil.get(f"/people/{vania}/data").text
    assert page.count("Not counted yet") == 3
    (address,) = re.findall(r'href="([^"#]+)#erase"', page)
    page = adil.get(html.unescape(address)).text
    assert "Not counted yet" not in page
    assert "Count the texts" not in page
    row = page.partition("Texts in which the name or the address is replaced")[2]
    assert int(re.search(r"<td[^>]*>(\d+)</td>", row)[1]) > 0
    assert everything(database) == before


def test_an_erased_person_is_nowhere(adil, vania, database, people):
    assert erase_by_hand(adil, vania).status_code == 303
    text = everything(database)
    assert VANIA.email not in text
    assert VANIA.name not in text
    with database.reading() as session:
        person = session.get_one(Person, vania)
        assert person.erased_at is not None
        assert session.scalars(select(WebSession).where(WebSession.person_id == vania)).all() == []
        assert first_bad_entry(session) is None
        note = session.scalars(select(Note)).one()
        assert note.text.startswith("Spoke to An erased person <")
    assert "was erased on" in adil.get(f"/people/{vania}/data").text
    page = people.browser(ADIL).get("/audit-log").text
    assert "An erased person" in page
    assert "Person erased" in page


def test_what_waited_for_them_is_not_sent(adil, vania, database):
    erase_by_hand(adil, vania)
    with database.reading() as session:
        letters = session.scalars(select(Letter)).all()
    assert "one" not in {each.dedupe_key for each in letters}
    assert not [each for each in letters if "Vania" in each.to_name or "acme" in each.to_email]


@pytest.mark.parametrize("typed", ["", "vania", "vania@acme.example.org", "yes"])
def test_nothing_goes_before_the_address_is_typed(adil, vania, database, typed):
    before = everything(database)
    assert erase_by_hand(adil, vania, typed).status_code == 422
    assert everything(database) == before


def test_twice_is_refused(adil, vania):
    erase_by_hand(adil, vania)
    assert erase_by_hand(adil, vania, f"{vania.hex}@erased.invalid").status_code == 422


def test_the_address_can_come_again_as_somebody_else(adil, vania, database, people):
    erase_by_hand(adil, vania)
    with database.writing() as session:
        vendor = session.scalars(select(Vendor)).first()
        again = make_contact(session, vendor, VANIA, by=people.author(PERVEZ))
        assert again.person_id != vania


def test_open_work_is_handed_over_first(adil, people, database, busy_rabia):
    rabia = people.id_of(RABIA)
    answer = erase_by_hand(adil, rabia, RABIA.email)
    assert answer.status_code == 422
    assert "Hand it over first" in answer.text
    with database.writing() as session:
        contact = session.get_one(Contact, make_assessment(session).contact_id)
    answer = erase_by_hand(adil, contact.person_id)
    assert answer.status_code == 422
    assert "They still answer for a vendor" in answer.text


def test_one_of_ours_who_left_can_be_erased(adil, people, database, busy_rabia):
    adil.post(f"{busy_rabia}/leave", data={"to": str(people.id_of(LAILA))})
    assert erase_by_hand(adil, people.id_of(RABIA), RABIA.email).status_code == 303
    text = everything(database)
    assert RABIA.name not in text
    assert RABIA.email not in text


def test_nobody_erases_themselves_or_the_last_administrator(adil, people, database):
    assert erase_by_hand(adil, people.id_of(ADIL), ADIL.email).status_code == 422
    with database.open(writes=True) as session, pytest.raises(Refused):
        erase(
            session,
            session.get_one(Person, people.id_of(ADIL)),
            by=people.author(LAILA),
            at=clock.now(),
        )


def test_issued_reports_keep_the_name(database, people, vania):
    with database.writing() as session:
        before = [one.dossier_sha256 for one in session.scalars(select(Report))]
        erase(
            session,
            session.get_one(Person, vania),
            by=people.author(ADIL),
            at=clock.now(),
        )
        assert [one.dossier_sha256 for one in session.scalars(select(Report))] == before


def test_answers_stay_as_they_were_declared(database, people, vania):
    from questionnaires.answer_models import Answer, Submission

    def said():
        with database.reading() as session:
            answers = session.execute(select(Answer.code, Answer.options, Answer.text)).all()
            return sorted(map(str, answers)), session.scalars(select(Submission)).one()

    before, submission = said()
    with database.writing() as session:
        person = session.get_one(Person, vania)
        erase(session, person, by=people.author(ADIL), at=clock.now())
    after, kept = said()
    assert before == after
    assert kept.content_sha256 == submission.content_sha256
    assert (kept.declared_name, kept.by_id) == ("An erased person", submission.by_id)
    with database.reading() as session:
        assert session.scalars(select(Assessment)).one().submitted_at is not None


def test_nothing_that_lets_an_erased_person_in_is_left(adil, vania, database):
    at = clock.now()
    with database.writing() as session:
        session.add_all(
            [
                Passkey(
                    id=new_id(), person_id=vania, credential_id=b"a", public_key=b"b", sign_count=0,
                    name="Telephone", may_be_backed_up=False, is_backed_up=False, created_at=at,
                ),
                PasskeyChallenge(
                    challenge=b"c", browser_hash="d", ceremony=Ceremony.SECOND_FACTOR,
                    person_id=vania, expires_at=at,
                ),
                WorkAccount(
                    id=new_id(), person_id=vania, issuer="https://work.example", subject="v",
                    email=VANIA.email, linked_at=at,
                ),
            ]
        )  # fmt: skip
    assert erase_by_hand(adil, vania).status_code == 303
    with database.reading() as session:
        for table in (Passkey, PasskeyChallenge, WorkAccount):
            assert session.scalars(select(table)).all() == [], table


def test_the_page_asks_as_often_however_much_is_kept(adil, vania, database):
    adil.get(f"/people/{vania}/data")
    few = len(adil.statements)
    with database.writing() as session:
        for place in range(3):
            vendor = make_vendor(session, name=f"Another {place}")
            make_assessment(session, vendor=vendor, contact=make_contact(session, vendor))
    assert "They still answer for a vendor" in adil.get(f"/people/{vania}/data").text
    assert len(adil.statements) == few < 40
