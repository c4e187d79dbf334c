"""How a story's member of staff has a passkey, and signs with it in a browser."""

import json

from foundation import clock
from foundation.csrf import cookie_name
from identity import ceremonies, passkeys, queries
from identity.ceremonies import Answer
from identity.passkey_challenges import ask_to_make, take_in
from identity.rules import Ceremony
from tests.authenticator import Authenticator

SOMEWHERE = "s" * 43


def give_passkey(database, character, device=None, name="Laptop"):
    """Let somebody have a passkey already; return the device that holds it."""
    device, at = device or Authenticator(), clock.now()
    with database.writing() as session:
        person = queries.find_by_email(session, character.email)
        asked = json.loads(ask_to_make(session, person, browser_secret=SOMEWHERE, at=at))
        answer = ceremonies.read(device.make(asked))
        by = queries.author_of(session, person.id)
        assert take(session, answer, person.id, at)
        passkeys.add(session, answer, name, by=by, at=at)
    return device


def take(session, answer: Answer, person_id, at):
    return take_in(
        session, answer, Ceremony.ENROL, browser_secret=SOMEWHERE, person_id=person_id, at=at
    )


def asked(client, path):
    """Return what a browser is asked to sign at an address."""
    refreshed(client)
    answer = client.post(path)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def sign_in(client, device, path="/sign-in/passkey", **more):
    """Sign in without a password."""
    signed = device.sign(asked(client, "/sign-in/passkey/begin"), **more)
    return client.post(path, data={"credential": signed})


def refreshed(client):
    """Let a browser hold the token of a page it has open now."""
    client.get("/account", follow_redirects=True)
    return client


def is_in(client):
    return client.get("/account").status_code == 200


def browser_of(client):
    """Return the secret of a browser."""
    return client.get_cookie(cookie_name("duly_browser")).value
