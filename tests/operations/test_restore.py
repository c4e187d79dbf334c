"""Restoring: into nothing, every row and every byte the same, on either database, or nothing."""

import hashlib
import hmac
import json

import pytest
from sqlalchemy import select

from audit.queries import first_bad_entry
from evidence.commands import open_content
from evidence.models import Evidence
from foundation import clock, failpoints, keyring, schema
from foundation.db import Database, Model
from foundation.errors import Refused
from foundation.failpoints import FailpointReached
from identity import api_tokens, feed_tokens, sessions
from identity.closing import DOORS, Closed
from identity.models import Challenge, Invitation, WebSession
from identity.rules import DoorKind, Scope, SessionStage
from mail.models import Letter
from mail.rules import LetterState
from operations.backup import container
from operations.backup.restoring import check_place
from tests import people as cast
from tests.operations.backups import (
    back_up,
    empty_place,
    everything,
    furnish,
    killed_at,
    living_in,
    objects_in,
    parts_of,
    put_back,
    write_parts,
)
from vendors import search_index
from vendors.commands import NewVendor, register
from vendors.models import Vendor

pytestmark = pytest.mark.slow

CHANGED = {
    "web_session",
    "invitation",
    "api_token",
    "feed_token",
    "outbox_letter",
    "ledger_entry",
    "ledger_head",
}
"""What a restore touches on purpose: it ends ways in, holds letters, and notes itself."""


@pytest.fixture(autouse=True)
def _disarmed():
    yield
    failpoints.configure("")


@pytest.fixture
def made(database, authors, tmp_path):
    furnish(database, authors)
    target = tmp_path / "duly.tar"
    back_up(database, target)
    return target


def the_same(database, place, settings):
    before, after = everything(database), everything(place.database)
    assert {n: rows for n, rows in before.items() if n not in CHANGED} == {
        n: rows for n, rows in after.items() if n not in CHANGED
    }
    n_before = len(before["ledger_entry"])
    assert after["ledger_entry"][:n_before] == before["ledger_entry"]
    assert objects_in(place.evidence) == objects_in(settings.evidence_dir)
    assert len(objects_in(place.evidence)) == 3
    assert schema.drift(place.database) == []


def test_every_row_and_byte_comes_back_and_the_house_works(
    made, database, tmp_path, settings, authors, server
):
    place = empty_place(tmp_path / "new", server)
    after = put_back(made, place)
    the_same(database, place, settings)
    assert after.bad_entry is None
    assert sorted(
        path.name for path in place.evidence.parent.iterdir() if "new." not in path.name
    ) == ["evidence"]
    with living_in(place), place.database.writing() as session:
        assert first_bad_entry(session) is None
        assert search_index.differences(session) == []
        for row in session.scalars(select(Evidence)):
            content = b"".join(open_content(row))
            assert hashlib.sha256(content).digest() == row.sha256
        pervez = authors[cast.PERVEZ.email]
        new = NewVendor(name="After Ltd", owner_id=pervez.person_id)
        register(session, new, by=pervez, at=clock.now())  # numbers go on where they were
        session.commit()
    place.database.engine.dispose()


def test_from_one_database_to_the_other_and_back(made, database, tmp_path, settings, server):
    """PostgreSQL to SQLite to PostgreSQL; where only SQLite runs, twice through SQLite."""
    there = empty_place(tmp_path / "there")
    put_back(made, there)
    the_same(database, there, settings)
    with living_in(there):
        back_up(there.database, tmp_path / "second.tar")
    back = empty_place(tmp_path / "back", server)
    put_back(tmp_path / "second.tar", back)
    the_same(there.database, back, settings)
    with living_in(back), back.database.reading() as session:
        assert first_bad_entry(session) is None
    for place in (there, back):
        place.database.engine.dispose()


def test_no_session_link_code_or_token_survives_and_no_letter_leaves(
    database, authors, tmp_path, server, settings
):
    furnish(database, authors)
    adil = authors[cast.ADIL.email].person_id
    with database.writing() as session:
        sessions.start(session, adil, door=DoorKind.STAFF, stage=SessionStage.FULL, at=clock.now())
        api_tokens.create(session, adil, "Export", Scope.READ, clock.now(), 30)
        feed = feed_tokens.create(session, adil, "Phone", [], is_own=True, at=clock.now())
    back_up(database, tmp_path / "duly.tar")
    place = empty_place(tmp_path / "new", server)
    after = put_back(tmp_path / "duly.tar", place)
    assert after.closed == Closed(sessions=1, links=1, tokens=1, feeds=1)
    with place.database.reading() as session:
        assert session.scalars(select(WebSession.revoked_at)).one() is not None
        assert session.scalars(select(Invitation.revoked_at)).one() is not None
        assert feed_tokens.find(session, feed) is None
        assert (
            session.scalars(select(Challenge).where(Challenge.expires_at > clock.now())).all() == []
        )
        assert set(session.scalars(select(Letter.state))) == {LetterState.FAILED}
    assert after.letters == 1
    place.database.engine.dispose()


def test_whatever_opens_a_door_by_a_secret_is_closed():
    """A table that gets such a secret belongs into `DOORS`, or a restore would open it again."""
    tables = {mapper.class_ for mapper in Model.registry.mappers}
    opens = {
        each for each in tables if {"token_hash", "revoked_at"} <= set(each.__table__.c.keys())
    }
    assert opens == set(DOORS)


# --- nothing, or all of it ------------------------------------------------------------------------


@pytest.mark.parametrize("at", ["restore.before_files", "restore.before_commit"])
def test_a_kill_leaves_nothing_to_be_seen_and_nothing_in_the_way(made, tmp_path, server, at):
    place = empty_place(tmp_path / "new", server)
    killed_at(at, lambda: put_back(made, empty_again(place)))
    assert schema.is_empty(place.database)
    put_back(made, place)
    assert len(objects_in(place.evidence)) == 3
    place.database.engine.dispose()


def empty_again(place):
    """Return the same place with connections of this process."""
    address = place.database.engine.url.render_as_string(hide_password=False)
    return type(place)(Database(address), place.evidence)


def test_a_failure_leaves_nothing(made, tmp_path, server):
    place = empty_place(tmp_path / "new", server)
    failpoints.configure("restore.before_files=raise")
    with pytest.raises(FailpointReached):
        put_back(made, place)
    assert schema.is_empty(place.database)
    assert not place.evidence.exists()
    assert not place.draft.exists()
    place.database.engine.dispose()


def test_nothing_is_restored_over_something(made, database, settings, tmp_path):
    place = empty_place(tmp_path / "new")
    with pytest.raises(Refused, match="The database holds tables already"):
        check_place(type(place)(database, place.evidence))
    with pytest.raises(Refused, match="holds evidence already"):
        check_place(type(place)(place.database, settings.evidence_dir))
    assert len(objects_in(settings.evidence_dir)) == 3
    place.database.engine.dispose()


def sealed_anew(path, parts, rows=None):
    """Write a backup whose list and seal are made by somebody who has the keys."""
    manifest = json.loads(parts["manifest.json"])
    own = {"manifest.json", "manifest.hmac"}
    manifest["parts"] = {
        name: [hashlib.sha256(content).hexdigest(), len(content)]
        for name, content in parts.items()
        if name not in own
    }
    for table, told in (rows or {}).items():
        manifest["tables"][table] = told
    listed = json.dumps(manifest).encode()
    key = keyring.current().derive("backup|v1")
    seal = hmac.new(key, listed, hashlib.sha256).hexdigest().encode()
    return write_parts(path, parts | {"manifest.json": listed, "manifest.hmac": seal})


def changed_rows(made, tmp_path, table, change):
    parts = parts_of(made)
    name = container.table_part(table, 1)
    lines = change(container.unpacked(parts[name]))
    parts[name] = container.packed(lines)
    told = {"rows": lines.count(b"\n"), "sha256": hashlib.sha256(lines).hexdigest()}
    return sealed_anew(tmp_path / "changed.tar", parts, {table: told})


def test_a_row_that_points_nowhere_is_refused_whole(made, tmp_path, server):
    place = empty_place(tmp_path / "new", server)
    path = changed_rows(made, tmp_path, "person", lambda lines: lines[lines.index(b"\n") + 1 :])
    with pytest.raises(Refused, match="points at"):
        put_back(path, place)
    assert schema.is_empty(place.database)
    assert not place.evidence.exists()
    place.database.engine.dispose()


def test_a_row_a_database_cannot_keep_is_named_by_its_table(made, tmp_path, server):
    place = empty_place(tmp_path / "new", server)
    path = changed_rows(made, tmp_path, "person", lambda lines: lines + lines)
    with pytest.raises(Refused, match="A row of person cannot be kept"):
        put_back(path, place)
    assert schema.is_empty(place.database)
    place.database.engine.dispose()


def test_a_cut_ledger_is_restored_and_told(made, tmp_path, server):
    place = empty_place(tmp_path / "new", server)
    first = []

    def cut(lines):
        rows = lines.splitlines(keepends=True)
        first.append(len(rows) - 1)
        return b"".join(rows[:-1])

    after = put_back(changed_rows(made, tmp_path, "ledger_entry", cut), place)
    assert after.bad_entry == first[0] + 1
    place.database.engine.dispose()


def test_it_comes_back_into_the_newest_schema_from_an_older_one(tmp_path, server, settings):
    old = empty_place(tmp_path / "old", server)
    with schema.changing(old.database) as connection:
        schema.bring_to(connection, "0004")
        connection.exec_driver_sql(
            "INSERT INTO business_unit (id, name, version) "
            "VALUES ('0190b8f0000070008000000000000001', 'Treasury', 1)"
        )
    back_up(old.database, tmp_path / "old.tar")
    new = empty_place(tmp_path / "new", server)
    put_back(tmp_path / "old.tar", new)
    assert schema.revision_of(new.database) == schema.newest()
    assert schema.drift(new.database) == []
    assert len(everything(new.database)["business_unit"]) == 1
    for place in (old, new):
        place.database.engine.dispose()


def test_vendors_that_point_at_later_ones_come_back(database, authors, tmp_path, server):
    pervez = authors[cast.PERVEZ.email]
    with database.writing() as session:
        made = [
            register(
                session,
                NewVendor(name=name, owner_id=pervez.person_id),
                by=pervez,
                at=clock.now(),
            )
            for name in ("Child Ltd", "Parent Ltd")
        ]
        first, second = sorted(made, key=lambda vendor: vendor.id)
        first.parent_id = second.id
    back_up(database, tmp_path / "duly.tar")
    place = empty_place(tmp_path / "new", server)
    put_back(tmp_path / "duly.tar", place)
    with place.database.reading() as session:
        assert session.get(Vendor, first.id).parent_id == second.id
    place.database.engine.dispose()
