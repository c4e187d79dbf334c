"""Signing in by passkey: what a device truly signed for us, once, and nothing that is nearly so."""

import json

import pytest
from sqlalchemy import select, update

from accounts import commands, tries
from audit.models import Entry
from foundation import clock
from identity import ceremonies, queries
from identity.models import Person, WebSession
from identity.passkey_models import Passkey, PasskeyChallenge
from identity.passkeys import advance
from tests.accounts.entering import (
    CODE_SHOWN,
    SECRET_SHOWN,
    code_of,
    give_app,
    give_password,
    give_recovery_codes,
    token_of,
    type_code,
    type_password,
)
from tests.accounts.passkeys import asked, give_passkey, is_in, refreshed, sign_in
from tests.authenticator import BE, BS, UP, UV, Authenticator
from tests.client import client_of
from tests.people import ADIL, ASIF, RABIA

SECOND = "/sign-in/code/passkey"


@pytest.fixture
def device(database):
    """Rabia's laptop, whose passkey is hers."""
    return give_passkey(database, RABIA)


def refusals(database):
    """Return what the ledger says of tries that failed: whose, and why."""
    with database.reading() as session:
        found = session.scalars(select(Entry).where(Entry.action == "sign_in.failed"))
        return [(one.subject_id, one.detail["step"]) for one in found.all()]


def the_key(database):
    with database.reading() as session:
        return session.scalars(select(Passkey)).one()


def test_a_passkey_is_password_and_second_factor_in_one(client, database, device):
    answer = sign_in(client, device, "/sign-in/passkey?next=/vendors")
    assert answer.headers["Location"] == "/vendors"
    assert RABIA.email in client.get("/account").text
    key = the_key(database)
    assert (key.sign_count, key.last_used_at) == (1, clock.now())


def test_what_is_asked_names_nobody_and_demands_that_the_device_knows_who_holds_it(client, device):
    wanted = asked(client, "/sign-in/passkey/begin")
    assert wanted["userVerification"] == "required"
    assert wanted["rpId"] == "localhost"
    assert not wanted.get("allowCredentials")


@pytest.mark.parametrize(
    ("lie", "why"),
    [
        ({"origin": "http://localhost:8001"}, "signature"),
        ({"origin": "https://localhost"}, "signature"),
        ({"rp_id": "duly.example"}, "signature"),
        ({"flags": UP}, "signature"),
        ({"flags": UV}, "signature"),
        ({"flags": UP | UV | BE | BS}, "backup"),
        ({"user": b""}, "person"),
        ({"user": bytes(16)}, "person"),
        ({"key": Authenticator().key}, "signature"),
    ],
    ids=["port", "scheme", "rp id", "not verified", "absent", "backup", "nobody", "other", "key"],
)
def test_what_is_nearly_right_is_refused_and_stands_in_the_ledger(
    client, database, device, lie, why
):
    for name, value in lie.items():
        setattr(device, name, value)
    answer = sign_in(client, device)
    assert answer.status_code == 422
    assert ceremonies.NOT_SIGNED in answer.text
    assert not is_in(client)
    assert [step for _, step in refusals(database)] == [f"passkey_{why}"]
    assert the_key(database).sign_count == 0


@pytest.mark.parametrize(
    "changed",
    [{"challenge": "AAAA"}, {"type": "webauthn.create"}, {"crossOrigin": True}],
    ids=["challenge", "type", "framed"],
)
def test_a_signature_over_something_else_is_refused(client, device, changed):
    assert sign_in(client, device, **changed).status_code == 422
    assert not is_in(client)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "null",
        "x" * 70_000,
        '{"response": 1}',
        '{"rawId": "AA", "response": {"clientDataJSON": "AA"}}',
        "[" * 5000,
        '{"rawId": 3, "response": {"clientDataJSON": null}}',
        '{"id": "é", "rawId": "é", "response": {"clientDataJSON": "e30"}}',
    ],
)
def test_what_is_no_passkey_at_all_is_refused_and_is_no_fault(client, device, text):
    client.get("/sign-in")
    answer = client.post("/sign-in/passkey", data={"credential": text})
    assert answer.status_code == 422
    assert ceremonies.NOT_SIGNED in answer.text


def test_a_signature_opens_once(app, client, device):
    signed = device.sign(asked(client, "/sign-in/passkey/begin"))
    assert client.post("/sign-in/passkey", data={"credential": signed}).status_code == 303
    refreshed(client).post("/sign-out")
    assert (
        refreshed(client).post("/sign-in/passkey", data={"credential": signed}).status_code == 422
    )
    assert not is_in(client)


def test_a_challenge_is_spent_by_a_wrong_answer_too(client, device):
    wanted = asked(client, "/sign-in/passkey/begin")
    device.flags = UP
    wrong = device.sign(wanted)
    assert client.post("/sign-in/passkey", data={"credential": wrong}).status_code == 422
    device.flags = UP | UV
    right = device.sign(wanted)
    assert client.post("/sign-in/passkey", data={"credential": right}).status_code == 422


def test_a_challenge_is_signed_in_the_browser_that_asked(app, client, device):
    wanted = asked(client, "/sign-in/passkey/begin")
    thief = client_of(app)
    thief.get("/sign-in")
    signed = device.sign(wanted)
    assert thief.post("/sign-in/passkey", data={"credential": signed}).status_code == 422


def test_a_challenge_is_signed_for_what_it_was_asked_for(client, database, device):
    give_password(database, RABIA)
    type_password(client, RABIA)
    signed = device.sign(asked(client, f"{SECOND}/begin"))
    assert client.post("/sign-in/passkey", data={"credential": signed}).status_code == 422


def test_a_challenge_waits_five_minutes(client, device, later, database):
    wanted = asked(client, "/sign-in/passkey/begin")
    signed = device.sign(wanted)
    with later(minutes=5):
        assert client.post("/sign-in/passkey", data={"credential": signed}).status_code == 422
        asked(client, "/sign-in/passkey/begin")
    with database.reading() as session:
        assert len(session.scalars(select(PasskeyChallenge)).all()) == 1, "the old one is gone"


def test_a_counter_never_goes_backwards(client, database, device):
    sign_in(client, device)
    sign_in(client, device)
    assert the_key(database).sign_count == 2
    device.count = 1
    assert sign_in(client_of(client.application), device).status_code == 422
    assert the_key(database).sign_count == 2
    [(whose, _)] = refusals(database)
    assert whose == the_key(database).person_id


def test_two_signatures_with_one_count_move_it_once(database, device):
    with database.writing() as session:
        key = session.scalars(select(Passkey.id)).one()
        moved = [
            advance(session, key, count, is_backed_up=False, at=clock.now())
            for count in (5, 5, 4, 0, 6)
        ]
    assert moved == [True, False, False, False, True]


def test_a_device_that_does_not_count_may_say_nought_for_ever(client, database):
    device = give_passkey(database, RABIA, Authenticator(counts=False, flags=UP | UV | BE | BS))
    assert sign_in(client, device).status_code == 303
    assert sign_in(client, device).status_code == 303
    key = the_key(database)
    assert (key.sign_count, key.may_be_backed_up, key.is_backed_up) == (0, True, True)


def test_whoever_is_shut_out_signs_in_no_more(client, database, people, device):
    with database.writing() as session:
        rabia = queries.get_person(session, people.id_of(RABIA))
        commands.disable_staff(session, rabia, by=people.author(ADIL), at=clock.now())
    answer = sign_in(client, device)
    assert answer.status_code == 422
    assert refusals(database) == [(people.id_of(RABIA), "passkey_person")]


def test_a_vendors_person_with_a_passkey_is_no_staff(client, database, people, device):
    with database.writing() as session:
        session.execute(update(Passkey).values(person_id=_stranger(session)))
        device.user = session.scalars(select(Passkey.person_id)).one().bytes
    assert sign_in(client, device).status_code == 422
    assert not is_in(client)


def _stranger(session):
    from identity.commands import add_person
    from tests.people import VANIA

    return add_person(session, email=VANIA.email, name=VANIA.name, at=clock.now()).id


def test_guessing_has_an_end(client, device):
    client.get("/sign-in")
    for _ in range(tries.TRIES_OF_ADDRESS):
        client.post("/sign-in/passkey", data={"credential": "{}"})
    assert client.post("/sign-in/passkey", data={"credential": "{}"}).status_code == 429
    assert client.post("/sign-in/passkey/begin").status_code == 429


def test_after_the_password_a_passkey_is_the_second_factor(client, database, device):
    give_password(database, RABIA)
    assert type_password(client, RABIA).headers["Location"] == "/sign-in/code"
    page = client.get("/sign-in/code").text
    assert "Use a passkey" in page
    assert "Type the code of your authenticator app" not in page
    before = token_of(client)
    wanted = asked(client, f"{SECOND}/begin")
    assert len(wanted["allowCredentials"]) == 1
    answer = client.post(f"{SECOND}?next=/vendors", data={"credential": device.sign(wanted)})
    assert answer.headers["Location"] == "/vendors"
    assert token_of(client) != before
    assert is_in(client)


def test_somebody_elses_passkey_is_no_second_factor(client, database, device):
    other = give_passkey(database, ASIF)
    give_password(database, RABIA)
    type_password(client, RABIA)
    client.get("/sign-in/code")
    signed = other.sign(asked(client, f"{SECOND}/begin"))
    answer = client.post(SECOND, data={"credential": signed})
    assert answer.status_code == 422
    assert not is_in(client)
    with database.reading() as session:
        rabia = queries.find_by_email(session, RABIA.email).id
    assert refusals(database) == [(rabia, "passkey_unknown")]


def test_a_passkey_before_the_password_leads_to_the_password(client, device):
    assert client.post(f"{SECOND}/begin").headers["Location"] == "/sign-in"
    assert client.post(SECOND, data={"credential": "{}"}).headers["Location"] == "/sign-in"


def test_a_recovery_code_opens_for_whoever_lost_the_passkey(client, database, device):
    give_password(database, RABIA)
    codes = give_recovery_codes(database, RABIA)
    type_password(client, RABIA)
    assert "I no longer have my passkey" in client.get("/sign-in/code").text
    assert type_code(client, codes[0]).status_code == 303


def test_the_first_factor_may_be_a_passkey(client, database):
    give_password(database, RABIA)
    assert type_password(client, RABIA).headers["Location"] == "/sign-in/enrol"
    page = client.get("/sign-in/enrol").text
    assert "Set up a passkey" in page
    assert SECRET_SHOWN.search(page), "or an app, in every browser"
    device = Authenticator()
    wanted = asked(client, "/sign-in/enrol/passkey/begin")
    assert wanted["attestation"] == "none"
    assert wanted["authenticatorSelection"]["residentKey"] == "required"
    assert wanted["authenticatorSelection"]["userVerification"] == "required"
    made = client.post("/sign-in/enrol/passkey", data={"credential": device.make(wanted)})
    assert len(CODE_SHOWN.findall(made.text)) == 10
    assert is_in(client)
    stranger = client_of(client.application)
    assert sign_in(stranger, device).status_code == 303


def test_a_password_alone_adds_no_factor_to_the_one_there_is(client, database):
    """The app that waited to be confirmed is gone, too, once a passkey is the factor."""
    give_password(database, RABIA)
    type_password(client, RABIA)
    secret = SECRET_SHOWN.search(client.get("/sign-in/enrol").text).group(1).replace(" ", "")
    thief = client_of(client.application)
    type_password(thief, RABIA)
    thief.get("/sign-in/enrol")
    waiting = Authenticator().make(asked(thief, "/sign-in/enrol/passkey/begin"))
    wanted = asked(client, "/sign-in/enrol/passkey/begin")
    client.post("/sign-in/enrol/passkey", data={"credential": Authenticator().make(wanted)})
    assert is_in(client)
    assert thief.get("/sign-in/enrol").headers["Location"] == "/sign-in/code"
    assert thief.get("/sign-in/enrol/picture.svg").status_code == 404
    assert thief.post("/sign-in/enrol", data={"code": code_of(secret)}).status_code == 404
    sent = thief.post("/sign-in/enrol/passkey", data={"credential": waiting})
    assert sent.status_code == 404
    assert not is_in(thief)


@pytest.mark.parametrize("lie", [{"flags": UP}, {"origin": "http://evil.example"}, {"rp_id": "x"}])
def test_a_key_that_is_made_wrongly_is_not_kept(client, database, lie):
    give_password(database, RABIA)
    type_password(client, RABIA)
    client.get("/sign-in/enrol")
    device = Authenticator(**lie)
    made = device.make(asked(client, "/sign-in/enrol/passkey/begin"))
    answer = client.post("/sign-in/enrol/passkey", data={"credential": made})
    assert answer.status_code == 422
    with database.reading() as session:
        assert session.scalars(select(Passkey)).all() == []


def test_one_key_is_one_persons(client, database, device):
    """A key somebody else has is not taken over, whoever offers it."""
    give_password(database, ASIF)
    type_password(client, ASIF)
    client.get("/sign-in/enrol")
    copied = Authenticator(credential_id=device.credential_id)
    made = copied.make(asked(client, "/sign-in/enrol/passkey/begin"))
    answer = client.post("/sign-in/enrol/passkey", data={"credential": made})
    assert answer.status_code == 422
    assert the_key(database).person_id.bytes == device.user


def test_a_challenge_of_enrolment_is_for_the_person_who_asked(client, database):
    for character in (RABIA, ASIF):
        give_password(database, character)
    type_password(client, RABIA)
    made = Authenticator().make(asked(client, "/sign-in/enrol/passkey/begin"))
    type_password(client, ASIF)
    answer = refreshed(client).post("/sign-in/enrol/passkey", data={"credential": made})
    assert answer.status_code == 422


def test_a_reset_takes_the_passkeys_too_and_tells_by_mail(people, database, client, device):
    give_app(database, RABIA)
    person_id = people.id_of(RABIA)
    assert people.browser(ADIL).post(f"/people/{person_id}/reset-factor").status_code == 303
    assert sign_in(client, device).status_code == 422
    with database.reading() as session:
        assert session.scalars(select(Passkey)).all() == []


def test_an_old_session_of_the_browser_ends_with_the_new_one(client, device, database):
    sign_in(client, device)
    sign_in(client, device)
    with database.reading() as session:
        ended = session.scalars(select(WebSession.revoked_at).order_by(WebSession.created_at)).all()
    assert [one is None for one in ended].count(True) == 1


def test_who_a_device_signs_for_is_no_address(device, database):
    with database.reading() as session:
        assert session.scalars(select(Person.email)).all()
        assert RABIA.email.encode() not in device.user
    assert json.dumps(device.user.hex())


def test_a_proof_that_was_asked_for_within_is_no_second_factor(client, database, device):
    """It was asked by the same browser, of the same person, for something else."""
    give_password(database, RABIA)
    sign_in(client, device)
    wanted = asked(client, "/account/again/passkey")
    refreshed(client).post("/sign-out")
    type_password(client, RABIA)
    signed = device.sign(wanted)
    answer = refreshed(client).post(SECOND, data={"credential": signed})
    assert answer.status_code == 422
    assert not is_in(client)
