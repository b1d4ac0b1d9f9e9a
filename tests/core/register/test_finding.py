"""People are found by every usual reading of their name, by its parts, with or without dots, by the ends of their numbers."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.changes.correct import correct
from core.database import execute, fetchval
from core.pinyin import reading
from core.register.finding import terms_of, work_out_terms
from core.register.model import PersonDraft
from core.register.queries import PeopleFilter, count_people, people
from core.register.service import enter
from tenants.database.session import county_session
from tests.core.conftest import TODAY, RegimeFor, World, resident_id

pytestmark = pytest.mark.anyio

PEOPLE = (
    "张乐", "盖文静", "翟天临", "李晟", "王茜", "孙长海", "牟其中", "吕布", "吕梁", "女娲明", "卢布衣",
    "阿卜杜拉·买买提", "古丽·艾山",
    "娜仁其木格", "李明", "韩志远", "卜立明", "郇立明", "召立明", "单于立明", "欧阳娜娜",
)  # fmt: skip

NUMBER = resident_id(date(1980, 5, 12), 7)
FOUND = [
    ("zhangle", {"张乐"}), ("zhangyue", {"张乐"}), ("gewenjing", {"盖文静"}), ("gaiwenjing", {"盖文静"}),
    ("ditianlin", {"翟天临"}),
    ("zhaitianlin", {"翟天临"}), ("lisheng", {"李晟"}), ("licheng", {"李晟"}), ("wangqian", {"王茜"}), ("wangxi", {"王茜"}),
    ("sunchanghai", {"孙长海"}), ("sunzhanghai", {"孙长海"}), ("muqizhong", {"牟其中"}),
    ("lv", {"吕布", "吕梁"}), ("lü", {"吕布", "吕梁"}),
    ("lyu", {"吕布", "吕梁"}), ("lu", {"吕布", "吕梁", "卢布衣"}), ("lubu", {"吕布", "卢布衣"}),
    ("lyubu", {"吕布"}), ("LVBU", {"吕布"}), ("nvwa", {"女娲明"}), ("nuwa", {"女娲明"}), ("nüwa", {"女娲明"}),
    ("买买提", {"阿卜杜拉·买买提"}), ("maimaiti", {"阿卜杜拉·买买提"}), ("艾山", {"古丽·艾山"}), ("古丽艾山", {"古丽·艾山"}),
    ("古丽•艾山", {"古丽·艾山"}), ("古丽.艾山", {"古丽·艾山"}),
    ("aishan", {"古丽·艾山"}), ("木格", {"娜仁其木格"}), ("李明", {"李明"}),
    ("李　明", {"李明"}), ("韩志远", {"韩志远"}),
    ("bu li ming", {"卜立明"}), ("xun li ming", {"郇立明"}), ("huanliming", {"郇立明"}),
    ("shao li ming", {"召立明"}), ("zhaoliming", {"召立明"}),
    ("chan yu li ming", {"单于立明"}), ("娜娜", {"欧阳娜娜"}), ("nana", set()),
    ("9876", {"李明"}), ("13800009876", {"李明"}), (NUMBER, {"张乐"}), (NUMBER[-4:], {"张乐"}), (NUMBER[-6:], {"张乐"}),
]  # fmt: skip


@pytest.fixture(scope="module")
async def entered(world: World) -> dict[str, UUID]:
    """They are in the register, one with an id, one with a telephone."""
    ids = {}
    async with county_session(world.county):
        for name in PEOPLE:
            draft = PersonDraft(
                name=name,
                national_id=NUMBER if name == "张乐" else None,
                phone="13800009876" if name == "李明" else None,
            )
            ids[name] = await enter(world.secretary, world.east.id, draft, TODAY)
    return ids


async def found(world: World, text: str) -> set[str]:
    """The names of those whom a search finds."""
    async with county_session(world.county):
        return {line.name for line in (await people(world.organizer, PeopleFilter(search=text))).lines}


@pytest.mark.parametrize(("text", "names"), FOUND)
async def test_who_is_searched_for_is_found(
    world: World, entered: dict[str, UUID], text: str, names: set[str]
) -> None:
    assert await found(world, text) == names


async def test_nobody_is_left_out_where_more_elsewhere_have_such_a_term(
    world: World, entered: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a large county thousands have a name that is read zeng or ceng: somebody's branch lists all of its own all the same."""
    monkeypatch.setattr("core.register.queries.MOST_BY_TERM", 1)
    for text, names in FOUND:
        assert await found(world, text) == names, text
        async with county_session(world.county):
            counted = await count_people(world.organizer, PeopleFilter(search=text), most=100)
        assert sum(counted.values()) == len(names), text


@pytest.mark.parametrize(
    ("name", "py"),
    [
        ("卜立明", "bu li ming"), ("阚立明", "kan li ming"), ("单于立明", "chan yu li ming"),
        ("郇立明", "xun li ming"), ("贠立明", "yun li ming"),
        ("薄立明", "bo li ming"), ("召立明", "shao li ming"),
    ],
)  # fmt: skip
def test_a_surname_is_read_as_one(name: str, py: str) -> None:
    assert reading(name)[0] == py


async def test_names_are_sorted_by_syllables_and_found_in_one_go(world: World) -> None:
    async with county_session(world.county):
        for name in ("林安", "李宁"):
            await enter(world.secretary, world.east.id, PersonDraft(name=name), TODAY)
        listed = [line.name for line in (await people(world.organizer, PeopleFilter(search="l"))).lines]
    assert listed.index("李宁") < listed.index("林安"), (
        "lining comes behind linan only where the syllables run together"
    )
    for text, name in (("lining", "李宁"), ("lini", "李宁"), ("linan", "林安"), ("ln", "李宁")):
        assert name in await found(world, text)


@pytest.mark.parametrize("text", ["l", "Ｌ", "l'", "'", "　"])
async def test_a_list_of_one_letter_goes_on_page_by_page(
    world: World, entered: dict[str, UUID], text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However it was typed: only what is gathered ends at some of them."""
    monkeypatch.setattr("core.register.queries.MOST_GATHERED", 2)
    async with county_session(world.county):
        first = await people(world.organizer, PeopleFilter(search=text), limit=2)
        then = await people(world.organizer, PeopleFilter(search=text), limit=2, after=first.after)
    assert first.after is not None
    assert not first.limited
    assert first.lines[-1].py <= then.lines[0].py
    assert not {one.id for one in first.lines} & {one.id for one in then.lines}


async def test_a_new_name_is_found_and_the_old_one_no_more(world: World, regime_for: RegimeFor) -> None:
    async with county_session(world.county):
        one = await enter(world.secretary, world.east.id, PersonDraft(name="玛依拉·古丽"), TODAY)
    assert await found(world, "玛依拉古丽") == {"玛依拉·古丽"}
    async with county_session(world.county):
        await correct(world.secretary, one, PersonDraft(name="玛依拉·阿不都"), 0, TODAY, regime_for)
    assert await found(world, "玛依拉古丽") == set()
    assert await found(world, "玛依拉阿不都") == {"玛依拉·阿不都"}


async def test_who_was_entered_before_is_worked_out(world: World) -> None:
    async with county_session(world.county):
        one = await enter(
            world.secretary, world.east.id, PersonDraft(name="祖木热提·哈力克", phone="13800005432"), TODAY
        )
        await execute("update person set also = null, phone_tail4 = null where id = $1", one)
    assert await found(world, "哈力克") == set()
    async with county_session(world.county):
        assert await work_out_terms() == 1
        assert await work_out_terms() == 0
        assert await fetchval("select version from person where id = $1", one) == 0
    assert await found(world, "哈力克") == await found(world, "5432") == {"祖木热提·哈力克"}


HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)


@given(st.text(HAN, min_size=2, max_size=4), st.text(HAN, min_size=2, max_size=6))
def test_any_part_of_any_name_is_among_its_terms(first: str, second: str) -> None:
    """From any character on, two at least; and the whole without the dot."""
    name = f"{first}·{second}"
    kept = {name, name[1:], name[2:], *terms_of(name)}
    assert first + second in kept
    for at in range(len(first + second) - 1):
        assert any(one.replace("·", "").startswith((first + second)[at:]) for one in kept)
    assert len(kept) < 40
    assert terms_of(name) == sorted(set(terms_of(name)))
