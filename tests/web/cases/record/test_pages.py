"""Recording a step through its form: what is written, and what is refused in which words."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from litestar import Litestar

from tenants.database.session import county_session, current_session
from tests.web.cases.seed import applicant, do, half_way, opened, walked
from tests.web.conftest import Browser, Seeded, browser

TALK = {
    "talk.with": "applicant",
    "documents.*": "talk-record-five-points",
    "day": "2026-11-12",
    "as": "branch",
}
NOTICE = {"notice.places": "workplace", "day": "2026-11-20", "as": "branch"}


async def entries(county: Seeded, case_id: UUID) -> int:
    """How many entries the case has."""
    async with county_session(county.id):
        found = await current_session().fetchval(
            "select count(*) from case_entry where case_id = $1", case_id
        )
    return int(found)


async def fresh(county: Seeded, name: str, day: date = date(2026, 11, 2)) -> UUID:
    """A case with its application only."""
    async with county_session(county.id):
        return await opened(county, await applicant(county, name), day)


async def gone(county: Seeded, name: str, through: str) -> UUID:
    """A case that has come so far."""
    async with county_session(county.id):
        return await walked(county, name, through)


async def test_a_record_is_written_signed_and_said(secretary: Browser, county: Seeded) -> None:
    case = await fresh(county, "甄和平")
    page = await secretary.open(f"/cases/{case}/record/applicant-talk")
    assert page.status_code == 200
    assert 'name="talk.with" value="applicant"' in page.text
    assert "须同本人谈话" in page.text
    assert "第七条" in page.text
    answer = await secretary.submit(
        f"/cases/{case}/record/applicant-talk", version="1", note="谈了一小时", **TALK
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{case}#s-applicant-talk")
    shown = await secretary.open(f"/cases/{case}")
    assert "已记录“党组织派人谈话”，这一环节已经办结，现在轮到：推荐和确定入党积极分子。" in shown.text
    assert "同本人谈话" in shown.text
    history = await secretary.open(f"/cases/{case}/history")
    assert "党支部书记（党支部）署名" in history.text
    assert "办理后 9 天补记" in history.text
    assert "谈了一小时" in history.text


async def test_a_blocked_step_says_what_comes_first(secretary: Browser, county: Seeded) -> None:
    case = await fresh(county, "白志强")
    form = {"day": "2026-11-12", "as": "branch", "consultation.*": "members", "version": "1"}
    answer = await secretary.submit(f"/cases/{case}/record/activist-decision", **form)
    assert answer.status_code == 422
    assert "现在还不能办理“推荐和确定入党积极分子”，须先办结：党组织派人谈话。" in answer.text
    assert "第八条" in answer.text
    assert 'value="2026-11-12"' in answer.text
    assert 'value="members" checked' in answer.text
    assert await entries(county, case) == 1


async def test_the_same_record_once_more_is_asked_about(secretary: Browser, county: Seeded) -> None:
    """The paper is still missing, so the step stays open: a second talk on that day is another matter than a second click."""
    case = await fresh(county, "再按一次")
    path, form = (
        f"/cases/{case}/record/applicant-talk",
        {"day": "2026-11-12", "as": "branch", "talk.with": "applicant"},
    )
    assert (await secretary.submit(path, **form, version="1")).status_code == 303
    same = await secretary.submit(path, **form, version="2")
    assert same.status_code == 409
    assert "已经有一条内容完全相同的记录，没有再记一次" in same.text
    assert 'name="again"' in same.text
    headers = {"x-csrftoken": secretary.cookies["csrftoken"]}
    body = {
        "step": "applicant-talk",
        "day": "2026-11-12",
        "version": 2,
        "evidence": {"talk": {"with": ["applicant"]}},
    }
    told = await secretary.post(f"/api/v1/cases/{case}/records", json=body, headers=headers)
    assert (told.status_code, told.json()["code"]) == (409, "same")
    assert await entries(county, case) == 2
    assert (await secretary.submit(path, **form, version="2", again="1")).status_code == 303
    assert await entries(county, case) == 3


async def test_votes_that_cannot_be_are_refused_with_the_figures(secretary: Browser, county: Seeded) -> None:
    case = await gone(county, "毕晓东", "admission-form")
    form = {"day": "2026-07-20", "as": "branch", "version": str(await entries(county, case))}
    votes = {
        "vote.eligible": "10",
        "vote.present": "9",
        "vote.for": "12",
        "vote.secret": "1",
        "vote.one_by_one": "1",
    }
    answer = await secretary.submit(f"/cases/{case}/record/admission-meeting", **form, **votes)
    assert answer.status_code == 422
    assert "票数不合：应到 10、实到 9、到会赞成 12" in answer.text
    assert (
        'name="vote.for" type="text" inputmode="numeric" maxlength="9" autocomplete="off" value="12"'
        in answer.text
    )


async def test_a_lost_vote_is_recorded_and_stops_the_case_with_the_rule(
    secretary: Browser, county: Seeded
) -> None:
    case = await gone(county, "卜凡", "admission-form")
    form = {"day": "2026-07-20", "as": "branch", "version": str(await entries(county, case))}
    votes = {
        "vote.eligible": "20",
        "vote.present": "18",
        "vote.for": "10",
        "vote.secret": "1",
        "vote.one_by_one": "1",
    }
    answer = await secretary.submit(f"/cases/{case}/record/admission-meeting", **form, **votes)
    assert answer.status_code == 303
    shown = await secretary.open(f"/cases/{case}")
    assert "赞成 10 票，须超过应到会 20 人的 1/2，没有通过。" in shown.text
    assert "赞成超过应到会有表决权党员的半数" in shown.text
    assert "第二十条" in shown.text


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-12-01", "办理日期 2026-12-01 还没有到（今天是 2026-11-21）。请填写已经发生的日期。"),
        ("1998-01-01", "的出生日期 1999-03-02。请核对日期。"),
        ("2026-10-01", "早于递交入党申请的日期 2026-11-02。请核对日期。"),
    ],
)
async def test_dates_that_cannot_be(secretary: Browser, county: Seeded, day: str, said: str) -> None:
    case = await fresh(county, f"蔡明{day[-5:]}")
    answer = await secretary.submit(
        f"/cases/{case}/record/applicant-talk", version="1", **{**TALK, "day": day}
    )
    assert answer.status_code == 422
    assert said in answer.text
    assert '<a href="#f-day">' in answer.text
    assert f'value="{day}"' in answer.text


async def test_a_day_that_is_no_day_is_said_at_the_field(secretary: Browser, county: Seeded) -> None:
    case = await fresh(county, "常山")
    answer = await secretary.submit(
        f"/cases/{case}/record/applicant-talk", version="1", **{**TALK, "day": "明天"}
    )
    assert answer.status_code == 422
    assert "办理日期“明天”不是一个日期。请写成 2026-06-16 这样。" in answer.text


async def test_too_early_says_from_when_and_by_which_rule(secretary: Browser, county: Seeded) -> None:
    async with county_session(county.id):
        case = await half_way(county, "程功")
    shown = await secretary.open(f"/cases/{case}")
    assert "最早 2027-02-20 才能办理（“推荐和确定入党积极分子”起满 12 个月）。" in shown.text
    assert f"/cases/{case}/record/prospect-selection" not in shown.text
    form = {
        "day": "2026-11-12",
        "as": "branch",
        "consultation.*": "members",
        "version": str(await entries(county, case)),
    }
    answer = await secretary.submit(f"/cases/{case}/record/prospect-selection", **form)
    assert answer.status_code == 422
    assert "最早 2027-02-20 才能办理" in answer.text
    assert "第十三条" in answer.text


async def test_another_level_is_told_whose_it_is(app: Litestar, county: Seeded) -> None:
    case = await gone(county, "邓小刚", "mentor-appointment")
    async with browser(app) as secretary:
        await secretary.sign_in(county, "branch-secretary")
        shown = await secretary.open(f"/cases/{case}")
        assert f"/cases/{case}/record/activist-filing" not in shown.text
        answer = await secretary.open(f"/cases/{case}/record/activist-filing")
        assert answer.status_code == 403
        assert "“报上级党委备案”由基层党委办理，您在这里的身份是党支部，不能记录。" in answer.text
        answer = await secretary.submit(
            f"/cases/{case}/record/activist-filing",
            day="2026-11-12",
            version="4",
            **{"filing.*": "committee"},
        )
        assert answer.status_code == 403


async def test_the_approver_is_not_the_recorder(app: Litestar, county: Seeded) -> None:
    case = await gone(county, "董一", "mentor-appointment")
    async with county_session(county.id):
        await current_session().execute(
            "insert into holding (account_id, role, unit_id, since, granted_by) values ($1, $2, $3, $4, $1)",
            county.accounts["committee-organizer"], "branch-secretary", county.units["东街支部"].id, date(2026, 1, 1),
        )  # fmt: skip
    async with browser(app) as both:
        await both.sign_in(county, "committee-organizer")
        mentors = {
            "appointment.*.0.name": "党员乙",
            "appointment.*.0.qualifications": "full-member",
            "rows:appointment.*": "2",
        }
        page = await both.open(f"/cases/{case}/record/mentor-appointment")
        assert page.status_code == 200
        answer = await both.submit(
            f"/cases/{case}/record/mentor-appointment",
            day="2026-11-12",
            version=str(await entries(county, case)),
            **mentors,
        )
        assert answer.status_code == 303, answer.text
        answer = await both.open(f"/cases/{case}/record/activist-filing")
        assert answer.status_code == 403
        assert (
            "您已经以党支部的身份办理过这个人的事项，不能再以基层党委的身份办理：记录与审批须由不同的人承担。"
            in answer.text
        )


async def test_a_stale_form_keeps_what_was_typed_and_can_be_sent_again(
    secretary: Browser, county: Seeded
) -> None:
    case = await fresh(county, "段誉")
    await secretary.open(f"/cases/{case}/record/applicant-talk")
    async with county_session(county.id):
        await do(county, case, "applicant-talk", date(2026, 11, 5))
    answer = await secretary.submit(
        f"/cases/{case}/record/applicant-talk", version="1", note="打了很久的字", **TALK
    )
    assert answer.status_code == 409
    assert "您打开这一页之后，这份档案又有了新的记录。" in answer.text
    assert "李桂兰（党支部）记录了“党组织派人谈话”，2026-11-05。" in answer.text
    assert "打了很久的字" in answer.text
    assert 'value="applicant" checked' in answer.text
    assert 'name="version" value="2"' in answer.text
    answer = await secretary.submit(
        f"/cases/{case}/record/applicant-talk", version="2", note="打了很久的字", **TALK
    )
    assert answer.status_code == 303


async def test_rows_are_added_without_a_script_and_nothing_is_lost(
    secretary: Browser, county: Seeded
) -> None:
    case = await gone(county, "范例", "prospect-consent")
    await secretary.open(f"/cases/{case}/record/prospect-notice")
    fields = {
        "notice.objections.0.received": "2026-11-19",
        "rows:notice.objections": "1",
        "more": "notice.objections",
    }
    answer = await secretary.submit(f"/cases/{case}/record/prospect-notice", version="9", **NOTICE, **fields)
    assert answer.status_code == 200
    assert 'name="rows:notice.objections" value="2"' in answer.text
    assert 'name="notice.objections.1.received"' in answer.text
    assert 'name="notice.objections.0.received" type="date" value="2026-11-19"' in answer.text
    assert 'value="workplace" checked' in answer.text


async def test_objections_are_recorded_shown_again_and_answered(secretary: Browser, county: Seeded) -> None:
    case = await gone(county, "方圆", "prospect-notice")
    version = await entries(county, case)
    objections = {
        "notice.objections.0.received": "2026-06-05",
        "notice.objections.1.received": "2026-06-05",
        "notice.objections.1.answered": "2026-06-08",
        "notice.objections.1.finding": "unfounded",
        "rows:notice.objections": "2",
    }
    await secretary.open(f"/cases/{case}/record/prospect-notice")
    answer = await secretary.submit(
        f"/cases/{case}/record/prospect-notice",
        day="2026-06-08",
        version=str(version),
        **objections,
        **{"as": "branch"},
    )
    assert answer.status_code == 303, answer.text
    shown = await secretary.open(f"/cases/{case}")
    assert "2026-06-05 收到的异议尚未核查答复。请核查、答复并记录结论后再办。" in shown.text
    form = await secretary.open(f"/cases/{case}/record/prospect-notice")
    assert 'name="notice.objections.0.received" type="date" value="2026-06-05"' in form.text
    assert 'name="rows:notice.objections" value="1"' in form.text
    settled = {
        "notice.objections.0.received": "2026-06-05",
        "notice.objections.0.answered": "2026-06-10",
        "notice.objections.0.finding": "unfounded",
        "rows:notice.objections": "1",
    }
    answer = await secretary.submit(
        f"/cases/{case}/record/prospect-notice",
        day="2026-06-10",
        version=str(version + 1),
        **settled,
        **{"as": "branch"},
    )
    assert answer.status_code == 303
    shown = await secretary.open(f"/cases/{case}")
    assert "尚未核查答复" not in shown.text


async def test_who_is_appointed_already_is_not_asked_for_again(secretary: Browser, county: Seeded) -> None:
    """One of two sponsors is recorded: the form has a row for the other; a third is refused with what to do."""
    case = await gone(county, "庞统", "prospect-notice")
    path = f"/cases/{case}/record/sponsor-appointment"
    version = await entries(county, case)

    def people(*names: str) -> dict[str, object]:
        rows = {f"appointment.*.{place}.name": name for place, name in enumerate(names)}
        fits = {
            f"appointment.*.{place}.qualifications": ["full-member", "rights-intact"]
            for place in range(len(names))
        }
        return {**rows, **fits, "rows:appointment.*": str(len(names)), "as": "branch", "day": "2026-06-22"}

    assert 'name="rows:appointment.*" value="2"' in (await secretary.open(path)).text
    answer = await secretary.submit(path, version=str(version), **people("徐庶"))
    assert answer.status_code == 303, answer.text
    shown = await secretary.open(f"/cases/{case}")
    assert "已确定 1 名，须不少于 2 名。请确定人选后记录。" in shown.text
    assert 'name="rows:appointment.*" value="1"' in (await secretary.open(path)).text
    answer = await secretary.submit(path, version=str(version + 1), **people("孙乾", "简雍"))
    assert answer.status_code == 422
    assert "已确定 3 名，须不多于 2 名。更换人选的，请把原来的人记为“不再担任”。" in answer.text
    answer = await secretary.submit(path, version=str(version + 1), **people("孙乾"))
    assert answer.status_code == 303, answer.text


async def test_a_closed_case_takes_no_more(secretary: Browser, county: Seeded) -> None:
    case = await fresh(county, "冯谖")
    async with county_session(county.id):
        await current_session().execute("update case_file set status = 'closed' where id = $1", case)
    answer = await secretary.submit(f"/cases/{case}/record/applicant-talk", version="1", **TALK)
    assert answer.status_code == 409
    assert "冯谖的这份档案已经终止，不能再写入。需要再办的，请另外开始办理。" in answer.text


async def test_an_unknown_step_is_not_found(secretary: Browser, county: Seeded) -> None:
    case = await fresh(county, "高进")
    answer = await secretary.open(f"/cases/{case}/record/coronation")
    assert answer.status_code == 404
    assert "高进的发展党员程序现在没有“coronation”这个环节。请从任务清单中选择环节。" in answer.text
