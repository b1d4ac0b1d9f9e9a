"""People of records are people of the register: picked, known on the day of the act, refused with the article; or outsiders."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import msgspec
from litestar import Litestar

from core.register.model import PersonDraft
from core.register.rights.spans import Kind, SpanDraft, add_span
from core.register.service import enter
from tenants.database.session import county_session, current_session
from tests.web.cases.seed import do, walked
from tests.web.conftest import TODAY, Browser, Seeded, browser, everything

STEP = "sponsor-appointment"
MEMBERS = {
    "周正": PersonDraft(name="周正", membership="full", joined=date(2010, 7, 1), converted=date(2011, 7, 1)),
    "王恩": PersonDraft(name="王恩", membership="full", joined=date(2012, 7, 1), converted=date(2013, 7, 1)),
    "郑察": PersonDraft(name="郑察", membership="full", joined=date(2012, 7, 1), converted=date(2013, 7, 1)),
    "吴预": PersonDraft(name="吴预", membership="probationary", joined=date(2026, 5, 6)),
}


async def member(county: Seeded, draft: PersonDraft, unit: str = "东街支部") -> UUID:
    async with county_session(county.id):
        known = await current_session().fetchval(
            "select id from person where name = $1 and unit_id = $2", draft.name, county.units[unit].id
        )
        return known or await enter(everything(), county.units[unit].id, draft, TODAY)


async def span(county: Seeded, person: UUID, kind: Kind, **draft: Any) -> None:
    async with county_session(county.id):
        await add_span(everything(), person, kind, SpanDraft(**draft), TODAY)


async def case_of(county: Seeded, name: str, through: str = "prospect-notice") -> UUID:
    async with county_session(county.id):
        return await walked(county, name, through)


async def version(county: Seeded, case: UUID) -> int:
    async with county_session(county.id):
        found: int = await current_session().fetchval("select version from case_file where id = $1", case)
        return found


def sponsors(*people: tuple[str, object]) -> dict[str, object]:
    rows: dict[str, object] = {"rows:appointment.*": str(len(people)), "as": "branch", "day": "2026-06-22"}
    for place, (name, person) in enumerate(people):
        rows[f"appointment.*.{place}.name"] = name
        rows[f"appointment.*.{place}.person"] = str(person)
    return rows


async def submitted(
    who: Browser, county: Seeded, case: UUID, fields: dict[str, object], step: str = STEP
) -> httpx.Response:
    seen = await version(county, case)
    await who.open(f"/cases/{case}/record/{step}")
    return await who.submit(f"/cases/{case}/record/{step}", version=str(seen), **fields)


async def sent(
    who: Browser,
    county: Seeded,
    case: UUID,
    evidence: dict[str, Any],
    step: str = STEP,
    day: str = "2026-06-22",
) -> httpx.Response:
    body = {"step": step, "day": day, "version": await version(county, case), "evidence": evidence}
    headers = {"x-csrftoken": who.cookies["csrftoken"]}
    return await who.post(f"/api/v1/cases/{case}/records", json=body, headers=headers)


async def recorded(county: Seeded, case: UUID, step: str = STEP) -> Any:
    async with county_session(county.id):
        found = await current_session().fetchval(
            "select evidence from case_entry where case_id = $1 and step = $2 order by seq desc limit 1",
            case,
            step,
        )
        return msgspec.json.decode(found)


async def test_a_name_is_looked_up_and_chosen_without_scripts(secretary: Browser, county: Seeded) -> None:
    first, second = await member(county, MEMBERS["周正"]), await member(county, MEMBERS["王恩"])
    case = await case_of(county, "甲申")
    answer = await submitted(secretary, county, case, sponsors(("周正", ""), ("wangen", "")))
    assert answer.status_code == 422
    assert "名册中查到“周正”。请在下面选择是哪一位" in answer.text
    assert f'name="appointment.*.0.person" value="{first}"' in answer.text
    assert f'name="appointment.*.1.person" value="{second}"' in answer.text
    assert "东街支部 · 正式党员" in answer.text

    answer = await submitted(secretary, county, case, sponsors(("周正", first), ("wangen", second)))
    assert answer.status_code == 303, answer.text
    known = ["full-member", "rights-intact", "no-sanction-in-effect"]
    assert (await recorded(county, case))["appointment"] == [
        {"name": "周正", "person": str(first), "qualifications": known},
        {"name": "王恩", "person": str(second), "qualifications": known},
    ]
    page = (await secretary.open(f"/cases/{case}")).text
    assert "周正、王恩" in page
    file = (await secretary.open(f"/people/{first}")).text
    assert f'<a href="/cases/{case}">甲申</a> 确定入党介绍人' in file
    assert "甲申" not in (await secretary.open(f"/people/{await member(county, MEMBERS['郑察'])}")).text
    assert "补充这一环节的记录" in page, "both serve, the step is done"


async def test_what_was_ticked_of_somebody_in_the_register_counts_for_nothing(
    secretary: Browser, county: Seeded
) -> None:
    one = await member(county, MEMBERS["吴预"])
    case = await case_of(county, "甲酉")
    fields = sponsors(("吴预", one)) | {
        "appointment.*.0.qualifications": ["full-member", "rights-intact", "no-sanction-in-effect"]
    }
    answer = await submitted(secretary, county, case, fields)
    assert answer.status_code == 422
    assert "吴预不具备条件：正式党员" in answer.text
    assert "名册登记：预备党员（《中国共产党章程》第七条）" in answer.text
    assert "第十四条" in answer.text


async def test_nobody_sponsors_himself(secretary: Browser, county: Seeded) -> None:
    case = await case_of(county, "乙丑")
    async with county_session(county.id):
        himself = await current_session().fetchval("select person_id from case_file where id = $1", case)
    answer = await submitted(secretary, county, case, sponsors(("乙丑", himself)))
    assert answer.status_code == 422
    assert "乙丑就是本人，不能由本人担任。请另行确定人选。" in answer.text
    assert "第十四条" in answer.text


async def test_who_is_on_probation_within_the_party_is_refused_and_one_is_not_two(
    secretary: Browser, county: Seeded
) -> None:
    first, limited = await member(county, MEMBERS["周正"]), await member(county, MEMBERS["郑察"])
    await span(county, limited, "limit", word="probation-within-party", since=date(2026, 3, 1))
    case = await case_of(county, "丙寅")
    answer = await submitted(secretary, county, case, sponsors(("周正", first), ("郑察", limited)))
    assert answer.status_code == 422
    assert "郑察不具备条件" in answer.text
    assert "留党察看，2027-03-01 期满（《中国共产党纪律处分条例》第十二条）" in answer.text
    answer = await submitted(secretary, county, case, sponsors(("周正", first), ("周正", first)))
    assert answer.status_code == 422
    assert "周正填了两次。几名人选须是不同的人，请另选一人。" in answer.text


async def test_an_outsider_is_entered_as_one_and_old_text_is_read_as_before(
    secretary: Browser, county: Seeded
) -> None:
    await member(county, MEMBERS["周正"])
    case = await case_of(county, "丁卯")
    fits = {f"appointment.*.{row}.qualifications": ["full-member", "rights-intact"] for row in range(2)}
    answer = await submitted(secretary, county, case, sponsors(("周正", "-"), ("没有的人", "")) | fits)
    assert answer.status_code == 303, answer.text
    assert "周正、没有的人" in (await secretary.open(f"/cases/{case}")).text
    plain = [
        {"name": "老李", "qualifications": ["full-member", "rights-intact"]},
        {"name": "老赵", "released": True},
    ]
    other = await case_of(county, "戊辰")
    assert (await sent(secretary, county, other, {"appointment": plain})).status_code == 201


async def test_the_api_takes_people_by_their_ids_and_none_that_one_may_not_see(
    secretary: Browser, county: Seeded, other_county: Seeded
) -> None:
    first = await member(county, MEMBERS["周正"])
    case = await case_of(county, "己巳")
    for stranger in (
        await member(other_county, MEMBERS["周正"]),
        await member(county, MEMBERS["周正"], "上河支部"),
        "00000000-0000-7000-8000-000000000000",
    ):
        answer = await sent(secretary, county, case, {"appointment": [{"person": str(stranger)}]})
        assert answer.status_code == 404
        assert "没有找到所选的人" in answer.json()["sentence"]
    answer = await sent(secretary, county, case, {"appointment": [{"person": "周正"}]})
    assert answer.status_code == 422
    answer = await sent(secretary, county, case, {"appointment": [{"person": str(first), "post": "主席"}]})
    assert answer.status_code == 201, answer.text
    [told] = (await recorded(county, case))["appointment"]
    assert told["name"] == "周正"
    assert "post" not in told


async def test_the_talk_before_approval_is_held_by_somebody_who_holds_the_post(
    committee: Browser, secretary: Browser, county: Seeded
) -> None:
    organizer = await member(county, PersonDraft(name="冯组", membership="full"), "上河支部")
    idle = await member(county, MEMBERS["王恩"])
    await span(
        county,
        organizer,
        "post",
        word="organizer",
        since=date(2025, 1, 1),
        unit_id=county.units["城关镇党委"].id,
    )
    case = await case_of(county, "庚午", "admission-form")
    async with county_session(county.id):
        await do(
            county, case, "admission-meeting", date(2026, 7, 16), {"vote": {"difference": "会后有党员转出"}}
        )
    step, day = "pre-approval-talk", "2026-07-20"
    talk = {"with": ["applicant"], "talkers": [{"person": str(idle)}]}
    answer = await sent(committee, county, case, {"talk": talk}, step, day)
    assert answer.status_code == 422
    assert "按名册登记，王恩那天没有担任" in answer.json()["sentence"]
    assert "第二十三条" in answer.text
    talk = {"with": ["applicant"], "talkers": [{"person": str(organizer)}]}
    answer = await sent(committee, county, case, {"talk": talk, "documents": ["talk-record"]}, step, day)
    assert answer.status_code == 201, answer.text
    assert (await recorded(county, case, step))["talk"]["talkers"][0]["post"] == "organizer"
    assert "冯组（组织员；正式党员、" in (await committee.open(f"/cases/{case}/history")).text


async def test_the_picker_finds_by_pinyin_who_can_be_seen_and_who_holds_a_post_above(
    secretary: Browser, county: Seeded, other_county: Seeded
) -> None:
    mine = await member(county, PersonDraft(name="钟离正", membership="full"))
    above = await member(county, PersonDraft(name="钟离上", membership="full"), "上河支部")
    away = await member(county, PersonDraft(name="钟离远", membership="full"), "上河支部")
    await span(
        county, above, "post", word="organizer", since=date(2025, 1, 1), unit_id=county.units["城关镇党委"].id
    )
    field = "appointment.*.0.person"
    path = f"/people/pick?unit={county.units['东街支部'].id}&field={field}&appointment.*.0.name=zl&day=2026-06-22"
    for words, who in (("zl", {mine, above}), ("组织员", {above})):
        shown = (await secretary.open(path.replace("=zl&", f"={words}&"))).text
        found = set(re.findall(r'value="([0-9a-f-]{36})"', shown))
        assert {str(one) for one in who} <= found, words
        assert str(away) not in found
    assert (await secretary.open(f"/people/pick?unit={other_county.units['东街支部'].id}")).status_code == 404


async def test_a_correction_begins_with_who_was_picked(secretary: Browser, county: Seeded) -> None:
    first, second = await member(county, MEMBERS["周正"]), await member(county, MEMBERS["王恩"])
    case = await case_of(county, "辛未")
    answer = await submitted(secretary, county, case, sponsors(("周正", first), ("王恩", second)))
    assert answer.status_code == 303, answer.text
    async with county_session(county.id):
        entry = await current_session().fetchval(
            "select id from case_entry where case_id = $1 and step = $2", case, STEP
        )
    path = f"/cases/{case}/entries/{entry}/correct"
    page = (await secretary.open(path)).text
    assert f'value="{first}" checked' in page
    assert "东街支部 · 正式党员" in page


def meeting(**figures: object) -> dict[str, object]:
    votes = {"eligible": "3", "present": "3", "for": "3", "secret": "1", "one_by_one": "1"} | figures
    ticks = {"vote.presence": ["applicant", "sponsors"], "documents.*": ["meeting-minutes", "resolution"]}
    return {
        **{f"vote.{name}": value for name, value in votes.items()},
        **ticks,
        "as": "branch",
        "day": "2026-07-16",
    }


async def test_how_many_are_entitled_follows_from_the_register_by_name(
    app: Litestar, secretary: Browser, county: Seeded
) -> None:
    """Another branch, in which nobody else of these tests is: two count, one has no vote, one is not counted, one is new."""
    names = ("郝一", "郝二", "郝三", "郝四")
    people = {
        name: await member(
            county, PersonDraft(name=name, membership="full", joined=date(2012, 7, 1)), "上河支部"
        )
        for name in names
    }
    await member(
        county, PersonDraft(name="郝五", membership="probationary", joined=date(2026, 1, 5)), "上河支部"
    )
    await span(county, people["郝三"], "limit", word="probation-within-party", since=date(2026, 3, 1))
    await span(
        county, people["郝四"], "limit", word="infirm", since=date(2026, 3, 1), note="党委 2026-02-28 同意"
    )
    async with county_session(county.id):
        case = await walked(county, "壬申", "admission-form", "上河支部")
    async with browser(app) as own:
        await own.sign_in(county, "elsewhere")
        page = (await own.open(f"/cases/{case}/roll?day=2026-07-16")).text
        entitled = int(re.search(r"应到会有表决权的党员 (\d+) 人", page)[1])  # type: ignore[index]
        assert "郝二、郝一" in page
        assert "郝三：留党察看，2027-03-01 期满（《中国共产党纪律处分条例》第十二条）。" in page
        assert (
            "郝四：年老体弱卧床或长期患病不能自理（《中国共产党发展党员工作细则（2026 年修订）》第十九条）。"
            in page
        )
        assert "郝五：预备党员（《中国共产党章程》第七条）。" in page

        step = "admission-meeting"
        wrong = await submitted(own, county, case, meeting(eligible=str(entitled + 1)), step)
        assert wrong.status_code == 422
        assert f"应到会填了 {entitled + 1} 人，按名册推算是 {entitled} 人。" in wrong.text
        assert "第十九条" in wrong.text
        kept = meeting(
            eligible=str(entitled + 1),
            present=str(entitled),
            **{"for": str(entitled)},
            difference="一人会后转出",
        )
        answer = await submitted(own, county, case, kept, step)
        assert answer.status_code == 303, answer.text
        vote = (await recorded(county, case, step))["vote"]
        assert (vote["eligible"], vote["reckoned"], vote["difference"]) == (
            entitled + 1,
            entitled,
            "一人会后转出",
        )
        assert "一人会后转出" in (await own.open(f"/cases/{case}/history")).text
    assert (await secretary.open(f"/cases/{case}/roll")).status_code == 404
