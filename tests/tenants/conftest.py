"""A database with two counties, one pool connection, and a small tree in the first county."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import NamedTuple
from uuid import UUID, uuid4

import pytest

from core.actor import Actor
from tenants.accounts.access import actor_for
from tenants.counties import open_county
from tenants.database.session import Session, close_database, county_session, open_database
from tenants.ground.redis import close_redis

TODAY = date(2026, 11, 21)


class Tree(NamedTuple):
    """Units of a county: a department, two committees, two branches under the first and one under the second."""

    county: UUID
    department: UUID
    committee: UUID
    branch: UUID
    second_branch: UUID
    other_committee: UUID
    other_branch: UUID


async def add_unit(session: Session, name: str, kind: str, path: str, parent: UUID | None = None) -> UUID:
    """A unit put straight into the tree."""
    unit: UUID = await session.fetchval(
        "insert into unit (name, short_name, kind, path, parent_id, py, py_initials)"
        " values ($1, $1, $2, $3, $4, '', '') returning id",
        name, kind, path, parent,
    )  # fmt: skip
    return unit


async def plant(county: UUID) -> Tree:
    """The small tree of `Tree`."""
    async with county_session(county) as session:
        department = await add_unit(session, "县委组织部", "department", "/d/")
        committee = await add_unit(session, "城关镇党委", "committee", "/d/c/", department)
        branch = await add_unit(session, "东街党支部", "branch", "/d/c/b/", committee)
        second = await add_unit(session, "西街党支部", "branch", "/d/c/s/", committee)
        other = await add_unit(session, "河口乡党委", "committee", "/d/o/", department)
        other_branch = await add_unit(session, "河口村党支部", "branch", "/d/o/b/", other)
    return Tree(county, department, committee, branch, second, other, other_branch)


async def add_person(tree: Tree, role: str, unit: UUID, name: str = "张同志") -> UUID:
    """An account with one role, put straight into the tables."""
    async with county_session(tree.county) as session:
        account: UUID = await session.fetchval(
            "insert into account (login, name, password_hash) values ($1, $2, '') returning id",
            uuid4().hex,
            name,
        )
        await session.execute(
            "insert into holding (account_id, role, unit_id, since, granted_by) values ($1, $2, $3, $4, $1)",
            account, role, unit, date(2020, 1, 1),
        )  # fmt: skip
    return account


async def acting(tree: Tree, role: str, unit: UUID, name: str = "张同志") -> Actor:
    """A person with one role, as the services receive him."""
    account = await add_person(tree, role, unit, name)
    async with county_session(tree.county):
        return (await actor_for(account, TODAY)).actor


@pytest.fixture(scope="module")
async def one_connection(database: object) -> AsyncIterator[None]:
    """A pool of a single connection: whatever a session leaves behind, the next one meets."""
    await open_database(min_size=1, max_size=1)
    yield
    await close_redis()
    await close_database()


@pytest.fixture(scope="module")
async def counties(one_connection: None) -> tuple[UUID, UUID]:
    """Two counties."""
    return (
        await open_county("lvyuan", "绿园区", TODAY),
        await open_county("yakeshi", "牙克石市", TODAY),
    )


@pytest.fixture(scope="module")
async def tree(counties: tuple[UUID, UUID]) -> Tree:
    """The tree of the first county."""
    return await plant(counties[0])


@pytest.fixture(scope="module")
async def other_tree(counties: tuple[UUID, UUID]) -> Tree:
    """The same tree in the second county."""
    return await plant(counties[1])
