"""A request is one transaction: kept when the answer is a success, before the answer is given; undone with any other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from litestar import Litestar, Response, get, post
from litestar.exceptions import HTTPException
from litestar.params import FromPath
from litestar.response import Redirect, Stream
from litestar.types import Message, Receive, Scope, Send

from core.errors import Conflict, Forbidden, Invalid, NotFound
from tenants.database.errors import NoSession
from tenants.database.session import county_session, current_session, owner_session
from tests.conftest import Database
from tests.web.cases.seed import applicant
from tests.web.conftest import TODAY, Browser, Seeded, browser, seed
from tests.web.routes import bare, routes
from tests.web.test_attacks import csrf
from web.app import create_app
from web.kit.here import FromHere

WRITE = (
    "insert into ledger_entry (by_name, verb, title, subject_kind, passing, sealed)"
    " values ($1, 'probe', 'probe', 'probe', true, sha256(''))"
)
RAISED = {
    403: Forbidden("不行。"), 404: NotFound("没有。"), 409: Conflict("不合。"), 422: Invalid("不对。"),
    400: HTTPException(status_code=400), 401: HTTPException(status_code=401), 418: HTTPException(status_code=418),
    500: ZeroDivisionError(), 503: ConnectionError(),
}  # fmt: skip
RETURNED = (200, 201, 204, 303, 400, 403, 404, 409, 422, 500, 503)
told: list[str] = []


@post("/probe/raise/{status:int}/{mark:str}")
async def raises(here: FromHere, status: FromPath[int], mark: FromPath[str]) -> None:
    """Write, then fail."""
    await current_session().execute(WRITE, mark)
    raise RAISED[status]


@post("/probe/return/{status:int}/{mark:str}")
async def returns(here: FromHere, status: FromPath[int], mark: FromPath[str]) -> Any:
    """Write, then answer so; with a refusal of no form's."""
    await current_session().execute(WRITE, mark)
    if status == 303:
        return Redirect("/units", status_code=303)
    return Response(None if status == 204 else "x", status_code=status, media_type="text/plain")


@post("/probe/late/{mark:str}")
async def late(here: FromHere, mark: FromPath[str]) -> str:
    """What only the COMMIT finds out."""
    await current_session().execute(WRITE, mark)
    await current_session().execute("insert into late values (1, 2)")
    return "这不能算保存"


@post("/probe/swallowed/{mark:str}")
async def swallowed(here: FromHere, mark: FromPath[str]) -> str:
    """A failed statement that nobody spoke of."""
    await current_session().execute(WRITE, mark)
    with pytest.raises(asyncpg.PostgresError):
        await current_session().execute("select 1/0")
    return "这不能算保存"


@get("/probe/stream")
async def streams(here: FromHere) -> Stream:
    """A body that queries once the answer has begun."""

    async def body() -> AsyncIterator[str]:
        try:
            await current_session().fetchval("select 1")
        except NoSession:
            told.append("refused")
            yield "refused"

    return Stream(body())


@pytest.fixture(scope="module")
async def app(database: Database) -> AsyncIterator[Litestar]:
    """The application with a few more routes, which do what none of ours may."""
    made = create_app()
    made.state.today = lambda: TODAY
    listed = set(routes(made))
    for route in (raises, returns, late, swallowed, streams):
        made.register(route)
    more = {(method, bare(path)) for method, path in set(routes(made)) - listed}
    made.state.needs = made.state.needs | dict.fromkeys(more, ())
    async with made.lifespan():
        yield made


@pytest.fixture(scope="module")
async def county(app: Litestar) -> Seeded:
    """Its county."""
    return await seed("donghe", "东河县", TODAY)


@pytest.fixture
async def admin(app: Litestar, county: Seeded) -> AsyncIterator[Browser]:
    """Its administrator."""
    async with browser(app) as made:
        await made.sign_in(county, "department-admin")
        yield made


@pytest.fixture(scope="module")
async def outside(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """Somebody who sees only what is committed, of all counties."""
    connection = await asyncpg.connect(database.superuser_url)
    yield connection
    await connection.close()


async def kept(outside: asyncpg.Connection, mark: str) -> bool:
    """Whether it is committed."""
    return bool(await outside.fetchval("select exists (select from ledger_entry where by_name = $1)", mark))


@pytest.mark.parametrize("status", RAISED)
async def test_whatever_flies_undoes_all(admin: Browser, outside: asyncpg.Connection, status: int) -> None:
    mark = uuid4().hex
    answer = await admin.post(f"/probe/raise/{status}/{mark}", headers=csrf(admin))
    assert answer.status_code == status
    assert not await kept(outside, mark)


@pytest.mark.parametrize("status", RETURNED)
async def test_a_success_is_kept_and_a_refusal_is_not(
    admin: Browser, outside: asyncpg.Connection, status: int
) -> None:
    mark = uuid4().hex
    answer = await admin.post(f"/probe/return/{status}/{mark}", headers=csrf(admin))
    assert answer.status_code == status
    assert await kept(outside, mark) is (status < 400)


async def test_nobody_is_told_before_it_is_kept(
    app: Litestar, county: Seeded, outside: asyncpg.Connection
) -> None:
    mark, seen = uuid4().hex, []

    async def watched(scope: Scope, receive: Receive, send: Send) -> None:
        async def spy(message: Message) -> None:
            if message["type"] == "http.response.start" and mark in str(scope.get("path")):
                seen.append(await kept(outside, mark))
            await send(message)

        await app(scope, receive, spy)

    transport = httpx.ASGITransport(app=watched)  # type: ignore[arg-type]
    async with Browser(transport=transport, base_url="http://dangwu.test") as made:
        await made.sign_in(county, "department-admin")
        await made.post(f"/probe/return/201/{mark}", headers=csrf(made))
    assert seen == [True]


async def test_a_commit_that_fails_is_never_called_a_success(
    admin: Browser, outside: asyncpg.Connection
) -> None:
    async with owner_session() as owner:
        await owner.execute(
            "create table late (id int primary key, other int references late deferrable initially deferred);"
            "grant insert on late to dangwu_app"
        )
    try:
        for how in ("late", "swallowed"):
            mark = uuid4().hex
            answer = await admin.post(f"/probe/{how}/{mark}", headers=csrf(admin))
            assert answer.status_code == 500
            assert "这不能算保存" not in answer.text
            assert "这次操作没有保存" in answer.text
            assert not await kept(outside, mark)
            assert (await admin.get("/units")).status_code == 200
    finally:
        async with owner_session() as owner:
            await owner.execute("drop table late")


async def test_a_body_that_queries_after_the_commit_is_refused(admin: Browser) -> None:
    """It would run in no county and no transaction."""
    told.clear()
    assert (await admin.get("/probe/stream")).text == "refused"
    assert told == ["refused"]


async def test_a_refused_application_leaves_no_case(
    admin: Browser, app: Litestar, county: Seeded, outside: asyncpg.Connection
) -> None:
    """By the API, where no form undoes its own part: the case is written before the rules are asked."""
    async with county_session(county.id):
        person = await applicant(county, "未满十八", born=date(2012, 1, 1))
    async with browser(app) as secretary:
        await secretary.sign_in(county, "branch-secretary")
        body = {
            "person_id": str(person),
            "day": "2026-11-01",
            "evidence": {"documents": ["application-letter"]},
        }
        answer = await secretary.post("/api/v1/cases", json=body, headers=csrf(secretary))
        assert (answer.status_code, answer.json()["code"]) == (422, "refused")
    assert await outside.fetchval("select count(*) from case_file where person_id = $1", person) == 0
