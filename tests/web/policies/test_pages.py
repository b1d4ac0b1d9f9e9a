"""What the policy pages show: cards, the document of a plugin, the effective policy, who may see and do what."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from litestar import Litestar

from tests.web.conftest import Browser, Seeded, browser
from tests.web.policies.forms import adopt, open_form


async def test_every_installed_policy_is_a_card_and_the_national_one_cannot_be_switched_off(
    admin: Browser, county: Seeded
) -> None:
    answer = await admin.open("/policies")
    assert answer.status_code == 200
    assert answer.text.index("国家规定") < answer.text.index("牙克石“三级票决”")
    assert "任何一级都不能停用" in answer.text
    national = await admin.open("/policies/national")
    assert "全国统一，始终有效" in national.text
    assert 'name="rule"' not in national.text


async def test_the_national_policy_cannot_be_adopted_ended_or_left_out(
    admin: Browser, county: Seeded
) -> None:
    unit = str(county.units["组织部"].id)
    await admin.open("/policies/national")
    fields = {"unit": unit, "act": "adopt", "day": "2026-11-21", "rule": ["national.article-13.notice"]}
    for path in ("/policies/national/preview", "/policies/national"):
        answer = await admin.submit(path, **fields)
        assert answer.status_code == 409
        assert "全国规定在各级党组织一律有效" in answer.text
    local = await open_form(admin, "yakeshi", unit)
    local["rule"] += ["national.article-13.notice"]
    answer = await admin.submit("/policies/yakeshi/preview", **local)
    assert answer.status_code == 200, "a rule that is not the plugin's own is not even read"
    choice = {"without": ["national.article-13.notice"]}
    change = {"type": "adopt", "plugin": "yakeshi", "since": "2026-11-21", "choice": choice}
    answer = await admin.post(
        "/api/v1/policies/changes",
        json={"unit_id": unit, "change": change},
        headers={"x-csrftoken": admin.token},
    )
    assert answer.status_code == 422
    assert "不在可选之列" in answer.json()["sentence"]


async def test_the_document_says_of_each_rule_what_it_requires_where_it_comes_from_and_what_it_adds(
    admin: Browser, county: Seeded
) -> None:
    text = (await admin.open("/policies/yakeshi")).text
    for said in (
        "公示不少于 15 天。",
        "三·公示关·二",
        "yakeshi.public.fifteen-days",
        "由原文推断",
        "限：有广播、有线电视条件的镇村",
        "增设的环节",
        "已含于国家规定",
        "宽于国家的“超过半数”，以国家规定为准。",
        "党外群众民主测评的范围",
        "不能照搬的规定",
        "支委会没有这个权力",
        "没有可以核对的规定",
    ):
        assert said in text, said
    assert "默认不启用" in (await admin.open("/policies/jinhua-2014")).text
    norms = (await admin.open("/policies/sanji-norms")).text
    assert "以后再做的规定" in norms
    assert "换届选举" in norms
    bare = (await admin.open("/policies/wuhua-three")).text
    assert "没有可以执行的规则，不能启用。" in bare
    assert "三项制度：原文只有题名，三项制度各是什么没有写。" in bare
    assert "看看这样改之后" not in bare


async def test_each_rule_has_exactly_one_switch(admin: Browser, county: Seeded) -> None:
    from tenants.policies.plugins import installed

    for plugin, policy in installed().policies.items():
        text = (await admin.open(f"/policies/{plugin}")).text
        switches = re.findall(r'name="rule" value="([^"]+)"', text)
        assert sorted(switches) == sorted(policy.rule_ids())
        checked = re.findall(r'name="rule" value="([^"]+)" checked', text)
        assert set(checked) == {rule.id for rule in policy.rules if not rule.off}


async def test_the_effective_policy_shows_the_steps_in_order_with_their_sources(
    admin: Browser, county: Seeded
) -> None:
    text = (await admin.open("/policies/effective")).text
    assert text.index("递交入党申请书") < text.index("发展对象公示") < text.index("材料归档")
    assert "公示不少于 5 个工作日" in text
    assert "第十三条" in text
    assert "/policies/national?unit=" in text


async def test_the_effective_policy_of_another_day_and_of_people_with_tags(
    admin: Browser, county: Seeded
) -> None:
    before = (await admin.open("/policies/effective?day=2026-05-10")).text
    assert "公示不少于 5 个工作日" not in before, "the notice came with the revision of 2026-05-11"
    mobile = (await admin.open("/policies/effective?tags=mobile")).text
    assert "在流出地公示" in mobile
    assert "在流出地公示" not in (await admin.open("/policies/effective")).text
    answer = await admin.open("/policies/effective?day=gestern")
    assert answer.status_code == 422
    assert "不是一个日期" in answer.text


async def test_an_unknown_plugin_and_another_countys_unit_are_not_there(
    admin: Browser, county: Seeded, other_county: Seeded
) -> None:
    assert (await admin.open("/policies/no-such-plugin")).status_code == 404
    foreign = other_county.units["组织部"].id
    for path in ("", "/effective", "/history", "/yakeshi", "/rehearse"):
        assert (await admin.open(f"/policies{path}?unit={foreign}")).status_code == 404, path
        assert (await admin.open(f"/policies{path}?unit={uuid4()}")).status_code == 404, path
    fields = {"unit": str(foreign), "act": "adopt", "day": "2026-11-21"}
    for path in (
        "/policies/yakeshi/preview",
        "/policies/yakeshi",
        "/policies/yakeshi/edit",
        "/policies/rehearse",
    ):
        assert (await admin.submit(path, **fields)).status_code == 404, path


async def test_a_branch_secretary_sees_and_may_not_change(secretary: Browser, county: Seeded) -> None:
    answer = await secretary.open("/policies")
    assert answer.status_code == 200
    assert "城关镇东街支部" in answer.text
    page = await secretary.open("/policies/yakeshi")
    assert "您可以查看这项政策" in page.text
    assert 'name="rule"' not in page.text
    fields = {"unit": str(county.units["东街支部"].id), "act": "adopt", "day": "2026-11-21"}
    for path in ("/policies/yakeshi/preview", "/policies/yakeshi"):
        answer = await secretary.submit(path, **fields)
        assert answer.status_code == 403
        assert "您的职务权限中没有“启用、调整、停用政策”这一项" in answer.text
    assert (await secretary.open(f"/policies?unit={county.units['城关镇党委'].id}")).status_code == 404
    assert (await secretary.open("/policies/rehearse")).status_code == 403
    assert (await secretary.open("/policies/allowance")).status_code == 403


@pytest.fixture
async def committee(app: Litestar, county: Seeded) -> object:
    async with browser(app) as made:
        await made.sign_in(county, "committee-secretary")
        yield made


async def test_a_committee_may_adopt_more_only_where_the_department_allows_it(
    admin: Browser, committee: Browser, county: Seeded
) -> None:
    unit = county.units["城关镇党委"].id
    await committee.open("/policies")
    refused = await committee.submit(
        "/policies/nankang-record-review/preview", unit=str(unit), act="adopt", day="2026-11-21"
    )
    assert refused.status_code == 403
    assert "县委组织部没有开放" in refused.text
    await admin.open("/policies/allowance")
    answer = await admin.submit("/policies/allowance", level="committee")
    assert (answer.status_code, answer.headers["location"]) == (303, "/policies")
    assert "已开放基层党委自行增加政策" in (await admin.open("/policies")).text
    saved = await adopt(committee, "nankang-record-review", unit)
    assert saved.status_code == 303
    other = await admin.open(f"/policies?unit={county.units['河西乡党委'].id}")
    mine = await admin.open(f"/policies?unit={county.units['东街支部'].id}")
    assert "is-running" not in other.text
    assert "is-running" in mine.text
    top = await committee.submit(
        "/policies/yakeshi/preview", unit=str(county.units["组织部"].id), act="adopt", day="2026-11-21"
    )
    assert top.status_code == 404, "a committee does not decide for the county"


async def test_rehearsals_are_played_and_their_faults_said_in_sentences(
    admin: Browser, county: Seeded
) -> None:
    page = await admin.open("/policies/rehearse?plugin=yakeshi")
    unit = str(county.units["组织部"].id)
    shipped = re.findall(r'<option value="(yakeshi/[^"]+)"', page.text)
    assert len(shipped) >= 10
    answer = await admin.submit("/policies/rehearse", unit=unit, which="own", shipped=shipped[0])
    assert answer.status_code == 200
    assert "全部期望成立" in answer.text
    script = (
        "title: 公示天数\ngiven: {through: prospect-consent, day: 2026-05-20}\nscript:\n"
        "  - {day: 2026-06-01, do: prospect-notice}\n"
        "  - {day: 2026-06-09, expect: {step: prospect-notice, state: done}}\n"
    )
    plain = await admin.submit("/policies/rehearse", unit=unit, which="picked", text=script)
    assert "全部期望成立" in plain.text
    stricter = await admin.submit(
        "/policies/rehearse", unit=unit, which="picked", plugin="yakeshi", text=script
    )
    assert "1 处与期望不符" in stricter.text
    assert "state 期望 done，实际 waiting" in stricter.text
    for text, said in (
        ("title: x\npolcies: []", "有不认识的“polcies”，是不是“policies”"),
        ("title: [", "不是正确的 YAML"),
        ("title: x\nscript: [{day: 2026-06-01, do: no-such-step}]", "没有环节“no-such-step”"),
        ("title: x\nscript: 5", "这份排演不能执行"),
    ):
        answer = await admin.submit("/policies/rehearse", unit=unit, which="own", text=text)
        assert answer.status_code == 422, text
        assert said in answer.text, (text, answer.text)
    nothing = await admin.submit("/policies/rehearse", unit=unit, which="own")
    assert nothing.status_code == 422
    assert "请选择一份排演" in nothing.text
