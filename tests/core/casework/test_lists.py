"""Lists, the workbench, the sweep: what is read from the standing columns, and what keeps them true."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from core.casework.access import access_case
from core.casework.acts.attach import attach, download
from core.casework.acts.open import take_over
from core.casework.lists.below import below
from core.casework.lists.cases import (
    CaseFilter,
    case_conditions,
    cases,
    count_cases,
    export_lines,
)
from core.casework.lists.tasks import GROUPS, Tasks, tasks, waiting
from core.casework.lists.workbench import dates_between, numbers, recent_events
from core.casework.model import RegimeFor, Way
from core.casework.standing.columns import standing_columns
from core.casework.standing.sweep import due, load_these, recompute, running_below
from core.database import fetch, fetchrow, fetchval
from core.errors import Forbidden, Invalid, NotFound
from core.files.store import FileStore
from dangwu import Adoption, Regime, compose, evaluate, load_policy
from tenants.database.session import county_session
from tests.casework import add_note, case_detail
from tests.core.conftest import TODAY, Clerks, World, applicant, make_world, with_roles
from tests.core.files.test_store import PDF, stream
from tests.floor import FLOOR

NOTICE = date(2026, 11, 2)


@pytest.fixture(scope="module")
async def busy(pool: object, world: World, national: Regime) -> tuple[World, dict[str, UUID]]:
    """A county with cases in several states; names say which."""
    made = await make_world("busy", "忙县")

    async def regime_for(way: Way) -> Regime:
        return national

    clerks = Clerks(made, national, regime_for)
    found: dict[str, UUID] = {}
    async with county_session(made.county):
        for name, unit in (("安申请", made.east), ("毕申请", made.east), ("程申请", made.west)):
            person = await applicant(made._replace(secretary=made.organizer), name, unit=unit)
            opener = clerks._replace(
                world=made._replace(secretary=with_roles("某书记", ("branch-secretary", unit)))
            )
            found[name] = (await opener.open(person, date(2026, 11, 1), TODAY)).case_id
        await clerks.do(found["毕申请"], "applicant-talk", date(2026, 11, 2), today=TODAY)
        for name, step in (("戴同意", "prospect-consent"), ("方公示", "prospect-notice")):
            person = await applicant(made, name)
            steps = [one.id for one in national.plan().steps]
            before = steps[
                : steps.index(step)
            ]  # the last one since the notice is asked for: nobody had got there before
            given = {**dict.fromkeys(before, date(2025, 1, 10)), before[-1]: date(2026, 6, 1)}
            taken = await take_over(made.organizer, person, given, regime_for=regime_for, today=NOTICE)
            found[name] = taken.case_id
        await clerks.do(found["方公示"], "prospect-notice", NOTICE)
    return made, found


async def swept(day: date, regime_for: RegimeFor) -> int:
    """How many cases a day turns."""
    return await recompute(await due(day, regime_for), day, regime_for)


async def test_lists_are_narrowed(busy: tuple[World, dict[str, UUID]]) -> None:
    """By stage, step, state, reason, level, unit, search; counted in one query."""
    world, _ = busy
    async with county_session(world.county):
        for wanted, names in (
            (CaseFilter(stage="application"), {"安申请", "程申请"}),
            (CaseFilter(stage="activist"), {"毕申请"}),
            (CaseFilter(step="prospect-consent"), {"戴同意"}),
            (CaseFilter(step="prospect-notice", state="waiting"), {"方公示"}),
            (CaseFilter(step="prospect-notice", state="open"), set()),
            (CaseFilter(state="waiting"), {"方公示"}),
            (CaseFilter(reason="notice.running"), {"方公示"}),
            (CaseFilter(waits_for="committee"), {"戴同意"}),
            (CaseFilter(unit_id=world.west.id), {"程申请"}),
            (CaseFilter(search="申请"), {"安申请", "毕申请", "程申请"}),
            (CaseFilter(search="fangg"), {"方公示"}),
            (CaseFilter(search="dty"), {"戴同意"}),
            (CaseFilter(due_before=date(2026, 12, 1)), {"安申请", "程申请"}),
            (CaseFilter(waiting_before=date(2026, 11, 9)), {"方公示"}),
            (CaseFilter(waiting_before=date(2026, 11, 8)), set()),
            (CaseFilter(status="completed"), set()),
        ):
            page = await cases(world.organizer, wanted)
            assert {line.person_name for line in page.lines} == names, wanted
        counts = await count_cases(world.organizer, CaseFilter())
        assert counts == {"running": {"application": 2, "activist": 1, "prospect": 2}}
        by_unit = await below(world.organizer, "admission", date(2026, 12, 2))
        assert [one.cases for one in by_unit if one.id == world.town.id] == [5]
        assert sum(one.overdue for one in by_unit) == 2


@pytest.mark.parametrize("sort", ["name", "due", "started"])
async def test_pages_follow_each_other(busy: tuple[World, dict[str, UUID]], sort: str) -> None:
    """Every case once, in order."""
    world, found = busy
    async with county_session(world.county):
        seen: list[UUID] = []
        after = None
        while True:
            page = await cases(world.organizer, CaseFilter(), sort=sort, after=after, limit=2)
            seen += [line.id for line in page.lines]
            if (after := page.after) is None:
                break
        whole = await cases(world.organizer, CaseFilter(), sort=sort)
        assert seen == [line.id for line in whole.lines]
        assert set(seen) == set(found.values())


async def test_a_list_shows_ones_own_subtree(busy: tuple[World, dict[str, UUID]], world: World) -> None:
    """Nothing of others; nothing of another county; nothing without the capability."""
    busy_world, _ = busy
    async with county_session(busy_world.county):
        mine = await cases(busy_world.secretary, CaseFilter())
        assert {line.person_name for line in mine.lines} == {"安申请", "毕申请", "戴同意", "方公示"}
        assert not (await cases(with_roles("远", ("branch-secretary", busy_world.far)), CaseFilter())).lines
        with pytest.raises(NotFound):
            await cases(busy_world.secretary, CaseFilter(unit_id=busy_world.west.id))
    async with county_session(world.county):
        assert not (await cases(busy_world.organizer, CaseFilter(search="安申请"))).lines


def listed(found: Tasks) -> dict[str, list[str]]:
    """Group → names."""
    return {name: [one.line.person_name for one in lines] for name, lines in found.groups.items() if lines}


async def test_the_workbench_says_what_waits_for_whom(busy: tuple[World, dict[str, UUID]]) -> None:
    """By level: what only time keeps waits for nobody."""
    world, _ = busy
    day, most = date(2026, 11, 25), dict.fromkeys(GROUPS, 20)
    async with county_session(world.county):
        branch = await tasks(world.secretary, day, most)
        assert (listed(branch), branch.total) == ({"other": ["安申请", "毕申请"]}, 2)
        assert listed(await tasks(world.secretary, date(2026, 12, 1), most))["week"] == ["安申请"]
        assert listed(await tasks(world.secretary, date(2026, 12, 2), most))["overdue"] == ["安申请"]
        first = await tasks(world.secretary, day, {"other": 1})
        assert (listed(first), first.totals) == ({"other": ["安申请"]}, {"other": 2})
        assert listed(await tasks(world.committee, day, most)) == {"other": ["戴同意"]}
        assert (await tasks(world.organizer, day, most)).total == await waiting(world.organizer) == 0
        assert await waiting(with_roles("检查员", ("inspector", world.town))) == 0
        assert await waiting(world.secretary) == 2
        counted = await numbers(world.secretary, day)
        assert (counted.running, counted.overdue, counted.due, counted.stuck) == (4, 0, 1, 0)
        recorded = [one for one in await recent_events(world.secretary) if one.kind == "recorded"]
        assert (recorded[0].person_name, recorded[0].data["step"]) == ("方公示", "prospect-notice")


async def test_the_dates_of_a_week_come_by_day(busy: tuple[World, dict[str, UUID]]) -> None:
    """Deadlines and ends of waiting, of the cases that he sees."""
    world, _ = busy
    async with county_session(world.county):
        found = await dates_between(world.organizer, date(2026, 11, 9), date(2026, 12, 1))
        assert [(one.day, one.kind, one.line.person_name) for one in found] == [
            (date(2026, 11, 9), "until", "方公示"),
            (date(2026, 12, 1), "due", "安申请"),
            (date(2026, 12, 1), "due", "程申请"),
        ]
        assert len(await dates_between(world.organizer, date(2026, 11, 9), date(2026, 12, 1), 2)) == 2
        mine = await dates_between(world.secretary, date(2026, 11, 10), date(2026, 12, 1))
        assert [one.line.person_name for one in mine] == ["安申请"]


APPLICATION = CaseFilter(stage="application")


async def test_an_export_is_the_list_and_is_logged(busy: tuple[World, dict[str, UUID]]) -> None:
    """Of what he sees, a secretary his branch; everybody in it gets a line in the reading log."""
    world, _ = busy
    log = "select count(*) from ledger_entry where said::json ->> 'purpose' = '核对名单'"
    async with county_session(world.county):
        [lines] = [part async for part in export_lines(world.organizer, APPLICATION, "name", "核对名单")]
        assert [line.person_name for line in lines] == ["安申请", "程申请"]
        assert await fetchval(log) == 2
        [own] = [part async for part in export_lines(world.secretary, APPLICATION, "name", "核对本支部")]
        assert [line.person_name for line in own] == ["安申请"]
        with pytest.raises(Invalid, match="导出目的"):
            await anext(export_lines(world.organizer, CaseFilter(), "name", " "))


async def test_the_columns_are_the_standing(busy: tuple[World, dict[str, UUID]], national: Regime) -> None:
    """What lists show is what the contract says on the day it was computed."""
    world, found = busy
    async with county_session(world.county):
        for case_id in found.values():
            case = await access_case(world.organizer, case_id)
            row = await fetchrow("select * from case_file where id = $1", case_id)
            assert row is not None
            columns = standing_columns(evaluate(national, case.case, row["computed_on"]), row["computed_on"])
            assert {key: row[key] for key in columns} == columns


async def test_the_sweep_turns_what_time_turns(busy: tuple[World, dict[str, UUID]], national: Regime) -> None:
    """The notice runs out; nothing else is touched; a second sweep finds nothing."""
    world, found = busy
    asked: list[str] = []

    def regime_for(way: Way) -> Regime:
        asked.append(way.path)
        return national

    async with county_session(world.county) as session:
        until = await fetchval("select waiting_until from case_file where id = $1", found["方公示"])
        assert until == date(2026, 11, 9)
        assert await swept(until, regime_for) == 0
        before = await fetch("select id, computed_on from case_file")
        assert await swept(until + timedelta(days=1), regime_for) == 1
        after = await fetch("select id, computed_on from case_file")
        assert {row["id"] for row in after if row not in before} == {found["方公示"]}
        line = (await cases(world.organizer, CaseFilter(search="方公示"))).lines[0]
        assert "prospect-notice" not in line.open_steps
        assert line.version == 2
        event = (await recent_events(world.organizer, 1))[0]
        assert (event.kind, event.by_name, event.case_id) == ("turned", "系统", found["方公示"])
        assert await swept(until + timedelta(days=1), regime_for) == 0
        await session.rollback()


async def test_only_old_events_of_time_are_pruned(busy: tuple[World, dict[str, UUID]]) -> None:
    """What people did in a case stays, and so does what is younger than half a year, whatever is asked."""
    world, found = busy
    async with county_session(world.county) as session:
        for kind, days in (("turned", 190), ("recorded", 190), ("turned", 100)):
            await session.execute(
                "insert into case_event (id, at, case_id, kind, by_id, by_name)"
                " select uuidv7(-$3::interval), now() - $3::interval, $1, $2, $1, '系统'",
                found["方公示"], kind, timedelta(days=days),
            )  # fmt: skip
        before = await fetchval("select count(*) from case_event")
        assert await fetchval("select prune_turned(now() + interval '1 day')") == 1
        assert await fetchval("select count(*) from case_event") == before - 1
        gone = "select count(*) from case_event where kind = 'turned' and at < now() - interval '184 days'"
        assert await fetchval(gone) == 0
        await session.rollback()


STRICTER = """
plugin: stricter
title: 严格试点
place: 试点县
about: 在接收前增加公示。
requires: dangwu>=1,<2
sources: {note: {title: 试点通知, year: 2026}}
rules:
  - id: talk.form
    tighten: admission/applicant-talk
    documents: {kinds: [talk-record, special-form]}
    since: 2026-12-15
    cite: {source: note, clause: 一}
terms: {kind: {special-form: 专用表, talk-record: 谈话记录}}
"""


async def test_a_rule_that_begins_reaches_cases_without_a_date(busy: tuple[World, dict[str, UUID]]) -> None:
    """The day on which a policy turns is a day of the sweep; a change of policies recomputes a subtree."""
    world, _ = busy
    regime = compose(FLOOR, [Adoption(load_policy(STRICTER, ground=FLOOR))])
    async with county_session(world.county) as session:
        assert await recompute(await running_below(world.town.path), TODAY, lambda path: regime) == 5
        assert await swept(date(2026, 12, 14), lambda path: regime) < 5
        assert await swept(date(2026, 12, 15), lambda path: regime) == 5
        after = date(2026, 12, 16)
        assert len(await due(after, lambda path: regime, swept=date(2026, 12, 15))) < 5
        loaded = await load_these(await running_below(world.west.path))
        assert [case.person_name for case in loaded] == ["程申请"]
        standing = evaluate(regime, loaded[0].case, date(2026, 12, 15))
        assert "special-form" in {
            key for one in standing.steps["applicant-talk"].findings for key in one.keys
        }
        await session.rollback()


async def test_attachments_belong_to_their_case(
    busy: tuple[World, dict[str, UUID]], world: World, national: Regime, tmp_path: Path
) -> None:
    """Taken in by who records, named by a record of the same case, read by who sees the case."""
    made, found = busy
    store = FileStore(tmp_path)

    def pdf() -> AsyncIterator[bytes]:
        return stream(PDF)

    async with county_session(made.county):
        with pytest.raises(Forbidden):
            await attach(made.admin, found["安申请"], await store.put("谈话.pdf", pdf()))
        with pytest.raises(Invalid, match="不是 PDF"):
            await store.put("谈话.pdf", stream(b"<html>"))
        sent = await store.put("C:\\桌面\\谈话 记录.pdf", pdf())
        paper = await attach(made.secretary, found["安申请"], sent)
        with pytest.raises(Invalid, match="不属于这份档案"):
            await add_note(
                made.secretary,
                found["毕申请"],
                "见附件",
                regime_for=lambda way: national,
                today=TODAY,
                attachments=[paper],
            )
        await add_note(
            made.secretary,
            found["安申请"],
            "见附件",
            regime_for=lambda way: national,
            today=TODAY,
            attachments=[paper],
        )
        got = await download(made.committee, paper, store)
        assert (got.name, got.mime, b"".join(got.content)) == ("谈话 记录.pdf", "application/pdf", PDF)
        detail = await case_detail(made.committee, found["安申请"], TODAY)
        assert detail.attachments[paper].size == len(PDF)
        assert detail.entries[-1].attachments == (paper,)
        with pytest.raises(NotFound):
            await download(with_roles("远", ("branch-secretary", made.far)), paper, store)
    async with county_session(world.county):
        with pytest.raises(NotFound):
            await download(made.committee, paper, store)


async def test_no_search_text_becomes_sql(busy: tuple[World, dict[str, UUID]]) -> None:
    """Everything typed is an argument."""
    world, _ = busy
    async with county_session(world.county):
        nasty = "'); drop table person; --{}"
        where = await case_conditions(world.organizer, CaseFilter(search=nasty, stage="{0}"))
        assert "drop" not in str(where)
        assert not (await cases(world.organizer, CaseFilter(search=nasty, stage="{0}"))).lines
