"""Importing a roster: preview, row errors, all of it or nothing; and the export of exactly a list."""

from __future__ import annotations

import asyncio
import io
from contextvars import Context
from datetime import date
from uuid import UUID

import pytest
from openpyxl import load_workbook

from core.actor import Actor
from core.casework.access import access_case
from core.casework.acts.open import take_over
from core.casework.model import Way
from core.changes.roster import apply, read
from core.database import execute, fetch, fetchval
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.organisation.service import UnitDraft, create
from core.progress import telling
from core.register.model import PersonDraft
from core.register.queries import PeopleFilter, people
from core.register.readings import readings
from core.register.roster.batch import Batch, batch, batches, confirm, discard, upload
from core.register.roster.preview import REMARKED, count_remarked, preview
from core.register.roster.template import people_table
from core.register.roster.write import Between
from core.register.service import enter
from core.sheets import written
from dangwu import Regime, compose
from tenants.database.session import county_session
from tests.conftest import Database
from tests.core.conftest import TODAY, Clerks, RegimeFor, World, applicant, resident_id, with_roles
from tests.core.register.roster.rosters import TITLES, member, roster, row
from tests.floor import FLOOR
from tests.waiting import until_locked

REGIME = compose(FLOOR)


def NATIONAL(way: Way) -> Regime:
    """The national rules for every unit."""
    return REGIME


WEST = "城关镇党委/西街社区党支部"
"""Another test founds a branch of this name under the other committee."""


async def parsed(world: World, content: bytes, actor: Actor | None = None, unit: UUID | None = None) -> Batch:
    """Upload and parse, each in a transaction of its own, as the web and the task do."""
    async with county_session(world.county):
        batch_id = await upload(actor or world.organizer, unit or world.department.id, "名册.xlsx", content)
    async with county_session(world.county):
        return await read(batch_id, TODAY)


async def applied(world: World, batch_id: UUID) -> Batch:
    """Confirm and apply, each in a transaction of its own."""
    async with county_session(world.county):
        await confirm(world.organizer, batch_id)
    async with county_session(world.county):
        return await apply(batch_id, TODAY, NATIONAL)


async def test_a_roster_enters_changes_and_leaves_alone(world: World) -> None:
    """New people first; then a changed one, an unchanged one, and empty cells that erase nothing."""
    first = await parsed(world, roster([member(1, job="教师"), member(2, unit=WEST)]))
    assert first.counts == {"new": 2, "changed": 0, "same": 0, "error": 0}
    assert (await applied(world, first.id)).state == "applied"
    second = await parsed(world, roster([member(1, address="东街 1 号"), member(2, unit=WEST), member(3)]))
    assert second.counts == {"new": 1, "changed": 1, "same": 1, "error": 0}
    async with county_session(world.county):
        rows = await preview(world.organizer, second.id)
        assert [(line.action, line.changes) for line in rows] == [
            ("changed", ("address",)),
            ("same", ()),
            ("new", ()),
        ]
        assert len(await preview(world.organizer, second.id, action="new")) == 1
        assert len(await preview(world.organizer, second.id, after=2)) == 2
    await applied(world, second.id)
    async with county_session(world.county):
        (person,) = await fetch(
            "select job, address, joined, converted, sex, version from person where name = '党员1'"
        )
        assert tuple(person)[:4] == ("教师", "东街 1 号", date(2001, 7, 1), date(2002, 7, 1))
        kinds = await fetch("select kind, by_name from person_change where detail ? 'batch' order by id")
        assert {tuple(one) for one in kinds} == {("entered", "赵组织员"), ("corrected", "赵组织员")}
        assert await fetchval("select count(*) from import_row where batch_id = $1", second.id) == 0


async def test_every_fault_is_told_with_row_and_column(world: World) -> None:
    """And one fault keeps everything out."""
    born = date(1980, 1, 1)
    good = resident_id(born, 401)
    forged = good[:-1] + ("1" if good[-1] != "1" else "2")
    content = roster(
        [
            member(400),
            row("伪造号", forged),
            row("日期错", resident_id(born, 402), joined="2026-02-30"),
            row("不一致", resident_id(born, 403), sex="女", born="19800102"),
            row("没支部", resident_id(born, 404), unit="火星支部"),
            row("重复一", good), row("重复二", good),
            row("先转正", resident_id(born, 405), joined="2010-01-01", converted="2009-01-01"),
            row("错电话", resident_id(born, 406), phone="12345"),
            row("将来人", resident_id(born, 407), joined="2030-01-01"),
            row("", resident_id(born, 408)),
        ]
    )  # fmt: skip
    found = await parsed(world, content)
    assert found.counts == {"new": 1, "changed": 0, "same": 0, "error": 10}
    async with county_session(world.county):
        rows = {line.number: line for line in await preview(world.organizer, found.id)}
        said = {
            number: {fault.column: fault.sentence for fault in line.faults} for number, line in rows.items()
        }
        assert rows[2].action == "new"
        assert "校验码" in said[3]["身份证号码"]
        assert "不存在" in said[4]["入党日期"]
        assert set(said[5]) == {"出生日期", "性别"}
        assert "火星支部" in said[6]["所在党支部"]
        assert all("两行" in said[number]["身份证号码"] for number in (7, 8))
        assert "早于入党日期" in said[9]["转正日期"]
        assert "11 位" in said[10]["手机号"]
        assert "还没有到" in said[11]["入党日期"]
        assert "没有填写姓名" in said[12]["姓名"]
        with pytest.raises(Conflict, match="有 10 行有错，整份都没有导入"):
            await confirm(world.organizer, found.id)
        assert await fetchval("select count(*) from person where name = '党员400'") == 0


async def test_a_refused_file_says_why(world: World) -> None:
    """What cannot be read ends the batch, not the task. Its content is dropped, unless somebody may explain the headings."""
    twice = await parsed(world, roster([["甲", "甲"]], ["姓名", "姓名"]))
    assert (twice.state, twice.readable) == ("refused", False)
    found = await parsed(world, roster([["甲"]], ["姓名", "性别"]))
    assert (found.state, found.readable) == ("refused", True)
    assert "缺少“身份证号码”、“人员类别”、“所在党支部”" in str(found.refusal)
    async with county_session(world.county):
        with pytest.raises(Conflict, match="未被接受"):
            await confirm(world.organizer, found.id)


async def test_branches_of_one_name_are_told_apart(world: World) -> None:
    """By the name of the unit above."""
    async with county_session(world.county):
        await create(world.admin, world.other_town.id, UnitDraft(kind="branch", name="西街社区党支部"), TODAY)
    both = await parsed(
        world, roster([member(500, unit="西街社区党支部"), member(501, unit="城关镇党委/西街社区党支部")])
    )
    async with county_session(world.county):
        first, second = await preview(world.organizer, both.id)
        assert "写成“上级党组织/西街社区党支部”" in first.faults[0].sentence
        assert second.action == "new"


async def test_nobody_is_pulled_in_from_elsewhere(world: World) -> None:
    """A committee's import cannot take another committee's member; nor read where he is."""
    await applied(world, (await parsed(world, roster([member(600, unit="河口村党支部")]))).id)
    importer = with_roles("导入员", ("department-organizer", world.town))
    found = await parsed(world, roster([member(600)]), importer, world.town.id)
    async with county_session(world.county):
        (line,) = await preview(importer, found.id)
        assert (line.action, line.person_id) == ("error", None)
        assert "组织关系转接" in line.faults[0].sentence


async def test_what_changed_since_the_preview_stops_all_of_it(world: World) -> None:
    """Applied again from the register as it is: a branch dissolved meanwhile refuses the batch, nobody is written."""
    async with county_session(world.county):
        unit = await create(world.admin, world.town.id, UnitDraft(kind="branch", name="将撤支部"), TODAY)
    found = await parsed(world, roster([member(700), member(701, unit="将撤支部")]))
    async with county_session(world.county):
        await execute("update unit set dissolved = $2 where id = $1", unit.id, TODAY)
    ended = await applied(world, found.id)
    assert ended.state == "refused"
    assert "第 3 行（党员701）" in str(ended.refusal)
    async with county_session(world.county):
        assert await fetchval("select count(*) from person where name in ('党员700', '党员701')") == 0


async def test_of_one_roster_sent_in_twice_the_second_says_that_it_entered_nobody(world: World) -> None:
    """Both were read before either was confirmed, and foresaw the same people."""
    content = roster([member(810), member(811)])
    one, two = [await parsed(world, content) for _ in range(2)]
    assert one.counts == two.counts == {"new": 2, "changed": 0, "same": 0, "error": 0}
    assert (await applied(world, one.id)).counts == one.counts
    ended = await applied(world, two.id)
    assert (ended.state, ended.counts) == ("applied", {"new": 0, "changed": 0, "same": 2, "error": 0})


async def test_who_is_entered_while_a_roster_is_written_is_judged_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has kept him as he is, or asked whether he has a case: nothing is written on a guess; the next attempt knows him."""
    monkeypatch.setattr("core.bulk.PART", 1)
    found = await parsed(world, roster([member(820), member(821, job="教师")]))
    async with county_session(world.county):
        await confirm(world.organizer, found.id)

    async def enters() -> None:
        async with county_session(world.county):
            draft = PersonDraft(name="党员821", national_id=member(821)[TITLES.index("身份证号码")])
            await enter(world.secretary, world.east.id, draft, TODAY)

    async def meanwhile(done: int, total: int | None) -> None:
        if not done:
            await asyncio.create_task(enters(), context=Context())

    with pytest.raises(Between):
        async with county_session(world.county):
            with telling(meanwhile):
                await apply(found.id, TODAY, NATIONAL)
    async with county_session(world.county):
        assert (
            await fetchval(
                "select count(*) from person where name = '党员820' or job = '教师' and name = '党员821'"
            )
            == 0
        )
    async with county_session(world.county):
        ended = await apply(found.id, TODAY, NATIONAL)
    assert (ended.state, ended.counts) == ("applied", {"new": 1, "changed": 1, "same": 0, "error": 0})


async def test_tasks_may_be_delivered_twice(world: World) -> None:
    """The second time changes nothing."""
    found = await parsed(world, roster([member(800)]))
    async with county_session(world.county):
        assert (await read(found.id, TODAY)).counts == found.counts
    await applied(world, found.id)
    async with county_session(world.county):
        assert (await apply(found.id, TODAY, NATIONAL)).state == "applied"
        assert await fetchval("select count(*) from person where name = '党员800'") == 1
        with pytest.raises(Conflict, match="已经生效"):
            await discard(world.organizer, found.id)


async def test_who_may_import(world: World, other_world: World) -> None:
    """The capability over the unit; a batch elsewhere is not there."""
    async with county_session(world.county):
        with pytest.raises(Forbidden):
            await upload(world.secretary, world.east.id, "名册.xlsx", roster([member(900)]))
        with pytest.raises(Invalid, match="不是 Excel"):
            await upload(world.organizer, world.department.id, "名册.xlsx", b"name,id")
        batch_id = await upload(
            world.organizer, world.department.id, "../../名册.xlsx", roster([member(900)])
        )
        assert batch_id in {one.id for one in await batches(world.organizer)}
        with pytest.raises(NotFound):
            await batch(world.secretary, batch_id)
        await discard(world.organizer, batch_id)
    async with county_session(other_world.county):
        with pytest.raises(NotFound):
            await batch(other_world.organizer, batch_id)


async def test_uploaded_rosters_are_sealed(world: World) -> None:
    """Neither the file nor its rows are readable in the database."""
    number = resident_id(date(1966, 6, 6), 6)
    found = await parsed(world, roster([row("密行人", number)]))
    async with county_session(world.county):
        rows = await fetch("select * from import_row where batch_id = $1", found.id)
        assert number.encode() not in bytes(rows[0]["payload"])
        assert number not in str([dict(one) for one in rows])


async def test_an_export_is_exactly_the_list(world: World) -> None:
    """Masked unless the numbers may be revealed; every line is logged; names stay names."""
    number = resident_id(date(1977, 7, 7), 77)
    async with county_session(world.county):
        await applicant(world, "=HYPERLINK", date(1977, 7, 7), national_id=number, phone="13804317777")
        wanted = PeopleFilter(search="=HYPERLINK")
        page = await people(world.organizer, wanted)
        masked = load_workbook(io.BytesIO(await written(people_table(world.organizer, wanted, "年度核对"))))[
            "党员名册"
        ]
        assert [cell.value for cell in masked[2]][:2] == ["=HYPERLINK", f"220*************{number[-2:]}"]
        assert masked["A2"].data_type == "s"
        assert masked.max_row == 1 + len(page.lines)
        full = await written(people_table(world.organizer, wanted, "报送市委组织部", full_numbers=True))
        assert load_workbook(io.BytesIO(full))["党员名册"]["B2"].value == number
        log = await readings(world.admin, page.lines[0].id)
        assert [(one.what, one.purpose) for one in log] == [
            ("export", "报送市委组织部"),
            ("export", "年度核对"),
        ]
        with pytest.raises(Forbidden, match="没有查看完整号码的权限"):
            await written(people_table(world.admin, wanted, "看一看", full_numbers=True))
        again = await parsed_export(world, full)
    assert again == ["same"]


async def parsed_export(world: World, content: bytes) -> list[str]:
    """What importing an export would do."""
    batch_id = await upload(world.organizer, world.department.id, "导出.xlsx", content)
    await read(batch_id, TODAY)
    return [line.action for line in await preview(world.organizer, batch_id)]


async def test_a_birth_date_corrected_by_a_roster_works_the_case_out_again(
    world: World, clerks: Clerks
) -> None:
    number = resident_id(date(1990, 5, 6), 7)
    async with county_session(world.county):
        draft = PersonDraft(name="在办人", born=date(1990, 5, 6), national_id=number)
        person = await enter(world.secretary, world.east.id, draft, TODAY)
        begun = await clerks.open(person, date(2026, 6, 1), TODAY)
        # As if the case had been worked out long ago, with another birth date.
        await execute("update person set born = date '1991-01-01' where id = $1", person)
        await execute("update case_file set reasons = '{old.code}' where id = $1", begun.case_id)
    found = await parsed(world, roster([row("在办人", number, born="1990-05-06", membership="入党申请人")]))
    assert found.counts["changed"] == 1, found.counts
    assert (await applied(world, found.id)).state == "applied"
    async with county_session(world.county):
        assert await fetchval("select reasons from case_file where id = $1", begun.case_id) != ["old.code"]


@pytest.mark.parametrize("second", ["confirm", "discard"])
async def test_what_is_confirmed_and_dropped_at_once_is_one_of_the_two(
    world: World, database: Database, second: str
) -> None:
    """The one that waits is told; a roster that was written is never called dropped, nor one confirmed twice."""
    acts = {"confirm": confirm, "discard": discard}
    found = await parsed(world, roster([member({"confirm": 950, "discard": 951}[second])]))
    told: list[str] = []

    async def later() -> None:
        async with county_session(world.county):
            try:
                await acts[second](world.organizer, found.id)
            except Conflict as refused:
                told.append(refused.sentence)

    async with county_session(world.county):
        await confirm(world.organizer, found.id)
        waiting = asyncio.create_task(later(), context=Context())
        await until_locked(database.superuser_url)
        await apply(found.id, TODAY, NATIONAL)
    await waiting
    assert [sentence[:7] for sentence in told] == ["这次导入已经生"]
    async with county_session(world.county):
        assert (await batch(world.organizer, found.id)).state == "applied"


async def test_whoever_is_moved_by_a_roster_takes_his_case_along(
    world: World, clerks: Clerks, regime_for: RegimeFor
) -> None:
    """His new branch goes on with it, his old one no longer finds it."""
    born = date(1994, 5, 6)
    number = resident_id(born, 77)
    neighbour = with_roles("刘书记", ("branch-secretary", world.west))
    async with county_session(world.county):
        person = await applicant(world, "转支部人", born=born, national_id=number)
        steps = [one.id for one in clerks.regime.plan().steps]
        given = {step: date(2026, 1, 10) for step in steps[: steps.index("probation")]}
        taken = await take_over(world.organizer, person, given, regime_for=regime_for, today=TODAY)
        case = taken.case_id
        with pytest.raises(NotFound):
            await access_case(neighbour, case)
    line = row("转支部人", number, unit=WEST, membership="预备党员", joined="2026-01-10")
    found = await parsed(world, roster([line]))
    async with county_session(world.county):
        lines = await preview(world.organizer, found.id)
    assert [(one.action, one.changes, one.faults) for one in lines] == [("changed", ("unit",), ())]
    async with county_session(world.county):
        await confirm(world.organizer, found.id)
        await apply(found.id, TODAY, regime_for)
    async with county_session(world.county):
        assert (await access_case(neighbour, case)).unit_id == world.west.id
        with pytest.raises(NotFound):
            await access_case(world.secretary, case)
        event = await fetchval(
            "select data::text from case_event where case_id = $1 and kind = 'carried'", case
        )
        assert str(world.east.id) in event
        assert str(world.west.id) in event
        assert await fetchval("select computed_on from case_file where id = $1", case) == TODAY


async def test_a_row_like_somebody_without_a_number_is_a_remark_and_in_nobodys_way(world: World) -> None:
    """One query for the roster; whoever is outside of what is imported is not named; with his number entered it is he."""
    alike, born = "万俟同名", date(1957, 8, 8)
    async with county_session(world.county):
        here = await applicant(world, alike, born)
        draft = PersonDraft(name="万俟远处", born=born)
        await enter(world.organizer, world.far.id, draft, TODAY)
        numbered = PersonDraft(name="万俟另号", born=born, national_id=resident_id(born, 802))
        await enter(world.organizer, world.east.id, numbered, TODAY)
    names = (alike, "万俟远处", "万俟另号", "万俟没有")
    rows = [row(name, resident_id(born, 803 + nth)) for nth, name in enumerate(names)]
    told = await parsed(world, roster(rows), unit=world.town.id)
    assert told.counts["new"] == 4
    async with county_session(world.county):
        assert await count_remarked(world.organizer, told.id) == 2
        shown = await preview(world.organizer, told.id, action=REMARKED)
        assert [one.name for one in shown] == list(names[:2])
        said = [one.remarks[0].sentence for one in shown]
        assert "没有登记身份证号码的人：东街社区第一党支部（群众）。请核对是不是同一人" in said[0]
        assert "：导入范围以外的党组织。" in said[1]
        assert "河口" not in said[1]
        await execute("update person set id_index = $2, id_sealed = $2 where id = $1", here, b"x")
    again = await parsed(world, roster(rows), unit=world.town.id)
    async with county_session(world.county):
        assert await count_remarked(world.organizer, again.id) == 1
    assert (await applied(world, again.id)).state == "applied"
