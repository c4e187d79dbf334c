"""Cursors: whatever stands in an address, a page is shown."""

import base64
import json

import pytest

from foundation.paging import decode, encode, moment_and_id

ID = "0190a1b2-0000-7000-8000-000000000001"


def raw(content):
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def test_a_key_comes_back_as_it_went_out():
    for key in (["name", "", "آیان\u200cوا", ID], ["a'\"\\\n", "\U0001f600"]):
        assert decode(encode(key), length=len(key)) == key


@pytest.mark.parametrize(
    "damaged",
    [
        raw(b"[" * 3000), raw(b"[1e999]"), raw(b"\xff"), raw(json.dumps(["\ud800", ID]).encode()),
        raw(json.dumps(["\0", ID]).encode()), raw(b"{}"), raw(b"[null, 1]"), "é", "%", "A",
    ],
)  # fmt: skip
def test_a_damaged_one_is_none(damaged):
    assert decode(damaged, length=2) is None
    assert moment_and_id(damaged) is None


def test_a_moment_without_a_zone_is_none():
    assert moment_and_id(encode(["2026-01-01T10:00:00", ID])) is None
    assert moment_and_id(encode(["2026-01-01T10:00:00+00:00", ID])) is not None
