"""Who puts records right and agrees to exceptions beside those of tests/web."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from litestar import Litestar

from tests.web.conftest import Browser, Seeded, browser


@pytest.fixture
async def committee(app: Litestar, county: Seeded) -> AsyncIterator[Browser]:
    """The secretary of the committee."""
    async with browser(app) as made:
        await made.sign_in(county, "committee-secretary")
        yield made
