"""Programs: a token opens what its scope names and its owner may, by the API only, until it is over or revoked."""

from __future__ import annotations

import re
from uuid import UUID

import httpx
from litestar import Litestar

from tenants.accounts.capabilities import ROLES
from tenants.database.session import county_session
from tests.web.conftest import Browser, Seeded, browser
from tests.web.routes import bare, routes
from tests.web.test_attacks import call
from web.kit.public import is_public


def program(app: Litestar, token: str) -> httpx.AsyncClient:
    """A program that has nothing but a token."""
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
    headers = {"authorization": f"Bearer {token}"}
    return httpx.AsyncClient(transport=transport, base_url="http://dangwu.test", headers=headers)


async def made(who: Browser, **draft: object) -> dict[str, str]:
    """A new token, by the API."""
    answer = await call(who, "POST", "/session/tokens", {"name": "试", **draft})
    assert answer.status_code == 201, answer.text
    body: dict[str, str] = answer.json()
    return body


async def test_a_token_opens_its_scope_and_no_more(
    app: Litestar, organizer: Browser, county: Seeded, other_county: Seeded
) -> None:
    person = {"unit_id": str(county.units["东街支部"].id), "draft": {"name": "程甲"}}
    reading = await made(organizer, scopes=["person.view", "person.edit"])
    writing = await made(organizer, scopes=["person.view", "person.edit", "org.view"], read_only=False)
    async with program(app, reading["secret"]) as reads, program(app, writing["secret"]) as writes:
        assert (await reads.get("/api/v1/people")).status_code == 200
        refused = await reads.post("/api/v1/people", json=person)
        assert (refused.status_code, refused.json()["code"]) == (403, "read-only")
        entered = await writes.post("/api/v1/people", json=person)
        assert entered.status_code == 201, "no CSRF token is asked of a program"
        assert "set-cookie" not in entered.headers
        for path in ("/api/v1/cases", "/api/v1/accounts"):
            answer = await writes.get(path)
            assert answer.status_code == 403 or not answer.json()["items"], "beyond its scope"
        roles = (await writes.get("/api/v1/session")).json()["roles"]
        assert roles[0]["capabilities"] == ["org.view", "person.edit", "person.view"]
        assert (await writes.get("/people")).status_code == 303, "pages look at no token"
        for method, path in (
            ("POST", "/session/tokens"),
            ("PUT", "/session/password"),
            ("DELETE", "/session"),
        ):
            answer = await writes.request(method, f"/api/v1{path}", json={})
            assert (answer.status_code, answer.json()["code"]) == (403, "in-person"), path
        elsewhere = (
            f"dw1.{other_county.id.hex}.{UUID(writing['id']).hex}.{writing['secret'].rsplit('.', 1)[1]}"
        )
        for token in (elsewhere, writing["secret"][:-1] + "_", "dw1.x.y.z", "x", ""):
            answer = await writes.get("/api/v1/people", headers={"authorization": f"Bearer {token}"})
            assert (answer.status_code, answer.json()["code"]) == (401, "bad-token"), token
        listed = (await organizer.get("/api/v1/session/tokens")).json()["items"]
        assert {one["id"]: bool(one["last_used_at"]) for one in listed}[writing["id"]]
        await organizer.open("/me/tokens")
        await organizer.submit(f"/me/tokens/{writing['id']}/revoke")
        assert (await writes.get("/api/v1/people")).json()["code"] == "bad-token"
        async with county_session(county.id) as session:
            kept = await session.fetchval("select string_agg(t::text, '') from api_token t")
            await session.execute(
                "update api_token set revoked_at = now() where id = $1", UUID(reading["id"])
            )
        assert reading["secret"].rsplit(".", 1)[1] not in kept
        assert (await reads.get("/api/v1/people")).status_code == 401


async def test_what_one_may_not_do_no_token_of_his_may(organizer: Browser, secretary: Browser) -> None:
    for draft, field in (
        ({"scopes": ["account.edit"]}, "scopes"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["org.view"], "days": 5000}, "days"),
        ({"scopes": ["org.view"], "name": " "}, "name"),
    ):
        answer = await call(organizer, "POST", "/session/tokens", {"name": "试", **draft})
        assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])
    await secretary.open("/me/tokens")
    shown = await secretary.submit(
        "/me/tokens",
        name="每周统计",
        kind="client",
        scopes=["statistics.view", "org.view"],
        days="30",
        read_only="1",
    )
    assert re.search(r"client_secret</dt><dd[^>]*>[\w-]{43}<", shown.text)
    assert "每周统计" in (await secretary.open("/me/tokens")).text


async def test_a_client_fetches_tokens_of_an_hour(app: Litestar, organizer: Browser) -> None:
    client = await made(organizer, kind="client", scopes=["person.view", "org.view"])
    basic = httpx.BasicAuth(client["client_id"], client["secret"])
    async with browser(app) as fetching:

        async def ask(auth: httpx.BasicAuth | None, **form: str) -> httpx.Response:
            return await fetching.post(
                "/api/v1/oauth/token", data=form, auth=auth or httpx.USE_CLIENT_DEFAULT
            )

        wanted = {"grant_type": "client_credentials"}
        fetched = await ask(basic, **wanted, scope="person.view")
        assert fetched.status_code == 200, fetched.text
        assert (fetched.json()["scope"], fetched.json()["token_type"]) == ("person.view", "Bearer")
        by_form = await ask(None, **wanted, client_id=client["client_id"], client_secret=client["secret"])
        assert by_form.json()["scope"] == "org.view person.view"
        for auth, form, error in (
            (httpx.BasicAuth(client["client_id"], "x"), wanted, "invalid_client"),
            (httpx.BasicAuth("x", "x"), wanted, "invalid_client"),
            (None, wanted, "invalid_client"),
            (basic, {"grant_type": "password"}, "unsupported_grant_type"),
            (basic, {**wanted, "scope": "person.edit"}, "invalid_scope"),
        ):
            answer = await ask(auth, **form)
            assert answer.json()["error"] == error, answer.text
    async with program(app, fetched.json()["access_token"]) as machine:
        assert (await machine.get("/api/v1/people")).status_code == 200
        secret = {"authorization": f"Bearer dw1.{client['client_id']}.{client['secret']}"}
        assert (await machine.get("/api/v1/people", headers=secret)).status_code == 401, (
            "a client's secret opens nothing"
        )
        assert (await call(organizer, "DELETE", f"/session/tokens/{client['id']}")).status_code == 204
        assert (await machine.get("/api/v1/people")).status_code == 401, "what it fetched ends with it"


async def test_every_route_of_the_api_answers_a_token_under_its_scope_only(
    app: Litestar, admin: Browser, county: Seeded
) -> None:
    """A token of somebody who may nearly all, with a scope of one word: everywhere else nothing is there, or it is not his."""
    narrow = await made(admin, scopes=["statistics.view"], read_only=False)
    assert "statistics.view" in ROLES["department-admin"].capabilities
    some = str(county.units["东街支部"].id)
    units = [str(unit.id) for name, unit in county.units.items() if name != "东街支部"]
    ids = [*units, *map(str, county.people.values()), *map(str, county.accounts.values())]
    async with program(app, narrow["secret"]) as machine:
        for method, path in routes(app):
            if (
                not path.startswith("/api/v1/")
                or is_public(method, bare(path))
                or path.endswith("{path:path}")
            ):
                continue
            address = re.sub(r"\{[^}]+\}", some, path)
            answer = await machine.request(method, address, json={})
            assert answer.status_code in (200, 400, 403, 404, 422), (
                method,
                path,
                answer.status_code,
                answer.text,
            )
            told = [one for one in ids if one in answer.text]
            assert not told or path == "/api/v1/session", (method, path, told)
