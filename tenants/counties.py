"""Counties: found by their address before sign-in, opened by the platform's operator."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import date
from uuid import UUID

import msgspec
from asyncpg import UniqueViolationError
from piccolo.columns import UUID as Identifier
from piccolo.columns import Text
from piccolo.table import Table

from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.text import name_of, one_line
from tenants.database.session import Session, county_session, global_session, owner_session

_SLUG = re.compile(r"[a-z][a-z0-9-]{1,39}")
MOST_LETTERS = 40
"""Of a county's name."""


class County(Table, tablename="county"):
    """What is read of a county before sign-in; its table is exempt from the county of the session."""

    id = Identifier(primary_key=True)
    slug = Text()
    name = Text()
    suspended_why = Text()


class CountyView(msgspec.Struct, frozen=True):
    """A county; `slug` is its part of the address, `suspended_why` a reason while nobody may sign in there."""

    id: UUID
    slug: str
    name: str
    suspended_why: str = ""


_READ = (County.id, County.slug, County.name, County.suspended_why)


async def counties() -> list[CountyView]:
    """All counties, by slug. Opens a session of its own, without a county."""
    async with global_session():
        rows = await County.select(*_READ).order_by(County.slug)
    return [CountyView(**row) for row in rows]


async def everywhere(
    act: Callable[[Session, CountyView], Awaitable[int]], *, asking: str = "", shut: bool = False
) -> int:
    """Do this in each county, in a session of its own (`asking` as there): the sum of what comes of it. Those that are suspended
    are passed over, unless also what is `shut` is meant. What fails in one is raised once all others are done."""
    total, failures = 0, list[Exception]()
    for county in await counties():
        if county.suspended_why and not shut:
            continue
        try:
            async with county_session(county.id, asking) as session:
                total += await act(session, county)
        except Exception as failure:
            failures.append(failure)
    if failures:
        raise ExceptionGroup("not in every county", failures)
    return total


async def county_by_slug(slug: str) -> CountyView:
    """The county at this address. Raises NotFound. Opens a session of its own, without a county."""
    async with global_session():
        row = await County.select(*_READ).where(County.slug == slug).first()
    if row is None:
        raise NotFound("没有找到这个县（区、市）。请检查网址，或从登录页重新选择。")
    return CountyView(**row)


async def county_at_gate(slug: str) -> CountyView:
    """The same for whoever wants to come in. Raises Forbidden while it is suspended."""
    found = await county_by_slug(slug)
    if found.suspended_why:
        raise Forbidden(
            f"{found.name}已由平台运维单位暂停使用（{found.suspended_why}），现在不能登录，数据原样保留。恢复以后照常使用，请与平台运维单位联系。",
            code="suspended",
        )
    return found


async def suspend_county(slug: str, why: str) -> CountyView:
    """Let nobody in from now on: who is signed in is out with his next request, what was to be done in the background waits.

    Operators only. Raises NotFound, Invalid without a reason.
    """
    why, found = one_line("why", "暂停的理由", why, most=100), await county_by_slug(slug)
    async with owner_session() as session:
        await session.execute(
            "update county set suspended_at = now(), suspended_why = $2 where id = $1", found.id, why
        )
    return found


async def resume_county(slug: str) -> CountyView:
    """Let them in again; what waited goes on, and it is not to be deleted. Operators only. Raises NotFound, Conflict."""
    found = await county_by_slug(slug)
    async with owner_session() as session:
        done = await session.execute(
            "update county set suspended_at = null, suspended_why = '', delete_after = null"
            " where id = $1 and suspended_at is not null",
            found.id,
        )
        await session.execute("select pg_notify('outbox', $1)", str(found.id))
    if done == "UPDATE 0":
        raise Conflict(f"{found.name}没有暂停。")
    return found


async def open_county(slug: str, name: str, opened: date) -> UUID:
    """Open a county, as the owner of the tables (operators only). Raises Invalid, Conflict."""
    if not _SLUG.fullmatch(slug):
        sentence = "县的网址标识应为 2 至 40 个小写字母、数字或连字符，以字母开头。"
        raise Invalid(sentence, fields={"slug": sentence})
    name = name_of("name", "县的名称", name, most=MOST_LETTERS)
    async with owner_session() as session:
        try:
            county: UUID = await session.fetchval(
                "insert into county (slug, name, opened) values ($1, $2, $3) returning id", slug, name, opened
            )
        except UniqueViolationError:
            sentence = f"网址标识“{slug}”或名称“{name}”已被使用，请换一个。"
            raise Conflict(sentence, fields={"slug": sentence}) from None
    return county


async def rename_county(county_id: UUID, name: str) -> None:
    """Give a county this name, as the owner of the tables (operators only). Raises Invalid, Conflict where another has it."""
    name = name_of("name", "县的名称", name, most=MOST_LETTERS)
    async with owner_session() as session:
        try:
            await session.execute("update county set name = $2 where id = $1", county_id, name)
        except UniqueViolationError:
            sentence = f"名称“{name}”已被使用，请换一个。"
            raise Conflict(sentence, fields={"name": sentence}) from None
