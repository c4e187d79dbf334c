"""The post room: secrets stay with the recipient, failed letters get another try."""

import pytest
from sqlalchemy import select, update

from audit.models import Entry
from foundation import clock, settings
from foundation.settings import ROOT
from identity.models import Person
from mail.commands import queue
from mail.covering import covered
from mail.letters import Text
from mail.models import Letter
from mail.rules import LetterState
from operations.person_data import data_of
from reminders.commands import beat
from tests import makers
from tests.people import ADIL, AMNA, LAILA, PERVEZ, RABIA, VANIA
from vendors.models import Vendor

TOKEN = "Zk3vT9m1Qw7Xc5Rf8Yb2Nh6Jp4Ls0Ad-Ge_uI"
BODY = f"Open https://duly.example/account/set-password/{TOKEN} or type 7XK2-9QMD. Due 2026-03-12."


@pytest.fixture
def letter(scene):
    return scene(_letter)


def _letter(database):
    with database.writing() as session:
        return queue(
            session,
            dedupe_key="trial:1",
            kind="staff_invitation",
            to=("omar@northwind.example", "Omar Farid"),
            text=Text("[Northwind] Your account", BODY),
            at=clock.now(),
        ).id


def put(database, letter_id, **values):
    with database.writing() as session:
        session.execute(update(Letter).where(Letter.id == letter_id).values(**values))


def test_what_opens_a_door_is_covered():
    assert covered(BODY) == (
        "Open https://duly.example/account/set-password/[hidden] or type [hidden]. Due 2026-03-12."
    )
    plain = (
        "See http://localhost/vendors/9f1c2d3e-0000-4000-8000-0123456789ab/edit or /vendors?tier=1."
    )
    assert covered(plain) == plain


def test_every_letter_with_a_link_or_code_is_covered():
    seen = 0
    for path in sorted((ROOT / "templates" / "mail").glob("*.txt")):
        source = path.read_text()
        source = source.replace("{{ link }}", f"https://duly.example/p/i/{TOKEN}")
        source = source.replace("{{ code }}", "7XK2-9QMD")
        seen += TOKEN in source or "7XK2" in source
        assert TOKEN not in covered(source)
        assert "7XK2" not in covered(source)
    assert seen >= 4


@pytest.mark.parametrize("who", [ADIL, AMNA], ids=lambda c: c.name)
def test_nobody_reads_the_link_of_somebody_else(people, letter, who):
    page = people.browser(who).get(f"/mail/{letter}").text
    assert TOKEN not in page
    assert "7XK2-9QMD" not in page
    assert "Links and codes are hidden" in page


def test_where_no_server_is_set_an_administrator_hands_the_link_over(people, database, letter):
    put(database, letter, state=LetterState.KEPT)
    assert TOKEN in people.browser(ADIL).get(f"/mail/{letter}").text
    assert TOKEN not in people.browser(AMNA).get(f"/mail/{letter}").text


def test_a_failed_letter_says_why_and_gets_another_try(people, database, letter):
    said = "The mail server answered 550: No such mailbox"
    put(database, letter, state=LetterState.FAILED, last_error=said, attempts=12)
    adil = people.browser(ADIL)
    assert said in adil.get("/mail?state=failed").text
    assert adil.post(f"/mail/{letter}/send-again").status_code == 303
    with database.reading() as session:
        row = session.get_one(Letter, letter)
        assert (row.state, row.attempts) == (LetterState.QUEUED, 0)
        newest = session.scalars(select(Entry).order_by(Entry.seq.desc()).limit(1)).one()
    assert (newest.action, newest.detail) == ("letter.retry", {"kind": "staff_invitation"})
    assert adil.post(f"/mail/{letter}/send-again").status_code == 422


def test_all_failed_letters_are_queued_again_at_once(people, database, letter):
    adil = people.browser(ADIL)
    assert adil.post("/mail/send-failed-again").status_code == 422
    put(database, letter, state=LetterState.FAILED, last_error="550")
    assert people.browser(AMNA).post("/mail/send-failed-again").status_code == 403
    assert adil.post("/mail/send-failed-again").status_code == 303
    assert "Waiting to be sent" in adil.get(f"/mail/{letter}").text


def test_a_test_letter_goes_the_way_of_every_letter(people, database):
    adil = people.browser(ADIL)
    first = adil.post("/mail/test")
    page = adil.get(first.headers["Location"]).text
    assert "A test letter from Duly" in page
    assert ADIL.email in page
    assert "No worker has run yet" in page
    assert adil.post("/mail/test").headers["Location"] == first.headers["Location"]
    with database.writing() as session:
        beat(session, summary="", at=clock.now())
    assert "within seconds" in adil.get(first.headers["Location"]).text
    for who in (AMNA, LAILA):
        assert people.browser(who).post("/mail/test").status_code == 403


def test_the_password_of_the_mail_server_is_never_shown(people):
    before = settings.current()
    secret = before.model_copy(update={"smtp_url": "smtps://duly:geheim@mail.example:465"})
    settings.configure(secret)
    try:
        page = people.browser(ADIL).get("/mail").text
    finally:
        settings.configure(before)
    assert "mail.example:465" in page
    assert "geheim" not in page


HIDDEN = "Quiet Harbour"
ABOUT_IT = {
    "subject": f"[Northwind] {HIDDEN}: answers to review",
    "reader": "[Northwind] Questions for you",
    "words": "[Northwind] Your day",
}
APART = "About a vendor you may not see"


@pytest.fixture
def of_a_hidden_vendor(database):
    """Letters that tell of a vendor its owner alone knows: by subject, by reader, by their words."""
    with database.writing() as session:
        owner = makers.make_staff(session, PERVEZ)
        vendor = makers.make_vendor(session, name=HIDDEN, by=owner, is_need_to_know=True)
        contact = makers.make_contact(session, vendor, VANIA)
        assert contact.vendor_id == vendor.id
        told = {
            "subject": (RABIA.email, "Open the desk."),
            "reader": (VANIA.email, "Type the code."),
            "words": (LAILA.email, f"Late: quiet\n  harbour ({vendor.reference})."),
        }
        return {
            how: queue(
                session,
                dedupe_key=f"hidden:{how}",
                kind="trial",
                to=(email, "Somebody"),
                text=Text(ABOUT_IT[how], body),
                at=clock.now(),
            ).id
            for how, (email, body) in told.items()
        }


@pytest.mark.parametrize("who", [ADIL, AMNA], ids=lambda c: c.name)
@pytest.mark.parametrize("how", ABOUT_IT)
def test_the_post_room_tells_nothing_of_a_vendor_few_may_know(people, of_a_hidden_vendor, who, how):
    reader = people.browser(who)
    page = reader.get(f"/mail/{of_a_hidden_vendor[how]}").text
    assert APART in page
    told = page + (reader.get("/mail").text if how != "words" else "")
    for word in (HIDDEN, "harbour", VANIA.email, "Somebody &lt;", ABOUT_IT[how]):
        assert word not in told, word


def test_it_says_what_became_of_such_a_letter(people, database, of_a_hidden_vendor):
    letter = of_a_hidden_vendor["reader"]
    put(database, letter, state=LetterState.FAILED, last_error=f"550 no {VANIA.email} here")
    adil = people.browser(ADIL)
    for address in ("/", "/mail?state=failed", f"/mail/{letter}"):
        page = adil.get(address).text
        assert APART in page, address
        assert VANIA.email not in page, address
    assert adil.post(f"/mail/{letter}/send-again").status_code == 303


def test_who_may_see_the_vendor_reads_its_letters(people, database, of_a_hidden_vendor):
    with database.writing() as session:
        adil = session.scalars(select(Person).where(Person.email == ADIL.email)).one()
        session.execute(update(Vendor).values(owner_id=adil.id))
    page = people.browser(ADIL).get("/mail").text
    assert ABOUT_IT["subject"] in page
    assert APART not in page


def test_what_we_hand_out_about_a_person_leaves_such_subjects_out(
    people, database, of_a_hidden_vendor
):
    with database.reading() as session:
        adil, rabia = (
            session.scalars(select(Person.id).where(Person.email == who.email)).one()
            for who in (ADIL, RABIA)
        )
        letters = data_of(session, adil, rabia, clock.now())["letters"]
    assert [one["subject"] for one in letters if one["kind"] == "trial"] == [None]
