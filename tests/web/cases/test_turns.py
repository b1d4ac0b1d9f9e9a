"""Whose turn it is, as pages show it: too early, void, reviews in their order, whose dot is blue; and refusals that lead on."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date
from uuid import UUID

import pytest
from litestar import Litestar

from core.casework.acts.open import take_over
from tenants.database.session import county_session
from tenants.policies.changes import Adopt
from tenants.policies.regimes import regime_of_path
from tenants.policies.service import apply
from tests.floor import STEPS
from tests.web.cases.file.test_attachments import PDF, TALK, upload
from tests.web.cases.seed import applicant, crew, half_way, opened, walked
from tests.web.conftest import TODAY, Browser, Seeded, browser, everything

SOON = date(2027, 2, 20)
"""The first day on which 程早 may be chosen: a year after 2026-02-20."""


@pytest.fixture(scope="module")
async def turns(county: Seeded) -> dict[str, UUID]:
    """One who must wait for the year to pass, one at the committee, one at the branch."""
    async with county_session(county.id):
        early = await half_way(county, "程早")
        return {
            "程早": early,
            "党委办": await walked(county, "党委办", "mentor-appointment"),
            "支部办": await opened(county, await applicant(county, "支部办"), date(2026, 11, 2)),
        }


def block(html: str, step: str) -> str:
    """The part of a case's page about one step that is at hand."""
    start = html.index(f'id="s-{step}"')
    opening = html.rindex("<div", 0, start)
    return html[opening : html.index('id="s-', start + 5)]


def row(html: str, name: str) -> str:
    """The line of the list about somebody."""
    lines: list[str] = re.findall(r'<tr class="is-.*?</tr>', html, re.DOTALL)
    return next(one for one in lines if f">{name}</a>" in one)


async def test_a_step_that_is_only_too_early_waits(secretary: Browser, turns: dict[str, UUID]) -> None:
    page = await secretary.open(f"/cases/{turns['程早']}")
    shown = block(page.text, "prospect-selection")
    assert 'class="task is-waiting"' in shown
    assert "最早 <b>2027-02-20</b> 可办（还有 91 天）" in shown
    assert "还缺材料" not in shown
    assert "还没有记录" not in shown
    assert "补记" not in shown
    [stages] = re.findall(r'<ol class="stages">.*?</ol>', page.text, re.DOTALL)
    assert '<li class="is-waiting"' in stages
    assert '<li class="is-open"' not in stages
    assert "记一笔" not in page.text
    line = row((await secretary.open("/cases?cols=name&cols=steps&cols=until&cols=who")).text, "程早")
    assert 'class="is-waiting"' in line
    assert "2027-02-20 起（还有 91 天）" in line
    bench = (await secretary.open("/")).text
    assert "程早" not in re.findall(r"<h2>该我办的</h2>.*?</section>", bench, re.DOTALL)[0]
    found = (await secretary.open("/cases?state=waiting&until=month")).text
    assert "程早" not in found
    assert "等待 30 天内期满 ×" in found
    form = await secretary.open(f"/cases/{turns['程早']}/record/prospect-selection")
    assert "这一环节今天还不能办。最早 2027-02-20 才能办理" in form.text


async def test_a_blocked_step_names_only_the_last_that_must_come_first(
    secretary: Browser, turns: dict[str, UUID]
) -> None:
    page = (await secretary.open(f"/cases/{turns['程早']}")).text
    sponsor = block(page, "sponsor-appointment")
    assert "办结“发展对象公示”后可办" in sponsor


async def test_the_list_says_who_and_only_ones_own_dot_is_blue(
    secretary: Browser, organizer: Browser, turns: dict[str, UUID]
) -> None:
    page = (await secretary.open("/cases")).text
    assert "<th>所在党支部</th>" not in page
    assert 'class="is-open others"' in row(page, "党委办")
    assert re.search(r'data-label="由谁办">党委<', row(page, "党委办"))
    assert 'class="is-open"' in row(page, "支部办")
    assert re.search(r'data-label="由谁办">支部<', row(page, "支部办"))
    assert "<th>所在党支部</th>" in (await organizer.open("/cases")).text
    case = (await secretary.open(f"/cases/{turns['党委办']}")).text
    assert 'class="task is-open others" id="s-activist-filing"' in case


async def test_what_happened_begins_with_who_did_it(secretary: Browser, turns: dict[str, UUID]) -> None:
    page = (await secretary.open("/")).text
    [events] = re.findall(r"<summary>最近发生</summary>.*?</section>", page, re.DOTALL)
    plain = re.sub(r"\s*<[^>]+>", "", events)
    assert "李桂兰 受理支部办的入党申请" in plain
    assert "李桂兰 记录了党委办的“指定培养联系人”" in plain


@pytest.fixture
async def later(app: Litestar) -> AsyncIterator[date]:
    """The application on a later day."""
    day = date(2027, 2, 1)
    app.state.today = lambda: day
    yield day
    app.state.today = lambda: TODAY


async def test_a_void_step_says_so_and_the_way_back(
    app: Litestar, county: Seeded, turns: dict[str, UUID], later: date
) -> None:
    async with county_session(county.id):
        case = await walked(county, "超期限", "pre-approval-talk")
    async with browser(app) as made:
        await made.sign_in(county, "committee-secretary")
        page = (await made.open(f"/cases/{case}")).text
        shown = block(page, "admission-approval")
        assert "已超过 2027-01-16" in shown
        assert "须退回重新履行手续。" in shown
        for said in ("还缺材料", "还没有", "请开会", "最迟", "记录…"):
            assert said not in shown
        assert f"/cases/{case}/return?step=admission-meeting" in shown
        assert "“上级党委审批”办结后" not in page
        back = await made.open(f"/cases/{case}/return?step=admission-meeting")
        assert 'value="admission-meeting" checked' in back.text
    async with browser(app) as made:
        await made.sign_in(county, "branch-secretary")
        back = await made.open(f"/cases/{case}/return?step=admission-meeting")
        # The committee's talk falls with the meeting: there the rules send it back, whoever writes that down.
        assert re.findall(r'name="step" value="([^"]+)"', back.text) == ["admission-meeting"]
        [seen] = re.findall(r'name="version" value="(\d+)"', back.text)
        answer = await made.submit(
            f"/cases/{case}/return",
            step="admission-meeting",
            day="2027-02-01",
            version=seen,
            reason="审批超期",
        )
        assert answer.status_code == 303, answer.text


async def standing_at(county: Seeded, step: str, plugin: str, name: str) -> UUID:
    """A case whose steps before `step` are taken over from paper, under this policy."""
    async with county_session(county.id):
        top, unit = county.units["组织部"], county.units["东街支部"]
        await apply(everything(), top.id, Adopt(plugin=plugin, since=date(2024, 1, 1)), TODAY)
        regime = await regime_of_path(unit.path)
        steps = [one.id for one in regime.plan().steps]
        given = dict.fromkeys(steps[: steps.index(step)], date(2025, 1, 10))
        person = await applicant(county, name)
        taken = await take_over(
            crew(county)["department"], person, given, regime_for=regime_of_path, today=TODAY
        )
    return taken.case_id


async def test_a_vote_that_is_taken_again_is_recorded_whole(app: Litestar, other_county: Seeded) -> None:
    """What was explained before a lost vote does not count for the next one, so the form does not say that it is there."""
    case = await standing_at(other_county, "admission-meeting", "yakeshi", "再表决")
    path = f"/cases/{case}/record/admission-meeting"
    figures = {"vote.eligible": "20", "vote.present": "18", "vote.for": "9", "vote.against": "9"}
    given = figures | {"vote.briefed": "explain-standards", "documents.*": "meeting-minutes"}
    async with browser(app) as made:
        await made.sign_in(other_county, "branch-secretary")
        answer = await made.submit(path, day="2025-01-20", version="1", **given)
        assert answer.status_code == 303, answer.text
        page = (await made.open(path)).text
    noted = re.findall(r'name="([^"]+)" value="[^"]+" ><span>[^<]+ <span class="tag">已记录', page)
    assert noted == ["documents.*"]


async def test_a_deadline_that_cannot_be_met_is_said_while_there_is_time(
    app: Litestar, other_county: Seeded
) -> None:
    """Pre-reviewed on 2026-11-05, so the meeting is due on 12-05; a notice of fifteen days posted today ends after that."""
    county, town = other_county, other_county.units["城关镇党委"]
    steps = STEPS
    given = dict.fromkeys(steps[: steps.index("admission-meeting")], date(2026, 11, 5))
    async with county_session(county.id):
        person = await applicant(county, "赶期限")
        taken = await take_over(
            crew(county)["department"], person, given, regime_for=regime_of_path, today=TODAY
        )
        await apply(everything(), town.id, Adopt(plugin="yakeshi", since=TODAY), TODAY)
    async with browser(app) as made:
        await made.sign_in(county, "branch-secretary")
        page = (await made.open(f"/cases/{taken.case_id}")).text
        assert "最迟须在 2026-12-05 办理，而按现在的要求最早 2026-12-07 才能办" in page
        told = (await made.get(f"/api/v1/cases/{taken.case_id}")).json()["late"]
    assert told == [{"step": "admission-meeting", "due": "2026-12-05", "soonest": "2026-12-07"}]


async def test_reviews_are_offered_to_the_next_level_only(app: Litestar, other_county: Seeded) -> None:
    county = other_county
    case = await standing_at(county, "prospect-review", "liaoyuan-1443", "逐级审")
    record = f"/cases/{case}/record/prospect-review"
    for login, offered in (("branch-secretary", True), ("committee-secretary", False)):
        async with browser(app) as made:
            await made.sign_in(county, login)
            page = (await made.open(f"/cases/{case}")).text
            assert (f'href="{record}"' in page) == offered, login
            line = row((await made.open("/cases?q=逐级审")).text, "逐级审")
            assert 'data-label="由谁办">支部<' in line


async def test_a_refusal_cites_what_must_come_first(secretary: Browser, turns: dict[str, UUID]) -> None:
    form = {"day": "2026-11-12", "as": "branch", "consultation.*": "members", "version": "1"}
    path = f"/cases/{turns['支部办']}/record/activist-decision"
    answer = await secretary.submit(path, **form)
    assert answer.status_code == 422
    [problem] = re.findall(r'<div class="problem".*?<form ', answer.text, re.DOTALL)
    assert "须先办结：党组织派人谈话。" in problem
    assert "第七条" in problem
    assert "第八条" not in problem
    assert f'href="/cases/{turns["支部办"]}">回到支部办的任务清单</a>' in problem


async def test_what_is_not_ones_own_leads_back_to_the_case(
    secretary: Browser, turns: dict[str, UUID]
) -> None:
    case = turns["党委办"]
    answer = await secretary.open(f"/cases/{case}/record/activist-filing")
    assert answer.status_code == 403
    assert "由基层党委办理" in answer.text
    assert f'<a class="button" href="/cases/{case}">回到这份档案</a>' in answer.text


async def test_files_stay_chosen_after_a_refusal(secretary: Browser, turns: dict[str, UUID]) -> None:
    path = f"/cases/{turns['支部办']}/record/applicant-talk"
    await secretary.open(path)
    answer = await upload(secretary, path, [("谈话.pdf", PDF)], **{**TALK, "day": "2026-12-12"})
    assert answer.status_code == 422
    assert "已经选择的附件" in answer.text
    assert "谈话.pdf" in answer.text
    answer = await secretary.submit(path, **{**TALK, "day": "2026-12-12"})
    assert "已经选择的附件" not in answer.text


async def test_who_only_records_is_told_that_others_conclude(app: Litestar, county: Seeded) -> None:
    async with county_session(county.id):
        case = await walked(county, "待预审", "branch-review")
    async with browser(app) as made:
        await made.sign_in(county, "committee-organizer")
        form = await made.open(f"/cases/{case}/record/pre-review")
    assert form.status_code == 200
    assert "审查、同意的结论由基层党委有审查职责的人员另行记录，这里不填。" in form.text


async def test_a_day_before_the_policy_that_inserts_a_step_is_said_in_words(
    app: Litestar, county: Seeded
) -> None:
    """He came from the task list: that the step is unknown would be no answer."""
    town = county.units["河西乡党委"]
    steps = STEPS
    given = dict.fromkeys(steps[: steps.index("admission-meeting")], date(2026, 11, 5))
    async with county_session(county.id):
        person = await applicant(county, "公示早", "上河支部")
        taken = await take_over(
            crew(county)["department"], person, given, regime_for=regime_of_path, today=TODAY
        )
        await apply(everything(), town.id, Adopt(plugin="jinhua-2014", since=TODAY), TODAY)
    path = f"/cases/{taken.case_id}/record/admission-notice"
    async with browser(app) as made:
        await made.sign_in(county, "elsewhere")
        await made.open(path)
        answer = await made.submit(path, day="2026-11-10", version="1", **{"notice.channels": "meeting"})
    assert answer.status_code == 422
    assert "公示早在 2026-11-10 无须办理“接收预备党员公示”" in answer.text
    assert "这一天没有这个环节。" in answer.text
