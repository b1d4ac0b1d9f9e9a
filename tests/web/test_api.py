"""The JSON API does what the pages do, through the same services."""

from __future__ import annotations

import httpx

from tests.web.conftest import PASSWORD, Browser, Seeded


async def test_signing_in_and_out_by_the_api(client: Browser, county: Seeded) -> None:
    await client.get("/api/v1/openapi.json")
    token = client.cookies["csrftoken"]
    data = {"county": county.slug, "login": "inspector", "password": PASSWORD}
    answer = await client.post("/api/v1/session", json=data, headers={"x-csrftoken": token})
    assert answer.status_code == 204, answer.text
    me = (await client.get("/api/v1/session")).json()
    assert (me["name"], me["county"]) == ("只读检查员", "东河县")
    assert me["roles"][0]["role"] == "inspector"
    answer = await client.delete("/api/v1/session", headers={"x-csrftoken": token})
    assert answer.status_code == 204
    assert (await client.get("/api/v1/session")).json()["code"] == "not-signed-in"


async def test_a_wrong_password_is_a_problem(client: Browser, county: Seeded) -> None:
    await client.get("/api/v1/openapi.json")
    data = {"county": county.slug, "login": "inspector", "password": "wrong"}
    headers = {"x-csrftoken": client.cookies["csrftoken"]}
    answer = await client.post("/api/v1/session", json=data, headers=headers)
    assert answer.status_code == 401
    assert answer.json()["code"] == "sign-in-failed"


async def test_units_and_people(admin: Browser, organizer: Browser, county: Seeded) -> None:
    items = (await admin.get("/api/v1/units")).json()["items"]
    assert len(items) == 5
    branch = str(county.units["东街支部"].id)
    found = (await admin.get("/api/v1/units/search", params={"q": "djz"})).json()["items"]
    assert [unit["id"] for unit in found] == [branch], "letters inside the official name"
    made = await call(organizer, "POST", "/api/v1/people", {"unit_id": branch, "draft": {"name": "冯十三"}})
    assert made.status_code == 201, made.text
    address = f"/api/v1/people/{made.json()['id']}"
    file = (await organizer.get(address)).json()
    assert (file["name"], file["version"]) == ("冯十三", 0)
    answer = await call(organizer, "PUT", address, {"version": 0, "draft": {"name": "冯十四"}})
    assert answer.json() == {"fields": ["name"]}
    answer = await call(organizer, "PUT", address, {"version": 0, "draft": {"name": "冯十五"}})
    assert answer.status_code == 409
    assert answer.json()["code"] == "stale"
    changes = (await organizer.get(f"{address}/changes")).json()["items"]
    assert [change["kind"] for change in changes] == ["corrected", "entered"]
    assert changes[0]["fields"] == [{"field": "name", "shown": True, "was": "冯十三", "now": "冯十四"}]
    assert answer.json()["changes"] == ["组织部组织员修改了姓名。"]


async def test_what_cannot_be_comes_back_by_field(organizer: Browser, county: Seeded) -> None:
    branch = str(county.units["东街支部"].id)
    draft = {"name": "冯十三", "national_id": "110105194912310021"}
    answer = await call(organizer, "POST", "/api/v1/people", {"unit_id": branch, "draft": draft})
    assert answer.status_code == 422
    assert "校验码" in answer.json()["fields"]["national_id"]


async def test_a_body_that_does_not_fit_is_a_problem(organizer: Browser) -> None:
    answer = await call(organizer, "POST", "/api/v1/people", {"unit": "x"})
    assert answer.status_code == 400
    assert answer.json()["code"] == "http-400"


async def test_the_list_goes_on_where_next_says(organizer: Browser, county: Seeded) -> None:
    body = (await organizer.get("/api/v1/people")).json()
    assert body["next"] is None
    names = [item["name"] for item in body["items"]]
    assert set(county.people) <= set(names)
    counts = (await organizer.get("/api/v1/people/counts")).json()["counts"]
    assert sum(counts.values()) == len(names)


async def test_the_schema_describes_every_route_of_the_api(client: Browser) -> None:
    schema = (await client.get("/api/v1/openapi.json")).json()
    assert schema["info"]["title"] == "党务接口"
    assert "/api/v1/units/{unit_id}" in schema["paths"]
    assert not [path for path in schema["paths"] if not path.startswith("/api/v1")]
    for path, methods in schema["paths"].items():
        for method, described in methods.items():
            assert described.get("tags"), (method, path)


async def call(made: Browser, method: str, address: str, body: object) -> httpx.Response:
    """A request with the CSRF header."""
    return await made.request(method, address, json=body, headers={"x-csrftoken": made.cookies["csrftoken"]})
