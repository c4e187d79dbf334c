"""The chain: an entry fits behind the one it was written after, and behind no other."""

from uuid import UUID

from audit import chain
from tests.conftest import NOW

KEY = b"k" * 32


def body(action):
    return chain.Body(
        at=NOW,
        actor_kind="system",
        actor_id=UUID(int=0),
        on_behalf_id=None,
        request_id="",
        ip="",
        action=action,
        subject_kind="vendor",
        subject_id=UUID(int=1),
        detail={},
    )


def test_an_entry_fits_behind_no_other():
    """Else one of a copy that was written to could be brought here, and nothing would tell."""
    one, two, other = body("vendor.add"), body("vendor.edit"), body("vendor.clear")
    first = chain.link(KEY, chain.START, 1, one)
    elsewhere = chain.link(KEY, chain.START, 1, other)
    assert first != elsewhere
    assert chain.link(KEY, first, 2, two) != chain.link(KEY, elsewhere, 2, two)
    assert chain.link(KEY, first, 2, two) != chain.link(KEY, first, 3, two)
