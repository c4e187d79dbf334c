"""The pages of the webhooks, in browsers of the cast."""

import re

import pytest
from sqlalchemy import select

from audit.models import Entry
from operations.webhook_models import WebhookDelivery, WebhookEndpoint
from operations.webhook_rules import DeliveryState
from tests.people import ADIL, AMNA, LAILA, PERVEZ

SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]+")
TYPED = {"name": "Warehouse", "url": "https://example.com/duly", "kinds": ["vendor.add"]}


@pytest.fixture
def adil(people):
    return people.browser(ADIL)


def stored(database):
    with database.reading() as session:
        return session.scalars(select(WebhookEndpoint)).all()


@pytest.fixture
def path(adil, database):
    adil.post("/settings/webhooks/new", data=TYPED)
    return f"/settings/webhooks/{stored(database)[0].id}"


def test_a_webhook_is_added_and_its_secret_shown_once(adil, database):
    assert "Add a webhook" in adil.get("/settings/webhooks").text
    shown = adil.post("/settings/webhooks/new", data=TYPED)
    (secret,) = set(SECRET.findall(shown.text))
    (found,) = stored(database)
    assert (found.url, found.kinds) == (TYPED["url"], ["vendor.add"])
    for address in ("/settings/webhooks", f"/settings/webhooks/{found.id}"):
        text = adil.get(address).text
        assert "Warehouse" in text
        assert not SECRET.search(text)
    with database.reading() as session:
        entry = session.scalars(select(Entry).where(Entry.action == "webhook.add")).one()
    assert "example.com" not in str(entry.detail), "a path may hold a secret of theirs"
    assert secret not in str(entry.detail)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": ""}, "Type the name."),
        ({"url": ""}, "Type the address."),
        ({"url": "http://example.com/"}, "must begin with https://"),
        ({"url": "https://127.0.0.1/"}, "private network"),
        ({"kinds": []}, "Choose at least one event."),
        ({"kinds": ["person.disable"]}, "person.disable"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(adil, database, change, told):
    reply = adil.post("/settings/webhooks/new", data={**TYPED, **change})
    assert reply.status_code == 422
    assert told in reply.text
    assert stored(database) == []


def test_the_same_address_is_not_added_twice(adil, database, path):
    assert adil.post("/settings/webhooks/new", data=TYPED).status_code == 422
    assert len(stored(database)) == 1


def test_a_webhook_is_changed_on_the_version_that_was_shown(adil, database, path):
    assert 'value="vendor.add"' in adil.get(f"{path}/edit").text
    change = {**TYPED, "name": "Lake", "version": 1, "includes_need_to_know": "y"}
    assert adil.post(f"{path}/edit", data=change).status_code == 303
    (found,) = stored(database)
    assert (found.name, found.includes_need_to_know) == ("Lake", True)
    stale = adil.post(f"{path}/edit", data={**TYPED, "name": "Pond", "version": 1})
    assert stale.status_code == 409
    assert stored(database)[0].name == "Lake"


def test_a_message_is_sent_again_from_its_page(adil, database, path):
    assert adil.post(f"{path}/test").status_code == 303
    with database.writing() as session:
        row = session.scalars(select(WebhookDelivery)).one()
        row.state, row.done_at = DeliveryState.UNDELIVERED, row.created_at
        row.last_error, row.last_status = "The answer was 500.", 500
        delivery_id = row.id
    text = adil.get(f"{path}?state=undelivered").text
    assert "The answer was 500." in text
    assert "A test" in text
    assert adil.post(f"{path}/messages/{delivery_id}/again").status_code == 303
    assert adil.post(f"{path}/messages/{delivery_id}/again").status_code == 422, "it waits"
    assert adil.post(f"{path}/messages/again").status_code == 422, "none was given up"
    never = "00000000-0000-4000-8000-000000000000"
    assert adil.post(f"{path}/messages/{never}/again").status_code == 404


def test_off_and_on_and_a_new_secret(adil, database, path):
    adil.post(f"{path}/off")
    assert not stored(database)[0].is_on
    assert "It is off." in adil.get(path).text
    assert adil.post(f"{path}/test").status_code == 422
    adil.post(f"{path}/on")
    assert stored(database)[0].is_on
    shown = adil.post(f"{path}/secret")
    assert SECRET.search(shown.text)
    assert "signed with the secret before" in shown.text


def test_only_administrators(people, path, client):
    for who in (PERVEZ, LAILA, AMNA):
        browser = people.browser(who)
        for address in ("/settings/webhooks", "/settings/webhooks/new", path, f"{path}/edit"):
            assert browser.get(address).status_code == 403
        for act in ("edit", "secret", "on", "off", "test", "messages/again"):
            assert browser.post(f"{path}/{act}").status_code == 403
    assert client.get(path).status_code == 303
    never = "/settings/webhooks/00000000-0000-4000-8000-000000000000"
    assert people.browser(ADIL).get(never).status_code == 404
