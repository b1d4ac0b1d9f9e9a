"""Counties: found by their address before sign-in, opened by the platform's operator."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

import msgspec
from asyncpg import UniqueViolationError
from piccolo.columns import UUID as Identifier
from piccolo.columns import Text
from piccolo.table import Table

from core.errors import Conflict, Invalid, NotFound
from tenants.database.session import global_session, owner_session

_SLUG = re.compile(r"[a-z][a-z0-9-]{1,39}")


class County(Table, tablename="county"):
    """What is read of a county before sign-in; its table is exempt from the county of the session."""

    id = Identifier(primary_key=True)
    slug = Text()
    name = Text()


class CountyView(msgspec.Struct, frozen=True):
    """A county; `slug` is its part of the address."""

    id: UUID
    slug: str
    name: str


async def counties() -> list[CountyView]:
    """All counties, by slug. Opens a session of its own, without a county."""
    async with global_session():
        rows = await County.select(County.id, County.slug, County.name).order_by(County.slug)
    return [CountyView(**row) for row in rows]


async def county_by_slug(slug: str) -> CountyView:
    """The county at this address. Raises NotFound. Opens a session of its own, without a county."""
    async with global_session():
        row = await County.select(County.id, County.slug, County.name).where(County.slug == slug).first()
    if row is None:
        raise NotFound("没有找到这个县（区、市）。请检查网址，或从登录页重新选择。")
    return CountyView(**row)


async def open_county(slug: str, name: str, opened: date) -> UUID:
    """Open a county, as the owner of the tables (operators only). Raises Invalid, Conflict."""
    if not _SLUG.fullmatch(slug) or not name.strip():
        raise Invalid(
            "县的网址标识应为 2 至 40 个小写字母、数字或连字符，以字母开头；名称不能为空。",
            fields={"slug": slug},
        )
    async with owner_session() as session:
        try:
            county: UUID = await session.fetchval(
                "insert into county (slug, name, opened) values ($1, $2, $3) returning id",
                slug,
                name.strip(),
                opened,
            )
        except UniqueViolationError:
            raise Conflict(
                f"网址标识“{slug}”或名称“{name}”已被使用，请换一个。", fields={"slug": slug}
            ) from None
    return county
