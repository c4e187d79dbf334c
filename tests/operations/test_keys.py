"""The keys: made once, rotated in steps that can be gone on with, copied to a safe place."""

import json
import stat
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from app import set_up
from audit.actions import SYSTEM
from audit.models import Entry
from audit.queries import first_bad_entry
from evidence import encrypting_anew
from evidence.commands import open_content
from evidence.encrypting_anew import encrypt_anew
from evidence.erasing import crypto_erase
from evidence.models import Evidence
from evidence.seals import check_record
from evidence.sweeping import sweep_store
from foundation import clock, failpoints, keyring, vault
from foundation import settings as used
from foundation.db import Database, Model
from foundation.keyring import Keyring
from foundation.vault import SealBroken
from identity import invitations
from identity.models import Invitation
from mail.models import Letter
from mail.queries import get_letter
from operations.cli import main
from operations.key_rotation import close_anew, is_complete
from operations.sealed_columns import SEALED
from tests import people as cast
from tests.evidence.stories import object_path, objects, on_record
from tests.operations.backups import furnish, killed_at
from vendors.models import Vendor, VendorIdentifier


@pytest.fixture
def ring_file(database, authors, tmp_path):
    """A furnished house whose keys are in a file of its own, followed by the process."""
    furnish(database, authors)
    path = tmp_path / "keys" / "keys.json"
    path.parent.mkdir()
    path.write_bytes(used.current().keys_path.read_bytes())
    path.chmod(0o600)
    before = used.current()
    set_up(before.model_copy(update={"keys_file": path}))
    yield path
    failpoints.configure("")
    set_up(before)


def rotate(path):
    ring = keyring.current().extended()
    ring.replace(path)
    return ring


def all_opens(database):
    with database.reading() as session:
        for row in session.scalars(select(Evidence)):
            check_record(row)
            assert b"".join(open_content(row))
        for letter_id in session.scalars(select(Letter.id)):
            assert get_letter(session, letter_id).body
        for link in session.scalars(select(Invitation)):
            assert invitations.token_of(link)
        assert first_bad_entry(session) is None


def test_a_process_follows_the_file(ring_file):
    before = keyring.current().current_id
    ring = rotate(ring_file)
    assert keyring.current() == ring
    assert keyring.current().current_id != before


def test_a_process_does_not_follow_a_file_without_its_keys(ring_file, tmp_path):
    ring = keyring.current()
    ring_file.unlink()
    assert keyring.current() == ring, "a file that is gone changes nothing"
    Keyring.create(ring_file)
    assert keyring.current() == ring


def test_everything_is_closed_under_the_new_key_and_opens(ring_file, database, authors):
    old = keyring.current()
    ring = rotate(ring_file)
    assert not is_complete(database)
    done = close_anew(database)
    assert is_complete(database)
    assert (done.files, done.refused) == (3, [])
    assert done.values >= 3, "a link, a letter and a bank account"
    all_opens(database)
    with database.reading() as session:
        row = session.scalars(select(VendorIdentifier)).one()
        assert row.value_index == vault.blind_index(row.kind, "PK36SCBL0000001123456702")
        assert vault.key_id_of(row.value_sealed) == ring.current_id
        assert set(session.scalars(select(Evidence.kek_id))) == {ring.current_id}
    pervez = authors[cast.PERVEZ.email]
    with database.reading() as session:
        acme = session.scalars(select(Vendor.id)).first()
    on_record(database, acme, pervez, content=b"after\n")  # the ledger goes on
    all_opens(database)
    # Evidence needs the old key no longer; only the ledger is chained under it.
    new_only = Keyring({ring.current_id: ring.kek()}, ring.current_id)
    keyring.configure(new_only)
    with database.reading() as session:
        for row in session.scalars(select(Evidence)):
            assert b"".join(open_content(row))
        assert first_bad_entry(session) == 1
    keyring.configure(old)


def test_a_rotation_that_is_killed_is_gone_on_with(ring_file, database):
    rotate(ring_file)

    def apart():
        database.engine.dispose(close=False)
        close_anew(database)

    killed_at("keys.after_step", apart)
    assert not is_complete(database)
    all_opens(database)
    close_anew(database)
    assert is_complete(database)
    all_opens(database)


@pytest.mark.slow
@pytest.mark.parametrize(
    "place", ["evidence.after_fsync", "evidence.after_copy", "evidence.after_switch"]
)
def test_encrypting_anew_that_is_killed_is_gone_on_with(ring_file, database, place):
    ring = rotate(ring_file)
    before = _sealed(database)

    def apart():
        database.engine.dispose(close=False)
        encrypt_anew(database, clock.now())

    killed_at(place, apart)
    all_opens(database)
    done = encrypt_anew(database, clock.now())
    after = _sealed(database)
    assert done.refused == []
    assert done.files == sum(under != ring.current_id for _, _, under, _ in before.values()) - (
        place == "evidence.after_switch"
    )
    assert {under for _, _, under, _ in after.values()} == {ring.current_id}
    assert {version for *_, version in after.values()} == {2}
    for each, (object_id, dek, _, _) in before.items():
        assert after[each][0] != object_id
        assert after[each][1] != dek
    all_opens(database)
    # What the dead one left behind no row names, and the sweep takes it a day later.
    left = {path.name for path in objects()} - {str(row[0]) for row in after.values()}
    assert len(left) == (place != "evidence.after_fsync")
    sweep_store(database, clock.of_machine() + timedelta(days=2))
    assert {path.name for path in objects()} == {str(row[0]) for row in after.values()}
    assert encrypt_anew(database, clock.now()).files == 0


def _sealed(database):
    with database.reading() as session:
        rows = session.scalars(select(Evidence)).all()
        return {
            row.id: (row.object_id, row.wrapped_dek, row.sealed_under, row.sealed_version)
            for row in rows
        }


def test_a_file_that_was_changed_is_not_encrypted_anew(ring_file, database):
    rotate(ring_file)
    with database.reading() as session:
        row = session.scalars(select(Evidence).order_by(Evidence.reference)).first()
    path = object_path(row)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    done = encrypt_anew(database, clock.now())
    assert [each.split(":")[0] for each in done.refused] == ["E-0001"]
    with database.reading() as session:
        assert session.get_one(Evidence, row.id).object_id == row.object_id
    assert path.exists(), "what is left of it stays for whoever looks into it"


def test_a_file_somebody_erases_meanwhile_stays_erased(ring_file, database, monkeypatch):
    rotate(ring_file)
    told = encrypting_anew.failpoint

    def erase(name):
        if name == "evidence.after_copy":
            with database.writing() as session:
                for row in session.scalars(select(Evidence).where(Evidence.erased_at.is_(None))):
                    crypto_erase(session, row, SYSTEM, "a test")
        told(name)

    monkeypatch.setattr(encrypting_anew, "failpoint", erase)
    assert encrypt_anew(database, clock.now()).files == 0
    with database.reading() as session:
        assert set(session.scalars(select(Evidence.wrapped_dek))) == {None}
    assert len(objects()) == 3, "the copies went at once"


def test_two_who_encrypt_anew_at_once_leave_one_object_each(ring_file, database, monkeypatch):
    rotate(ring_file)
    told, others = encrypting_anew.failpoint, []

    def be_faster(name):
        if name == "evidence.after_copy" and not others:
            others.append(name)
            others.append(encrypt_anew(database, clock.now()).files)
        told(name)

    monkeypatch.setattr(encrypting_anew, "failpoint", be_faster)
    assert encrypt_anew(database, clock.now()).files == 0
    assert others == ["evidence.after_copy", 3]
    assert len(objects()) == 3
    all_opens(database)


def test_the_command_encrypts_anew_after_a_rotation(
    ring_file, database, monkeypatch, capsys, tmp_path
):
    monkeypatch.setenv("DULY_DATA_DIR", str(used.current().data_dir))
    monkeypatch.setenv("DULY_KEYS_FILE", str(ring_file))
    monkeypatch.setenv("DULY_DATABASE_URL", database.engine.url.render_as_string(False))
    assert main(["keys", "rotate"]) == 0
    assert "./duly keys reencrypt" in capsys.readouterr().err
    assert main(["keys", "reencrypt"]) == 0
    assert "Encrypted anew under k2: 3 files." in capsys.readouterr().out
    all_opens(database)
    assert main(["backup", str(tmp_path / "whole.tar")]) == 0, "a backup opens them, too"


def test_a_row_that_was_changed_is_not_blessed_by_a_new_key(ring_file, database):
    with database.writing() as session:
        session.execute(text("UPDATE evidence SET size = size + 1 WHERE reference = 'E-0001'"))
        session.execute(text("UPDATE vendor_identifier SET id = :id"), {"id": f"{7:032x}"})
    rotate(ring_file)
    done = close_anew(database)
    assert [each.split(":")[0] for each in done.refused if "E-" in each] == ["E-0001"]
    assert len(done.refused) == 2
    assert not is_complete(database)
    with database.reading() as session:
        row = session.scalars(select(VendorIdentifier)).one()
    with pytest.raises(SealBroken):
        vault.unseal(row.value_sealed, context=f"vendor-identifier|{row.id}")


def test_no_sealed_column_is_passed_over():
    known = {f"{one.column.class_.__tablename__}.{one.column.key}" for one in SEALED}
    there = {
        f"{table.name}.{column.name}"
        for table in Model.metadata.tables.values()
        for column in table.columns
        if column.name.endswith("_sealed")
    }
    assert known == there


def test_a_form_that_was_open_during_a_rotation_is_still_taken(ring_file, people):
    browser = people.browser(cast.PERVEZ)
    rotate(ring_file)
    assert browser.post("/sign-out").status_code == 303


# --- commands -------------------------------------------------------------------------------------


def test_new_makes_a_file_once(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DULY_DATA_DIR", str(tmp_path / "data"))
    assert main(["keys", "new"]) == 0
    path = tmp_path / "data" / "keys" / "keys.json"
    before = path.read_bytes()
    assert Keyring.load(path).fingerprint() in capsys.readouterr().out
    assert main(["keys", "new"]) == 1
    assert path.read_bytes() == before
    path.unlink()
    (tmp_path / "data" / "evidence" / "ab" / "cd").mkdir(parents=True)
    (tmp_path / "data" / "evidence" / "ab" / "cd" / "object").touch()
    assert main(["keys", "new"]) == 1
    assert "there is evidence that needs it" in capsys.readouterr().err


def test_rotate_adds_a_key_and_notes_it(installation, capsys):
    path = installation / "data" / "keys" / "keys.json"
    assert main(["keys", "rotate"]) == 0
    assert "Key k2" in capsys.readouterr().out
    assert set(Keyring.load(path).keys) == {"k1", "k2"}
    with Database(f"sqlite:///{installation / 'data' / 'duly.sqlite3'}").reading() as session:
        assert (
            session.scalars(select(Entry.action).order_by(Entry.seq.desc())).first()
            == "keys.rotate"
        )


def test_rotate_finishes_what_was_stopped_before_it_adds_another(installation, capsys):
    path = installation / "data" / "keys" / "keys.json"
    rotate_file = Keyring.load(path).extended()
    rotate_file.replace(path)
    assert main(["keys", "rotate"]) == 0
    assert "A rotation was stopped" in capsys.readouterr().err
    assert set(Keyring.load(path).keys) == {"k1", "k2"}
    assert main(["keys", "rotate"]) == 0
    assert set(Keyring.load(path).keys) == {"k1", "k2", "k3"}


def test_export_is_private_and_noted_and_never_by_accident_on_a_screen(installation, capsys):
    path, copy = installation / "data" / "keys" / "keys.json", installation / "copy.json"
    secret = json.loads(path.read_text())["keys"]["k1"]
    capsys.readouterr()
    assert main(["keys", "export", str(copy)]) == 0
    told = capsys.readouterr()
    assert secret not in told.out + told.err
    assert "whoever loses it loses the evidence" in told.err
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert Keyring.load(copy) == Keyring.load(path)
    main(["doctor"])
    assert "; copied on " in capsys.readouterr().out
    assert main(["keys", "export", str(copy)]) == 1, "it is there already"
    for wrong in ([], [str(copy), "--stdout"], [str(path), "--force"]):
        assert main(["keys", "export", *wrong]) == 1
    assert Keyring.load(path).current_id == "k1"
    capsys.readouterr()
    assert main(["keys", "export", "--stdout"]) == 0
    assert secret in capsys.readouterr().out
    main(["keys", "rotate"])
    capsys.readouterr()
    main(["doctor"])
    assert "no copy is known of" in capsys.readouterr().out, "the copy lacks the new key"
