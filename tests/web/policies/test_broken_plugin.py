"""A plugin file with a mistake: the operator and the administrator read which one and why, and everything else goes on."""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from core.casework.standing.sweep import due, recompute, running_below
from core.database import execute, fetch
from deploy.serve import _greeting
from deploy.settings import Settings
from deploy.updating import update
from tenants.database.session import county_session
from tenants.policies import texts
from tenants.policies.regimes import regime_of_path
from tests.conftest import Database
from tests.web.conftest import TODAY, Browser, Seeded
from tests.web.policies import stranger
from tests.web.policies.seed import case_after
from tests.web.policies.stranger import again, write

GOOD = stranger.POLICY
BROKEN = {
    "facet": (GOOD.replace("notice: {", "notise: {"), "有不认识的字段“notise”，是不是“notice”"),
    "step": (GOOD.replace("prospect-notice", "prospect-notic"), "不认识的环节“admission/prospect-notic”"),
    "cite": (GOOD.replace("    cite: {source: paper, clause: 第三条}\n", ""), "缺少出处"),
    "form": ("plugin: [", "不是正确的 YAML"),
    "supplement": (GOOD, "plugin 写的是“supplement”，是平台一个页面的名称，插件的页面就打不开了。"),
}


async def _without_text(database: Database, activation: str) -> None:
    """As before texts were kept."""
    connection = await asyncpg.connect(database.superuser_url)
    await connection.execute("update activation set text = null where id = $1", UUID(activation))
    await connection.execute("update county set policy_version = policy_version + 1")
    await connection.execute("delete from policy_text where plugin = 'homemade'")
    await connection.close()
    texts._read.clear()


async def test_each_broken_file_is_named_with_its_reason_and_the_others_are_used(
    admin: Browser, secretary: Browser, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for name, (text, _) in BROKEN.items():
        write(folder, name, text)
    (folder / "code.py").write_text("import no_such_module\n", "utf-8")
    write(folder, "homemade", GOOD)
    with caplog.at_level(logging.ERROR):
        shown = (await admin.open("/policies")).text
    operator = _greeting(Settings(), "", embedded=False)
    assert "有 6 个政策插件不能使用" in shown
    for sentence in (*(why for _, why in BROKEN.values()), "插件 code 无法载入"):
        assert sentence in shown
        assert sentence in operator
        assert sentence in caplog.text
    assert "某县补充规定" in shown
    assert (await admin.open("/policies/homemade")).status_code == 200
    assert "不能使用" not in (await secretary.open("/policies")).text, "he can do nothing about it"
    answer = await admin.open("/policies/facet")
    assert answer.status_code == 409
    assert BROKEN["facet"][1] in answer.text
    listed = (await admin.get("/api/v1/policies")).json()
    assert listed["broken"].keys() == {*BROKEN, "code"}


async def test_of_what_was_adopted_and_no_text_was_kept_nothing_is_judged(
    admin: Browser, organizer: Browser, county: Seeded, database: Database, folder: Path
) -> None:
    """An activation from before texts were kept, of a plugin that was not installed on the day of the upgrade: leaving its rules
    out would relax what the county has adopted, so nothing is judged and the reason is said."""
    write(folder, "homemade", GOOD)
    unit = str(county.units["城关镇党委"].id)
    change = {"type": "adopt", "plugin": "homemade", "since": "2026-11-21"}
    csrf = {"x-csrftoken": admin.token}
    answer = await admin.post(
        "/api/v1/policies/changes", json={"unit_id": unit, "change": change}, headers=csrf
    )
    assert answer.status_code == 201, answer.text
    made = answer.json()["items"][0]["id"]
    here = await case_after(county, "东街支部", "此处人", "applicant-talk", date(2026, 11, 2))
    there = await case_after(county, "上河支部", "彼处人", "applicant-talk", date(2026, 11, 2))
    await _without_text(database, made)
    write(folder, "homemade", GOOD.replace("days: 10", "dais: 10"))
    async with county_session(county.id):
        await execute(
            "update case_file set computed_on = date '2026-11-20', reasons = '{}'"
        )  # not as it would be judged
        await recompute(await running_below(county.units["组织部"].path), TODAY, regime_of_path)
        await recompute(await due(TODAY, regime_of_path), TODAY, regime_of_path)
        rows = await fetch("select id, computed_on from case_file where id = any($1)", [here, there])
        assert {row["id"]: row["computed_on"] for row in rows} == {here: date(2026, 11, 20), there: TODAY}
    for page in (f"/policies/effective?unit={unit}", f"/policies/yakeshi?unit={unit}"):
        refused = await admin.open(page)
        assert refused.status_code == 409
        assert "正在执行的政策“homemade”不能载入" in refused.text
        assert "没有参数“dais”，是不是“days”" in refused.text
    for page in (f"/policies?unit={unit}", f"/policies/history?unit={unit}", f"/units/{unit}", "/cases", "/"):
        assert (await admin.open(page)).status_code == 200, page
    assert "homemade" in (await admin.open(f"/units/{unit}")).text
    other = county.units["河西乡党委"].id
    assert (await admin.open(f"/policies/effective?unit={other}")).status_code == 200
    (folder / "homemade.yaml").unlink()
    again()
    assert "正在执行的政策“homemade”没有安装" in (await admin.open(f"/policies?unit={unit}")).text
    for page in (f"/units/{unit}", f"/policies/history?unit={unit}"):
        shown = (await admin.open(page)).text
        assert "homemade" in shown
        assert "/policies/homemade" not in shown, "it has no page"
    refused = await admin.open(f"/policies/effective?unit={unit}")
    assert refused.status_code == 409
    assert "正在执行的政策“homemade”没有安装" in refused.text
    write(folder, "homemade", GOOD)
    assert any("“homemade”的 1 条启用记录按今天安装的文本" in said for said in await update())
    assert (await admin.open(f"/policies/effective?unit={unit}")).status_code == 200
    pinned = (await admin.open(f"/policies/history?unit={unit}")).text
    assert "启用时还没有保存政策文本，按" in pinned
    end = {"type": "end", "activation_id": made, "day": "2026-11-21"}
    answer = await admin.post("/api/v1/policies/changes", json={"unit_id": unit, "change": end}, headers=csrf)
    assert answer.status_code == 201, answer.text


async def test_what_contradicts_or_changes_nothing_is_said_before_it_is_adopted(
    admin: Browser, county: Seeded, folder: Path
) -> None:
    write(folder, "weaker", GOOD.replace("days: 10", "workdays: 3"))
    write(folder, "circle", GOOD.replace("notice: {days: 10}", "after: [admission-meeting]"))
    assert "已含于国家规定" in (await admin.open("/policies/weaker")).text
    card = (await admin.open("/policies")).text
    assert "环节的先后顺序相互矛盾" in card
    assert "规则 circle.public.ten-days，《某县发展党员补充规定》第三条" in card
    change = {"type": "adopt", "plugin": "circle", "since": "2026-11-21"}
    answer = await admin.post(
        "/api/v1/policies/changes",
        json={"unit_id": str(county.units["组织部"].id), "change": change},
        headers={"x-csrftoken": admin.token},
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "policy-conflict")
