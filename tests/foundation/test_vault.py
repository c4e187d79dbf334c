"""The field vault: a value opens only where it was sealed."""

import pytest

from foundation import keyring, vault
from foundation.keyring import Keyring
from tests.foundation.ring import FIXED


@pytest.fixture(autouse=True)
def _ring():
    before = keyring._in_use.ring
    keyring.configure(FIXED)
    yield
    keyring.configure(before) if before else keyring.forget()


def test_a_value_comes_back_and_looks_different_each_time():
    first, second = (vault.seal(b"PK36SCBL", context="bank|1") for _ in range(2))
    assert first != second
    assert b"SCBL" not in first
    assert vault.unseal(first, context="bank|1") == b"PK36SCBL"


def test_a_value_does_not_open_in_another_place():
    with pytest.raises(vault.SealBroken, match=r"bank\|2"):
        vault.unseal(vault.seal(b"x", context="bank|1"), context="bank|2")


def test_every_changed_byte_is_refused():
    blob = vault.seal(b"secret", context="c")
    for place in range(len(blob)):
        changed = blob[:place] + bytes([blob[place] ^ 1]) + blob[place + 1 :]
        with pytest.raises((vault.SealBroken, keyring.KeyringError)):
            vault.unseal(changed, context="c")
    for end in range(len(blob)):
        with pytest.raises((vault.SealBroken, keyring.KeyringError)):
            vault.unseal(blob[:end], context="c")


def test_values_sealed_before_a_rotation_still_open_and_are_found():
    blob = vault.seal(b"x", context="c")
    index = vault.blind_index("iban", "PK36")
    keyring.configure(Keyring(FIXED.keys, "k2"))
    assert vault.unseal(blob, context="c") == b"x"
    assert vault.key_id_of(vault.seal(b"x", context="c")) == "k2"
    assert vault.blind_index("iban", "PK36") != index
    assert index in vault.blind_indexes("iban", "PK36")


def test_the_blind_index_depends_on_kind_and_value_only():
    assert vault.blind_index("iban", "1") == vault.blind_index("iban", "1")
    assert len({vault.blind_index(*pair) for pair in (("a", "b|c"), ("a|b", "c"), ("a", "b"))}) == 3
