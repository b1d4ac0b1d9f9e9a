"""Panels of plugins on the page of a case and on the workbench: typed, escaped, and never in anybody's way."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from core.database import execute
from core.plans.draw import draw
from core.plans.model import PlanDraft
from tenants.database.session import county_session
from tenants.policies.changes import Adopt, Choice
from tenants.policies.regimes import regime_of_path
from tenants.policies.service import apply
from tests.web.conftest import TODAY, Browser, Seeded
from tests.web.policies.seed import case_after, clerk
from tests.web.policies.stranger import POLICY, write

EXAMPLE = """
import dangwu
from dangwu import Case, Desk, Fact, Panel

@dangwu.hookimpl
def dangwu_panels(place, subject, today):
    if place == "case" and isinstance(subject, Case):
        age = today.year - subject.subject.born.year if subject.subject.born else "不详"
        records = Fact("记录", f"{len(subject.entries)} 项", alert=True)
        yield Panel("本县提示", (Fact("周岁", f"{age}<b>"), records), note="仅供参考")
    if place == "workbench" and isinstance(subject, Desk):
        yield Panel("本县进度", (Fact("层级", "、".join(sorted(subject.levels))), Fact("等我办", str(subject.waiting))))
"""
WRONG = {
    "raise": ("raise RuntimeError('坏了')", "出错（RuntimeError，{name}.py 第 5 行）"),
    "text": ("return ['not a panel']", "出错（给出的不是 Panel）"),
    "long": ("return dangwu.Panel('题' * 41)", "出错（ValidationError"),
    "exit": ("raise SystemExit(3)", "出错（SystemExit，{name}.py 第 5 行）"),
}
BROKEN = "import dangwu\n\n@dangwu.hookimpl\ndef dangwu_panels(place):\n    {body}\n"


async def adopt(county: Seeded, plugin: str, unit: str = "组织部") -> None:
    async with county_session(county.id):
        change = Adopt(plugin=plugin, since=TODAY, choice=Choice(basis="县委会议纪要"))
        await apply(clerk(county, "department"), county.units[unit].id, change, TODAY)


@pytest.fixture
async def case(county: Seeded, shelf: Path, request: pytest.FixtureRequest) -> UUID:
    name = f"面{request.node.name[5:25]}".replace("_", "")
    return await case_after(county, "东街支部", name, "applicant-talk", date(2026, 3, 2))


async def test_a_plugin_in_force_shows_its_panels_and_what_it_says_is_text(
    admin: Browser, county: Seeded, shelf: Path, case: UUID
) -> None:
    write(shelf, "shown", POLICY, EXAMPLE)
    assert "本县提示" not in (await admin.open(f"/cases/{case}")).text, "it is not in force"
    await adopt(county, "shown")
    page = (await admin.open(f"/cases/{case}")).text
    assert "<h2>本县提示</h2>" in page
    assert "<dt>周岁</dt><dd>36&lt;b&gt;</dd>" in page
    assert '<dd class="late">' in page
    desk = (await admin.open("/")).text
    assert "<h2>本县进度</h2>" in desk
    assert "<dd>department</dd>" in desk
    write(shelf, "shown", POLICY, "import no_such_module\n")
    assert (await admin.open("/")).status_code == 200, "whatever is wrong with a policy"
    write(shelf, "shown", POLICY, EXAMPLE)


async def test_only_below_the_unit_that_has_adopted_it(
    admin: Browser, county: Seeded, shelf: Path, case: UUID
) -> None:
    write(shelf, "elsewhere", POLICY, EXAMPLE.replace("本县", "河西"))
    await adopt(county, "elsewhere", "河西乡党委")
    assert "河西提示" not in (await admin.open(f"/cases/{case}")).text


@pytest.mark.parametrize("kind", list(WRONG))
async def test_one_that_is_wrong_is_named_and_the_page_stands(
    admin: Browser, county: Seeded, shelf: Path, case: UUID, kind: str
) -> None:
    name = f"wrong-{kind}"
    body, said = WRONG[kind]
    write(shelf, name, POLICY.replace("某县补充规定", f"{kind} 县办法"), BROKEN.format(body=body))
    await adopt(county, name)
    answer = await admin.open(f"/cases/{case}")
    assert answer.status_code == 200
    assert "任务" in answer.text or "推荐和确定入党积极分子" in answer.text
    assert f"“{kind} 县办法”的补充内容没有显示：{said.format(name=name)}" in answer.text


async def test_one_that_is_slow_is_left_out_and_after_a_while_not_asked_any_more(
    admin: Browser, county: Seeded, shelf: Path, case: UUID
) -> None:
    write(shelf, "slow", POLICY, BROKEN.format(body="__import__('time').sleep(600)"))
    await adopt(county, "slow")
    first, *_, again = [(await admin.open(f"/cases/{case}")).text for _ in range(4)]
    assert "的补充内容没有显示：出错（停着等待超过" in first
    assert "的补充内容没有显示：接连出错或者太慢，暂不显示" in again


TABLES = """
import dangwu
from dangwu import Report

@dangwu.hookimpl
def dangwu_reports(figures, today):
    {body}
"""


async def test_tables_of_the_statistics_are_guarded_in_the_same_way(
    admin: Browser, county: Seeded, shelf: Path
) -> None:
    bodies = {
        "counting": "yield Report('本县<b>一览', ('人员', '人数'), tuple((k, str(v)) for k, v in figures.people.items()))",
        "planning": "yield Report('计划', ('计划数', '列入'), tuple((str(p.total), str(p.named))"
        " for p in figures.plans.values()))",
        "ragged": "return Report('缺一格', ('甲', '乙'), (('一',),))",
        "endless": "__import__('time').sleep(600)",
    }
    for name, body in bodies.items():
        write(shelf, name, POLICY.replace("某县补充规定", f"{name} 县办法"), TABLES.format(body=body))
        await adopt(county, name)
    async with county_session(county.id):
        draft = PlanDraft(total=3, guidance="指导意见")
        top, who = county.units["组织部"].id, clerk(county, "department")
        change = Adopt(plugin="jinhua-2014", since=TODAY, choice=Choice(basis="县委会议纪要"))
        await apply(who, top, change, TODAY)
        await draw(who, top, "admission-plan", TODAY.year, draft, regime_for=regime_of_path, today=TODAY)
        await execute("update year_plan set approved = 1, state = 'approved'")
    page = await admin.open("/statistics/reports")
    assert page.status_code == 200
    assert "<h2>本县&lt;b&gt;一览</h2>" in page.text
    assert re.search(r'<th>3</th>\s*<td data-label="列入">0</td>', page.text)
    assert "“ragged 县办法”的报表没有显示：出错（ValueError" in page.text
    assert "“endless 县办法”的报表没有显示" in page.text
