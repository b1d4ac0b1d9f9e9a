"""The JSON API does what the pages do, through the same services."""

from __future__ import annotations

import re

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
    answer = await client.delete("/api/v1/session", headers={"x-csrftoken": client.cookies["csrftoken"]})
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
    for body, strange in (
        ({"unit": "x"}, "unit"),
        ({"unit_id": "x", "draft": {"nmae": "赵甲"}}, "draft.nmae"),
    ):
        answer = await call(organizer, "POST", "/api/v1/people", body)
        assert (answer.status_code, answer.json()["code"]) == (422, "unknown-field")
        assert f"不认识的一项“{strange}”" in answer.json()["sentence"]
    answer = await call(organizer, "POST", "/api/v1/people", {"unit_id": "x"})
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
            assert re.search("[\u4e00-\u9fff]", described["summary"]), (method, path)


async def test_the_schema_says_what_is_sent_and_how_a_refusal_looks(client: Browser) -> None:
    answer = await client.get("/api/v1/openapi.json")
    assert '[{"type":"integer"},{"type":"number"}]' not in answer.text, (
        "one of both would refuse whole figures"
    )
    schema = answer.json()
    for path, methods in schema["paths"].items():
        for method, described in methods.items():
            refused = {status: one for status, one in described["responses"].items() if status[0] != "2"}
            # What the door answers with, whatever the operation (web/frame), and what a body can be refused for.
            door = {"400", "401", "403", "422", "429", "500", "503"} | (
                {"408", "409", "413"} if method != "get" else set()
            )
            assert refused.keys() - {"404", "409"} == door - {"409"}, (method, path)
            assert ("404" in refused) or "{" not in path, (method, path)
            assert ("409" in refused) or method == "get", (method, path)
            assert all(
                one["content"]["application/problem+json"]["schema"]["$ref"].endswith("/Problem")
                for one in refused.values()
            )
            assert all(next(iter(one["content"])) == "application/problem+json" for one in refused.values())
            named = {one["name"] for one in described.get("parameters", ()) if one["in"] == "path"}
            assert named == set(re.findall(r"{(\w+)}", path)), (method, path)
    paths = schema["paths"]
    for path in ("/api/v1/imports", "/api/v1/cases/{case_id}/attachments"):
        form = paths[path]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
        assert "file" in form["properties"]
    effective = {one["name"] for one in paths["/api/v1/policies/effective"]["get"]["parameters"]}
    assert effective == {"unit", "day", "tags", "procedure"}
    assert paths["/api/v1/session"]["post"]["security"] == []
    assert [*paths["/api/v1/exports/{export_id}/file"]["get"]["responses"]["200"]["content"]] == [
        "application/octet-stream"
    ]
    assert schema["components"]["securitySchemes"]["session"]["name"] == "dangwu-session"


async def test_refusals_are_as_the_schema_says(admin: Browser, secretary: Browser, county: Seeded) -> None:
    """Unreadable, wrong type, wrong id, not his to do, somebody was faster: each a problem with its sentence."""
    branch, committee = str(county.units["东街支部"].id), str(county.units["城关镇党委"].id)
    draft = {"kind": "branch", "name": "某支部"}
    for made, method, path, body, status in (
        (admin, "GET", "/api/v1/units/not-an-id", None, 404),
        (admin, "GET", "/api/v1/units?top=not-an-id", None, 404),
        (admin, "GET", "/api/v1/policies/effective?day=2026-13-40", None, 422),
        (admin, "GET", "/api/v1/units/00000000-0000-0000-0000-000000000000", None, 404),
        (admin, "POST", f"/api/v1/units/{committee}/children", {"kind": 7}, 400),
        (admin, "POST", f"/api/v1/units/{committee}/children", {**draft, "kind": "club"}, 422),
        (secretary, "POST", f"/api/v1/units/{branch}/children", {**draft, "kind": "group"}, 403),
        (secretary, "POST", f"/api/v1/units/{committee}/children", draft, 403),
        (admin, "PATCH", f"/api/v1/units/{branch}", {"version": 99, "draft": draft}, 409),
        (admin, "PUT", "/api/v1/policies/allowance", {"levels": ["county"]}, 422),
        (secretary, "PUT", "/api/v1/policies/allowance", {"levels": []}, 403),
        (secretary, "GET", "/api/v1/accounts", None, 403),
    ):
        answer = await call(made, method, path, body)
        assert answer.status_code == status, (path, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status
        assert answer.json()["sentence"].endswith("。")


async def test_the_own_password_is_changed_by_the_api(
    client: Browser, admin: Browser, county: Seeded
) -> None:
    made = await call(
        admin,
        "POST",
        "/api/v1/accounts",
        {
            "login": "xin.zhanghao",
            "name": "新同志",
            "role": "inspector",
            "unit_id": str(county.units["东街支部"].id),
            "since": "2026-11-21",
        },
    )
    assert made.status_code == 201, made.text
    first, own = made.json()["password"], "Songhua-Jiang-2026"
    await client.get("/api/v1/openapi.json")
    signed = {"county": county.slug, "login": "xin.zhanghao", "password": first}
    assert (await call(client, "POST", "/api/v1/session", signed)).status_code == 204
    assert (await client.get("/api/v1/units")).json()["code"] == "own-password-first"
    answer = await call(client, "PUT", "/api/v1/session/password", {"old": "wrong", "new": own})
    assert (answer.status_code, answer.json()["fields"]) == (422, {"old": "原密码不正确。"})
    answer = await call(client, "PUT", "/api/v1/session/password", {"old": first, "new": own})
    assert answer.status_code == 204, answer.text
    assert (await client.get("/api/v1/units")).status_code == 200


async def test_roles_say_who_may_do_what(secretary: Browser) -> None:
    found = (await secretary.get("/api/v1/accounts/roles")).json()
    roles = {one["id"]: one for one in found["items"]}
    assert "case.record" in roles["branch-secretary"]["capabilities"]
    assert found["capabilities"]["audit.view"] == "查看操作日志"


async def call(made: Browser, method: str, address: str, body: object) -> httpx.Response:
    """A request with the CSRF header."""
    return await made.request(method, address, json=body, headers={"x-csrftoken": made.cookies["csrftoken"]})
