"""The key file: made once, private, and refused in plain words when it is not right."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from foundation.keyring import Keyring, KeyringError


@pytest.fixture
def path(tmp_path):
    return tmp_path / "keys" / "keys.json"


def test_a_new_key_file_is_private_and_reads_back(path):
    ring = Keyring.create(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0
    assert Keyring.load(path) == ring
    assert len(ring.kek("k1")) == 32


def test_a_key_file_is_never_overwritten(path):
    Keyring.create(path)
    before = path.read_bytes()
    with pytest.raises(KeyringError, match="never overwritten"):
        Keyring.create(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o602])
def test_a_key_file_that_others_can_reach_is_refused(path, mode):
    Keyring.create(path)
    path.chmod(mode)
    with pytest.raises(KeyringError, match="chmod 600"):
        Keyring.load(path)


def test_a_read_only_key_file_is_fine(path):
    ring = Keyring.create(path)
    path.chmod(0o400)
    assert Keyring.load(path) == ring


KEY = base64.b64encode(bytes(range(32))).decode()
DEFAULT = base64.b64encode(b"changeme" * 4).decode()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "not a key file"),
        (b"\xff\xfe", "not text"),
        (b'{"format": "duly-keyring-9", "keys": {}}', "not a key file"),
        (b'{"format": "duly-keyring-1", "keys": []}', "holds no keys"),
        (b'{"format": "duly-keyring-1", "keys": {"k1": "QUFB"}, "current": "k1"}', "has 3 bytes"),
        (b'{"format": "duly-keyring-1", "keys": {"k1": "%%"}, "current": "k1"}', "not base64"),
        (b'{"format": "duly-keyring-1", "keys": {"../x": "QUFB"}, "current": "k1"}', "key id"),
        (json.dumps({"format": "duly-keyring-1", "keys": {"k1": KEY}}).encode(), "current"),
        (json.dumps({"format": "duly-keyring-1", "keys": {"k1": DEFAULT}}).encode(), "not random"),
    ],
)
def test_a_wrong_key_file_is_refused_with_a_sentence(path, content, sentence):
    path.parent.mkdir()
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyringError, match=sentence):
        Keyring.load(path)


def test_a_missing_key_file_is_named(path):
    with pytest.raises(KeyringError, match="no key file at"):
        Keyring.load(path)


def test_purposes_and_keys_give_different_bytes_and_the_same_ones_again(path):
    ring = Keyring.create(path).extended()
    given = {ring.derive(purpose, kid) for purpose in ("a|v1", "b|v1") for kid in ("k1", "k2")}
    assert len(given) == 4
    assert ring.derive("a|v1") == ring.derive("a|v1", "k2")


def test_an_extended_ring_replaces_the_file_and_keeps_the_old_key(path):
    first = Keyring.create(path)
    first.extended().replace(path)
    second = Keyring.load(path)
    assert second.current_id == "k2"
    assert second.kek("k1") == first.kek("k1")
    assert path.stat().st_mode & 0o777 == 0o600


def test_keys_do_not_show_in_a_printed_ring(path):
    ring = Keyring.create(path)
    assert repr(ring.kek("k1")) not in repr(ring)


def test_an_unknown_key_is_refused(path):
    with pytest.raises(KeyringError, match="no key k7"):
        Keyring.create(path).kek("k7")


def test_the_first_start_makes_the_file_and_the_next_one_reads_it(path):
    assert Keyring.open(path) == Keyring.open(path)
    assert list(path.parent.iterdir()) == [path]


def test_no_new_key_is_made_where_evidence_waits_for_the_old_one(path):
    home = path.parent.parent / "evidence" / "ab" / "cd"
    home.mkdir(parents=True)
    (home / "object").touch()
    with pytest.raises(KeyringError, match="Put the key file back"):
        Keyring.open(path)
    assert not path.exists()


def test_many_first_starts_at_once_agree_on_one_key(path):
    with ThreadPoolExecutor(8) as threads:
        rings = list(threads.map(lambda _: Keyring.open(path), range(16)))
    assert all(ring == rings[0] for ring in rings)
