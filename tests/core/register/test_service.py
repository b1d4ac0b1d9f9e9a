"""People: what is checked, what is sealed, how they are found, who looked."""

from __future__ import annotations

from datetime import date

import pytest

from core.database import fetch, fetchrow, fetchval
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.register.model import PersonDraft
from core.register.numbers import born_of, mask_id, mobile_number, national_id, sex_of
from core.register.queries import PeopleFilter, count_people, people, person_file
from core.register.readings import readings
from core.register.service import enter, reveal
from core.register.twins.pair import CHOICES
from tenants.database.session import county_session
from tests.core.conftest import TODAY, World, applicant, resident_id, with_roles

BORN = date(1990, 3, 7)
NUMBER = resident_id(BORN)


def test_a_national_id_is_checked() -> None:
    """Form, check digit, province, date; a county code newer than the birth is fine."""
    assert national_id(NUMBER.lower()) == NUMBER
    assert (born_of(NUMBER), sex_of(NUMBER)) == (BORN, "male")
    assert sex_of(resident_id(BORN, 2)) == "female"
    assert national_id(resident_id(date(1931, 1, 1), area="220106"))
    for wrong, sentence in (
        (NUMBER[:-1], "18 位"),
        (NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1"), "校验码"),
        (resident_id(BORN, area="990106"), "省份代码"),
    ):
        with pytest.raises(Invalid, match=sentence):
            national_id(wrong)


def test_between_two_files_of_one_person_each_particular_is_chosen() -> None:
    assert sorted(one for together in CHOICES.values() for one in together) == sorted(
        PersonDraft.__struct_fields__
    )


def test_masks_do_not_give_the_number_away() -> None:
    """With the birth date beside it, four last figures would."""
    assert mask_id(NUMBER) == f"220*************{NUMBER[-2:]}"
    assert mobile_number("+86 138-0431-1234") == "13804311234"
    with pytest.raises(Invalid, match="11 位"):
        mobile_number("0431-85551234")


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (PersonDraft(name=" "), "name"),
        (PersonDraft(name="甲", national_id="123"), "national_id"),
        (PersonDraft(name="甲", national_id=NUMBER, born=date(1991, 3, 7)), "born"),
        (PersonDraft(name="甲", national_id=NUMBER, sex="female"), "sex"),
        (PersonDraft(name="甲", born=date(2027, 1, 1)), "born"),
        (PersonDraft(name="甲", born=BORN, membership="full", joined=date(1989, 1, 1)), "joined"),
        (
            PersonDraft(name="甲", membership="full", joined=date(2020, 1, 1), converted=date(2019, 1, 1)),
            "converted",
        ),
        (PersonDraft(name="甲", membership="probationary", converted=date(2019, 1, 1)), "converted"),
        (PersonDraft(name="甲", membership="activist", joined=date(2019, 1, 1)), "joined"),
        (PersonDraft(name="甲", membership="king"), "membership"),
        (PersonDraft(name="甲", phone="12345"), "phone"),
        (PersonDraft(name="甲", lost_since=date(2020, 1, 1)), "lost_since"),
        (PersonDraft(name="甲" * 61), "name"),
    ],
)
async def test_what_cannot_be_is_refused_by_field(world: World, draft: PersonDraft, field: str) -> None:
    """Each with its sentence, and nothing is entered."""
    async with county_session(world.county):
        before = await fetchval("select count(*) from person")
        with pytest.raises(Invalid) as refusal:
            await enter(world.organizer, world.east.id, draft, TODAY)
        assert field in refusal.value.fields
        assert refusal.value.sentence.endswith("。")
        assert await fetchval("select count(*) from person") == before


async def test_numbers_are_sealed_masked_and_revealed_on_record(world: World) -> None:
    """No table holds them readable; revealing needs the capability and a purpose, and is written down."""
    number = resident_id(BORN, 11)
    async with county_session(world.county):
        person = await applicant(world, "密存人", born=BORN, national_id=number, phone="13804310011")
        stored = str(dict(await fetchrow("select * from person where id = $1", person) or {}))
        assert number not in stored
        assert "13804310011" not in stored
        file = await person_file(world.secretary, person)
        assert (file.national_id_masked, file.phone_masked) == (mask_id(number), "138****0011")
        assert file.sex == "male"
        with pytest.raises(Forbidden):
            await reveal(world.secretary, person, "national-id", "办理政审函调")
        with pytest.raises(Invalid, match="至少 4 个字"):
            await reveal(world.organizer, person, "national-id", "看")
        assert await reveal(world.organizer, person, "national-id", "办理政审函调") == number
        assert await reveal(world.organizer, person, "phone", "通知本人谈话") == "13804310011"
        log = await readings(world.admin, person)
        assert [(one.what, one.by_name) for one in log] == [
            ("phone", "赵组织员"), ("national-id", "赵组织员"), ("file", "李书记"),
        ]  # fmt: skip
        with pytest.raises(Forbidden):
            await readings(world.secretary, person)


async def test_a_number_is_registered_once(world: World) -> None:
    """The same id again, at whatever branch, is refused without telling where."""
    number = resident_id(BORN, 21)
    async with county_session(world.county):
        await applicant(world, "先来", national_id=number, born=BORN)
    with pytest.raises(Conflict, match="已经登记在本县的名册"):
        async with county_session(world.county):
            other = with_roles("远书记", ("branch-secretary", world.far))
            await enter(other, world.far.id, PersonDraft(name="后到", national_id=number), TODAY)


@pytest.mark.parametrize(
    "text",
    ["王小明", "小明", "明", "wangxiaoming", "wangx", "wxm", "WXM", "number", "number4", "number6", "phone"],
)
async def test_people_are_found(world: World, text: str) -> None:
    """By name, its end, pinyin, initials, the id or its last 4 or 6, the mobile number."""
    number = resident_id(BORN, 31)
    terms = {"number": number, "number4": number[-4:], "number6": number[-6:].lower(), "phone": "13804310031"}
    async with county_session(world.county):
        if not (await people(world.secretary, PeopleFilter(search="王小明"))).lines:
            await applicant(world, "王小明", born=BORN, national_id=number, phone="13804310031")
        page = await people(world.secretary, PeopleFilter(search=terms.get(text, text)))
        assert "王小明" in {line.name for line in page.lines}
        stranger = with_roles("远书记", ("branch-secretary", world.far))
        assert (await people(stranger, PeopleFilter(search=terms.get(text, text)))).lines == ()


async def test_pages_follow_each_other(world: World) -> None:
    """Every person once, sorted by pinyin."""
    async with county_session(world.county):
        for name in ("甄一", "安二", "毕三", "丁四", "单五"):
            await applicant(world, name, unit=world.east)
        seen: list[str] = []
        after = None
        while True:
            page = await people(world.secretary, PeopleFilter(), after=after, limit=2)
            seen += [line.py for line in page.lines]
            after = page.after
            if after is None:
                break
        assert seen == sorted(seen)
        assert len(seen) == sum((await count_people(world.secretary, PeopleFilter())).values())


async def test_outside_ones_subtree_there_is_nobody(world: World, other_world: World) -> None:
    """Another branch's and another county's people are not found."""
    async with county_session(world.county):
        person = await applicant(world, "界内人")
        stranger = with_roles("远书记", ("branch-secretary", world.far))
        for attempt in (person_file(stranger, person), reveal(stranger, person, "phone", "随便看看吧")):
            with pytest.raises(NotFound):
                await attempt
    async with county_session(other_world.county):
        with pytest.raises(NotFound):
            await person_file(other_world.admin, person)
        assert await fetch("select id from person where id = $1", person) == []
