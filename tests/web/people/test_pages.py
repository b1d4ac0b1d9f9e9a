"""党员名册: finding, entering, correcting, masking and revealing, exporting."""

from __future__ import annotations

import io
import re

import pytest
from openpyxl import load_workbook

from core.organisation.service import UnitDraft, create
from tenants.database.session import county_session, current_session
from tenants.exports.make import make_export
from tests.web.conftest import TODAY, Browser, Seeded, everything
from tests.web.forms import shown
from tests.web.test_attacks import call
from tests.web.working import work

ID = "11010519491231002X"


@pytest.mark.parametrize("wanted", ["单", "雄信", "shanxiongxin", "sxx", "002X", ID])
async def test_a_person_is_found_by_name_pinyin_initials_and_the_end_of_an_id(
    organizer: Browser, county: Seeded, wanted: str
) -> None:
    page = (await organizer.open(f"/people?q={wanted}")).text
    assert "单雄信" in page
    assert "张三" not in page


async def test_a_rare_character_is_found_too(organizer: Browser, county: Seeded) -> None:
    assert "㛃丽" in (await organizer.open("/people?q=jieli")).text


async def test_nothing_found_says_how_to_look(organizer: Browser, county: Seeded) -> None:
    assert "没有符合这些条件的人员。" in (await organizer.open("/people?q=没有的人")).text


async def test_a_long_list_goes_on_behind_its_last_line(
    organizer: Browser, county: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.register.queries.people.__kwdefaults__", {"after": None, "limit": 2})
    first = (await organizer.open("/people")).text
    link = re.search(r'rel="next" href="([^"]+)"', first)
    assert link
    second = (await organizer.open(link[1].replace("&amp;", "&"))).text
    assert "已经是最后一页" in second
    shown = [name for name in county.people if f">{name}</a>" in first]
    rest = [name for name in county.people if f">{name}</a>" in second]
    assert sorted(shown + rest) == sorted(county.people)


async def test_a_person_is_entered_and_corrected(organizer: Browser, county: Seeded) -> None:
    unit = str(county.units["东街支部"].id)
    await organizer.open(f"/people/new?unit={unit}")
    fields = {
        "unit": unit,
        "name": "李四光",
        "membership": "full",
        "joined": "2001年7月1日",
        "converted": "20020701",
    }
    answer = await organizer.submit(
        "/people/new", **fields, born="1970-01-02", ethnicity="汉族", phone="13912345678"
    )
    assert answer.status_code == 303, answer.text
    address = answer.headers["location"]
    page = (await organizer.open(address)).text
    assert "2001-07-01" in page
    assert "139****5678" in page
    assert "13912345678" not in page

    form = (await organizer.open(f"{address}/edit")).text
    assert "13912345678" not in form
    answer = await organizer.submit(f"{address}/edit", **fields, born="1970-01-02", job="教师", version="0")
    assert answer.status_code == 303, answer.text
    page = (await organizer.open(address)).text
    assert "教师" in page
    assert "139****5678" in page, "a number that was not typed anew stays"


async def test_a_secretary_is_not_asked_for_what_the_department_sets(
    secretary: Browser, county: Seeded
) -> None:
    form = (await secretary.open("/people/new")).text
    assert 'name="membership"' not in form
    assert "由县委组织部登记" in form
    unit = str(county.units["东街支部"].id)
    answer = await secretary.submit("/people/new", unit=unit, name="林二十")
    assert answer.status_code == 303, answer.text
    address = answer.headers["location"]
    answer = await secretary.submit(f"{address}/edit", name="林二一", version="0")
    assert answer.status_code == 303, answer.text
    assert "林二一" in (await secretary.open(address)).text


async def test_somebody_of_the_same_name_and_birth_date_is_asked_about(
    organizer: Browser, secretary: Browser, county: Seeded
) -> None:
    """Whoever has another number is another person; where he is that one does not see is not said."""
    fields = {"name": "欧阳一苇", "born": "1991-03-04", "membership": "none"}
    west, east = (str(county.units[one].id) for one in ("上河支部", "东街支部"))
    await organizer.open("/people/new")
    assert (await organizer.submit("/people/new", unit=west, **fields)).status_code == 303
    await secretary.open("/people/new")
    asked = await secretary.submit("/people/new", unit=east, name="欧阳一苇", born="19910304")
    assert asked.status_code == 409
    assert "同名、同一天出生的人：您管理范围以外的党组织。请核对是不是同一人" in asked.text
    assert "已核对，是另一个人" in asked.text
    seen = await organizer.submit("/people/new", unit=east, **fields)
    assert "上河支部（群众）" in seen.text
    body = {"unit_id": east, "draft": {"name": "欧阳一苇", "born": "1991-03-04"}}
    answer = await organizer.post("/api/v1/people", json=body, headers={"x-csrftoken": organizer.token})
    assert (answer.status_code, answer.json()["code"]) == (409, "alike")
    taken = {"unit": east, "name": "欧阳一苇", "born": "1949-12-31", "national_id": "11010519491231002X"}
    assert (
        await organizer.submit("/people/new", **{**fields, "unit": west, "born": "1949-12-31"})
    ).status_code == 303
    silent = await secretary.submit("/people/new", **taken)
    assert silent.status_code == 409
    assert "已经登记在本县的名册中" in silent.text
    assert "管理范围以外" not in silent.text, (
        "a number that is taken enters nobody: whoever uses it to ask is told nothing"
    )
    done = await secretary.submit("/people/new", unit=east, name="欧阳一苇", born="19910304", distinct="1")
    assert done.status_code == 303, done.text
    listed = (await organizer.open("/people/twins")).text
    assert "欧阳一苇" in listed


async def test_what_cannot_be_is_said_at_the_field(organizer: Browser, county: Seeded) -> None:
    await organizer.open("/people/new")
    fields = {"unit": str(county.units["东街支部"].id), "name": "王二", "membership": "full"}
    answer = await organizer.submit(
        "/people/new", **fields, born="1990-01-01", joined="1985-01-01", converted="2030-01-01"
    )
    assert answer.status_code == 422
    assert "早于出生日期" in answer.text
    assert "还没有到" in answer.text
    assert 'value="王二"' in answer.text


async def test_a_number_is_revealed_for_a_purpose_and_leaves_a_trace(
    organizer: Browser, county: Seeded
) -> None:
    address = f"/people/{county.people['单雄信']}"
    page = (await organizer.open(address)).text
    assert ID not in page
    answer = await organizer.submit(f"{address}/reveal", what="national-id", purpose="")
    assert answer.status_code == 422
    assert "请填写查看目的。" in answer.text
    assert ID not in answer.text
    answer = await organizer.submit(f"{address}/reveal", what="national-id", purpose="核对政审函调对象身份")
    assert answer.status_code == 200
    assert ID in answer.text
    async with county_session(county.id):
        rows = await current_session().fetch(
            "select verb, said::json ->> 'purpose' from ledger_entry where verb = 'read.national-id'"
        )
    assert [tuple(row) for row in rows] == [("read.national-id", "核对政审函调对象身份")]


async def test_who_may_not_reveal_has_no_button_and_no_way(secretary: Browser, county: Seeded) -> None:
    address = f"/people/{county.people['单雄信']}"
    assert "查看完整号码" not in (await secretary.open(address)).text
    answer = await secretary.submit(f"{address}/reveal", what="national-id", purpose="核对政审函调对象身份")
    assert answer.status_code == 403


async def test_one_box_finds_people_units_and_pages(organizer: Browser, county: Seeded) -> None:
    page = (await organizer.open("/find?q=单雄")).text
    assert f"/people/{county.people['单雄信']}" in page
    page = (await organizer.open("/find?q=城关")).text
    assert f"/units/{county.units['城关镇党委'].id}" in page
    assert 'href="/people"><span>党员名册' in (await organizer.open("/find?q=名册")).text
    assert "没有找到“没有的”" in (await organizer.open("/find?q=没有的")).text


async def test_the_tags_hold_from_a_day_on(secretary: Browser, county: Seeded) -> None:
    address = f"/people/{county.people['㛃丽']}"
    await secretary.open(f"{address}/tags")
    answer = await secretary.submit(f"{address}/tags", tags=["rural", "student"], day="2026-11-01")
    assert answer.status_code == 303, answer.text
    page = (await secretary.open(address)).text
    assert "农村" in page
    assert "自 2026-11-01" in page


async def test_the_export_is_the_list_that_was_seen(organizer: Browser, county: Seeded) -> None:
    await organizer.open("/people/export?q=单雄信")
    answer = await organizer.submit("/people/export?q=单雄信", purpose="")
    assert answer.status_code == 422
    answer = await organizer.submit("/people/export?q=单雄信", purpose="核对年度统计")
    assert answer.status_code == 303
    assert await work(county, make_export)
    [made] = re.findall(r"/exports/[0-9a-f-]+/file", (await organizer.open("/exports")).text)
    answer = await organizer.open(made)
    rows = list(load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == ["单雄信"]
    assert ID not in str(rows)


async def test_the_template_has_the_19_columns(organizer: Browser) -> None:
    answer = await organizer.open("/people/template")
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert sheet.max_column == 19


async def _kept(who: Browser, **said: object) -> None:
    """Have it shown, then make what was shown."""
    seen = await who.submit("/people/many", **said)
    done = await who.submit("/people/many", **said, keep=shown(seen.text))
    assert done.status_code == 303, done.text


async def test_many_are_grouped_and_moved_at_one_go_or_nobody_is(
    organizer: Browser, secretary: Browser, admin: Browser, county: Seeded
) -> None:
    east, west = county.units["东街支部"], county.units["上河支部"]
    first, second = str(county.people["张三"]), str(county.people["㛃丽"])
    async with county_session(county.id):
        group = await create(everything(), east.id, UnitDraft(kind="group", name="第一党小组"), TODAY)
    day = TODAY.isoformat()
    grouping = {"kind": "group", "into": str(group.id), "day": day, "go": [first, second]}
    await secretary.open("/people/many")
    seen = await secretary.submit("/people/many", **grouping)
    assert "这样办可以，尚未保存" in seen.text
    assert 'id="shown"' in seen.text
    assert '/people/many#shown"' in seen.text, "the page opens where that stands, below all the people"
    assert "第一党小组" not in (await secretary.open(f"/people/{first}")).text, "a preview leaves nothing"
    await secretary.open("/people/many")
    done = await secretary.submit("/people/many", **grouping, keep=shown(seen.text))
    assert done.status_code == 303
    assert "第一党小组" in (await secretary.open(f"/people/{first}")).text
    await secretary.open("/people/many")
    again = await secretary.submit(
        "/people/many", **grouping | {"go": [first, str(county.people["单雄信"])]}, keep="1"
    )
    assert "有人还不能办，一个都没有保存" in again.text
    assert "张三——已经在第一党小组" in again.text
    elsewhere = await secretary.submit("/people/many", **grouping | {"kind": "move", "paper": "批复"})
    assert elsewhere.status_code == 422, "a secretary moves nobody to another branch"

    moving = {"kind": "move", "into": str(west.id), "day": day, "go": [first, second]}
    await organizer.open("/people/many")
    assert "请填写依据的文件" in (await organizer.submit("/people/many", **moving, keep="1")).text
    await organizer.open("/people/many")
    await _kept(organizer, **moving, paper="关于调整支部设置的批复")
    file = (await organizer.open(f"/people/{second}")).text
    assert "上河支部" in file
    assert "（依据：关于调整支部设置的批复）" in file
    await organizer.open("/people/many")
    await _kept(organizer, kind="tag", tag="off-site", day=day, go=[first, second])
    log = (await admin.open("/accounts/log")).text
    assert "成批编到党小组" in log
    assert "成批调整所在党支部" in log
    assert "2 人" in log
    await organizer.open("/people/many")
    await _kept(organizer, kind="move", into=str(east.id), day=day, go=[first, second], paper="原批复有误")
    asked = {"kind": "untag", "tag": "off-site", "day": day, "people": [first, second]}
    for said, kept, refused in (
        (asked, False, False), (asked | {"keep": True}, True, False), (asked | {"keep": True}, False, True),
    ):  # fmt: skip
        done = (await call(organizer, "POST", "/people/many", said)).json()
        assert (done["kept"], [bool(one["refused"]) for one in done["items"]]) == (kept, [refused] * 2), done
    unsaid = asked | {"kind": "move", "tag": "", "into": str(west.id)}
    assert (await call(organizer, "POST", "/people/many", unsaid)).status_code == 422, "no paper"
    assert (await call(secretary, "POST", "/people/many", unsaid)).status_code == 403
