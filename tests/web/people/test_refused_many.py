"""What is wrong with an act for many: said on its field, what was chosen stays, nobody is touched; the API says the same."""

from __future__ import annotations

import re
from typing import Any

import pytest
from litestar import Litestar

from core.organisation.service import UnitDraft, create
from tenants.bulk import KINDS
from tenants.database.session import county_session
from tests.web.conftest import TODAY, Browser, Seeded, browser, everything
from tests.web.forms import Read, shown
from tests.web.test_attacks import call

HERE = "/people/many"


@pytest.fixture(scope="module")
async def group(county: Seeded) -> str:
    """A group of the branch."""
    async with county_session(county.id):
        draft = UnitDraft(kind="group", name="第一党小组")
        return str((await create(everything(), county.units["东街支部"].id, draft, TODAY)).id)


async def stock(county: Seeded) -> list[object]:
    """What no refusal may change."""
    async with county_session(county.id) as session:
        asked = (
            "select count(*) from person_change",
            "select count(*) from ledger_entry",
            "select string_agg(name || path, ',' order by name) from person",
            "select count(*) from person_tag",
        )
        return [await session.fetchval(one) for one in asked]


def problems(page: str) -> dict[str, str]:
    """Field → what is said of it."""
    return dict(re.findall(r'href="#f-([a-z-]+)"[^>]*>([^<]+)<', page))


WRONG: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"kind": ""}, {"kind": "请选择要办的事。"}),
    ({"kind": "expel"}, {"kind": "请选择要办的事。"}),
    ({"kind": "group", "into": ""}, {"into": "请选择编入的党组织。"}),
    ({"kind": "group", "into": "x"}, {"into": "请选择编入的党组织。"}),
    ({"kind": "group", "go": []}, {"go": "请至少选一个人。"}),
    ({"kind": "group", "day": ""}, {"day": "请填写自哪一天起。"}),
    ({"kind": "group", "day": "昨天"}, {"day": "自哪一天起“昨天”不是一个日期。请写成 2026-06-16 这样。"}),
    ({"kind": "tag", "into": "", "tag": ""}, {"tag": "请选择特征。"}),
    ({"kind": "untag", "into": "", "tag": "no-such"}, {"tag": "请选择特征。"}),
    (
        {"kind": "move", "into": "", "paper": ""},
        {"into": "请选择编入的党组织。", "paper": "请填写依据的文件。"},
    ),
    ({"kind": "move", "paper": "文" * 121}, {"paper": "依据的文件最多 120 个字，现在有 121 个字。"}),
    ({"kind": "group", "paper": "批复"}, {"paper": "这件事不填这一项。"}),
    ({"kind": "group", "tag": "off-site"}, {"tag": "这件事不填这一项。"}),
    ({"kind": "untag", "tag": "off-site"}, {"into": "这件事不填这一项。"}),
    ({"kind": "move", "paper": "批复", "tag": "off-site"}, {"tag": "这件事不填这一项。"}),
]


@pytest.mark.parametrize(("said", "expected"), WRONG)
@pytest.mark.parametrize("keep", ["", "1"])
async def test_what_is_wrong_is_said_on_its_field_and_nobody_is_touched(
    organizer: Browser, county: Seeded, group: str, said: dict[str, Any], expected: dict[str, str], keep: str
) -> None:
    first, second = str(county.people["张三"]), str(county.people["㛃丽"])
    sent = {"into": group, "day": TODAY.isoformat(), "go": [first, second], "keep": keep} | said
    before = await stock(county)
    assert Read((await organizer.open(HERE)).text).form(HERE) is not None
    answer = await organizer.submit(HERE, **sent)
    assert answer.status_code == 422
    assert problems(answer.text) == expected
    page = Read(answer.text)
    assert {f"f-{name}" for name in expected} <= {*page.ids} - page.folded, "what is said leads there"
    form = page.form(HERE)
    assert form is not None
    for name, value in sent.items():
        if name in ("go", "tag", "kind", "into"):
            offered = form.fields[name].offered
            wanted = [one for one in (value if isinstance(value, list) else [value]) if one in offered]
            assert {*form.fields[name].chosen} - {""} == {*wanted} - {""}, name
        elif name != "keep":
            assert form.fields[name].value == value, name
    assert "一起保存（" not in answer.text, "nothing is offered to be kept that was not shown"
    assert await stock(county) == before


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": "group", "into": None}, "into"),
        ({"kind": "move", "into": None, "paper": "批复"}, "into"),
        ({"kind": "move", "paper": " "}, "paper"),
        ({"kind": "tag", "into": None}, "tag"),
        ({"kind": "tag", "into": None, "tag": "no-such"}, "tag"),
        ({"kind": "tag", "tag": "off-site"}, "into"),
        ({"kind": "group", "paper": "批复"}, "paper"),
        ({"kind": "move", "paper": "批复", "tag": "off-site"}, "tag"),
    ],
)
async def test_a_program_is_told_the_field_too(
    organizer: Browser, county: Seeded, group: str, said: dict[str, Any], field: str
) -> None:
    before = await stock(county)
    asked = {"people": [str(county.people["张三"])], "day": TODAY.isoformat(), "into": group, "keep": True}
    answer = await call(organizer, "POST", HERE, asked | said)
    assert answer.status_code == 422
    assert [*answer.json()["fields"]] == [field]
    assert await stock(county) == before


@pytest.mark.parametrize(
    "said",
    [
        {"people": []},
        {"people": ["x"]},
        {"kind": "expel"},
        {"day": "2026-13-01"},
        {"paper": "文" * 121},
        {"into": "x"},
        {"day": None},
        {"keep": "ja"},
    ],
)
async def test_a_program_that_asks_for_what_there_is_not_is_refused(
    organizer: Browser, county: Seeded, group: str, said: dict[str, Any]
) -> None:
    before = await stock(county)
    person = str(county.people["张三"])
    asked = {"kind": "group", "people": [person], "day": TODAY.isoformat(), "into": group, "keep": True}
    answer = await call(organizer, "POST", HERE, asked | said)
    assert answer.status_code in (400, 422)
    assert re.search(r"[一-鿿]", answer.json()["sentence"])
    assert await stock(county) == before


async def test_whoever_has_left_the_list_meanwhile_is_not_dropped_in_silence(
    organizer: Browser, county: Seeded, group: str
) -> None:
    first, second = str(county.people["张三"]), str(county.people["单雄信"])
    at = f"{HERE}?q=张三"
    await organizer.open(at)
    before = await stock(county)
    answer = await organizer.submit(
        at, kind="group", into=group, day=TODAY.isoformat(), go=[first, second], keep="1"
    )
    assert problems(answer.text) == {
        "go": "选中的有 1 项已经不在可选范围内，可能刚刚变动。请按现在列出的重新选择。"
    }
    assert await stock(county) == before


async def test_a_day_that_is_to_come_is_said_of_everybody(
    organizer: Browser, county: Seeded, group: str
) -> None:
    first, second = str(county.people["张三"]), str(county.people["㛃丽"])
    before = await stock(county)
    await organizer.open(HERE)
    said = {"kind": "group", "into": group, "day": "2026-12-31", "go": [first, second], "keep": "1"}
    answer = await organizer.submit(HERE, **said)
    assert "有人还不能办，一个都没有保存" in answer.text
    assert {*re.findall(r"</span> (张三|㛃丽)——调整日期", answer.text)} == {"张三", "㛃丽"}
    form = Read(answer.text).form(HERE)
    assert form is not None
    assert form.fields["day"].value == "2026-12-31"
    assert {*form.fields["go"].chosen} == {first, second}
    asked = {"kind": "group", "people": [first, second], "day": "2026-12-31", "into": group, "keep": True}
    told = (await call(organizer, "POST", HERE, asked)).json()
    assert not told["kept"]
    assert all("调整日期" in one["refused"] for one in told["items"])
    assert await stock(county) == before, "what was not done is not in the ledger either"


async def test_what_was_only_shown_is_not_in_the_ledger(
    organizer: Browser, county: Seeded, group: str
) -> None:
    people = [str(county.people["张三"]), str(county.people["㛃丽"])]
    before = await stock(county)
    await organizer.open(HERE)
    seen = await organizer.submit(HERE, kind="group", into=group, day=TODAY.isoformat(), go=people)
    assert "这样办可以，尚未保存" in seen.text
    asked = {"kind": "group", "people": people, "day": TODAY.isoformat(), "into": group}
    told = (await call(organizer, "POST", HERE, asked)).json()
    assert (told["kept"], [one["refused"] for one in told["items"]]) == (False, ["", ""])
    assert await stock(county) == before


OFFERED = {
    "department-organizer": ["group", "tag", "untag", "move"],
    "committee-organizer": ["group", "tag", "untag"],
    "branch-secretary": ["group", "tag", "untag"],
    "department-admin": ["move"],
    "audit-admin": [],
    "inspector": [],
}


@pytest.mark.parametrize(("login", "kinds"), OFFERED.items())
async def test_each_is_offered_what_he_may(
    app: Litestar, county: Seeded, group: str, login: str, kinds: list[str]
) -> None:
    async with browser(app) as made:
        await made.sign_in(county, login)
        answer = await made.open(HERE)
        if not kinds:
            assert answer.status_code == 403
            assert (await made.submit(HERE, kind="tag")).status_code == 403
        else:
            form = Read(answer.text).form(HERE)
            assert form is not None
            assert form.fields["kind"].offered == kinds
            assert ("tag" in form.fields) == ("tag" in kinds)
            assert ("paper" in form.fields) == ("move" in kinds)
            assert ("请办理组织关系转移。这里只办支部设置调整带来的整批变动" in answer.text) == (
                "move" in kinds
            )
        for kind in KINDS.keys() - {*kinds}:
            asked = {"kind": kind, "people": [str(county.people["张三"])], "day": TODAY.isoformat()}
            assert (await call(made, "POST", HERE, asked)).status_code == 403, kind


async def test_the_list_stays_narrowed_until_it_is_done(organizer: Browser, county: Seeded) -> None:
    assert "这份名单里没有您可以办理的人。" in (await organizer.open(f"{HERE}?q=没有这个人")).text
    at = f"{HERE}?q=张三"
    page = (await organizer.open(at)).text
    read = Read(page)
    [form] = [one for one in read.forms if one.action.startswith(HERE)]
    assert form.fields["go"].offered == [str(county.people["张三"])]
    assert "下面列出这份名单的前 1 人，一次最多 200 人。" in page
    back = [link for link in read.links if link.startswith("/people?")]
    assert len(back) == 2, "the crumb and the way back"
    assert len({*back}) == 1
    narrowed = (await organizer.open(back[0])).text
    assert "张三" in narrowed
    assert "单雄信" not in narrowed
    sent = {"kind": "tag", "tag": "off-site", "day": TODAY.isoformat(), "go": form.fields["go"].offered}
    seen = await organizer.submit(form.action, **sent)
    assert "这样办可以，尚未保存" in seen.text
    assert "一起保存（1 人）" in seen.text
    other = await organizer.submit(form.action, **sent | {"tag": "student"}, keep=shown(seen.text))
    assert "尚未保存" in other.text, "another tag than the one that was shown is shown first"
    done = await organizer.submit(form.action, **sent, keep=shown(seen.text))
    assert done.status_code == 303
    assert done.headers["location"] == back[0]
    assert "已为 1 人办理：加上一项特征。" in (await organizer.open(back[0])).text
    await organizer.open(at)
    again = await organizer.submit(form.action, **sent, keep=shown(seen.text))
    assert "张三——已经有这个特征。" in again.text
    assert "一起保存（" not in again.text
    seen = await organizer.submit(form.action, **sent | {"kind": "untag"})
    taken = await organizer.submit(form.action, **sent | {"kind": "untag"}, keep=shown(seen.text))
    assert taken.status_code == 303
    assert "已为 1 人办理：去掉一项特征。" in (await organizer.open(back[0])).text


async def test_what_was_looked_for_and_picked_stays_where_there_are_many_branches(
    organizer: Browser, county: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.kit.units.MOST_LISTED", 1)
    west = county.units["上河支部"]
    await organizer.open(HERE)
    sent = {"kind": "move", "into": str(west.id), "into-q": "上河", "day": TODAY.isoformat(), "go": []}
    answer = await organizer.submit(HERE, **sent)
    assert problems(answer.text) == {"go": "请至少选一个人。", "paper": "请填写依据的文件。"}
    form = Read(answer.text).form(HERE)
    assert form is not None
    assert form.fields["into"].chosen == [str(west.id)], "what was picked"
    assert form.fields["into-q"].value == "上河", "what was typed"
