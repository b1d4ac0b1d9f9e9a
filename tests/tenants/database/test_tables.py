"""What is declared for Piccolo is what the migrations made."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import pytest
from piccolo.table import Table

import core
import tenants
from tenants.database.session import global_session

pytestmark = pytest.mark.anyio


def declared() -> Iterator[type[Table]]:
    """Every table that a module of core or tenants declares."""
    for package in (core, tenants):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            for value in vars(import_module(module.name)).values():
                if isinstance(value, type) and issubclass(value, Table) and value.__module__ == module.name:
                    yield value


async def test_every_declared_column_is_a_column_of_the_database(pool: object) -> None:
    found = list(declared())
    assert found
    async with global_session() as session:
        for table in found:
            rows = await session.fetch(
                "select column_name from information_schema.columns where table_name = $1",
                table._meta.tablename,
            )
            assert {column._meta.name for column in table._meta.columns} <= {
                row["column_name"] for row in rows
            }
