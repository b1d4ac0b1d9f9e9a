"""A platform of its own for a trial, counties in it, and people who are signed in."""

from __future__ import annotations

import os
from base64 import b64decode
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from core import secrecy
from deploy.embedded.servers import running
from tenants.database.session import close_database, open_database
from tenants.ground.clock import today
from tests.deploy.test_serve import Running, free_port
from tests.web.conftest import Browser, Seeded, seed


@contextmanager
def served(folder: Path, **settings: str) -> Iterator[Running]:
    """`dangwu serve` until the block ends; this process is told where its servers are."""
    platform = Running(folder / "data", free_port(), **settings)
    before = dict(os.environ)
    try:
        found = running(platform.data)
        assert found is not None
        for name in ("database_url", "owner_database_url", "redis_url", "secret"):
            os.environ[f"DANGWU_{name.upper()}"] = getattr(found, name)
        os.environ["DANGWU_DATA"] = str(platform.data)
        secrecy.install(b64decode(found.secret))
        yield platform
    finally:
        os.environ.clear()
        os.environ.update(before)
        platform.stop()


async def counties(number: int) -> list[Seeded]:
    """So many small counties (tests/web/conftest.py)."""
    await open_database(max_size=2)
    try:
        return [await seed(f"county{one}", f"第{one}县", today()) for one in range(number)]
    finally:
        await close_database()


@asynccontextmanager
async def signed_in(platform: Running, county: Seeded, login: str) -> AsyncIterator[Browser]:
    """A browser over HTTP."""
    async with Browser(base_url=f"http://127.0.0.1:{platform.port}", timeout=60) as made:
        assert (await made.sign_in(county, login)).status_code == 303
        yield made
