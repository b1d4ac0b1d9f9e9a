"""Changing policies through the pages: the preview tells the truth, what is confirmed is what was previewed."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from core.casework.standing.sweep import recompute, running_below
from core.database import fetch
from tenants.database.session import county_session
from tenants.policies.regimes import regime_of_path
from tests.web.conftest import TODAY, Browser, Seeded
from tests.web.policies.forms import adopt, ask, confirm, forms, open_form, send
from tests.web.policies.seed import case_after, do


@pytest.fixture(scope="module")
async def cases(county: Seeded) -> dict[str, UUID]:
    """One case before its notice, one whose notice has been posted, one at the meeting, one far on, in two committees."""
    made = {
        "before": await case_after(county, "东街支部", "钱未示", "prospect-consent", date(2026, 11, 2)),
        "posted": await case_after(county, "东街支部", "孙已示", "prospect-consent", date(2026, 11, 2)),
        "form": await case_after(county, "东街支部", "李志愿", "admission-form", date(2026, 11, 3)),
        "late": await case_after(county, "上河支部", "周将满", "admission-form", date(2026, 10, 22)),
        "early": await case_after(county, "上河支部", "吴积极", "cultivation", date(2026, 10, 8)),
    }
    await do(county, made["posted"], "prospect-notice", date(2026, 11, 18))
    return made


async def effective(
    browser: Browser, unit: object, day: str = "2026-11-21", **query: str
) -> dict[str, list[str]]:
    """Step → its requirements, by the API."""
    answer = await browser.get("/api/v1/policies/effective", params={"unit": str(unit), "day": day, **query})
    assert answer.status_code == 200, answer.text
    return {
        step["id"]: [part["text"] for facet in step["facets"] for part in facet["parts"]]
        for stage in answer.json()["stages"]
        for step in stage["steps"]
    }


async def standings(county: Seeded) -> dict[UUID, dict[str, Any]]:
    """How all cases stand, worked out anew under the policies as they are."""
    columns = "id, person_name, status, stage, open_steps, open_states, reasons, next_due"
    async with county_session(county.id):
        await recompute(await running_below(county.units["组织部"].path), TODAY, regime_of_path)
        return {row["id"]: dict(row) for row in await fetch(f"select {columns} from case_file")}


def state(row: dict[str, Any], step: str) -> str:
    """The state of an open step, "" if it is not open."""
    return str(dict(zip(row["open_steps"], row["open_states"], strict=True)).get(step, ""))


async def test_switching_a_policy_on_and_off_again(
    admin: Browser, county: Seeded, cases: dict[str, UUID]
) -> None:
    unit = county.units["组织部"].id
    before = await standings(county)
    assert "公示不少于 15 天" not in (await effective(admin, unit))["prospect-notice"]
    fields = await open_form(admin, "yakeshi", unit)
    fields["basis"] = ["东组发〔2026〕9 号"]
    previewed = await ask(admin, "yakeshi", fields)
    assert "尚未保存" in previewed.text
    assert "“东河县委组织部”自 2026-11-21 起启用“牙克石‘三级票决’和转正前回访”。" in previewed.text
    assert "公示不少于 15 天" in previewed.text
    assert "接收预备党员公示" in previewed.text
    assert "党外群众民主测评的范围" in previewed.text
    assert "条职责、评级、年度计划的规定增加" in previewed.text
    assert "公示不少于 15 天" not in (await effective(admin, unit))["prospect-notice"], "nothing is saved yet"
    saved = await confirm(admin, "yakeshi", previewed)
    assert (saved.status_code, saved.headers["location"]) == (303, f"/policies?unit={unit}")
    notice = (await effective(admin, unit))["prospect-notice"]
    assert {"公示不少于 5 个工作日", "公示不少于 15 天"} <= set(notice), (
        "both are counted out, the later end decides"
    )
    after = await standings(county)
    assert state(before[cases["form"]], "admission-meeting") == "open"
    assert state(after[cases["form"]], "admission-notice") == "open"
    assert state(after[cases["form"]], "admission-meeting") == "", "the notice comes first now"
    assert after[cases["posted"]] == before[cases["posted"]], "what has begun is finished under its own rules"
    page = await admin.open("/policies")
    assert "东组发〔2026〕9 号" in page.text
    assert "以下政策还有待填的内容" in page.text

    fields = await open_form(admin, "yakeshi", unit)
    assert fields["act"] == ["adjust"]
    fields |= {"act": ["end"], "day": ["2026-11-21"]}
    previewed = await ask(admin, "yakeshi", fields)
    assert "起停用" in previewed.text
    assert "不再要求" in previewed.text
    assert (await confirm(admin, "yakeshi", previewed)).status_code == 303
    assert "公示不少于 15 天" not in (await effective(admin, unit))["prospect-notice"]
    assert await standings(county) == before
    history = (await admin.open("/policies/history")).text
    assert "自 2026-11-21 起启用" in history
    assert "撤销自 2026-11-21 起的启用，视同没有启用过" in history, "it had begun, that morning"


async def test_the_numbers_of_the_preview_are_what_happens(
    admin: Browser, county: Seeded, cases: dict[str, UUID]
) -> None:
    unit = county.units["组织部"].id
    before = await standings(county)
    fields = await open_form(admin, "yakeshi", unit)
    previewed = await ask(admin, "yakeshi", fields)
    change = {"type": "adopt", "plugin": "yakeshi", "since": "2026-11-21"}
    asked = await admin.post(
        "/api/v1/policies/preview",
        json={"unit_id": str(unit), "change": change},
        headers={"x-csrftoken": admin.token},
    )
    told = asked.json()["preview"]["cases"]
    assert (await confirm(admin, "yakeshi", previewed)).status_code == 303
    after = await standings(county)
    really = {case for case in before if after[case] != before[case]}
    assert {UUID(one["case_id"]) for one in told["listed"]} == really
    assert told["affected"] == len(really) > 0
    assert told["under_way"] == len(before)
    for effect, states in (("waits", "waiting"), ("fails", "failed")):
        now = {
            case
            for case in really
            for step in after[case]["open_steps"]
            if state(after[case], step) == states != state(before[case], step)
        }
        assert told["counts"][effect] == len(now)
    blocked = {case for case in really if set(before[case]["open_steps"]) - set(after[case]["open_steps"])}
    assert told["counts"]["blocks"] == len(blocked)
    assert f"受影响 <b>{len(really)}</b>件" in previewed.text
    assert f"其中暂不能往下办 <b>{told['held']}</b>件" in previewed.text
    assert len(blocked) <= told["held"] <= len(really)
    for case in really:
        assert f'/cases/{case}"' in previewed.text
        assert before[case]["person_name"] in previewed.text
    await _end(admin, unit)


async def test_deadlines_that_can_be_met_no_more_are_named(
    admin: Browser, county: Seeded, cases: dict[str, UUID]
) -> None:
    """The meeting is due by 2026-11-22 (a month after the pre-review), and a notice of 15 days takes longer."""
    fields = await open_form(admin, "yakeshi", county.units["组织部"].id)
    text = (await ask(admin, "yakeshi", fields)).text
    assert "可能误期 <b>2</b>件" in text
    danger = text[text.index('id="danger"') : text.index('id="rules"')]
    assert "周将满" in danger
    assert "最迟须在 2026-11-22 办理" in danger
    assert "吴积极" not in danger


async def _end(browser: Browser, unit: object, plugin: str = "yakeshi") -> None:
    fields = await open_form(browser, plugin, unit)
    fields |= {"act": ["end"], "day": ["2026-11-21"]}
    assert (await confirm(browser, plugin, await ask(browser, plugin, fields))).status_code == 303


async def test_a_rule_is_left_out_and_one_that_is_off_is_switched_on(admin: Browser, county: Seeded) -> None:
    unit = county.units["组织部"].id
    fields = await open_form(admin, "yakeshi", unit)
    fields["rule"].remove("yakeshi.public.fifteen-days")
    previewed = await ask(admin, "yakeshi", fields)
    assert "公示不少于 15 天" not in previewed.text
    assert (await confirm(admin, "yakeshi", previewed)).status_code == 303
    assert "公示不少于 15 天" not in (await effective(admin, unit))["prospect-notice"]
    document = (await admin.open("/policies/yakeshi")).text
    assert 'value="yakeshi.public.fifteen-days" checked' not in document
    assert 'value="yakeshi.public.one-week" checked' in document
    history = (await admin.open("/policies/history")).text
    assert "不执行：“公示 15 天”。" in history or "不执行：“" in history
    await _end(admin, unit)

    fields = await open_form(admin, "jinhua-2014", unit)
    off = re.findall(
        r'value="(jinhua-2014\.[^"]+)" (?!checked)', (await admin.open("/policies/jinhua-2014")).text
    )
    assert off
    fields["rule"] += [off[0]]
    assert (await confirm(admin, "jinhua-2014", await ask(admin, "jinhua-2014", fields))).status_code == 303
    detail = (await admin.get("/api/v1/policies/jinhua-2014")).json()
    assert detail["activations"][0]["choice"]["also"] == [off[0]]
    await _end(admin, unit, "jinhua-2014")


async def test_blanks_are_filled_in_their_own_type(admin: Browser, county: Seeded) -> None:
    unit = county.units["组织部"].id
    fields = await open_form(admin, "yakeshi", unit)
    fields |= {"fill-committee-pass": ["三分之二"], "basis": ["按会议纪要"]}
    refused = await ask(admin, "yakeshi", fields)
    assert refused.status_code == 422
    assert "“党（工）委票决的通过比例”填的是“三分之二”，不是比例。请写成 &gt;1/2" in refused.text
    assert 'value="三分之二"' in refused.text
    assert 'value="按会议纪要"' in refused.text, "what was typed stays"
    fields["fill-committee-pass"] = [">=2/3"]
    previewed = await ask(admin, "yakeshi", fields)
    assert "赞成票须不少于 2/3" in previewed.text
    assert (await confirm(admin, "yakeshi", previewed)).status_code == 303
    assert (
        "赞成票须不少于 2/3（占应到会有表决权的人数）" in (await effective(admin, unit))["admission-approval"]
    )
    page = (await admin.open("/policies")).text
    assert "待填 3 项" in page
    assert "党（工）委票决的通过比例" not in page
    assert (
        "填空“党（工）委票决的通过比例”：填为“不少于 2/3”。" in (await admin.open("/policies/history")).text
    )
    await _end(admin, unit)


async def test_numbers_and_lists_are_read_too(admin: Browser, county: Seeded) -> None:
    from tenants.policies.plugins import installed

    wrong = {"number": "十五", "share": "一半"}
    for plugin, policy in installed().policies.items():
        for name, blank in policy.blanks.items():
            if blank.type in wrong:
                fields = await open_form(admin, plugin, county.units["组织部"].id)
                fields[f"fill-{name}"] = [wrong[blank.type]]
                answer = await ask(admin, plugin, fields)
                assert answer.status_code == 422, (plugin, name)
                assert f"“{blank.title}”填的是" in answer.text


async def test_a_stale_preview_is_refused_with_what_has_changed_and_keeps_what_was_typed(
    admin: Browser, county: Seeded
) -> None:
    unit = county.units["组织部"].id
    fields = await open_form(admin, "yakeshi", unit)
    fields["basis"] = ["第一次讨论的意见"]
    fields["rule"].remove("yakeshi.public.one-week")
    previewed = await ask(admin, "yakeshi", fields)
    assert (await adopt(admin, "nankang-record-review", unit)).status_code == 303
    stale = await confirm(admin, "yakeshi", previewed)
    assert stale.status_code == 409
    assert "预览之后，这里的政策又有了变化" in stale.text
    assert "组织部管理员在“东河县委组织部”对“南康“纪实联审”" in stale.text
    assert 'value="第一次讨论的意见"' in stale.text
    kept = forms(stale)["/policies/yakeshi/preview"]
    assert kept["rule"] == fields["rule"]
    assert "yakeshi" not in [one["plugin"] for one in (await _live(admin, unit))]
    again = await ask(admin, "yakeshi", kept)
    assert (await confirm(admin, "yakeshi", again)).status_code == 303
    await _end(admin, unit)
    await _end(admin, unit, "nankang-record-review")


async def _live(browser: Browser, unit: object) -> list[dict[str, Any]]:
    listed = (await browser.get("/api/v1/policies", params={"unit": str(unit)})).json()["items"]
    return [{"plugin": card["id"]} for card in listed if card["state"] == "running"]


async def test_a_change_elsewhere_does_not_disturb_a_preview(admin: Browser, county: Seeded) -> None:
    mine, other = county.units["城关镇党委"].id, county.units["河西乡党委"].id
    previewed = await ask(admin, "songyuan", await open_form(admin, "songyuan", mine))
    assert (await adopt(admin, "liaoyuan-1443", other)).status_code == 303
    assert (await confirm(admin, "songyuan", previewed)).status_code == 303
    await _end(admin, mine, "songyuan")
    await _end(admin, other, "liaoyuan-1443")


async def test_without_a_preview_nothing_is_saved(admin: Browser, county: Seeded) -> None:
    unit = county.units["组织部"].id
    fields = await open_form(admin, "yakeshi", unit)
    answer = await send(admin, "/policies/yakeshi", fields)
    assert answer.status_code == 409
    assert not await _live(admin, unit)


async def test_back_from_the_preview_everything_is_as_it_was_typed(admin: Browser, county: Seeded) -> None:
    unit = county.units["组织部"].id
    fields = await open_form(admin, "yakeshi", unit)
    fields |= {"day": ["2026-12-01"], "until": ["2027-06-01"], "fill-appraisal-scope": ["全体群众"]}
    fields["rule"].remove("yakeshi.public.one-week")
    previewed = await ask(admin, "yakeshi", fields)
    back = await send(admin, "/policies/yakeshi/edit", forms(previewed)["/policies/yakeshi"])
    assert back.status_code == 200
    kept = forms(back)["/policies/yakeshi/preview"]
    for name in ("day", "until", "fill-appraisal-scope", "rule"):
        assert kept[name] == fields[name], name


async def test_dates_that_cannot_be_are_refused_in_a_sentence(admin: Browser, county: Seeded) -> None:
    unit = county.units["组织部"].id
    fields = await open_form(admin, "yakeshi", unit)
    for changed, said in (
        ({"day": ["2026-12-01"], "until": ["2026-12-01"]}, "停用日期应晚于启用日期"),
        ({"day": ["gestern"]}, "不是一个日期"),
        ({"day": [""]}, "请填写日期"),
    ):
        answer = await ask(admin, "yakeshi", {**fields, **changed})
        assert answer.status_code == 422
        assert said in answer.text


async def test_a_policy_can_begin_later_and_be_adjusted_from_a_later_day(
    admin: Browser, county: Seeded
) -> None:
    unit = county.units["上河支部"].id
    assert (await adopt(admin, "yakeshi", unit, day=["2026-12-01"])).status_code == 303
    assert "公示不少于 15 天" not in (await effective(admin, unit))["prospect-notice"]
    assert "公示不少于 15 天" in (await effective(admin, unit, "2026-12-01"))["prospect-notice"]
    assert "is-coming" in (await admin.open(f"/policies?unit={unit}")).text
    fields = await open_form(admin, "yakeshi", unit)
    fields["rule"].remove("yakeshi.public.fifteen-days")
    fields |= {"day": ["2027-01-01"], "basis": ["试行一个月后调整"]}
    assert (await confirm(admin, "yakeshi", await ask(admin, "yakeshi", fields))).status_code == 303
    assert "公示不少于 15 天" in (await effective(admin, unit, "2026-12-31"))["prospect-notice"]
    assert "公示不少于 15 天" not in (await effective(admin, unit, "2027-01-01"))["prospect-notice"]
    history = (await admin.open(f"/policies/history?unit={unit}")).text
    assert "2 次变更" in history
    assert "自 2027-01-01 起调整" in history
    assert "试行一个月后调整" in history
    both = (await admin.open(f"/policies/yakeshi?unit={unit}")).text
    assert both.count("activation=") == 2


async def test_below_the_page_shows_what_has_been_decided_above(
    admin: Browser, secretary: Browser, county: Seeded
) -> None:
    fields = await open_form(admin, "songyuan", county.units["组织部"].id)
    left_out = fields["rule"].pop()
    assert (await confirm(admin, "songyuan", await ask(admin, "songyuan", fields))).status_code == 303
    text = (await secretary.open("/policies/songyuan")).text
    assert "东河县委组织部自 2026-11-21 起，执行" in text
    taken = len(fields["rule"])
    assert f"执行 {taken} 条" in (await secretary.open("/policies")).text
    line = text[text.index(f'id="r-{left_out.replace(".", "-")}"') :]
    assert line[: line.index("</strong>")].count('title="不执行"') == 1
    await _end(admin, county.units["组织部"].id, "songyuan")


async def test_a_form_that_names_no_unit_changes_nothing(admin: Browser, county: Seeded) -> None:
    fields = await open_form(admin, "yakeshi", county.units["组织部"].id)
    fields.pop("unit")
    for path in (
        "/policies/yakeshi/preview",
        "/policies/yakeshi",
        "/policies/yakeshi/edit",
        "/policies/rehearse",
    ):
        answer = await send(admin, path, fields)
        assert answer.status_code == 422, path
        assert "没有说明是哪个党组织" in answer.text


async def test_a_day_in_the_past_is_pointed_out(admin: Browser, county: Seeded) -> None:
    fields = await open_form(admin, "yakeshi", county.units["组织部"].id)
    text = (await ask(admin, "yakeshi", {**fields, "day": ["2026-10-01"]})).text
    assert "2026-10-01 早于今天" in text
