"""A county of its own for each test: activations of one would be in force in the next."""

from __future__ import annotations

from uuid import uuid4

import pytest

from core.actor import Actor
from tenants.counties import open_county
from tests.tenants.conftest import TODAY, Tree, acting, plant


@pytest.fixture
async def tree(one_connection: None) -> Tree:
    """Its units."""
    slug = f"c{uuid4().hex[:12]}"
    return await plant(await open_county(slug, slug, TODAY))


@pytest.fixture
async def admin(tree: Tree) -> Actor:
    """Who administers it."""
    return await acting(tree, "department-admin", tree.department)
