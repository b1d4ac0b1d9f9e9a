"""What is confirmed is what was previewed: a change that came between is told."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from core.errors import Stale
from tenants.database.session import county_session
from tenants.policies.changes import Activation, Adopt, Choice
from tenants.policies.preview.preview import preview
from tenants.policies.seen import refuse_changed, seen
from tenants.policies.service import apply
from tests.tenants.conftest import TODAY, Tree, acting

COMMITTEE = "/d/c/"


def activation(
    plugin: str = "yakeshi", path: str = "/d/", minute: int = 0, unit_name: str = "县委组织部"
) -> Activation:
    """An activation written at a minute of the day."""
    day = date(2026, 11, 21)
    return Activation(
        id=uuid4(), unit_id=UUID(int=1), unit_name=unit_name, path=path, plugin=plugin, since=day, until=None,
        choice=Choice(), level="department", by_name="王管理", at=datetime(2026, 11, 21, 9, minute, tzinfo=UTC),
    )  # fmt: skip


def test_a_preview_holds_until_something_on_or_below_the_unit_changes() -> None:
    here, aside = activation(), activation("songyuan", path="/d/other/")
    before = seen([here], COMMITTEE)
    refuse_changed([here, aside], COMMITTEE, before)
    below = activation("jinhua-2014", path="/d/c/b/", minute=5, unit_name="东街支部")
    with pytest.raises(Stale) as refused:
        refuse_changed([here, below], COMMITTEE, before)
    assert refused.value.changes == (
        "王管理在“东街支部”对“金华市发展党员若干意见（2014）”：自 2026-11-21 起启用。",
    )


@pytest.mark.parametrize("before", ["", "0" * 32, "0123 yesterday"])
def test_what_no_preview_has_seen_is_refused(before: str) -> None:
    with pytest.raises(Stale) as refused:
        refuse_changed([activation()], COMMITTEE, before)
    assert len(refused.value.changes) == 1


def test_a_unit_that_has_moved_is_previewed_again() -> None:
    here = activation()
    with pytest.raises(Stale):
        refuse_changed([here], "/d/x/", seen([here], COMMITTEE))


@pytest.mark.anyio
async def test_of_two_who_have_looked_the_second_looks_again(tree: Tree) -> None:
    admin = await acting(tree, "department-admin", tree.department)
    first, second = (Adopt(plugin=plugin, since=TODAY) for plugin in ("yakeshi", "songyuan"))
    async with county_session(tree.county):
        both = (await preview(admin, tree.department, first, TODAY)).seen
        assert (await preview(admin, tree.committee, second, TODAY)).seen != both, "another unit"
    async with county_session(tree.county):
        assert len(await apply(admin, tree.department, first, TODAY, seen=both)) == 1
    with pytest.raises(Stale, match="预览之后") as refused:
        async with county_session(tree.county):
            await apply(admin, tree.department, second, TODAY, seen=both)
    assert len(refused.value.changes) == 1
    async with county_session(tree.county) as session:
        assert await session.fetchval("select count(*) from activation") == 1
