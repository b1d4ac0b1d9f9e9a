"""What is special about a person, on which rules depend: dated, and a matter of the case while one runs."""

from __future__ import annotations

from datetime import date

import pytest

from core.changes.tags import set_tags
from core.errors import Conflict
from core.register.queries import tags_on
from tenants.database.session import county_session
from tests.core.conftest import TODAY, Clerks, World, applicant


async def test_tags_have_their_days(world: World) -> None:
    """A tag holds from a day on; an earlier day keeps what it had."""
    async with county_session(world.county):
        person = await applicant(world, "标签人")
        await set_tags(world.secretary, person, frozenset({"rural", "student"}), date(2025, 9, 1), TODAY)
        await set_tags(world.secretary, person, frozenset({"rural"}), date(2026, 7, 1), TODAY)
        assert await tags_on(person, date(2026, 6, 30)) == {"rural", "student"}
        assert await tags_on(person, date(2026, 7, 1)) == {"rural"}
        assert await tags_on(person, date(2025, 8, 31)) == frozenset()


async def test_a_running_case_has_them_in_its_own_entries(world: World, clerks: Clerks) -> None:
    """Else what the rules went by could change behind the case's back."""
    async with county_session(world.county):
        person = await applicant(world, "办理中标签人")
        await clerks.open(person, date(2026, 6, 1), TODAY)
        with pytest.raises(Conflict, match="更新本人情况"):
            await set_tags(world.secretary, person, frozenset({"rural"}), TODAY, TODAY)
