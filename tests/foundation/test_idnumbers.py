"""Bank and identity numbers: checked and masked."""

import pytest

from foundation import idnumbers


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("PK36SCBL0000001123456702", True),
        ("pk36 scbl 0000 0011 2345 6702", True),
        ("PK36SCBL0000001123456703", False),
        ("PK36SCBL000000112345670", False),
        ("DE89370400440532013000", True),
        ("GB82 WEST 1234 5698 7654 32", True),
        ("ZZ36SCBL0000001123456702", False),
        ("", False),
        ("PK3", False),
    ],
)
def test_iban(number, expected):
    assert idnumbers.is_iban(number) is expected


@pytest.mark.parametrize(
    ("number", "cnic", "ntn"),
    [
        ("42101-1234567-1", True, True),
        ("4210112345671", True, True),
        ("02101-1234567-1", False, False),
        ("1234567-8", False, True),
        ("A123456-7", False, True),
        ("1234567", False, False),
        ("", False, False),
    ],
)
def test_cnic_and_ntn(number, cnic, ntn):
    assert (idnumbers.is_cnic(number), idnumbers.is_ntn(number)) == (cnic, ntn)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("PK36SCBL0000001123456702", "PK36 **** **** 6702"),
        ("PK36 SCBL 0000 0011 2345 6702", "PK36 **** **** 6702"),
        ("42101-1234567-1", "**** 5671"),
        ("1234567-8", "**** 5678"),
        ("12345", "****"),
        ("", "****"),
    ],
)
def test_masks(number, shown):
    assert idnumbers.mask(number) == shown
