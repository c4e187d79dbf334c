"""One mailbox has one address, however it was typed."""

import pytest

from foundation.errors import Refused
from identity.addresses import canonical


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("vania@acme.example", "vania@acme.example"),
        ("  Vania@ACME.Example ", "vania@acme.example"),
        ("vania@acme.example.", "vania@acme.example"),
        ("vania+duly@acme.example", "vania+duly@acme.example"),
        ("vania@ａcme.example", "vania@acme.example"),
        ("vania@münchen.example", "vania@xn--mnchen-3ya.example"),
        ("vania@аcme.example", "vania@xn--cme-5cd.example"),  # a Cyrillic а shows as what it is
        ("o'neil@acme.example", "o'neil@acme.example"),
    ],
)
def test_an_address_has_one_form(typed, stored):
    assert canonical(typed) == stored
    assert canonical(stored) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "vania",
        "@acme.example",
        "vania@",
        "vania@localhost",
        "vania@127.0.0.1",
        "vania@acme..example",
        "vania@-acme.example",
        "vania@acme.example\r\nBcc: x@y.example",
        "va\0nia@acme.example",
        '"vania"@acme.example',
        "van ia@acme.example",
        "vania@acme@borealis.example",
        "vania.@acme.example",
        "<vania@acme.example>",
        "v" * 65 + "@acme.example",
        "v@" + "a" * 64 + ".example",
        "v@" + "a." * 130 + "example",
    ],
)
def test_what_is_no_address_is_refused_with_the_way_to_write_one(typed):
    with pytest.raises(Refused, match=r"name@company\.com") as refusal:
        canonical(typed)
    assert refusal.value.where == "email"
    assert str(refusal.value).isprintable()
