"""What is past its rule goes, once, in batches, and what is held or still needed does not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from audit.actions import Action
from audit.models import Entry
from audit.queries import first_bad_entry
from contracts.models import Contract, ContractDocument
from contracts.rules import ContractState
from evidence.erasing import crypto_erase
from evidence.holds import set_hold
from evidence.models import Evidence
from evidence.sweeping import sweep_store
from foundation import clock
from foundation.errors import Refused
from foundation.ids import new_id
from identity import api_tokens, feed_tokens, sessions
from identity.models import ApiToken, FeedToken, Person, WebSession
from identity.rules import DoorKind, Scope, SessionStage
from mail.commands import queue
from mail.letters import Text
from mail.models import Letter
from mail.rules import LetterState
from operations import rounds
from operations.retention import erasing
from organisation.queries import find_settings
from organisation.retention import RULES, Kept, checked_lengths, lengths
from organisation.settings_commands import change_settings
from reports.models import Report
from tests.evidence.stories import new_vendor, object_path, on_record
from tests.makers import make_contact
from tests.people import ADIL, AMNA, LAILA, PERVEZ, VANIA
from vendors.contact_commands import remove_contact
from vendors.models import Vendor

ALL = {kind.value: rule.months for kind, rule in RULES.items()}
LATER = 365 * 30


@pytest.fixture
def ruled(database, authors):
    """The rules were saved once."""
    with database.writing() as session:
        by = authors[ADIL.email].actor
        change_settings(session, {"retention_months": ALL}, based_on=1, by=by, at=clock.now())


def run(database, days):
    with clock.fixed(clock.now() + timedelta(days=days)):
        return erasing.do(database, clock.now())


def count(database, table, *conditions):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table).where(*conditions))


def sign_in(database, authors):
    with database.writing() as session:
        sessions.start(
            session,
            authors[PERVEZ.email].person_id,
            door=DoorKind.STAFF,
            stage=SessionStage.FULL,
            at=clock.now(),
        )


def test_nothing_goes_before_the_rules_were_saved(database, authors):
    sign_in(database, authors)
    assert run(database, LATER) == 0
    assert count(database, WebSession) == 1


def test_a_session_goes_after_its_months_and_not_before(database, authors, ruled):
    sign_in(database, authors)
    assert run(database, 80) == 0
    assert run(database, 95) == 1
    assert count(database, WebSession) == 0
    with database.reading() as session:
        entry = session.scalars(select(Entry).where(Entry.action == Action.RETENTION_ERASE)).one()
        assert entry.detail["kind"] == "sessions"
        assert entry.detail["count"] == 1
        assert first_bad_entry(session) is None


def test_it_is_done_once_a_day_and_by_two_workers_once(database, authors, ruled):
    for _ in range(5):
        sign_in(database, authors)
    at = clock.now() + timedelta(days=200)
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _: erasing.do(database, at), range(2)))
    assert sum(done) == 5
    assert erasing.do(database, at) == 0


def test_batches_go_one_after_another(database, authors, ruled, monkeypatch):
    monkeypatch.setattr(erasing, "AT_ONCE", 2)
    for _ in range(5):
        sign_in(database, authors)
    assert run(database, 200) == 5
    assert count(database, Entry, Entry.action == Action.RETENTION_ERASE) == 3


def test_tokens_and_feeds_that_ended_go(database, authors, ruled):
    with database.writing() as session:
        me, at = authors[PERVEZ.email].person_id, clock.now()
        api_tokens.create(session, me, "nightly", Scope.READ, at, 30)
        feed_tokens.create(session, me, "phone", is_own=True, kinds=(), at=at)
    assert run(database, 300) == 0
    with database.writing() as session:
        feed_tokens.revoke_all(session, me, at)
    assert run(database, 500) == 2
    assert (count(database, ApiToken), count(database, FeedToken)) == (0, 0)


def test_a_sent_letter_loses_its_address_and_is_not_sent_again(database, authors, ruled):
    def write():
        with database.writing() as session:
            letter = queue(
                session,
                dedupe_key="welcome:1",
                kind="x",
                to=(VANIA.email, VANIA.name),
                text=Text("Hello Vania", "x"),
                at=clock.now(),
            )
            if letter.sent_at is None:
                letter.state, letter.sent_at = LetterState.SENT, clock.now()

    write()
    assert run(database, 400) == 1
    assert run(database, 401) == 0
    write()
    with database.reading() as session:
        (letter,) = session.scalars(select(Letter).where(Letter.kind == "x")).all()
    assert "vania" not in f"{letter.to_email}{letter.to_name}{letter.subject}".lower()
    assert letter.state is LetterState.SENT


@pytest.fixture
def old_file(database, authors):
    vendor_id = new_vendor(database, authors)
    return on_record(
        database,
        vendor_id,
        authors[LAILA.email],
        issued_on=date(2025, 3, 1),
        valid_until=date(2026, 3, 1),
    )


def test_a_file_past_its_rule_loses_its_key_and_its_bytes(database, authors, ruled, old_file):
    path = object_path(old_file)
    assert path.exists()
    assert run(database, 365 * 6) == 0
    assert run(database, 365 * 8) == 1
    sweep_store(database, clock.now() + timedelta(days=365 * 8 + 2))
    assert not path.exists()
    with database.reading() as session:
        kept = session.get_one(Evidence, old_file.id)
        assert kept.wrapped_dek is None
        acts = set(session.scalars(select(Entry.action).where(Entry.subject_id == kept.id)))
    assert Action.EVIDENCE_ERASE in acts


@pytest.mark.parametrize("is_file", [True, False])
def test_a_held_file_stays(database, authors, ruled, old_file, is_file):
    with database.writing() as session:
        vendor = session.get_one(Vendor, old_file.vendor_id)
        file = session.get_one(Evidence, old_file.id) if is_file else None
        by = authors[LAILA.email]
        set_hold(session, vendor, file, reason="Dispute", by=by, at=clock.now())
    assert run(database, LATER) == 0
    assert object_path(old_file).exists()


@pytest.mark.parametrize("is_file", [True, False])
def test_a_held_file_holds_no_other_back(database, authors, ruled, old_file, is_file):
    other = new_vendor(database, authors, "Borealis")
    by, day = authors[LAILA.email], date(2026, 3, 1)
    free = on_record(database, other, by, b"Another file.\n", issued_on=day, valid_until=day)
    with database.writing() as session:
        vendor = session.get_one(Vendor, old_file.vendor_id)
        file = session.get_one(Evidence, old_file.id) if is_file else None
        set_hold(session, vendor, file, reason="Dispute", by=by, at=clock.now())
    assert run(database, LATER) == 1
    with database.reading() as session:
        kept = {each.id: each.wrapped_dek for each in session.scalars(select(Evidence))}
    assert (kept[old_file.id] is None, kept[free.id] is None) == (False, True)


def test_a_file_of_a_contract_in_force_stays(database, authors, ruled, old_file):
    with database.writing() as session:
        contract = Contract(
            id=new_id(),
            reference="C-0001",
            vendor_id=old_file.vendor_id,
            title="Hosting",
            state=ContractState.ACTIVE,
            starts_on=date(2026, 1, 1),
            created_at=clock.now(),
        )
        session.add(contract)
        session.flush()
        session.add(
            ContractDocument(
                id=new_id(),
                contract_id=contract.id,
                evidence_id=old_file.id,
                attached_at=clock.now(),
            )
        )
    assert run(database, LATER) == 0


def test_a_file_without_a_last_day_waits_until_its_vendor_is_put_away(database, authors, ruled):
    vendor_id = new_vendor(database, authors)
    on_record(database, vendor_id, authors[LAILA.email])
    assert run(database, LATER) == 0


def test_bytes_of_what_was_rolled_back_stay(database, authors, old_file):
    with database.open(writes=True) as session:
        file = session.get_one(Evidence, old_file.id)
        crypto_erase(session, file, authors[LAILA.email].actor, "a test")
        session.rollback()
    assert object_path(old_file).exists()


def test_a_contact_who_left_is_erased_by_rule(database, authors, ruled):
    by = authors[PERVEZ.email]
    vendor_id = new_vendor(database, authors)
    with database.writing() as session:
        contact = make_contact(session, session.get_one(Vendor, vendor_id), by=by)
        remove_contact(session, contact, by=by, at=clock.now())
        person_id = contact.person_id
    assert run(database, 600) == 0
    assert run(database, 800) == 1
    with database.reading() as session:
        assert session.get_one(Person, person_id).erased_at is not None
        assert session.get_one(Person, by.person_id).erased_at is None


def test_a_contact_who_still_acts_stays(database, authors, ruled):
    vendor_id = new_vendor(database, authors)
    with database.writing() as session:
        make_contact(session, session.get_one(Vendor, vendor_id), by=authors[PERVEZ.email])
    assert run(database, LATER) == 0


def test_the_worker_does_it_in_its_round(database, authors, ruled):
    sign_in(database, authors)
    with clock.fixed(clock.now() + timedelta(days=200)):
        done = rounds.run(database, clock.now())
    assert done.erased == 1
    assert "1 record erased by rule" in str(done)


BAD = [
    {"evidence": 0},
    {"evidence": 11},
    {"sessions": -1},
    {"letters": 601},
    {"letters": 10**30},
    {"tokens": None},
    {"reports": 12},
    {"reports": 83},
]


@pytest.mark.parametrize("change", BAD)
def test_lengths_that_cannot_stand(change):
    with pytest.raises(Refused):
        checked_lengths(ALL | change)


def test_what_nobody_chose_has_its_default_and_strangers_are_passed_over():
    assert lengths({"gone": 3, "letters": 4})[Kept.LETTERS] == 4
    assert lengths({})[Kept.REPORTS] >= max(lengths({})[Kept.VENDORS], lengths({})[Kept.EVIDENCE])


def months(**changed):
    typed = {f"months_{name}": str(count) for name, count in (ALL | changed).items()}
    return typed | {"number": "1"}


def test_the_page_says_what_would_go_before_it_is_saved(people, database, authors):
    sign_in(database, authors)
    with clock.fixed(clock.now() + timedelta(days=45)):
        adil = people.browser(ADIL)
        shown = adil.get("/settings/retention", query_string=months(sessions=1))
        assert shown.status_code == 200
        assert "Would go now" in shown.text
        assert "Save these rules" in shown.text
        assert adil.post("/settings/retention", data=months(sessions=1)).status_code == 303
    with database.reading() as session:
        assert find_settings(session).retention_months["sessions"] == 1


@pytest.mark.parametrize(
    "typed",
    [{"sessions": "x"}, {"sessions": ""}, {"reports": 12}, {"letters": "9" * 99}, {"tokens": "-3"}],
)
def test_the_page_refuses_what_cannot_stand(people, typed):
    adil = people.browser(ADIL)
    assert adil.post("/settings/retention", data=months(**typed)).status_code == 422
    assert (
        "Save these rules" not in adil.get("/settings/retention", query_string=months(**typed)).text
    )


def test_somebody_else_was_faster(people):
    adil = people.browser(ADIL)
    assert adil.post("/settings/retention", data=months(sessions=5)).status_code == 303
    late = adil.post("/settings/retention", data=months(sessions=7))
    assert late.status_code == 409


def test_what_is_kept_is_counted(people, database, authors, old_file):
    amna = people.browser(AMNA)
    page = amna.get("/kept")
    assert page.status_code == 200
    assert "Nobody has saved the rules yet" in page.text
    assert "outside of Duly" in page.text
    assert people.browser(PERVEZ).get("/kept").status_code == 403
    assert count(database, Report) == 0
