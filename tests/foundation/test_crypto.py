"""The envelope: everything comes back, and nothing that was changed does."""

import hashlib
import io
import json
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation import crypto, keyring
from foundation.crypto import Label, Tampered, WrappedKey
from tests.foundation.ring import FIXED

VECTOR = json.loads((Path(__file__).parent / "envelope_ev1.json").read_text())
ACME = Label(UUID(int=1), UUID(int=0xAC), 1)
BOREALIS = Label(UUID(int=2), UUID(int=0xB0), 1)
DEK = b"d" * 32
CHUNK = crypto.CHUNK_BYTES
SEALED = CHUNK + crypto.TAG_BYTES


@pytest.fixture(autouse=True)
def _ring():
    before = keyring._in_use.ring
    keyring.configure(FIXED)
    yield
    keyring.configure(before) if before else keyring.forget()


def closed(plain, label=ACME, dek=DEK):
    return b"".join(crypto.encrypted(io.BytesIO(plain), dek, label))


def opened(blob, label=ACME, dek=DEK):
    return b"".join(crypto.decrypted(io.BytesIO(blob), dek, label))


HEADER = len(closed(b"")) - crypto.TAG_BYTES


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7])
def test_every_size_comes_back(size):
    plain = hashlib.shake_256(b"x").digest(size)
    blob = closed(plain)
    assert opened(blob) == plain
    assert len(blob) == HEADER + size + crypto.TAG_BYTES * max(1, -(-size // CHUNK))


def test_a_source_that_gives_little_at_a_time_makes_the_same_chunks():
    class Slow(io.BytesIO):
        def read(self, size=-1, /):
            return super().read(min(size, 1000))

    plain = bytes(range(256)) * 700
    blob = b"".join(crypto.encrypted(Slow(plain), DEK, ACME, salt=b"s" * 32))
    assert blob == b"".join(crypto.encrypted(io.BytesIO(plain), DEK, ACME, salt=b"s" * 32))
    assert b"".join(crypto.decrypted(Slow(blob), DEK, ACME)) == plain


def parts_of(blob):
    body = blob[HEADER:]
    return blob[:HEADER], [body[at : at + SEALED] for at in range(0, len(body), SEALED)]


PLAIN = hashlib.shake_256(b"three").digest(3 * CHUNK)
OTHER = hashlib.shake_256(b"other").digest(3 * CHUNK)
CHANGES = {
    "two chunks changed places": lambda h, c: h + c[1] + c[0] + c[2],
    "the first chunk is gone": lambda h, c: h + c[1] + c[2],
    "the last chunk is gone": lambda h, c: h + c[0] + c[1],
    "the middle chunk is gone": lambda h, c: h + c[0] + c[2],
    "a chunk stands twice": lambda h, c: h + c[0] + c[0] + c[1] + c[2],
    "something was appended": lambda h, c: h + b"".join(c) + b"\0",
    "a last chunk was appended": lambda h, c: h + b"".join(c) + c[2],
    "cut inside a chunk": lambda h, c: h + c[0] + c[1][:-1],
    "only the header is left": lambda h, _: h,
    "cut inside the header": lambda h, _: h[:-1],
    "nothing is left": lambda _h, _c: b"",
    "a chunk of another file": lambda h, c: h + c[0] + parts_of(closed(OTHER))[1][1] + c[2],
    "the header of another file": lambda _h, c: parts_of(closed(OTHER))[0] + b"".join(c),
    "the file of another vendor": lambda _h, _c: closed(PLAIN, BOREALIS),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_refused_and_the_object_named(change):
    blob = CHANGES[change](*parts_of(closed(PLAIN)))
    with pytest.raises(Tampered, match=str(ACME.evidence_id)) as refused:
        opened(blob)
    assert refused.value.object_id == ACME.evidence_id


@given(st.data())
def test_every_flipped_bit_is_refused(data):
    blob = bytearray(closed(PLAIN[:100]))
    place = data.draw(st.integers(0, len(blob) * 8 - 1))
    blob[place // 8] ^= 1 << place % 8
    with pytest.raises(Tampered):
        opened(bytes(blob))


def test_nothing_of_a_chunk_is_given_before_it_was_verified():
    header, chunks = parts_of(closed(PLAIN))
    broken = header + chunks[0] + chunks[1][:-1] + bytes([chunks[1][-1] ^ 1]) + chunks[2]
    given_out = []
    with pytest.raises(Tampered, match="part 2"):
        given_out.extend(crypto.decrypted(io.BytesIO(broken), DEK, ACME))
    assert b"".join(given_out) == PLAIN[:CHUNK]


def test_a_label_with_another_version_does_not_open():
    with pytest.raises(Tampered):
        opened(closed(PLAIN), Label(ACME.vendor_id, ACME.evidence_id, 2))


def test_the_key_opens_only_with_its_own_object():
    dek, wrapped = crypto.new_key(ACME)
    assert len(wrapped.blob) == 40
    assert crypto.unwrap(wrapped, ACME) == dek
    for label in (BOREALIS, Label(ACME.vendor_id, ACME.evidence_id, 2)):
        with pytest.raises(Tampered, match="key does not open"):
            crypto.unwrap(wrapped, label)
    with pytest.raises(Tampered):
        crypto.unwrap(WrappedKey("k2", wrapped.blob), ACME)


def test_a_rewrapped_key_is_the_same_key_under_the_current_one():
    dek, wrapped = crypto.new_key(ACME)
    keyring.configure(keyring.Keyring(FIXED.keys, "k2"))
    again = crypto.rewrap(wrapped, ACME)
    assert again.kek_id == "k2"
    assert crypto.unwrap(again, ACME) == dek


def test_the_row_mac_sees_every_field():
    _, wrapped = crypto.new_key(ACME)
    sha = b"h" * 32
    macs = {
        crypto.row_mac(wrapped, ACME, sha256=sha, size=1, state="clean"),
        crypto.row_mac(wrapped, ACME, sha256=sha, size=1, state="infected"),
        crypto.row_mac(wrapped, ACME, sha256=sha, size=2, state="clean"),
        crypto.row_mac(wrapped, ACME, sha256=b"i" * 32, size=1, state="clean"),
        crypto.row_mac(wrapped, BOREALIS, sha256=sha, size=1, state="clean"),
        crypto.row_mac(WrappedKey("k2", wrapped.blob), ACME, sha256=sha, size=1, state="clean"),
        crypto.row_mac(WrappedKey("k1", bytes(40)), ACME, sha256=sha, size=1, state="clean"),
        crypto.row_mac(
            wrapped, Label(UUID(int=9), ACME.evidence_id), sha256=sha, size=1, state="clean"
        ),
    }
    assert len(macs) == 8


def test_the_format_stays_as_pinned():
    label = Label(UUID(VECTOR["vendor_id"]), UUID(VECTOR["evidence_id"]), VECTOR["version"])
    wrapped = WrappedKey("k1", bytes.fromhex(VECTOR["wrapped"]))
    dek = crypto.unwrap(wrapped, label)
    salt = bytes.fromhex(VECTOR["salt"])
    plain = hashlib.shake_256(b"duly").digest(VECTOR["size"])
    blob = b"".join(crypto.encrypted(io.BytesIO(plain), dek, label, salt=salt))
    assert dek.hex() == VECTOR["dek"]
    assert blob[: len(bytes.fromhex(VECTOR["start"]))].hex() == VECTOR["start"]
    assert hashlib.sha256(blob).hexdigest() == VECTOR["sha256"]
    mac = crypto.row_mac(
        wrapped, label, sha256=hashlib.sha256(plain).digest(), size=len(plain), state="clean"
    )
    assert mac.hex() == VECTOR["row_mac"]
