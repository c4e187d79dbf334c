"""Signing in with the work account: who is let in by what a provider says, and who is not."""

from contextlib import ExitStack

import pytest
from sqlalchemy import func, select, update

from accounts import commands, tries
from accounts.models import Staff
from accounts.sign_on_commands import NOT_LET_IN, NOT_VERIFIED
from audit.models import Entry
from foundation import clock
from identity import providers, queries
from identity.id_tokens import NOT_RIGHT
from identity.models import Person, WebSession
from identity.providers import AWAY
from identity.sign_on_models import SignOn, WorkAccount
from mail.models import Letter
from tests.accounts.entering import (
    code_of,
    come_in,
    give_app,
    token_of,
    type_code,
    type_password,
)
from tests.accounts.passkeys import give_passkey, is_in
from tests.accounts.passkeys import sign_in as sign_in_by_passkey
from tests.accounts.work_accounts import BACK, OUT, come_back, set_for, set_out, sign_on
from tests.client import client_of
from tests.people import ADIL, ASIF, RABIA, VANIA
from tests.provider import OTHER_KEY, basic, listening

MFA = {"oidc_second_factor": "mfa, hwk"}


@pytest.fixture
def provider(database):
    with listening() as there, set_for(there):
        yield there


@pytest.fixture
def secret(database):
    """Rabia has an authenticator app."""
    return give_app(database, RABIA)


def steps(database):
    """Return why tries failed, by the ledger, and whose they were."""
    with database.reading() as session:
        found = session.scalars(select(Entry).where(Entry.action == "sign_in.failed"))
        return [(one.subject_id, one.detail["step"]) for one in found.all()]


def acts(database):
    with database.reading() as session:
        like = Entry.action.like("work_account.%")
        return list(session.scalars(select(Entry.action).where(like).order_by(Entry.seq)))


def links(database):
    with database.reading() as session:
        return [(one.subject, one.person_id) for one in session.scalars(select(WorkAccount))]


def letters(database):
    with database.reading() as session:
        return list(session.scalars(select(Letter.subject).order_by(Letter.created_at)))


def refused(database, answer, why, told=NOT_RIGHT):
    assert answer.status_code == 422
    assert told in answer.text
    assert [step for _, step in steps(database)] == [f"work_account_{why}"]


def test_where_no_provider_is_set_there_is_nothing(client):
    assert "work account" not in client.get("/sign-in").text
    assert client.get(BACK).status_code == 404
    assert client.post(OUT).status_code == 404
    assert client.post(BACK).status_code == 404


def test_the_first_time_it_is_linked_by_its_address_and_our_factor_is_asked(
    client, database, people, provider, secret
):
    answer = sign_on(client, provider, "/vendors")
    assert answer.headers["Location"] == "/sign-in/code?next=/vendors"
    assert not is_in(client)
    before = token_of(client)
    assert type_code(client, code_of(secret)).status_code == 303
    assert token_of(client) != before
    assert links(database) == [("248289761001", people.id_of(RABIA))]
    assert acts(database) == ["work_account.link", "work_account.use"]
    assert "Your work account rabia@northwind.example lets you in" in client.get("/account").text
    assert any("work account lets you in now" in subject for subject in letters(database))


def test_what_is_asked_is_a_code_with_a_challenge_for_one_address_of_ours(client, provider):
    address, asked = set_out(client)
    assert address.startswith(f"{provider.url}/authorize?")
    assert asked | {"state": "", "nonce": "", "code_challenge": ""} == {
        "response_type": "code",
        "client_id": "duly",
        "redirect_uri": f"http://localhost{BACK}",
        "scope": "openid email",
        "state": "",
        "nonce": "",
        "code_challenge": "",
        "code_challenge_method": "S256",
    }
    provider.nonce = asked["nonce"]
    come_back(client, state=asked["state"], code="good")
    [form] = [form for path, form in provider.asked if path == "/token"]
    from identity.sign_ons import challenge_of

    assert challenge_of(form["code_verifier"][0]) == asked["code_challenge"]
    assert form["redirect_uri"] == [asked["redirect_uri"]]
    assert "client_secret" not in form
    assert provider.headers[-1]["Authorization"] == basic()


def test_a_provider_that_wants_the_secret_in_the_form_gets_it_there(client, provider, secret):
    provider.description["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    assert sign_on(client, provider).status_code == 303
    assert provider.asked[-1][1]["client_secret"] == ["a secret: of both"]
    assert "Authorization" not in provider.headers[-1]


def test_later_it_is_found_by_what_the_provider_calls_it_and_by_nothing_else(
    client, database, people, provider, secret
):
    sign_on(client, provider)
    provider.says = {"email": ASIF.email}
    sign_on(client_of(client.application), provider)
    provider.says = {"email": None, "email_verified": None}
    sign_on(client_of(client.application), provider)
    assert links(database) == [("248289761001", people.id_of(RABIA))]
    assert acts(database).count("work_account.use") == 3


def test_another_account_with_the_same_address_is_not_the_same_person(
    client, database, people, provider, secret
):
    sign_on(client, provider)
    provider.says = {"sub": "somebody new"}
    refused(database, sign_on(client, provider), "other_account", NOT_LET_IN)
    assert links(database) == [("248289761001", people.id_of(RABIA))]


@pytest.mark.parametrize(
    ("says", "why", "told"),
    [
        ({"email_verified": False}, "unverified", NOT_VERIFIED),
        ({"email_verified": None}, "unverified", NOT_VERIFIED),
        ({"email_verified": "true"}, "unverified", NOT_VERIFIED),
        ({"email": None}, "address", NOT_LET_IN),
        ({"email": "rabia"}, "address", NOT_LET_IN),
        ({"email": "rabia\x00@northwind.example"}, "address", NOT_LET_IN),
        ({"email": "rabia@\ud800.example"}, "address", NOT_LET_IN),
        ({"email": "rabia\ud800@northwind.example"}, "address", NOT_LET_IN),
        ({"email": ["rabia@northwind.example"]}, "address", NOT_LET_IN),
        ({"email": "ｒabia@northwind.example"}, "address", NOT_LET_IN),
        ({"email": "nobody@northwind.example"}, "unknown", NOT_LET_IN),
        ({"email": "rabia@northwind.example.evil.example"}, "unknown", NOT_LET_IN),
        ({"iss": "https://other.example"}, "issuer", NOT_RIGHT),
        ({"aud": "other"}, "audience", NOT_RIGHT),
        ({"nonce": "other"}, "nonce", NOT_RIGHT),
        ({"exp": 1}, "expired", NOT_RIGHT),
    ],
    ids=str,
)
def test_who_is_not_let_in_is_told_and_stands_in_the_ledger(
    client, database, provider, says, why, told
):
    provider.says = says
    refused(database, sign_on(client, provider), why, told)
    assert not is_in(client)
    assert links(database) == []


def test_a_token_by_another_key_opens_nothing(client, database, provider):
    provider.key = OTHER_KEY
    refused(database, sign_on(client, provider), "signature")


def test_only_the_set_domain_is_linked(client, database, people, provider, secret):
    with set_for(provider, oidc_domain="other.example"):
        refused(database, sign_on(client, provider), "domain", NOT_LET_IN)
    with set_for(provider, oidc_domain="northwind.example"):
        assert sign_on(client, provider).status_code == 303
    with set_for(provider, oidc_domain="other.example"):
        assert sign_on(client, provider).status_code == 303, "what is linked stays"


def test_whoever_is_shut_out_stays_out(client, database, people, provider, secret):
    sign_on(client, provider)
    with database.writing() as session:
        rabia = queries.get_person(session, people.id_of(RABIA))
        commands.disable_staff(session, rabia, by=people.author(ADIL), at=clock.now())
    refused(database, sign_on(client, provider), "person", NOT_LET_IN)
    assert steps(database)[0][0] == people.id_of(RABIA)


def test_whoever_left_or_is_disabled_is_not_linked_either(client, database, people, provider):
    with database.writing() as session:
        left = update(Staff).where(Staff.person_id == people.id_of(RABIA))
        session.execute(left.values(left_at=clock.now()))
    refused(database, sign_on(client, provider), "person", NOT_LET_IN)
    assert links(database) == []


def test_a_vendors_person_is_no_staff(client, database, provider):
    with database.writing() as session:
        from identity.commands import add_person

        add_person(session, email=VANIA.email, name=VANIA.name, at=clock.now())
    provider.says = {"email": VANIA.email}
    refused(database, sign_on(client, provider), "person", NOT_LET_IN)


def test_roles_are_ours_alone(client, database, people, provider, secret):
    provider.says = {"roles": ["administrator"], "groups": ["administrator"], "name": "Boss"}
    sign_on(client, provider)
    type_code(client, code_of(secret))
    assert client.get("/people").status_code == 403
    with database.reading() as session:
        assert queries.get_person(session, people.id_of(RABIA)).name == RABIA.name


def test_a_way_leads_back_once(client, database, provider, secret):
    _, asked = set_out(client)
    provider.nonce = asked["nonce"]
    assert come_back(client, state=asked["state"], code="good").status_code == 303
    refused(database, come_back(client, state=asked["state"], code="good"), "state")


def test_a_way_is_spent_by_a_wrong_code_too(client, database, provider, secret):
    _, asked = set_out(client)
    provider.nonce = asked["nonce"]
    refused(database, come_back(client, state=asked["state"], code="bad"), "code")
    assert come_back(client, state=asked["state"], code="good").status_code == 422


def test_a_way_leads_back_to_the_browser_that_set_out(app, client, database, provider):
    _, asked = set_out(client)
    provider.nonce = asked["nonce"]
    thief = client_of(app)
    thief.get("/sign-in")
    refused(database, come_back(thief, state=asked["state"], code="good"), "state")
    assert [path for path, _ in provider.asked].count("/token") == 0


def test_another_site_signs_nobody_in_as_somebody_else(client, provider):
    _, asked = set_out(client)
    provider.nonce = asked["nonce"]
    fields = {"state": asked["state"], "code": "good"}
    forged = client.post(BACK, data=fields, headers={"Sec-Fetch-Site": "cross-site"})
    assert forged.status_code == 403
    assert client.post(BACK, data=fields, with_csrf=False).status_code == 403


def test_a_way_is_open_ten_minutes(client, database, provider, later):
    _, asked = set_out(client)
    with later(minutes=10):
        refused(database, come_back(client, state=asked["state"], code="good"), "state")
        set_out(client)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(SignOn)) == 1, "the old one is gone"


@pytest.mark.parametrize(
    ("carried", "why"),
    [
        ({"state": ""}, "state"),
        ({"state": "x" * 3000}, "state"),
        ({"state": "é"}, "state"),
        ({"code": ""}, "not_done"),
        ({"code": "x" * 9000}, "not_done"),
        ({"error": "access_denied"}, "not_done"),
        ({"iss": "https://other.example"}, "sender"),
        ({"iss": ""}, "sender"),
    ],
    ids=str,
)
def test_what_comes_back_otherwise_is_refused(client, database, provider, carried, why):
    answer = sign_on(client, provider, **carried)
    assert answer.status_code == 422
    assert [step for _, step in steps(database)] == [f"work_account_{why}"]


def test_a_provider_that_says_it_names_itself_has_to(client, database, provider, secret):
    provider.description["authorization_response_iss_parameter_supported"] = True
    refused(database, sign_on(client, provider), "sender")
    assert sign_on(client, provider, iss=provider.url).status_code == 303


def test_a_new_key_of_the_provider_is_asked_for_but_not_all_the_time(
    client, database, provider, secret, later
):
    sign_on(client, provider)
    provider.key, provider.header = OTHER_KEY, {"alg": "RS256", "kid": "two"}
    provider.published = [OTHER_KEY.as_dict(private=False) | {"kid": "two"}]
    assert sign_on(client, provider).status_code == 422, "asked a moment ago"
    with later(minutes=1):
        assert sign_on(client, provider).status_code == 303
        assert [path for path, _ in provider.asked].count("/keys") == 2


def test_what_a_provider_says_of_itself_is_kept_for_an_hour(client, provider, later):
    set_out(client)
    set_out(client)
    assert len(provider.asked) == 2
    with later(hours=1):
        set_out(client)
        assert len(provider.asked) == 4


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://other.example"},
        {"issuer": None},
        {"token_endpoint": "http://id.example/token"},
        {"token_endpoint": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": "https://169.254.169.254/"},
    ],
    ids=str,
)
def test_a_provider_that_describes_itself_wrongly_is_away(client, provider, described):
    provider.description |= described
    client.get("/sign-in")
    answer = client.post(OUT)
    assert answer.status_code == 503
    assert AWAY in answer.text


def test_a_provider_that_is_away_is_said_and_the_password_stays(client, database, provider, secret):
    provider.shut()
    client.get("/sign-in")
    answer = client.post(OUT)
    assert answer.status_code == 503
    assert AWAY in answer.text
    assert come_in(client, RABIA, secret).status_code == 303


def test_a_provider_that_is_away_is_left_alone_for_a_while(client, provider, later):
    provider.description["issuer"] = "https://other.example"
    client.get("/sign-in")
    assert {client.post(OUT).status_code for _ in range(3)} == {503}
    assert len(provider.asked) == 1
    provider.description["issuer"] = provider.url
    with later(seconds=15):
        assert client.post(OUT).status_code == 200


def test_only_a_few_wait_for_a_provider(client, provider, secret):
    _, asked = set_out(client)
    provider.nonce = asked["nonce"]
    with ExitStack() as others:
        for _ in range(providers.AT_ONCE):
            others.enter_context(providers._a_place())
        answer = come_back(client, state=asked["state"], code="good")
        assert answer.status_code == 503
        providers.forget()
        assert client.post(OUT).status_code == 503
    assert len(provider.asked) == 2, "neither was asked of the provider"
    assert sign_on(client, provider).status_code == 303


def test_no_transaction_is_open_while_the_provider_is_asked(client, database, provider, secret):
    seen = []
    provider.watch = lambda: seen.append(database.engine.pool.checkedout())
    sign_on(client, provider)
    assert seen == [0, 0, 0]


def test_where_its_word_is_trusted_two_factors_there_are_enough(client, database, provider, later):
    now = int(clock.now().timestamp())
    with set_for(provider, **MFA):
        assert set_out(client)[1]["max_age"] == "900"
        provider.says = {"amr": ["pwd", "mfa"], "auth_time": now - 300}
        answer = sign_on(client, provider, "/vendors")
        assert answer.headers["Location"] == "/vendors"
        assert is_in(client)
    with database.reading() as session:
        found = session.scalars(select(WebSession)).one()
        assert int(found.authenticated_at.timestamp()) == now - 300, (
            "it is as fresh as it was there"
        )


@pytest.mark.parametrize(
    "says",
    [
        {"amr": ["pwd"], "auth_time": 0},
        {"amr": "mfa", "auth_time": 0},
        {"amr": ["mfa"], "auth_time": None},
        {"amr": ["mfa"], "auth_time": -3600},
        {"amr": ["mfa"], "auth_time": 3600},
        {"acr": "", "auth_time": 0},
    ],
    ids=str,
)
def test_where_its_word_is_less_than_that_ours_is_asked(client, provider, secret, says):
    if says["auth_time"] is not None:
        says = says | {"auth_time": int(clock.now().timestamp()) + says["auth_time"]}
    with set_for(provider, **MFA):
        provider.says = says
        assert sign_on(client, provider).headers["Location"] == "/sign-in/code"
        assert not is_in(client)


def test_its_word_counts_for_nothing_where_nobody_set_it(client, provider, secret):
    provider.says = {"amr": ["mfa"], "acr": "mfa", "auth_time": int(clock.now().timestamp())}
    assert sign_on(client, provider).headers["Location"] == "/sign-in/code"


def test_who_has_no_second_factor_yet_sets_one_up(client, provider):
    assert sign_on(client, provider).headers["Location"] == "/sign-in/enrol"
    assert not is_in(client)


def test_an_old_session_ends_when_somebody_else_comes(client, database, people, provider, secret):
    adil = people.browser(ADIL)
    old = token_of(adil)
    sign_on(adil, provider)
    type_code(adil, code_of(secret))
    with database.reading() as session:
        from identity.tokens import hash_of

        found = session.scalars(select(WebSession).where(WebSession.token_hash == hash_of(old)))
        assert found.one().revoked_at is not None


def test_where_they_must_staff_come_no_other_way(client, database, people, provider, secret):
    device = give_passkey(database, RABIA)
    with set_for(provider, oidc_required=True):
        answer = type_password(client, RABIA)
        assert answer.status_code == 422
        assert tries.BY_WORK_ACCOUNT in answer.text
        assert sign_in_by_passkey(client, device).status_code == 422
        assert not is_in(client)
        sign_on(client, provider)
        assert type_code(client, code_of(secret)).status_code == 303
    assert sorted(step for _, step in steps(database)) == [
        "passkey_work_account_only",
        "work_account_only",
    ]


def test_where_they_must_administrators_still_have_a_door(client, database, provider):
    provider.shut()
    app = give_app(database, ADIL)
    with set_for(provider, oidc_required=True):
        assert "I am an administrator" in client.get("/sign-in").text
        assert come_in(client, ADIL, app).status_code == 303
        assert is_in(client)
        other, device = client_of(client.application), give_passkey(database, ADIL)
        assert sign_in_by_passkey(other, device).status_code == 303


def test_where_they_must_a_link_chooses_no_password(client, database, people, provider):
    adil = people.browser(ADIL)
    path = f"/people/{people.id_of(RABIA)}"
    adil.get(path)
    adil.post(f"{path}/invite")
    with database.reading() as session:
        from identity import invitations
        from identity.rules import Purpose

        found = invitations.find_live_of(
            session, people.id_of(RABIA), Purpose.SET_PASSWORD, clock.now()
        )
        address = invitations.path(Purpose.SET_PASSWORD, invitations.token_of(found))
    address = client.get(address).location
    assert client.get(address).status_code == 200
    with set_for(provider, oidc_required=True):
        assert client.get(address).status_code == 404
        data = {"password": "velvet otter 9 marmalade", "again": "velvet otter 9 marmalade"}
        answer = client.post(address, data=data)
        assert answer.status_code == 404
        assert tries.BY_WORK_ACCOUNT in answer.text
    with database.reading() as session:
        assert queries.get_person(session, people.id_of(RABIA)).password_hash is None


def test_where_they_must_the_letter_leads_to_the_work_account(database, people, provider):
    adil = people.browser(ADIL)
    path = f"/people/{people.id_of(RABIA)}"
    with set_for(provider, oidc_required=True):
        adil.get(path)
        adil.post(f"{path}/invite")
        with database.reading() as session:
            from mail.queries import get_letter

            text = get_letter(session, session.scalars(select(Letter.id)).one()).body
    assert "sign in with your work account" in text
    assert "/set-password/" not in text


def test_an_administrator_unlinks_and_the_next_account_with_the_address_is_linked(
    client, database, people, provider, secret
):
    sign_on(client, provider)
    type_code(client, code_of(secret))
    adil = people.browser(ADIL)
    path = f"/people/{people.id_of(RABIA)}"
    assert "Unlink the work account" in adil.get(path).text
    assert adil.post(f"{path}/unlink-work-account").status_code == 303
    assert not is_in(client)
    assert links(database) == []
    assert adil.post(f"{path}/unlink-work-account").status_code == 404
    provider.says = {"sub": "new"}
    sign_on(client, provider)
    assert links(database) == [("new", people.id_of(RABIA))]
    assert acts(database)[2] == "work_account.unlink"
    assert any("was unlinked" in subject for subject in letters(database))


def test_nobody_unlinks_themselves_and_nobody_else_may(database, people, provider):
    for who, status in ((ADIL, 422), (RABIA, 403)):
        browser = people.browser(who)
        path = f"/people/{people.id_of(ADIL)}/unlink-work-account"
        browser.get("/account")
        assert browser.post(path).status_code == status


def test_who_has_no_password_proves_by_code(client, database, people, provider, secret, later):
    with database.writing() as session:
        mine = update(Person).where(Person.id == people.id_of(RABIA))
        session.execute(mine.values(password_hash=None))
    sign_on(client, provider)
    type_code(client, code_of(secret))
    assert "Change the password" not in client.get("/account").text
    with later(minutes=16):
        page = client.get("/account/again").text
        assert "again_code" in page
        assert "again_password" not in page
        proof = client.post("/account/again", data={"again_code": code_of(secret)})
        assert proof.status_code == 200


def test_guessing_has_an_end(client, provider, monkeypatch):
    monkeypatch.setattr(tries, "TRIES_OF_ADDRESS", 2)
    client.get("/sign-in")
    statuses = [client.post(BACK, data={"state": "x"}).status_code for _ in range(5)]
    assert statuses == [422] * 4 + [429]
    assert client.post(OUT).status_code == 429
