"""The signed heads: what a chain alone does not show is named, and a full disk stops nobody."""

import base64
import hashlib
import json
import subprocess
import sys
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import delete, select, text, update

from audit import chain, head_file
from audit.actions import SYSTEM, Action
from audit.commands import chain_key, record
from audit.head_checks import Fault
from audit.models import Entry, Head
from audit.signed_heads import Why, read_line
from audit.walking import body_of
from evidence.models import Evidence
from foundation import clock, keyring, signing
from foundation.errors import Refused
from foundation.ids import new_id
from operations import ledger_heads, rounds
from operations.ledger_export import write
from operations.ledger_verdict import judge
from operations.ledger_words import sentence
from tests import people as cast
from tests.evidence.stories import new_vendor, on_record
from tests.operations.served import ROOT

VERIFIER = ROOT / "docs" / "auditors" / "verify_ledger.py"
HOUR = timedelta(hours=1)


def note(database, n=1):
    with database.writing() as session:
        for _ in range(n):
            record(
                session,
                at=clock.now(),
                actor=SYSTEM,
                action=Action.VENDOR_EDIT,
                subject=("vendor", new_id()),
                detail={"name": ["Größe \u2028", '"{}"'], "n": 3},
            )


def sign(database, hours=0, why=Why.HOUR):
    return ledger_heads.sign(database, clock.now() + hours * HOUR, why)


def faults(database, hours=0):
    with database.reading() as session:
        found = judge(session, clock.now() + hours * HOUR)
    assert all(sentence(each) for each in found.findings)
    return found.first_bad, [each.fault for each in found.findings]


def meddle(database, *acts):
    """Change the ledger as somebody does who owns the database, and may know the keys too."""
    with database.writing() as session:
        if database.is_sqlite:
            session.execute(text("DROP TRIGGER ledger_entry_no_update"))
            session.execute(text("DROP TRIGGER ledger_entry_no_delete"))
        else:
            session.execute(text("ALTER TABLE ledger_entry DISABLE TRIGGER ALL"))
        for act in acts:
            session.execute(act)
        chain_anew(session)
        session.flush()
        if not database.is_sqlite:  # the tables stay for the tests to come
            session.execute(text("ALTER TABLE ledger_entry ENABLE TRIGGER ALL"))


def chain_anew(session):
    """Compute all codes anew, as somebody with the key would."""
    session.expire_all()
    before, seq = chain.START, 0
    for entry in session.scalars(select(Entry).order_by(Entry.seq)):
        seq += 1
        before = entry.mac = chain.link(chain_key(), before, seq, body_of(entry))
    head = session.get(Head, 1)
    head.seq, head.mac = seq, before


@pytest.fixture
def signed(database, settings):
    """A ledger with two heads; the newest entry is covered by the second one."""
    note(database, 3)
    sign(database)
    note(database, 3)
    sign(database, 1)
    return settings.heads_path


def test_what_is_signed_fits(database, signed):
    assert faults(database, 1) == (None, [])
    first, second = map(read_line, head_file.lines_of(signed))
    assert (second.seq, second.count) == (first.seq + 3, first.seq + 3)
    assert signing.is_signed(
        signing.public_key(keyring.current()), second.signature, second.signed_part()
    )


def test_one_head_an_hour_however_many_workers_tick(database, signed):
    sign(database, 1)
    ledger_heads.sign_due(database, clock.now() + 1.9 * HOUR)
    assert len(head_file.lines_of(signed)) == 2
    ledger_heads.sign_due(database, clock.now() + 2 * HOUR)
    ledger_heads.sign_due(database, clock.now() + 2 * HOUR, Why.STOP)
    assert [read_line(x).why for x in head_file.lines_of(signed)] == ["hour"] * 3 + ["stop"]


def test_a_cut_tail_with_a_chain_that_fits_is_named(database, signed):
    with database.reading() as session:
        last = session.get(Head, 1).seq
    meddle(database, delete(Entry).where(Entry.seq == last))
    assert faults(database, 1) == (None, [Fault.CUT])


def test_an_entry_written_anew_with_its_chain_is_named(database, signed):
    heads = [read_line(x) for x in head_file.lines_of(signed)]
    meddle(database, update(Entry).where(Entry.seq == heads[0].seq + 1).values(ip="10.0.0.9"))
    with database.reading() as session:
        found = judge(session, clock.now() + HOUR)
    assert (found.first_bad, [each.fault for each in found.findings]) == (None, [Fault.REWRITTEN])
    assert f"between {heads[0].seq + 1} and {heads[1].seq}" in sentence(found.findings[0])


def test_nothing_is_signed_on_top_of_a_ledger_written_anew(database, signed):
    with database.reading() as session:
        last = session.get(Head, 1).seq
    meddle(database, update(Entry).where(Entry.seq == last).values(ip="10.0.0.9"))
    note(database)
    with pytest.raises(Refused, match="does not fit"):
        sign(database, 2)
    ledger_heads.sign_due(database, clock.now() + 2 * HOUR)
    assert len(head_file.lines_of(signed)) == 2


def test_the_page_says_it_and_shows_the_public_key(people, database, signed):
    amna = people.browser(cast.AMNA)
    shown = amna.get("/audit-log/check").text
    assert f"k1 ed25519 {signing.public_key(keyring.current())}" in unescape(shown)
    assert "behind Duly" in shown
    signed.unlink()
    shown = amna.get("/audit-log/check").text
    assert "is gone; the newest head was signed on" in shown
    assert "behind Duly" not in shown


def test_a_file_of_heads_that_is_gone_is_named(database, signed):
    signed.unlink()
    assert faults(database, 1) == (None, [Fault.MISSING])


def test_a_new_installation_has_none_and_that_is_no_fault(database):
    with database.reading() as session:
        found = judge(session, clock.now())
    assert [each.fault for each in found.findings] == [Fault.NONE_YET]
    assert found.is_whole


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda lines: lines[1:], [Fault.TAKEN_OUT]),
        (lambda lines: [lines[0], lines[1].replace(b'"count":', b'"count": ')], [Fault.DAMAGED]),
        (lambda lines: [lines[0], b"{}"], [Fault.DAMAGED]),
        (
            lambda lines: [lines[0], lines[1].replace(b'"why":"hour"', b'"why":"stop"')],
            [Fault.FORGED],
        ),
        (lambda lines: lines[::-1], [Fault.TAKEN_OUT, Fault.TAKEN_OUT]),
    ],
)
def test_a_line_that_was_touched_is_named(database, signed, change, expected):
    lines = change(head_file.lines_of(signed))
    signed.write_bytes(b"".join(line + b"\n" for line in lines))
    found = faults(database, 1)[1]
    assert [each for each in found if each is not Fault.GAP] == expected


def test_a_head_is_on_disk_with_its_name_before_it_counts(database, signed, monkeypatch):
    synced = []
    monkeypatch.setattr(
        head_file.os, "fsync", lambda fd: synced.append(str(Path(f"/proc/self/fd/{fd}").readlink()))
    )
    sign(database, 2)
    assert synced[:2] == [str(signed), str(signed.parent)]


def test_a_torn_line_is_taken_off_and_the_next_one_fits(database, signed):
    with signed.open("ab") as file:
        file.write(b'{"signature":"abc')
    sign(database, 2)
    assert faults(database, 2) == (None, [])
    assert len(head_file.lines_of(signed)) == 3


def test_a_changed_hash_of_evidence_is_named(database, authors, settings):
    pervez = authors[cast.PERVEZ.email]
    on_record(database, new_vendor(database, authors, "Acme"), pervez)
    sign(database)
    with database.writing() as session:
        session.execute(update(Evidence).values(sha256=bytes(32)))
    assert faults(database) == (None, [Fault.EVIDENCE])


def test_i06_a_gap_is_told_and_nothing_is_blocked(database, signed, caplog):
    signed.rename(signed.with_name("aside"))
    signed.mkdir()  # nothing can be written there
    rounds.run(database, clock.now() + 3 * HOUR)
    rounds.run(database, clock.now() + 3.05 * HOUR)
    assert caplog.text.count("No head of the ledger was signed") == 1, "not at every tick"
    assert faults(database, 3) == (None, [Fault.UNREADABLE])
    signed.rmdir()
    signed.with_name("aside").rename(signed)
    rounds.run(database, clock.now() + 26 * HOUR)
    assert faults(database, 26) == (None, [Fault.GAP])


def test_after_a_rotation_the_new_key_signs_and_the_old_one_no_more(database, signed):
    old = keyring.current()
    keyring.configure(old.extended())
    sign(database, 2)
    assert faults(database, 2) == (None, [])
    keyring.configure(type(old)({**keyring.current().keys}, "k1"))
    sign(database, 3)
    assert faults(database, 3) == (None, [Fault.OLD_KEY])


@pytest.fixture
def exported(database, authors, signed, tmp_path):
    on_record(database, new_vendor(database, authors, "Acme"), authors[cast.PERVEZ.email])
    sign(database, 2, Why.EXPORT)
    path = tmp_path / "ledger.jsonl"
    with path.open("wb") as file:
        write(database, file)
    return path


def verified(path, *more):
    """Run the script as an auditor does: no program of ours can be imported."""
    words = [sys.executable, "-I", "-S", VERIFIER, path, *more]
    done = subprocess.run(words, capture_output=True, text=True, cwd="/", check=False)
    return done.returncode, done.stdout + done.stderr


def test_i07_an_auditor_checks_the_file_without_us(exported):
    code, said = verified(exported, "--key", f"k1 ed25519 {signing.public_key(keyring.current())}")
    assert (code, said.startswith("Everything fits: ")) == (0, True), said
    assert "1 files, 3 signed heads" in said


def test_i07_one_changed_byte_fails(exported):
    check = _loaded().check
    content = exported.read_bytes()
    step = max(1, len(content) // 40)
    for place in (*range(0, len(content), step), len(content) - 1):
        touched = bytearray(content)
        touched[place] ^= 1
        exported.write_bytes(touched)
        assert fails(check, exported), f"byte {place} of {len(content)}"
    exported.write_bytes(content[:-200])
    assert fails(check, exported)


def test_i07_an_entry_written_anew_in_the_file_fails_by_the_signature(exported):
    lines = exported.read_bytes().splitlines()
    lines[2] = lines[2].replace(b'"ip":""', b'"ip":"10.0.0.9"')
    exported.write_bytes(closed_anew(lines))
    code, said = verified(exported)
    assert code == 1
    assert "are not what was signed on" in said
    assert "closing hash" not in said


def test_i07_heads_that_were_kept_show_a_file_made_anew_with_the_keys(exported, tmp_path, database):
    kept = tmp_path / "kept.txt"
    kept.write_bytes(exported.read_bytes().splitlines()[-2] + b"\n")
    assert verified(exported, "--kept", kept)[0] == 0
    keys = "--key", "k1 ed25519 " + "A" * 43 + "="
    assert "is not the one you were given" in verified(exported, *keys)[1]
    lines = [x for x in exported.read_bytes().splitlines() if b'"why":"export"' not in x]
    closing = json.loads(lines[-1])
    lines[-1] = json.dumps(closing | {"heads": closing["heads"] - 1}).encode()
    exported.write_bytes(closed_anew(lines))
    assert "A head you kept is not in the file" in verified(exported, "--kept", kept)[1]


def closed_anew(lines):
    body = b"".join(line + b"\n" for line in lines[:-1])
    closing = json.loads(lines[-1]) | {"sha256": hashlib.sha256(body).hexdigest()}
    return body + json.dumps(closing).encode() + b"\n"


def fails(check, path):
    try:
        return next(check(path), None) is not None
    except (ValueError, KeyError, TypeError, IndexError):
        return True


def _loaded():
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location("verify_ledger", VERIFIER)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_verifiers_arithmetic_is_that_of_the_library():
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    is_signed = _loaded().is_signed
    private = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public = base64.b64encode(private.public_key().public_bytes_raw()).decode()
    for message in (b"", b"x", bytes(1000)):
        signature = private.sign(message)
        assert is_signed(public, base64.b64encode(signature).decode(), message)
        assert not is_signed(public, base64.b64encode(signature).decode(), message + b"y")
        for place in (0, 31, 32, 63):
            touched = bytearray(signature)
            touched[place] ^= 1
            assert not is_signed(public, base64.b64encode(touched).decode(), message)
