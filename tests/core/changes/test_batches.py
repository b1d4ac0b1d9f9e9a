"""A roster from its upload to its undoing: in which state what can be done with it, and what undoing takes back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.changes.roster import apply, ask_undo, read, undo, undoing
from core.changes.tags import set_tags
from core.changes.units import batch as lists
from core.database import execute, fetch, fetchrow, fetchval
from core.errors import Conflict, DomainError, NotFound
from core.organisation.service import UnitDraft, create
from core.register.guests import add_guests, guests, taking_part
from core.register.roster.batch import Batch, batch, confirm, discard, forget_old_imports, give_up, upload
from core.register.roster.preview import preview
from core.register.roster.undo import restored
from core.register.service import tags_now
from tenants.database.session import county_session, current_session
from tests.core.conftest import TODAY, Clerks, RegimeFor, World, resident_id, with_roles
from tests.core.register.roster.rosters import member, roster, row
from tests.web.units.test_lists import NAMES, workbook


async def refused(error: type[DomainError], said: str, attempt: Any) -> None:
    """What is tried is refused so, and leaves nothing behind."""
    with pytest.raises(error, match=said):
        async with current_session().savepoint():
            await attempt


async def parsed(world: World, *rows: list[Any]) -> Batch:
    """A roster that has been read."""
    found = await upload(world.organizer, world.department.id, "名册.xlsx", roster(rows))
    return await read(found, TODAY)


async def applied(world: World, regime_for: RegimeFor, *rows: list[Any]) -> Batch:
    """The same, written."""
    found = await parsed(world, *rows)
    await confirm(world.organizer, found.id)
    return await apply(found.id, TODAY, regime_for)


async def person(number: int) -> dict[str, Any]:
    """Somebody whom a roster has entered."""
    found = await fetchrow("select * from person where name = $1 order by id desc limit 1", f"党员{number}")
    return dict(found or {})


async def test_each_state_allows_what_comes_next(world: World, regime_for: RegimeFor) -> None:
    """Nothing is confirmed that changes nothing, nothing twice; what was written is not dropped; what nobody wanted is gone."""
    clerk = world.organizer
    async with county_session(world.county):
        first = await applied(world, regime_for, member(41), member(42, job="教师"))
        assert (first.state, first.counts["new"]) == ("applied", 2)
        same = await parsed(world, member(41), member(42, job="教师"))
        assert same.counts == {"new": 0, "changed": 0, "same": 2, "error": 0}
        wrong = await parsed(world, row("错号", "1"))
        for error, said, attempt in (
            (Conflict, "名册与现有登记完全一致，没有需要导入的内容", confirm(clerk, same.id)),
            (Conflict, "名册中有 1 行有错，整份都没有导入", confirm(clerk, wrong.id)),
            (Conflict, "这次导入已经生效，不能再确认", confirm(clerk, first.id)),
            (Conflict, "这次导入已经生效，不能再放弃", discard(clerk, first.id)),
            (Conflict, "只有已经生效的导入可以撤销", ask_undo(clerk, same.id)),
            (NotFound, "没有找到这次导入", confirm(world.secretary, same.id)),
        ):
            await refused(error, said, attempt)
        await discard(clerk, same.id)
        await refused(Conflict, "这次导入已经放弃，不能再放弃", discard(clerk, same.id))
        assert await fetchval("select count(*) from import_row where batch_id = $1", same.id) == 0
        changed = await parsed(world, member(41, job="医生"))
        [line] = await preview(clerk, changed.id, action="changed")
        assert (line.changes, [one.field for one in line.differences]) == (("job",), ["job"])
        await confirm(clerk, changed.id)
        await refused(Conflict, "这次导入正在写入，不能再确认", confirm(clerk, changed.id))
        await give_up(changed.id, ended="killed")
        given_up = await batch(clerk, changed.id)
        assert (given_up.state, "两次使后台程序意外中断" in (given_up.refusal or "")) == ("refused", True)
        assert (await apply(changed.id, TODAY, regime_for)).state == "refused"
        assert (await person(41))["job"] is None


async def test_undoing_takes_back_what_the_roster_did_and_nothing_else(
    world: World, regime_for: RegimeFor
) -> None:
    """Whom it entered is entered in error, and takes part nowhere any more; the others are as they were, at their branch."""
    clerk = world.organizer
    async with county_session(world.county):
        before = await applied(world, regime_for, member(51, job="教师"), member(52))
        task = await create(
            world.admin, world.town.id, UnitDraft(kind="temporary-branch", name="撤销临时支部"), TODAY
        )
        second = await applied(
            world,
            regime_for,
            member(51, job="医生", unit="城关镇党委/西街社区党支部"),
            member(53),
            member(54),
        )
        fresh = (await person(53))["id"]
        await add_guests(world.admin, task.id, [fresh], TODAY, TODAY)
        would = await undoing(clerk, second.id)
        assert (would.entered, would.restored, would.obstacles) == (2, 1, ())
        shown = {one.name: one for one in await restored(clerk, second.id)}
        assert {name: one.entered for name, one in shown.items()} == {
            "党员51": False,
            "党员53": True,
            "党员54": True,
        }
        assert {one.field for one in shown["党员51"].differences} >= {"job"}
        asked = await ask_undo(clerk, second.id)
        assert asked.state == "undoing"
        await refused(Conflict, "只有已经生效的导入可以撤销", ask_undo(clerk, second.id))
        done = await undo(second.id, TODAY, regime_for)
        assert (done.state, done.undone_name) == ("undone", clerk.name)
        known = await person(51)
        assert (known["job"], known["unit_id"]) == ("教师", world.east.id)
        gone = await person(53)
        assert (gone["left_as"], gone["left_on"], gone["left_reason"]) == ("in-error", TODAY, "撤销名册导入")
        assert await taking_part(fresh) is None
        assert [(one.name, one.ended) for one in await guests(world.admin, task.id)] == [("党员53", TODAY)]
        assert (await undo(second.id, TODAY, regime_for)).state == "undone", "delivered twice"
        again = await applied(world, regime_for, member(53))
        assert again.counts["new"] == 1, "the number is free again"
        assert (await undoing(clerk, before.id)).obstacles[0].what.endswith("（导入名册）。"), (
            "that roster has changed him since"
        )


async def test_what_has_come_since_stands_in_the_way(
    world: World, clerks: Clerks, regime_for: RegimeFor
) -> None:
    """A case, a change, a branch that is no more; found once more when it is done."""
    clerk = world.organizer
    async with county_session(world.county):
        old = await create(world.admin, world.town.id, UnitDraft(kind="branch", name="旧支部"), TODAY)
        await applied(world, regime_for, member(61, unit="旧支部"), member(62))
        applicant = row("申请人61", resident_id(date(1999, 1, 1), 61), membership="入党申请人")
        second = await applied(world, regime_for, member(61), member(62, job="医生"), applicant)
        await execute("update unit set dissolved = $2 where id = $1", old.id, TODAY)
        whom: UUID = await fetchval("select id from person where name = '申请人61'")
        await clerks.open(whom, date(2026, 6, 1), TODAY)
        told = {one.what for one in (await undoing(clerk, second.id)).obstacles}
        assert any("为此人建立了办理档案" in one for one in told)
        assert "原在的“旧支部”已经撤销，不能再回到那里。" in told
        await refused(Conflict, "导入以后又有变动，不能整批撤销", ask_undo(clerk, second.id))
        third = await applied(world, regime_for, member(62, job="律师"))
        await ask_undo(clerk, third.id)
        await set_tags(clerk, (await person(62))["id"], frozenset({"student"}), TODAY, TODAY)
        stopped = await undo(third.id, TODAY, regime_for)
        assert (stopped.state, f"党员62：{clerk.name}修改了特征。" in (stopped.refusal or "")) == (
            "applied",
            True,
        )
        assert (await person(62))["job"] == "律师"
        assert await tags_now((await person(62))["id"]) == {"student"}


async def test_what_is_old_is_forgotten(world: World, regime_for: RegimeFor) -> None:
    """Unconfirmed rosters with all they hold; of applied ones what they replaced: they are no longer undone as a whole."""
    clerk, later = world.organizer, datetime.now(UTC) + timedelta(days=1)
    async with county_session(world.county):
        waiting, done = await parsed(world, member(71)), await applied(world, regime_for, member(72))
        await forget_old_imports(datetime(2020, 1, 1, tzinfo=UTC))
        assert (await batch(clerk, waiting.id)).state == "parsed"
        await forget_old_imports(later)
        forgotten = await batch(clerk, waiting.id)
        assert (forgotten.state, forgotten.readable) == ("discarded", False)
        assert await fetch("select 1 from import_row where batch_id = $1", waiting.id) == []
        await refused(
            Conflict, "这次导入生效已久，导入以前的内容不再保存，不能整批撤销", undoing(clerk, done.id)
        )


async def test_a_list_of_organisations_is_written_once_and_whole(world: World) -> None:
    """Nothing that changes nothing; nothing with a row that has an error; not after it was dropped."""
    admin = world.admin
    async with county_session(world.county):

        async def listed(*rows: list[Any]) -> UUID:
            return await lists.upload(admin, world.town.id, "", workbook(NAMES, *rows))

        same = await listed([1, "东街社区第一党支部", "城关镇党委", "x"])
        wrong = await listed([1, "某某", "", "x"])
        fresh = await listed([1, "名单新支部", "", "x"])
        for error, said, attempt in (
            (Conflict, "与现有组织完全一致，没有需要导入的内容", lists.confirm(admin, same)),
            (Conflict, "表中有 1 行有错，整份都没有导入", lists.confirm(admin, wrong)),
            (
                NotFound,
                "没有找到这次导入",
                lists.confirm(with_roles("远", ("committee-organizer", world.other_town)), same),
            ),
        ):
            await refused(error, said, attempt)
        await lists.confirm(admin, fresh)
        await refused(Conflict, "这次导入正在写入，不能再确认", lists.confirm(admin, fresh))
        await refused(Conflict, "这次导入正在写入，不能再放弃", lists.discard(admin, fresh))
        await create(admin, world.town.id, UnitDraft(kind="general-branch", name="名单新支部"), TODAY)
        found = await lists.unit_list(admin, fresh)
        assert found.filename == "党组织.xlsx"
        await refused(
            Conflict,
            "预览之后组织有了变化，第 2 行不能再导入：已登记的“名单新支部”是党总支",
            lists.write(admin, found, TODAY),
        )
        await lists.refuse(fresh, "不能再导入")
        assert (await lists.unit_list(admin, fresh)).state == "refused"
        await lists.discard(admin, fresh)
        assert [one.state for one in await lists.unit_lists(admin) if one.id in (fresh, same)] == [
            "discarded",
            "read",
        ]
