"""The product as it ships, over the demo's world, listening on a real port."""

from collections.abc import Iterator

import pytest

from app import set_up
from foundation import clock
from operations.demo.telling import tell
from tests.attacks.acts import ACTS
from tests.attacks.site import Site, standing
from tests.attacks.world import World, shut_in
from tests.grounds import PostgresServer
from tests.journeys.conftest import Product, product

__all__ = ["product"]


@pytest.fixture(scope="session")
def world(product: Product) -> Iterator[World]:
    set_up(product.settings.model_copy(update={"demo": True}))
    tell(product.database, until=clock.now())
    set_up(product.settings)
    return shut_in(product.database, product.url)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, server: PostgresServer | None) -> Iterator[Site]:
    """An installation whose processes may die, with nobody but the cast in it."""
    with standing(tmp_path_factory.mktemp("site"), server) as made:
        yield made


@pytest.fixture(scope="session")
def whole(site: Site) -> dict[str, dict[str, int]]:
    """What each act of the main job adds to which table when it is sent once and nobody dies."""
    site.be_settled()
    found = {}
    for name, make in ACTS.items():
        act = make(site)
        before = site.counts()
        answer = act.send()
        assert answer.status == act.status, (name, answer.text)
        found[name] = site.added_since(before)
        assert found[name]["ledger_entry"] > 0, name
    return found


@pytest.fixture(autouse=True)
def at_home_at_the_site(request: pytest.FixtureRequest) -> None:
    """What a story writes by itself is sealed with the keys of its own installation."""
    if "site" in request.fixturenames:
        request.getfixturevalue("site").be_settled()
