"""Real servers for the tests: one PostgreSQL and one Valkey per test process, a migrated database per test module.

The migrations run once; a module gets a copy of that database (CREATE DATABASE … TEMPLATE, below 0.1 s), so modules
never see each other's rows. Within a module, tests share the copy; one that needs its own asks for `own_database`.
"""

from __future__ import annotations

import asyncio
import gc
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from itertools import count
from pathlib import Path

import asyncpg
import msgspec
import pytest
import redis
from hypothesis import settings
from hypothesis.internal.conjecture import providers

from deploy.embedded.addresses import Addresses
from deploy.embedded.servers import Servers
from tests.hashes import quick_hashes
from tests.memory import in_memory
from tests.sharing import LONG, Sharing

_numbers = count(1)
GARBAGE = 50_000
"""So many new objects until those are looked through that may be garbage; 700 is for small programs."""

# What a law is tried with would change with every number in our sources, and finding these takes each process three seconds.
providers._get_local_constants = lambda: providers._local_constants

# On a busy machine the first example of a test may take a second: nothing here waits for the clock.
settings.register_profile("calm", deadline=None)
settings.load_profile("calm")


def pytest_configure(config: pytest.Config) -> None:
    """Before anything is written."""
    memory = ExitStack()
    config.add_cleanup(memory.close)
    memory.enter_context(in_memory())


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:
    """What is gathered stays to the end: looking through it for garbage again and again was an eighth of all the time."""
    gc.disable()
    gc.set_threshold(GARBAGE)
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Sharing:
    """How the tests are shared out among processes."""
    return Sharing(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


class Database(msgspec.Struct, frozen=True):
    """A migrated database of one test module; the DANGWU_* variables name it while it is in use."""

    name: str
    app_url: str
    owner_url: str
    superuser_url: str
    redis_url: str
    files: Path


class Demo(msgspec.Struct, frozen=True):
    """A database with the demo counties; what the seeding said, and how many seconds of the processor it took."""

    name: str
    said: str
    seconds: float


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """One event loop for all async tests and fixtures of a process, of the kind that serves the pages."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(scope="session", autouse=True)
def _quick_hashes() -> None:
    quick_hashes()


@pytest.fixture(scope="session")
def today() -> date:
    """The day on which the tests take place: a Saturday."""
    return date(2026, 11, 21)


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Addresses]:
    """The embedded servers of this test process, without durability."""
    with Servers(tmp_path_factory.mktemp("servers") / "data", fast=True) as running:
        yield running.addresses


@pytest.fixture(scope="session")
def template(servers: Addresses) -> str:
    """The name of a database with all migrations applied, to be copied and never changed."""
    from migrations.migrate import migrate

    with _variables(DANGWU_OWNER_DATABASE_URL=servers.owner_database_url):
        asyncio.run(migrate())
    # Nobody can change it now: whoever forgets to ask for a copy is refused.
    asyncio.run(_admin(servers, "alter database dangwu with allow_connections false"))
    return "dangwu"


@pytest.fixture(scope="session")
def demo(servers: Addresses, template: str, today: date, tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo counties as they are on `today`, to be copied and never changed."""
    from deploy.demo import seed
    from deploy.inside import inside

    async def fill() -> str:
        async with inside():
            return await seed(today)

    with _copy(servers, template, tmp_path_factory.mktemp("demo")) as made:
        begun = time.process_time()
        said = asyncio.run(fill())
        seconds = time.process_time() - begun
        asyncio.run(_admin(servers, f"alter database {made.name} rename to demo"))
        asyncio.run(_admin(servers, "alter database demo with allow_connections false"))
    return Demo("demo", said, seconds)


@pytest.fixture(scope="module")
def database(
    servers: Addresses, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """A copy of the migrated database for this module, and an empty Redis."""
    with _copy(servers, template, tmp_path_factory.mktemp("files")) as made:
        yield made


@pytest.fixture
def own_database(servers: Addresses, template: str, tmp_path: Path) -> Iterator[Database]:
    """As `database`, for one test alone."""
    with _copy(servers, template, tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
async def pool(database: Database) -> AsyncIterator[Database]:
    """The module's database with this process's connection pool open: sessions work inside the test."""
    from tenants.database.session import close_database, open_database

    await open_database(database.app_url)
    yield database
    await close_database()


@pytest.fixture(scope="module")
def app_url(database: Database) -> str:
    """The module's database as the application's role."""
    return database.app_url


@pytest.fixture(scope="module")
def owner_url(database: Database) -> str:
    """The module's database as the role that owns the tables."""
    return database.owner_url


@pytest.fixture(scope="module")
def redis_url(database: Database) -> str:
    """The test process's Valkey, emptied for this module."""
    return database.redis_url


@contextmanager
def _copy(servers: Addresses, template: str, folder: Path) -> Iterator[Database]:
    name = f"test_{next(_numbers)}"
    made = Database(
        name=name,
        app_url=_named(servers.database_url, name),
        owner_url=_named(servers.owner_database_url, name),
        superuser_url=_named(servers.superuser_url, name),
        redis_url=servers.redis_url,
        files=folder,
    )
    asyncio.run(
        _admin(servers, f"create database {name} template {template} strategy file_copy owner dangwu_owner")
    )
    redis.Redis.from_url(servers.redis_url).flushall()
    with _variables(
        DANGWU_DATABASE_URL=made.app_url,
        DANGWU_OWNER_DATABASE_URL=made.owner_url,
        DANGWU_REDIS_URL=made.redis_url,
        DANGWU_SECRET=servers.secret,
        DANGWU_DATA=str(folder),
    ):
        yield made
    asyncio.run(_admin(servers, f"drop database if exists {name} with (force)"))


def _named(url: str, database: str) -> str:
    address, query = url.split("?")
    return f"{address.rsplit('/', 1)[0]}/{database}?{query}"


async def _admin(servers: Addresses, statement: str) -> None:
    connection = await asyncpg.connect(servers.superuser_url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@contextmanager
def _variables(**values: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
