"""What every test may ask for: databases, servers, a fixed day, and a network that ends here.

database_url  an empty database with the tables of schema.sql; the test runs on both kinds
engine        the same, opened
bare_database_url  a database without tables
databases     for a fixture that wants its own contents: `with databases.copy_of(name, build)`
panel         the screens of a small district (tests/ground/district.py), with `panel.as_("office").get(path)`
standing_panel  the same one for a whole module, for tests that only read
door          real log-ins to the same district (tests/ground/door.py), with a clock that the test moves
redis_url     a Redis with nothing in it
page          a page in a real Chromium (tests/ground/browser.py)
demo_site     the whole program at work on the demo district (tests/ground/live.py)
today, now    a fixed working day, 2024-04-10, and an instant on it
"""

import gc
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
import redis
from sqlalchemy import Engine

from domain.rules_of_saving import RULES
from domain.storing.database import make_engine
from domain.storing.write_rules import held_to
from tests.ground.browser import browser, browser_context, page, playwright_driver  # noqa: F401
from tests.ground.district import Panel, build_district, opened_panel
from tests.ground.door import door  # noqa: F401
from tests.ground.kept_apps import KeptApps
from tests.ground.live import demo_site  # noqa: F401
from tests.ground.network import only_loopback
from tests.ground.serving.contents import EMPTY, Contents
from tests.ground.serving.databases import Databases, PostgreSQLDatabases, SQLiteDatabases
from tests.ground.serving.premises import (
    Premises,
    postgresql_of,
    premises_of,
)
from tests.ground.serving.servers import PostgreSQL, running_redis, scratch
from tests.ground.shares.durations import (  # noqa: F401
    pytest_addoption,
    pytest_runtest_logreport,
    pytest_terminal_summary,
)
from tests.ground.shares.sharing import pytest_collection_modifyitems, pytest_xdist_make_scheduler  # noqa: F401
from tests.ground.templates import compiled_once


@pytest.fixture(scope="session", autouse=True)
def rules_of_saving() -> Iterator[None]:
    """What holds at a save of the program holds at a save of every test."""
    with held_to(RULES):
        yield


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Nothing leaves this machine, mail included."""
    with only_loopback():
        yield


@pytest.fixture(scope="session", autouse=True)
def templates() -> Iterator[None]:
    """Templates are compiled once for all apps."""
    with compiled_once():
        yield


@pytest.fixture(scope="module", autouse=True)
def settled_memory() -> Iterator[None]:
    """The cycle collector never looks again at what outlives a module, which is caches."""
    yield
    gc.collect()
    gc.freeze()


@pytest.fixture
def today() -> date:
    """The day 鱼峰's plan of 2024 was handed out (S0); a Wednesday."""
    return date(2024, 4, 10)


@pytest.fixture
def now(today: date) -> datetime:
    """Nine in the morning of `today`, Shanghai."""
    return datetime(today.year, today.month, today.day, 9)


@pytest.fixture(scope="session")
def premises(pytestconfig: pytest.Config) -> Iterator[Premises]:
    """What the test processes of this run share."""
    with premises_of(pytestconfig) as premises:
        yield premises


@pytest.fixture(scope="session")
def postgresql_server(pytestconfig: pytest.Config) -> Iterator[PostgreSQL]:
    """One PostgreSQL for the run."""
    with postgresql_of(pytestconfig) as server:
        yield server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """One Redis for the run; its URL."""
    with running_redis() as url:
        yield url


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """The URL of a Redis with nothing in it."""
    with redis.Redis.from_url(redis_server) as client:
        client.flushall()
    return redis_server


@pytest.fixture(scope="session")
def sqlite_databases(premises: Premises) -> Iterator[SQLiteDatabases]:
    """The maker of databases that are files."""
    with tempfile.TemporaryDirectory(prefix="banli-sqlite-", dir=scratch()) as folder:
        yield SQLiteDatabases(premises, Path(folder))


@pytest.fixture(scope="session")
def postgresql_databases(
    postgresql_server: PostgreSQL, premises: Premises
) -> Iterator[PostgreSQLDatabases]:
    """The maker of databases on the server."""
    databases = PostgreSQLDatabases(postgresql_server, premises)
    yield databases
    databases.close()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Databases:
    """The maker of databases of one kind; every test that uses it runs on both kinds.

    It only chooses: pytest makes it anew at each change of kind, while what was built must last.
    """
    maker: Databases = request.getfixturevalue(f"{request.param}_databases")
    return maker


@pytest.fixture
def bare_database_url(databases: Databases) -> Iterator[str]:
    """A database without tables."""
    with databases.copy_of("bare", lambda url: None) as url:
        yield url


@pytest.fixture
def contents() -> Contents:
    """What is in `database_url`; a module whose tests begin with the reference data says SEEDED."""
    return EMPTY


@pytest.fixture
def database_url(databases: Databases, contents: Contents) -> Iterator[str]:
    """A database with the tables of schema.sql and, of itself, nothing in them."""
    with databases.copy_of(*contents) as url:
        yield url


@pytest.fixture(scope="session")
def kept_engines() -> dict[str, Engine]:
    """The engines that this process has made, by address: they know the statements that they have compiled."""
    return {}


@pytest.fixture
def engine(database_url: str, kept_engines: dict[str, Engine]) -> Iterator[Engine]:
    """An engine on `database_url`; who listens to it stops listening when the test ends."""
    if database_url not in kept_engines:
        kept_engines[database_url] = make_engine(database_url)
    engine = kept_engines[database_url].execution_options()
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def kept_apps() -> KeptApps:
    """The apps that this process has made."""
    return KeptApps()


@pytest.fixture
def panel(databases: Databases, kept_apps: KeptApps, tmp_path: Path) -> Iterator[Panel]:
    """The panel of a small district; see tests/ground/district.py."""
    with (
        databases.copy_of("district", build_district) as url,
        opened_panel(kept_apps, url, tmp_path) as panel,
    ):
        yield panel


@pytest.fixture(scope="module")
def standing_panel(
    databases: Databases, kept_apps: KeptApps, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Panel]:
    """As panel, one for a whole module: for tests that only read."""
    folder = tmp_path_factory.mktemp("panel")
    with (
        databases.copy_of("district", build_district) as url,
        opened_panel(kept_apps, url, folder) as panel,
    ):
        yield panel
