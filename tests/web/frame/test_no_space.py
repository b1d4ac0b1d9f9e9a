"""A full disk: what is to be written is refused by a sentence, what is only read goes on, and /healthz names the part.

The disk is a small one of this test's own; to mount it takes root.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from litestar import Litestar
from redis.exceptions import ResponseError

from deploy.embedded.servers import Servers
from migrations.migrate import migrate
from tenants.ground.redis import close_redis, redis_client
from tenants.ground.space import cannot_append
from tests.waiting import until_so
from tests.web.conftest import TODAY as TODAY
from tests.web.conftest import Browser, Seeded, browser, seed

pytestmark = [pytest.mark.servers, pytest.mark.anyio, pytest.mark.trial]

MEGABYTES = 220


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A disk of its own for the data folder."""
    place = tmp_path_factory.mktemp("disk")
    mount = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m,mode=0755", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("to mount a small disk takes root")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.fixture(scope="module")
async def small_app(disk: Path) -> AsyncIterator[Litestar]:
    """The application on servers whose data lie on that disk."""
    from web.app import create_app

    with pytest.MonkeyPatch.context() as patch, Servers(disk / "data") as running:
        found = running.addresses
        for name in ("database_url", "owner_database_url", "redis_url", "secret"):
            patch.setenv(f"DANGWU_{name.upper()}", getattr(found, name))
        patch.setenv("DANGWU_DATA", str(disk / "data"))
        patch.setattr("tenants.ground.space.SHORT_BYTES", 8 * 1024 * 1024)
        await migrate()
        await close_redis()
        made = create_app()
        made.state.today = lambda: TODAY
        async with made.lifespan():
            yield made
        await close_redis()


@pytest.fixture(scope="module")
async def small_county(small_app: Litestar) -> Seeded:
    """A county there."""
    return await seed("donghe", "东河县", TODAY)


def fill(disk: Path) -> Path:
    """Take all that is left, and some way beyond what the servers keep in reserve."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as out:
        for size in (1 << 20, 4096):
            try:
                while True:
                    out.write(b"0" * size)
            except OSError:
                continue
    return filler


async def test_a_full_disk_stops_writing_and_not_reading(
    disk: Path, small_app: Litestar, small_county: Seeded
) -> None:
    parent = small_county.units["河西乡党委"].id
    async with browser(small_app) as admin:
        await admin.sign_in(small_county, "department-admin")
        assert (await admin.get("/healthz")).text == "ok"
        await admin.open(f"/units/{parent}/new")
        filler = fill(disk)

        async def unheard() -> bool:
            """Valkey appends once a second; from the first time that fails it says so."""
            try:
                await redis_client().set("one more", "x" * 8192)
            except ResponseError as refused:
                return cannot_append(refused)
            return False

        await until_so(unheard)
        await refused(admin, parent)
        assert (await admin.open("/units")).status_code == 200
        said = (await admin.get("/healthz")).text.splitlines()
        assert said[0] == "degraded"
        assert "只剩 0 MB" in said[1]
        assert "缓存写不进磁盘" in said[2]
        filler.unlink()

        async def well() -> bool:
            return (await admin.get("/healthz")).text == "ok"

        await until_so(well)
        await admin.open(f"/units/{parent}/new")
        assert (await new_unit(admin, parent, "空间够了支部")).status_code == 303
        assert "空间够了支部" in (await admin.open("/units")).text


async def refused(admin: Browser, parent: object) -> None:
    """Much is entered until the database finds no room either: a sentence then, and nothing of it is there."""
    for number in range(400):
        name = f"第{number}支部"
        answer = await new_unit(admin, parent, name)
        if answer.status_code != 303:
            assert answer.status_code == 503, answer.text
            assert "磁盘已经写满，这次没有保存" in answer.text
            return
    pytest.fail("all of it found room")


async def new_unit(admin: Browser, parent: object, name: str) -> httpx.Response:
    """Enter a branch."""
    return await admin.submit(f"/units/{parent}/new", kind="branch", name=name)
