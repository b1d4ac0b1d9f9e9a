"""An activity from its record to its end: by page and API alike; what cannot be is refused with its sentence."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from core.activities.roll import roll_of
from core.database import fetchval
from core.organisation.model import UnitView
from core.register.carry import move_person
from tenants.database.session import county_session
from tests.web.cases.meeting.seed import branch
from tests.web.conftest import Browser, Seeded, everything

API = "/api/v1/activities"


@pytest.fixture(scope="module")
async def people(county: Seeded) -> dict[str, UUID]:
    """Six members with a vote at the branch."""
    async with county_session(county.id):
        await branch(county)
    return county.people


def draft(county: Seeded, **more: object) -> dict[str, Any]:
    """A lecture of the branch as the API takes it."""
    unit = str(county.units["东街支部"].id)
    return {"kind": "lecture", "unit_id": unit, "day": "2026-11-10", **more}


async def post(reader: Browser, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Record one by the API: status and answer."""
    answer = await reader.post(API, json=body, headers={"x-csrftoken": reader.cookies["csrftoken"]})
    return answer.status_code, answer.json()


async def test_the_api_records_what_the_page_does(
    secretary: Browser, county: Seeded, people: dict[str, UUID]
) -> None:
    status, made = await post(
        secretary,
        draft(
            county, hours=1.5, themes=["party-purpose"], agenda="一、学习\n二、讨论", minutes="第一段\n第二段"
        ),
    )
    assert (status, made["eligible"], made["present"]) == (201, 6, 6), made
    page = (await secretary.open(f"/activities/{made['id']}")).text
    for said in ("<dd>1.5</dd>", "党的宗旨教育", "一、学习\n二、讨论", "第一段\n第二段"):
        assert said in page


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"day": "1921-06-30"}, "早于中国共产党成立"),
        ({"day": "2026-11-22"}, "还没有到"),
        ({"hours": 1.3}, "以半学时为单位"),
        ({"hours": 1e9}, "学时应在 0 到 100 之间"),
        ({"themes": ["made-up"]}, "不在现行政策列出的里面"),
        ({"also": ["committee-meeting"]}, "没有“committee-meeting”这一种活动"),
        ({"eligible": 10**12, "present": 1, "why": "x"}, "人数不合"),
        ({"minutes": "字" * 5001}, "最多 5000 个字"),
    ],
)
async def test_what_cannot_be_is_refused(
    secretary: Browser, county: Seeded, people: dict[str, UUID], wrong: dict[str, Any], sentence: str
) -> None:
    status, answer = await post(secretary, draft(county, **wrong))
    assert status == 422
    assert sentence in str(answer)


async def test_the_roll_of_a_past_day_is_of_who_stood_there_then(
    county: Seeded, people: dict[str, UUID]
) -> None:
    async with county_session(county.id):
        here, there = county.units["东街支部"], county.units["上河支部"]
        one = await fetchval("select id from person where name = '党一'")
        await move_person(everything(), one, there, date(2026, 11, 12))

        async def named(unit: UnitView, day: date) -> bool:
            return one in {each.id for each in await roll_of(unit.path, day)}

        days = (date(2026, 11, 11), date(2026, 11, 12))
        assert [await named(here, day) for day in days] == [True, False]
        assert [await named(there, day) for day in days] == [False, True]
        await move_person(everything(), one, here, date(2026, 11, 20))
        assert [await named(here, day) for day in (*days, date(2026, 11, 20))] == [True, False, True]
        assert [await named(there, day) for day in (*days, date(2026, 11, 20))] == [False, True, False]
