"""How a story's member of staff comes in: by password, app and forms."""

import re
from datetime import timedelta

import pyotp

from foundation import clock
from foundation.csrf import cookie_name
from identity import commands, passwords, queries, recovery, totp

PASSWORD = "velvet otter 9 marmalade"
HASH = passwords.hash(PASSWORD)
SECRET_SHOWN = re.compile(r'<code id="secret">([^<]+)</code>')
CODE_SHOWN = re.compile(r"<li><code>([^<]+)</code>")


def give_password(database, character):
    """Let somebody have a password already."""
    with database.writing() as session:
        person = queries.find_by_email(session, character.email)
        commands.renew_hash(session, person, HASH)
        return person.id


def give_app(database, character):
    """Let somebody have password and app already; return the secret."""
    person_id = give_password(database, character)
    with database.writing() as session:
        by = queries.author_of(session, person_id)
        secret = totp.begin(session, queries.get_person(session, person_id))
        assert totp.confirm(session, code_before(secret), by=by, at=clock.now())
    return secret


def give_recovery_codes(database, character):
    """Let somebody have printed recovery codes."""
    with database.writing() as session:
        return recovery.issue(session, queries.find_by_email(session, character.email).id)


def code_of(secret):
    """Return what the app shows now."""
    return pyotp.TOTP(secret).at(clock.now())


def code_before(secret):
    """Return what the app showed half a minute ago."""
    return pyotp.TOTP(secret).at(clock.now() - timedelta(seconds=30))


def type_password(client, character, password=PASSWORD, path="/sign-in", **more):
    client.get(path)
    return client.post(path, data={"email": character.email, "password": password}, **more)


def type_code(client, code, path="/sign-in/code"):
    client.get(path)
    return client.post(path, data={"code": code})


def token_of(client, plain="duly_staff"):
    """Return the cookie a browser holds."""
    found = client.get_cookie(cookie_name(plain))
    return found.value if found else None


def carry(client, token):
    """Put a copied cookie into a browser."""
    client.set_cookie(cookie_name("duly_staff"), token, domain="localhost")
    return client


def come_in(client, character, secret):
    """Sign in by the forms, both factors."""
    type_password(client, character)
    return type_code(client, code_of(secret))
