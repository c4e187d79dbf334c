"""The product as it ships, over the demo's world, listening on a real port."""

from collections.abc import Iterator

import pytest

from app import set_up
from foundation import clock
from operations.demo.telling import tell
from tests.attacks.fort import fort, stronghold
from tests.attacks.world import World, shut_in
from tests.journeys.conftest import Product, chromium, product

__all__ = ["chromium", "fort", "product", "stronghold"]


@pytest.fixture(scope="session")
def world(product: Product) -> Iterator[World]:
    set_up(product.settings.model_copy(update={"demo": True}))
    tell(product.database, until=clock.now())
    set_up(product.settings)
    return shut_in(product.database, product.url)
