"""The servers behind the pages go away and come back: a sentence meanwhile, nothing half-written, no restart of ours."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator

import psutil
import pytest
from litestar import Litestar

from deploy.embedded.servers import Servers
from migrations.migrate import migrate
from tenants.ground.redis import close_redis
from tests.waiting import until
from tests.web.conftest import TODAY as TODAY
from tests.web.conftest import Browser, Seeded, browser, seed

pytestmark = pytest.mark.servers

POSTGRES, VALKEY = "PostgreSQL", "Valkey"


@pytest.fixture(scope="module")
def own_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Servers of this module alone, which it may stop: as in service, what they said is saved survives their end."""
    folder = tmp_path_factory.mktemp("outage")
    with pytest.MonkeyPatch.context() as patch, Servers(folder / "data") as running:
        found = running.addresses
        for name in ("database_url", "owner_database_url", "redis_url", "secret"):
            patch.setenv(f"DANGWU_{name.upper()}", getattr(found, name))
        patch.setenv("DANGWU_DATA", str(folder))
        asyncio.run(migrate())
        yield running


@pytest.fixture(scope="module")
async def own_app(own_servers: Servers) -> AsyncIterator[Litestar]:
    """The application on them."""
    from web.app import create_app

    await close_redis()
    made = create_app()
    made.state.today = lambda: TODAY
    async with made.lifespan():
        yield made


@pytest.fixture(scope="module")
async def own_county(own_app: Litestar) -> Seeded:
    """A county there."""
    return await seed("donghe", "东河县", TODAY)


@pytest.fixture
async def signed_in(own_app: Litestar, own_servers: Servers, own_county: Seeded) -> AsyncIterator[Browser]:
    """The department's administrator."""
    async with browser(own_app) as made:
        assert (await made.sign_in(own_county, "department-admin")).status_code == 303
        yield made
    # Also after a failure: the next test shall not fail for this one.
    await back(own_servers)


def stop(servers: Servers, name: str) -> None:
    """Kill one of them and wait until it is gone, with what it has started: a backend of PostgreSQL lives a little longer."""
    [child] = [each for each in servers.children if each.name == name]
    below = psutil.Process(child.pid).children(recursive=True)
    child.signal(signal.SIGKILL)
    until(lambda: child.returncode is not None)
    until(lambda: not any(each.is_running() for each in below))


async def back(servers: Servers) -> None:
    """Start again what was stopped, off the event loop."""
    await asyncio.to_thread(servers.revive)


@pytest.mark.parametrize("name", [VALKEY, POSTGRES])
async def test_what_is_away_is_said_and_comes_back_by_itself(
    own_servers: Servers, signed_in: Browser, name: str
) -> None:
    stop(own_servers, name)
    for path in ("/units", "/units"):
        answer = await signed_in.open(path)
        assert answer.status_code == 503
        assert "暂时连不上，正在恢复。" in answer.text
        assert answer.headers["retry-after"] == "60"
        assert "content-security-policy" in answer.headers
    said = await signed_in.get("/api/v1/units")
    assert (said.status_code, said.json()["code"]) == (503, "unavailable")
    assert said.headers["content-type"].startswith("application/problem+json")
    assert (await signed_in.get("/healthz")).status_code == 503
    assert (await signed_in.get("/static/base.css")).status_code == 200
    await back(own_servers)
    assert (await signed_in.get("/healthz")).text == "ok"
    assert (await signed_in.open("/units")).status_code == 200


async def test_who_signs_in_meanwhile_is_told(
    own_app: Litestar, own_servers: Servers, own_county: Seeded
) -> None:
    async with browser(own_app) as made:
        await made.open("/sign-in")
        stop(own_servers, VALKEY)
        answer = await made.submit("/sign-in", county="donghe", login="inspector", password="x")
        assert answer.status_code == 503
        assert "暂时连不上" in answer.text
        await back(own_servers)
        assert (await made.sign_in(own_county, "inspector")).status_code == 303


async def test_a_form_sent_meanwhile_writes_nothing_or_all(
    own_servers: Servers, own_county: Seeded, signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database goes away between the writing and the commit."""
    from core.organisation.service import create as real

    async def created_then_gone(*args: object) -> object:
        made = await real(*args)  # type: ignore[arg-type]
        stop(own_servers, POSTGRES)
        return made

    parent = own_county.units["河西乡党委"].id
    await signed_in.open(f"/units/{parent}/new")
    monkeypatch.setattr("web.units.forms.create", created_then_gone)
    answer = await signed_in.submit(f"/units/{parent}/new", kind="branch", name="断电支部")
    monkeypatch.undo()
    assert answer.status_code == 503
    assert "请先核对是否已经保存" in answer.text
    await back(own_servers)
    assert "断电支部" not in (await signed_in.open("/units")).text
    await signed_in.open(f"/units/{parent}/new")
    assert (await signed_in.submit(f"/units/{parent}/new", kind="branch", name="断电支部")).status_code == 303


async def test_what_is_saved_is_not_called_a_failure_because_a_notice_is_lost(
    own_servers: Servers, own_county: Seeded, signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redis goes away after the commit's moment: the page says saved, and it is."""
    from core.organisation.service import create as real

    async def created_then_gone(*args: object) -> object:
        made = await real(*args)  # type: ignore[arg-type]
        stop(own_servers, VALKEY)
        return made

    parent = own_county.units["河西乡党委"].id
    await signed_in.open(f"/units/{parent}/new")
    monkeypatch.setattr("web.units.forms.create", created_then_gone)
    answer = await signed_in.submit(f"/units/{parent}/new", kind="branch", name="有始有终支部")
    monkeypatch.undo()
    assert answer.status_code == 303
    await back(own_servers)
    assert "有始有终支部" in (await signed_in.open("/units")).text
