"""The policy API: the same services as the pages, as JSON."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx

from tests.web.conftest import Browser, Seeded


async def put(browser: Browser, method: str, path: str, body: dict[str, Any]) -> httpx.Response:
    """A JSON request with the CSRF header."""
    return await browser.request(
        method, f"/api/v1/policies{path}", json=body, headers={"x-csrftoken": browser.token}
    )


def adoption(unit: UUID, plugin: str, **choice: object) -> dict[str, Any]:
    """The body of a change that adopts a plugin today."""
    change = {"type": "adopt", "plugin": plugin, "since": "2026-11-21", "choice": choice}
    return {"unit_id": str(unit), "change": change}


async def test_listing_and_reading(admin: Browser, county: Seeded) -> None:
    listed = (await admin.get("/api/v1/policies")).json()
    assert listed["unit_id"] == str(county.units["组织部"].id)
    assert listed["items"][0]["id"] == "national"
    assert listed["items"][0]["state"] == "always"
    detail = (await admin.get("/api/v1/policies/yakeshi")).json()
    lines = [line for group in detail["groups"] for line in group["lines"]]
    fifteen = next(line for line in lines if line["id"] == "yakeshi.public.fifteen-days")
    assert fifteen["requires"] == ["公示不少于 15 天"]
    assert detail["blanks"]["committee-pass"]["type"] == "share"
    assert {one["id"] for one in detail["refused"]} >= {"convert.one-fails"}
    assert (await admin.get("/api/v1/policies/no-such")).status_code == 404


async def test_adopt_adjust_end_and_history(admin: Browser, county: Seeded) -> None:
    unit = county.units["组织部"].id
    body = adoption(unit, "yakeshi", fill={"committee-pass": ">=2/3"}, basis="文件一")
    previewed = await put(admin, "POST", "/preview", body)
    assert previewed.status_code == 200, previewed.text
    rules = previewed.json()["preview"]["rules"]
    assert any(one["after"] == "公示不少于 15 天" for one in rules["parameters"])
    assert "admission-notice" in {one["step"] for one in rules["inserted"]}
    made = await put(admin, "POST", "/changes", {**body, "seen": previewed.json()["seen"]})
    assert made.status_code == 201, made.text
    [item] = made.json()["items"]
    stale = await put(
        admin, "POST", "/changes", {**adoption(unit, "songyuan"), "seen": previewed.json()["seen"]}
    )
    assert stale.status_code == 409
    assert stale.json()["code"] == "stale"
    assert "牙克石" in stale.json()["changes"][0]
    change = {"type": "adjust", "activation_id": item["id"], "day": "2026-11-21"}
    change["choice"] = {"without": ["public.fifteen-days"]}
    adjusted = await put(admin, "POST", "/changes", {"unit_id": str(unit), "change": change})
    assert adjusted.status_code == 201
    assert adjusted.json()["items"][0]["choice"]["without"] == ["yakeshi.public.fifteen-days"]
    again = await put(admin, "POST", "/changes", {"unit_id": str(unit), "change": change})
    assert again.status_code == 404, "that version has been superseded"
    change = {"type": "end", "activation_id": adjusted.json()["items"][0]["id"], "day": "2026-12-01"}
    assert (await put(admin, "POST", "/changes", {"unit_id": str(unit), "change": change})).status_code == 201
    history = (await admin.get("/api/v1/policies/history")).json()["items"]
    assert [one["said"] for one in history] == [
        "自 2026-12-01 起停用",
        "自 2026-11-21 起调整",
        "自 2026-11-21 起启用",
    ]
    assert [one["basis"] for one in history] == ["", "", "文件一"], "an end does not borrow an older document"
    assert "填空“党（工）委票决的通过比例”：填为“不少于 2/3”。" in history[2]["changes"]


async def test_the_effective_policy_by_day_and_tags(admin: Browser, county: Seeded) -> None:
    found = await admin.get(
        "/api/v1/policies/effective", params={"day": "2026-06-01", "tags": ["mobile", "rural"]}
    )
    body = found.json()
    assert (body["day"], body["tags"]) == ("2026-06-01", ["mobile", "rural"])
    steps = {step["id"]: step for stage in body["stages"] for step in stage["steps"]}
    [notice] = [facet for facet in steps["prospect-notice"]["facets"] if facet["name"] == "notice"]
    workdays = next(part for part in notice["parts"] if part["text"] == "公示不少于 5 个工作日")
    assert workdays["origins"][0]["id"] == "national.article-13.notice"
    assert "第十三条" in workdays["origins"][0]["clause"]


async def test_what_is_wrong_is_said_as_a_problem(
    admin: Browser, county: Seeded, other_county: Seeded
) -> None:
    unit = county.units["组织部"].id
    for body, status, said in (
        (adoption(unit, "no-such"), 404, "没有安装名为“no-such”"),
        (adoption(unit, "national"), 409, "全国规定在各级党组织一律有效"),
        (adoption(unit, "yakeshi", fill={"committee-pass": "一半"}), 422, "应填比例"),
        (adoption(unit, "yakeshi", without=["public.fiften-days"]), 422, "public.fifteen-days"),
        (adoption(other_county.units["组织部"].id, "yakeshi"), 404, "没有找到这个党组织"),
    ):
        for path in ("/preview", "/changes"):
            answer = await put(admin, "POST", path, body)
            assert answer.status_code == status, answer.text
            assert said in answer.json()["sentence"], answer.text


async def test_who_may_not_decide_is_told_so(secretary: Browser, county: Seeded) -> None:
    unit = county.units["东街支部"].id
    await secretary.open("/policies")
    for path in ("/preview", "/changes"):
        answer = await put(secretary, "POST", path, adoption(unit, "yakeshi"))
        assert answer.status_code == 403
        assert answer.json()["code"] == "forbidden"
    assert (await put(secretary, "PUT", "/allowance", {"levels": ["committee"]})).status_code == 403
    assert (await put(secretary, "POST", "/rehearse", {"text": "title: x"})).status_code == 403


async def test_the_allowance_and_a_rehearsal(admin: Browser, county: Seeded) -> None:
    await admin.open("/policies")
    assert (await admin.get("/api/v1/policies/allowance")).json() == {"levels": []}
    assert (await put(admin, "PUT", "/allowance", {"levels": ["committee"]})).json() == {
        "levels": ["committee"]
    }
    assert (await put(admin, "PUT", "/allowance", {"levels": ["county"]})).status_code == 422
    text = (
        "title: 公示天数\npolicies: [yakeshi]\ngiven: {through: prospect-consent, day: 2026-05-20}\nscript:\n"
        "  - {day: 2026-06-01, do: prospect-notice}\n"
        "  - {day: 2026-06-09, expect: {step: prospect-notice, state: waiting}}\n"
    )
    assert (await put(admin, "POST", "/rehearse", {"text": text})).json()["passed"]
    other = (await put(admin, "POST", "/rehearse", {"text": text, "policies": []})).json()
    assert not other["passed"]
    assert "实际 done" in other["problems"][0]


async def test_the_api_describes_itself(client: Browser, county: Seeded) -> None:
    paths = (await client.get("/api/v1/openapi.json")).json()["paths"]
    for path in (
        "",
        "/effective",
        "/history",
        "/preview",
        "/changes",
        "/allowance",
        "/rehearse",
        "/{plugin}",
    ):
        assert f"/api/v1/policies{path}" in paths, path


async def test_a_supplement_is_written_previewed_and_adopted(
    admin: Browser, secretary: Browser, county: Seeded
) -> None:
    await secretary.open("/policies")
    found = (await admin.get("/api/v1/policies/supplement")).json()
    assert (found["items"], found["plugin"] in found["text"]) == ([], True)
    text = found["text"].replace("sources:", "sources: {d: {title: 县委纪要}}").rstrip("\n").replace(
        "terms:\n", ""
    ) + (
        "\n  - {id: own.nine, title: 公示九天, tighten: admission/prospect-notice, notice: {days: 9},"
        " cite: {source: d, clause: 第三条}}\n"
    )
    checked = await put(admin, "POST", "/supplement/check", {"text": text})
    assert checked.json()["rules"] == [f"{found['plugin']}.own.nine"], checked.text
    wrong = await put(admin, "POST", "/supplement/check", {"text": text.replace("days: 9", "days: x")})
    assert wrong.status_code == 422
    draft = {"text": text, "note": "按纪要", "seen": 0}
    for body, path in ((draft, "/supplement"), ({"text": text}, "/supplement/check")):
        assert (await put(secretary, "POST", path, body)).status_code == 403
    assert (await secretary.get("/api/v1/policies/supplement")).status_code == 403
    saved = await put(admin, "POST", "/supplement", draft)
    assert (saved.status_code, saved.json()["number"]) == (201, 1), saved.text
    assert (await put(admin, "POST", "/supplement", {**draft, "text": text + "#\n"})).status_code == 409
    assert (await secretary.get("/api/v1/policies/supplement/text?number=1")).json() == saved.json()
    assert (await secretary.get("/api/v1/policies/supplement/text?number=2")).status_code == 404
    body = adoption(county.units["组织部"].id, found["plugin"])
    body["change"]["text"] = saved.json()["hash"]
    previewed = await put(admin, "POST", "/preview", body)
    assert any(
        one["after"] == "公示不少于 9 天" for one in previewed.json()["preview"]["rules"]["parameters"]
    )
    made = await put(admin, "POST", "/changes", {**body, "seen": previewed.json()["seen"]})
    assert (made.status_code, made.json()["items"][0]["text"]) == (201, saved.json()["hash"]), made.text
