"""拆分 on its page: who goes where by lists, tags and one by one; what is shown is what is done, and nothing else is taken."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import httpx
import msgspec
import pytest
from litestar import Litestar

from core.changes.split import MOST_PARTS
from core.changes.tags import set_tags
from core.organisation.model import UnitView
from core.organisation.service import UnitDraft, create
from core.register.model import PersonDraft
from core.register.rights.spans import SpanDraft, add_span
from core.register.service import enter
from tenants.database.session import county_session
from tenants.policies.changes import Adopt
from tenants.policies.service import apply
from tests.web.conftest import TODAY, Browser, Seeded, account_of, everything
from tests.web.forms import Read, Sent
from tests.web.policies.seed import case_after

DAY = "2026-11-20"


class Ground(msgspec.Struct):
    """A branch to be divided: its page, its people by name, its group."""

    unit: UnitView
    people: dict[str, UUID]
    group: UUID

    @property
    def at(self) -> str:
        return f"/units/{self.unit.id}/split"


@pytest.fixture(scope="module")
async def ground(app: Litestar, county: Seeded) -> Ground:
    """With a secretary, two of one name, one of a tag, a case, a group, a role, and a policy of its own."""
    actor = everything()
    async with county_session(county.id):
        draft = UnitDraft(
            kind="branch", name="城关镇北街支部", short_name="北街支部", founded=date(2020, 1, 1)
        )
        unit = await create(actor, county.units["城关镇党委"].id, draft, TODAY)
        group = await create(actor, unit.id, UnitDraft(kind="group", name="北街第一小组"), TODAY)
        people = {}
        for number, name in enumerate(("分甲", "分乙", "分丙", "同名", "同名")):
            member = PersonDraft(
                name=name,
                membership="full",
                joined=date(2010, 7, 1),
                converted=date(2011, 7, 1),
                born=date(1980, 1, 1 + number),
            )
            people[name if name not in people else "同名二"] = await enter(actor, unit.id, member, TODAY)
        post = SpanDraft(word="branch-secretary", since=date(2024, 3, 1), unit_id=unit.id)
        await add_span(actor, people["分甲"], "post", post, TODAY)
        await set_tags(actor, people["分丙"], frozenset({"rural"}), date(2026, 11, 1), TODAY)
        await account_of("of-north", "branch-organizer", unit, TODAY)
        await apply(actor, unit.id, Adopt(plugin="yakeshi", since=date(2026, 11, 1)), TODAY)
    county.units["北街支部"] = unit
    await case_after(county, "北街支部", "分在办", "activist-filing", date(2026, 11, 2))
    return Ground(unit, people, group.id)


async def send(who: Browser, at: str, typed: Sent) -> httpx.Response:
    """As a browser sends the form as it stands."""
    await who.open(at)
    body = urlencode({**typed, "_csrf_token": [who.token], "_once": []}, doseq=True)
    return await who.post(at, content=body, headers={"content-type": "application/x-www-form-urlencoded"})


def shown(answer: httpx.Response, at: str, **otherwise: list[str]) -> Sent:
    """The form that stands on a page, as it is sent, but for some fields."""
    form = Read(answer.text).form(at)
    assert form is not None
    return {name: value for name, value in form.sent(**otherwise).items() if name != "more"}


def facts(page: str) -> dict[str, str]:
    """What it will mean."""
    pairs = re.findall(r"<dt>([^<]+)</dt>\s*<dd>(.*?)</dd>", page, re.S)
    return {name: re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", said)).strip() for name, said in pairs}


GOOD: Sent = {"name-0": ["北街第二支部"], "rest": ["stays"], "day": [DAY], "paper": ["城党发〔2026〕9 号"]}


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"name-0": [""]}, "name-0", "请填写名称。"),
        ({"name-0": ["名" * 81]}, "name-0", "最多 80 个字"),
        ({"kind-0": ["committee"]}, "kind-0", "请选择类别。"),
        ({"paper": [""]}, "paper", "请填写批准的文件。"),
        ({"day": ["2026-11-22"]}, "day", "不能晚于今天"),
        ({"day": ["2019-12-31"]}, "day", "早于"),
        ({"day": ["昨天"]}, "day", "“昨天”不是一个日期"),
        ({"rest": ["7"]}, "rest", "请选择原组织。"),
        ({"rest": []}, "rest", "请选择原组织。"),
        ({"list-0": ["分甲\n分某"]}, "list-0", "这里没有直接登记分某"),
        ({"list-0": ["分" * 200]}, "list-0", "这里没有直接登记" + "分" * 60 + "。"),
        ({"list-0": ["同名"]}, "list-0", "同名有同名的人，名单分不清"),
        ({"tag-0": ["no-such"]}, "tag-0", "请选择特征。"),
        ({"code-0": ["码" * 41]}, "code-0", "最多 40 个字"),
    ],
)
async def test_what_cannot_be_is_said_at_its_field_each_time_it_is_sent(
    admin: Browser, county: Seeded, ground: Ground, wrong: Sent, field: str, said: str
) -> None:
    """Sent again as it stands it is refused again: a name of a list that means nobody is not dropped the second time."""
    begun = await admin.open(ground.at)
    answer = await send(admin, ground.at, shown(begun, ground.at, **{"list-0": ["分甲"], **GOOD, **wrong}))
    for _ in range(2):
        assert answer.status_code == 422, answer.text
        assert said in re.findall(rf'id="e-{field}">([^<]+)', answer.text)[0]
        form = Read(answer.text).form(ground.at)
        assert form is not None
        for name, value in {**GOOD, "list-0": ["分甲"], **wrong}.items():
            if name not in ("kind-0", "rest", "tag-0"):
                assert form.fields[name].sent() == value, name
        if field.startswith(("kind", "tag")):
            break  # of a choice that there is not, nothing stands there any more
        answer = await send(admin, ground.at, shown(answer, ground.at))
    async with county_session(county.id) as session:
        assert await session.fetchval("select count(*) from unit where name like '北街第二%'") == 0


async def test_somebody_is_on_one_list_only_and_nobody_can_be_without_anything(
    admin: Browser, ground: Ground
) -> None:
    begun = await admin.open(ground.at)
    two = await send(admin, ground.at, shown(begun, ground.at, **GOOD, more=["1"]) | {"more": ["1"]})
    assert two.status_code == 200
    assert "第 2 个新组织" in two.text
    both = {"list-0": ["分丙"], "tag-1": ["rural"], "name-1": ["北街第三支部"]}
    answer = await send(admin, ground.at, shown(two, ground.at, **both))
    assert (answer.status_code, "分丙同时符合另一个新组织的名单或特征" in answer.text) == (422, True)
    answer = await send(admin, ground.at, shown(answer, ground.at, **{"list-0": ["分甲"], "tag-1": [""]}))
    assert (answer.status_code, "划入“北街第三支部”" in answer.text) == (422, True), "it would be empty"
    assert f'name="to-{ground.people["分甲"]}"' in answer.text
    form = Read(answer.text).form(ground.at)
    assert form is not None
    assert form.fields[f"to-{ground.people['分甲']}"].chosen == ["0"], "the list has filled in where he goes"
    for _ in range(MOST_PARTS):
        answer = await send(admin, ground.at, shown(answer, ground.at) | {"more": ["1"]})
    assert f"第 {MOST_PARTS} 个新组织" in answer.text
    assert 'name="more"' not in answer.text, "no more than these"


async def test_what_is_shown_is_what_is_done(
    admin: Browser, secretary: Browser, county: Seeded, ground: Ground
) -> None:
    """The page and the API foresee the same; then it is so, and what hung on the old branch has ended."""
    begun = await admin.open(ground.at)
    first = {
        "list-0": ["分甲、分乙"],
        "tag-0": ["rural"],
        "code-0": ["152201"],
        f"to-{ground.people['同名']}": ["0"],
    }
    answer = await send(
        admin, ground.at, shown(begun, ground.at, **GOOD, **first, **{"units-0": [str(ground.group)]})
    )
    assert answer.status_code == 200, answer.text
    said = facts(answer.text)
    assert said["北街第二支部"].startswith(
        "新设党支部（编码 152201）：人员 4 名（正式党员 4 名）；下级党组织：北街第一小组"
    )
    assert said["城关镇北街支部"].startswith("保留：人员 2 名（正式党员 1 名）；发展党员 1 件")
    assert (
        said["随之终止"] == "分甲的党支部书记；设在原组织的 1 项职务权限"
        or said["随之终止"] == "分甲的党支部书记"
    )
    assert "启用，新组织需要的请另行启用" in said["不再执行的政策"]
    plan: dict[str, Any] = {
        "day": DAY, "paper": "城党发〔2026〕9 号",
        "parts": [{
            "draft": {"kind": "branch", "name": "北街第二支部", "code": "152201"}, "units": [str(ground.group)],
            "people": [str(ground.people[one]) for one in ("分甲", "分乙", "分丙", "同名")],
        }],
    }  # fmt: skip
    csrf = {"x-csrftoken": admin.token}
    told = await admin.post(f"/api/v1{ground.at}/foreseen", json={"version": 0, "plan": plan}, headers=csrf)
    assert told.status_code in (200, 201), told.text
    [part] = told.json()["parts"]
    assert (part["people"], part["full"], part["units"], part["cases"]) == (4, 4, ["北街第一小组"], {})
    assert (told.json()["left"]["people"], told.json()["left"]["cases"]) == (2, {"admission": 1})
    assert [one["title"] for one in told.json()["posts"]] == ["党支部书记"]
    changed = shown(answer, ground.at, paper=["城党发〔2026〕10 号"])
    other = await send(admin, ground.at, changed)
    assert (other.status_code, "尚未保存" in other.text) == (200, True), "another paper is shown first"
    gone = shown(other, ground.at, rest=["0"])
    ended = await send(admin, ground.at, gone)
    assert facts(ended.text)["城关镇北街支部"].startswith("撤销，其余归入“北街第二支部”：人员 2 名")
    assert "设在原组织的 1 项职务权限" in facts(ended.text)["随之终止"]
    done = await send(admin, ground.at, shown(ended, ground.at))
    assert done.status_code == 303, done.text
    page = (await admin.open(done.headers["location"])).text
    assert "已设立“北街第二支部”" in page
    assert "在原组织的 1 项党内职务已经终止。" in page
    assert "设在原组织的 1 项职务权限已经终止。" in page
    old = (await admin.open(f"/units/{ground.unit.id}")).text
    assert "该党组织已于 2026-11-20 撤销。" in old
    assert "人员和事项已并入<a href" in old
    assert (await admin.open(ground.at)).status_code == 409, "what is gone is not divided"
    async with county_session(county.id) as session:
        places = await session.fetch(
            "select distinct u.name from person p join unit u on u.id = p.unit_id where p.name like '分%'"
        )
        assert [row[0] for row in places] == ["北街第二支部"]
    assert (await secretary.open(ground.at)).status_code in (403, 404)


async def test_the_departments_own_and_a_temporary_branch_are_not_divided(
    admin: Browser, county: Seeded
) -> None:
    top = await admin.open(f"/units/{county.units['组织部'].id}/split")
    assert (top.status_code, "不能拆分" in top.text) == (409, True)
