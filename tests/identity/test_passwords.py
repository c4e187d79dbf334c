"""Passwords: what is accepted, and equal work for everybody who knocks."""

import unicodedata
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

import pytest

from foundation.errors import Refused
from identity import common_passwords, passwords

GOOD = "velvet otter 9 marmalade"
OWN_WORDS = ["Rabia Siddiqui", "rabia@northwind.example", "Northwind Payments"]


def test_a_password_fits_its_own_hash_only():
    known = passwords.hash(GOOD)
    assert known.startswith("$argon2id$")
    assert GOOD not in known
    assert passwords.verify(known, GOOD)
    assert not passwords.verify(known, GOOD + "!")
    assert not passwords.is_outdated(known)


def test_nobody_gets_in_with_the_dummy_password():
    assert not passwords.verify(None, GOOD)
    assert not passwords.verify(None, "")
    assert not passwords.verify("no hash at all", GOOD)


def test_the_same_letters_typed_on_another_keyboard_fit():
    known = passwords.hash(unicodedata.normalize("NFC", "süße Käferwörter"))
    assert passwords.verify(known, unicodedata.normalize("NFD", "süße Käferwörter"))


def test_an_unknown_person_costs_the_same_time():
    known = passwords.hash(GOOD)

    def fastest(stored):
        times = []
        for _ in range(5):
            start = perf_counter()
            passwords.verify(stored, "wrong and long enough")
            times.append(perf_counter() - start)
        return min(times)

    assert fastest(None) > fastest(known) * 0.5


def test_a_megabyte_is_refused_before_it_is_hashed():
    with passwords._room, passwords._room, ThreadPoolExecutor() as threads:  # no room to hash in
        refused = threads.submit(passwords.verify, None, "x" * 1_000_000)
        assert refused.result(timeout=20) is False
    with pytest.raises(Refused, match="too long"):
        passwords.check_new("x y z" * 200_000, context=[])


@pytest.mark.parametrize(
    "typed", [GOOD, "گلاب جامن اور چائے", "correct-horse 7 staple", "x" * 3 + "q7Zr!mPa9e"]
)
def test_an_unusual_password_is_accepted(typed):
    passwords.check_new(typed, context=OWN_WORDS)


def test_a_hundred_thousand_common_passwords_are_known():
    assert common_passwords.count() > 90_000
    assert common_passwords.is_listed("startfinding")
    assert not common_passwords.is_listed(GOOD)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("short pass1", "too short"),
        ("x" * 129, "too long"),
        ("velvet otter\0marmalade", "control character"),
        ("aaaaaaaaaaaa", "first that are tried"),
        ("password1234", "first that are tried"),
        ("Password123!", "first that are tried"),
        ("123456789012", "first that are tried"),
        ("qwertyuiopas", "first that are tried"),
        ("PakistanZindabad", "first that are tried"),
        ("welcome-welcome1", "first that are tried"),
        ("leavemealone", "first that are tried"),
        ("LeaveMeAlone2026!", "first that are tried"),
        ("ｊｕｓｔｉｎｂｉｅｂｅｒ", "first that are tried"),
        ("1q2w3e4r5t6y", "first that are tried"),
        ("RabiaSiddiqui1", "your name"),
        ("northwind2026", "your name"),
        ("Duly-Northwind-1", "your name"),
    ],
)
def test_a_password_that_would_be_guessed_is_refused_with_the_reason(typed, reason):
    with pytest.raises(Refused, match=reason) as refusal:
        passwords.check_new(typed, context=OWN_WORDS)
    assert refusal.value.where == "password"
