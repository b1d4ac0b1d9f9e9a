"""A county with 5,000 cases under way, and the application over it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest
from litestar import Litestar

from tenants.database.session import county_session
from tests.conftest import Database
from tests.tenants.policies.many_cases import plant_cases
from tests.web.conftest import TODAY, Seeded, seed

CASES = 5_000


@pytest.fixture(scope="module")
async def app(database: Database) -> AsyncIterator[Litestar]:
    """The application, started, on the day of the tests."""
    from web.app import create_app

    made = create_app()
    made.state.today = lambda: TODAY
    async with made.lifespan():
        yield made


@pytest.fixture(scope="module")
async def county(app: Litestar) -> Seeded:
    """A county whose one branch has all the cases, spread over all steps (and some that are completed)."""
    made = await seed("bench", "东河县", date(2026, 1, 1))
    branch = made.units["东街支部"]
    async with county_session(made.id):
        await plant_cases(branch.id, branch.path, CASES * 21 // 20, date(2024, 3, 1), TODAY)
    return made


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """The event loop with which the platform is served."""
    return ("asyncio", {"use_uvloop": True})
