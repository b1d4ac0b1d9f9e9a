"""Two policies whose orders contradict each other: refused in words that name both rules and their sources."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest
from litestar import Litestar

from core.casework.carry import follow_people
from core.casework.standing.sweep import recompute, running_below
from core.database import execute, fetchval
from tenants.database.session import county_session
from tenants.policies import texts
from tenants.policies.changes import Adopt, Place, plan
from tenants.policies.news import begin_policy_change
from tenants.policies.plugins import installed
from tenants.policies.regimes import regime_of_path
from tenants.policies.rows import write
from tests.conftest import Database
from tests.web.conftest import TODAY, Browser, Seeded, application
from tests.web.policies.forms import adopt, ask, confirm, open_form
from tests.web.policies.seed import case_after, clerk

POLICY = """
plugin: {id}
title: {title}
place: 测试县
about: 规定两个环节的先后。
requires: dangwu>=1,<2
sources:
  paper: {{title: {title}文件, year: 2026}}
rules:
  - id: order.first
    title: {rule}
    tighten: admission/{step}
    {word}: [{other}]
    cite: {{source: paper, clause: {clause}}}
"""

EARLY = POLICY.format(
    id="early-training", title="先训后审", rule="培训在政治审查之前", step="intensive-training", word="before",
    other="political-review", clause="第二条",
)  # fmt: skip
LATE = POLICY.format(
    id="late-training", title="先审后训", rule="政治审查在培训之前", step="political-review", word="before",
    other="intensive-training", clause="第五条",
)  # fmt: skip


@pytest.fixture(scope="module")
async def app(database: Database, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Litestar]:
    """The application with two plugins of one file each in its folder."""
    folder = tmp_path_factory.mktemp("plugins")
    (folder / "early-training.yaml").write_text(EARLY, encoding="utf-8")
    (folder / "late-training.yaml").write_text(LATE, encoding="utf-8")
    patch = pytest.MonkeyPatch()
    patch.setenv("DANGWU_PLUGINS", str(folder))
    installed.cache_clear()
    made = application()
    made.state.today = lambda: TODAY
    async with made.lifespan():
        yield made
    patch.undo()
    installed.cache_clear()


async def test_two_contradicting_orders_are_refused_before_saving(admin: Browser, county: Seeded) -> None:
    unit = county.units["组织部"].id
    assert (await adopt(admin, "early-training", unit)).status_code == 303
    card = (await admin.open("/policies")).text
    assert "不能同时启用" in card
    document = await admin.open("/policies/late-training")
    assert "与现行的其他政策不能同时启用" in document.text
    fields = await open_form(admin, "late-training", unit)
    refused = await ask(admin, "late-training", {**fields, "basis": ["再试一次"]})
    assert refused.status_code == 422
    for said in (
        "环节的先后顺序相互矛盾",
        "early-training.order.first",
        "late-training.order.first",
        "《先训后审文件》第二条",
        "《先审后训文件》第五条",
        "请停用其中一条规则后再启用",
        'value="再试一次"',
    ):
        assert said in refused.text, said
    assert "is-running" in (await admin.open("/policies")).text
    assert (await admin.open("/policies/history")).text.count("起启用") == 1

    below = county.units["城关镇党委"].id
    fields = await open_form(admin, "late-training", below)
    assert (await ask(admin, "late-training", fields)).status_code == 422, "it is in force below, too"


async def test_a_policy_adopted_below_stands_in_the_way_of_one_above(admin: Browser, county: Seeded) -> None:
    top, below = county.units["组织部"].id, county.units["城关镇党委"].id
    fields = await open_form(admin, "early-training", top)
    fields |= {"act": ["end"], "day": ["2026-11-21"]}
    assert (
        await confirm(admin, "early-training", await ask(admin, "early-training", fields))
    ).status_code == 303
    assert (await adopt(admin, "late-training", below)).status_code == 303
    refused = await ask(admin, "early-training", await open_form(admin, "early-training", top))
    assert refused.status_code == 422
    assert "late-training.order.first" in refused.text


async def test_a_unit_does_not_come_where_the_policies_contradict_its_own(
    admin: Browser, county: Seeded
) -> None:
    """Neither by a move nor by a merger; nothing of either stays."""
    town, other = county.units["城关镇党委"].id, county.units["河西乡党委"].id
    assert (await adopt(admin, "early-training", other)).status_code == 303
    east = county.units["东街支部"].id
    assert (await adopt(admin, "late-training", east, day=["2026-11-02"])).status_code == 303
    for path, where in (
        (f"/units/{east}/move", {"parent": str(other)}),
        (f"/units/{town}/merge", {"into": str(other)}),
    ):
        await admin.open(path)
        refused = await admin.submit(path, **where, day="2026-11-21", version="0", seen=f"{other} 2026-11-21")
        assert refused.status_code == 409, refused.text
        for said in ("early-training.order.first", "late-training.order.first", "没有办理"):
            assert said in refused.text, said
    shown = (await admin.open(f"/units/{east}")).text
    assert "先审后训" in shown
    assert "先训后审" not in shown
    assert "撤销" not in (await admin.open(f"/units/{town}")).text.partition("沿革")[2]


async def test_a_case_does_not_come_with_a_branch_where_policies_contradict_those_it_began_under(
    admin: Browser, secretary: Browser, county: Seeded
) -> None:
    """The branch that is merged has policies of its own; its case would bring them along."""
    other, east, river = (county.units[name].id for name in ("河西乡党委", "东街支部", "上河支部"))
    assert (await adopt(admin, "early-training", other)).status_code == 303
    assert (await adopt(admin, "late-training", east, day=["2026-11-02"])).status_code == 303
    case = await case_after(county, "东街支部", "赵六", "applicant-talk", date(2026, 3, 2))
    path, fields = f"/units/{east}/merge", {"into": str(river), "day": "2026-11-21", "version": "0"}
    await admin.open(path)
    refused = await admin.submit(path, **fields, seen=f"{river} 2026-11-21")
    assert refused.status_code == 409, refused.text
    assert "late-training.order.first" in refused.text
    assert (await secretary.open(f"/cases/{case}")).status_code == 200


async def test_either_of_two_that_contradict_each_other_can_be_ended_or_changed(
    admin: Browser, county: Seeded
) -> None:
    """As after a merger that was made before such mergers were refused: the preview says so, and what it frees."""
    above, unit = county.units["河西乡党委"].id, county.units["上河支部"].id
    assert (await adopt(admin, "early-training", above)).status_code == 303
    case = await case_after(county, "上河支部", "钱七", "applicant-talk", date(2026, 3, 2))
    await contradicting(county)
    assert (await admin.open(f"/cases/{case}")).status_code == 409
    for plugin, where, act in (("early-training", above, "end"), ("late-training", unit, "adjust")):
        fields = await open_form(admin, plugin, where)
        rules = [] if act == "adjust" else fields["rule"]
        fields |= {"act": [act], "day": [TODAY.isoformat()], "basis": ["县委会议纪要"], "rule": rules}
        if plugin == "late-training":
            late = await ask(admin, plugin, fields)
            assert "请把日期改为这项政策启用的那一天再预览" in late.text
            fields |= {"day": ["2026-11-01"]}
        asked = await ask(admin, plugin, fields)
        assert asked.status_code == 200, asked.text
        for said in ("现在这里或下级执行的政策相互矛盾", "early-training.order.first", "这样改之后不再矛盾"):
            assert said in asked.text, (plugin, said)
    listed = (await admin.get("/api/v1/policies", params={"unit": str(above)})).json()["items"]
    [item] = [card["here"][0] for card in listed if card["id"] == "early-training"]
    end = {"type": "end", "activation_id": item["id"], "day": TODAY.isoformat()}
    body, headers = {"unit_id": str(above), "change": end}, {"x-csrftoken": admin.token}
    previewed = (await admin.post("/api/v1/policies/preview", json=body, headers=headers)).json()
    assert previewed["preview"]["remaining"]["before"]
    assert previewed["preview"]["remaining"]["after"] == []
    assert (await confirm(admin, "late-training", asked)).status_code == 303
    async with county_session(county.id):
        await recompute(await running_below("/"), TODAY, regime_of_path)
    assert (await admin.open(f"/cases/{case}")).status_code == 200


async def contradicting(county: Seeded) -> None:
    """The other one in force below, which no service of today lets happen."""
    unit = county.units["上河支部"]
    async with county_session(county.id):
        text = await texts.keep(installed().policies["late-training"])
        change = Adopt(plugin="late-training", since=date(2026, 11, 1), text=text)
        place = Place(unit.id, "上河支部", unit.path, "department")
        await write(clerk(county, "department"), plan((), change, place))
        await begin_policy_change()


async def test_what_contradicts_itself_is_said_and_keeps_nothing_else_waiting(
    admin: Browser, secretary: Browser, county: Seeded
) -> None:
    """People who come elsewhere bring along what their cases began under: such a case is not judged, and its page says why."""
    other, east = county.units["河西乡党委"].id, county.units["东街支部"].id
    assert (await adopt(admin, "early-training", other)).status_code == 303
    assert (await adopt(admin, "late-training", east, day=["2026-11-02"])).status_code == 303
    case = await case_after(county, "东街支部", "赵六", "applicant-talk", date(2026, 3, 2))
    river = county.units["上河支部"]
    async with county_session(county.id):
        person = await fetchval("select person_id from case_file where id = $1", case)
        await execute("update person set unit_id = $2, path = $3 where id = $1", person, river.id, river.path)
        await follow_people(clerk(county, "department"), [person], [], TODAY, regime_of_path)
        await recompute(await running_below("/"), TODAY, regime_of_path)
    shown = await admin.open(f"/cases/{case}")
    assert shown.status_code == 409
    assert "late-training.order.first" in shown.text
