"""Counties as the operator opens, names, shuts and opens them again; and what is said at the gate of one that is shut."""

from __future__ import annotations

from uuid import uuid4

import pytest

from core.errors import Conflict, Forbidden, Invalid, NotFound
from tenants.counties import (
    MOST_LETTERS,
    CountyView,
    counties,
    county_at_gate,
    county_by_slug,
    everywhere,
    open_county,
    rename_county,
    resume_county,
    suspend_county,
)
from tenants.database.session import Session, county_session, owner_session
from tests.tenants.conftest import TODAY

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("slug", "name", "field"),
    [
        ("", "甲县", "slug"), ("a", "甲县", "slug"), ("Jia", "甲县", "slug"), ("1jia", "甲县", "slug"),
        ("jia_xian", "甲县", "slug"), ("jia xian", "甲县", "slug"),
        ("甲", "甲县", "slug"), ("j" * 41, "甲县", "slug"), ("jia\n", "甲县", "slug"),
        ("jia", " \u200b", "name"), ("jia", "甲" * (MOST_LETTERS + 1), "name"), ("jia", "<b>甲县", "name"),
        ("jia", "甲县😀", "name"),
    ],
)  # fmt: skip
async def test_what_no_county_is_called(slug: str, name: str, field: str, one_connection: None) -> None:
    with pytest.raises(Invalid) as refused:
        await open_county(slug, name, TODAY)
    assert [*refused.value.fields] == [field]
    assert name not in {one.name for one in await counties()}


async def test_a_code_and_a_name_are_one_countys_alone(one_connection: None) -> None:
    first = await open_county("jia-1", " 甲 县 ", TODAY)
    assert (await county_by_slug("jia-1")).name == "甲 县"
    second = await open_county("j" * 40, "乙县", TODAY)
    for slug, name in (("jia-1", "丙县"), ("bing", "乙县")):
        with pytest.raises(Conflict, match=f"网址标识“{slug}”或名称“{name}”已被使用"):
            await open_county(slug, name, TODAY)
    with pytest.raises(Conflict, match="名称“甲 县”已被使用") as refused:
        await rename_county(second, "甲 县")
    assert "name" in refused.value.fields
    with pytest.raises(Invalid):
        await rename_county(second, "乙" * (MOST_LETTERS + 1))
    await rename_county(second, "乙市")
    await rename_county(first, "甲 县")
    assert [(one.slug, one.name) for one in await counties() if one.id in (first, second)] == [
        ("jia-1", "甲 县"),
        ("j" * 40, "乙市"),
    ]


async def test_a_shut_one_says_why_and_opens_again(one_connection: None) -> None:
    slug = f"c{uuid4().hex[:8]}"
    county = await open_county(slug, f"{slug}县", TODAY)
    for nowhere in ("nowhere", "", f"{slug}x"):
        for asked in (
            county_by_slug(nowhere),
            county_at_gate(nowhere),
            suspend_county(nowhere, "x"),
            resume_county(nowhere),
        ):
            with pytest.raises(NotFound, match="没有找到这个县"):
                await asked
    with pytest.raises(Conflict, match="没有暂停"):
        await resume_county(slug)
    for why in ("", " \u200b ", "停" * 101):
        with pytest.raises(Invalid):
            await suspend_county(slug, why)
    assert (await county_at_gate(slug)).id == county
    await suspend_county(slug, " 合同\n到期 ")
    with pytest.raises(Forbidden, match=r"已由平台运维单位暂停使用（合同 到期）.*数据原样保留") as refused:
        await county_at_gate(slug)
    assert refused.value.code == "suspended"
    async with owner_session() as session:
        await session.execute("update county set delete_after = current_date where id = $1", county)
    await resume_county(slug)
    assert (await county_at_gate(slug)).suspended_why == ""
    async with owner_session() as session:
        row = await session.fetchrow("select suspended_at, delete_after from county where id = $1", county)
    assert tuple(row or ()) == (None, None), "and it is not to be deleted any more"


async def test_what_fails_in_one_county_is_raised_once_the_others_are_done(one_connection: None) -> None:
    """And what was done there is undone, alone."""
    slugs = [f"e{number}-{uuid4().hex[:6]}" for number in range(4)]
    for slug in slugs:
        await open_county(slug, f"{slug}县", TODAY)
    await suspend_county(slugs[2], "核对")
    add = "insert into account (login, name, password_hash) values ('here', '某', '')"
    seen: list[str] = []

    async def act(session: Session, county: CountyView) -> int:
        if county.slug not in slugs:
            return 0
        seen.append(county.slug)
        await session.execute(add)
        if county.slug == slugs[1]:
            raise ZeroDivisionError
        return 10

    with pytest.raises(ExceptionGroup) as failed:
        await everywhere(act)
    assert [type(one) for one in failed.value.exceptions] == [ZeroDivisionError]
    assert seen == [slugs[0], slugs[1], slugs[3]]
    for slug, there in zip(slugs, (1, 0, 0, 1), strict=True):
        async with county_session((await county_by_slug(slug)).id) as session:
            assert await session.fetchval("select count(*) from account") == there, slug

    async def counted(session: Session, county: CountyView) -> int:
        return 1 if county.slug in slugs and session.answered else 0

    asking = "select from account where login = 'here'"
    assert await everywhere(counted, asking=asking) == 2
    async with county_session((await county_by_slug(slugs[2])).id) as session:
        await session.execute(add)
    assert (
        await everywhere(counted, asking=asking),
        await everywhere(counted, asking=asking, shut=True),
    ) == (2, 3)
