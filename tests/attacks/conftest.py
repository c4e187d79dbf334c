"""The product as it ships, over the demo's world, listening on a real port."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from app import set_up
from foundation import clock
from operations.demo.telling import tell
from tests.attacks.acts import ACTS
from tests.attacks.copies import copied
from tests.attacks.files_ground import Ground, furnished, is_whole
from tests.attacks.fort import fort, stronghold
from tests.attacks.scanner import Clamd
from tests.attacks.site import Site, standing
from tests.attacks.world import World, shut_in
from tests.grounds import PostgresServer
from tests.journeys.conftest import Product, chromium, product
from tests.operations import served

__all__ = ["chromium", "copied", "fort", "product", "stronghold"]


@pytest.fixture(scope="session")
def world(product: Product) -> Iterator[World]:
    set_up(product.settings.model_copy(update={"demo": True}))
    tell(product.database, until=clock.now())
    set_up(product.settings)
    return shut_in(product.database, product.url)


@pytest.fixture(autouse=True)
def at_home(request: pytest.FixtureRequest) -> None:
    """What a test writes by itself is sealed with the keys of the product it is about."""
    for name in ("product", "files"):
        if name in request.fixturenames:
            set_up(request.getfixturevalue(name).settings)


@pytest.fixture(scope="session")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clamd]:
    """A real scanner with signatures of our own."""
    scanner = Clamd(tmp_path_factory.mktemp("clamd"))
    scanner.start()
    yield scanner
    scanner.kill()


@pytest.fixture(scope="session")
def files(
    tmp_path_factory: pytest.TempPathFactory, server: PostgresServer | None, clamd: Clamd
) -> Iterator[Ground]:
    """The product with a scanner, web and worker, for those who bring files."""
    address = server.new_database("duly_files") if server else ""
    ground = furnished(tmp_path_factory.mktemp("files"), address, clamd)
    surroundings = served.surroundings(
        ground.settings,
        DULY_CLAMD=clamd.address,
        DULY_VENDOR_STORAGE_MB=str(ground.settings.vendor_storage_mb),
        DULY_VENDOR_FILES=str(ground.settings.vendor_files),
        DULY_STORAGE_MB=str(ground.settings.storage_mb),
        TMPDIR=str(ground.spool),
    )
    port = urlsplit(ground.url).port
    with served.serving(surroundings, port, ground.log), served.working(surroundings, ground.log):
        yield ground
    is_whole(ground)
    ground.database.engine.dispose()


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
