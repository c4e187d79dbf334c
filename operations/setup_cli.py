"""duly migrate and duly create-admin: the first steps of an installation."""

import argparse
import json

from accounts import commands as accounts
from accounts.rules import Role
from app import set_up
from foundation import clock, links, schema, settings
from foundation.db import Database
from identity import invitations
from identity.rules import Purpose
from operations.cli_print import say
from organisation.queries import time_zone_of_organisation
from vendors import search_index


def add_to(parser: argparse.ArgumentParser, name: str) -> object:
    """Declare the arguments and return the function that runs."""
    if name == "migrate":
        return migrate
    parser.add_argument("email", help="the person's mail address")
    parser.add_argument("name", help="the person's name")
    parser.add_argument("--json", action="store_true", help="print one JSON line")
    return create_admin


def opened() -> Database:
    """Set the process up from the environment and return its database."""
    chosen = settings.from_env()
    chosen.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    set_up(chosen)
    return Database(chosen.database_address)


def migrate(chosen: argparse.Namespace) -> int:
    """Bring the schema up to date."""
    del chosen
    database = opened()
    before = schema.revision_of(database)
    after = schema.migrate(database)
    with database.writing() as session:
        search_index.fill(session)
    say(f"The schema is at {after}." if before != after else f"Nothing to do: already at {after}.")
    return 0


def create_admin(chosen: argparse.Namespace) -> int:
    """Add an administrator and print the address at which they choose a password."""
    at = clock.now()
    with opened().writing() as session:
        person = accounts.add_staff(
            session,
            email=chosen.email,
            name=chosen.name,
            roles=frozenset({Role.ADMINISTRATOR}),
            at=at,
            by=None,
        )
        if person.created_at == at:
            person.time_zone = time_zone_of_organisation(session)
        _, token = invitations.invite(
            session, person, purpose=Purpose.SET_PASSWORD, for_id=None, at=at
        )
        address = links.absolute(invitations.path(Purpose.SET_PASSWORD, token))
    if chosen.json:
        say(json.dumps({"email": person.email, "url": address}))
    else:
        say(f"{person.name} is an administrator. Choose a password within 14 days at:\n{address}")
    return 0
