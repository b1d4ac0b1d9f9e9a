"""Papers: which a case can have, who prints which, one for many people, and what the reading log keeps of it."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from core.actor import Actor
from core.casework.access import take_up
from core.casework.matter import Matter
from core.documents.many import LEFT_OUT, Printing, gathered, gathered_steps, print_many, print_steps
from core.documents.model import BLANK, Brought
from core.documents.offer import offers
from core.documents.prints import file_name, print_paper, print_stage
from core.documents.sources import sources
from core.errors import DomainError, Forbidden, Invalid, NotFound
from core.register.readings import looks_at
from tenants.database.session import county_session, current_session
from tests.core.casework.cases import begun
from tests.core.conftest import TODAY, Clerks, with_roles
from tests.floor import INSTALLED

FILING, NOTICE = "national.activist-filing", "national.prospect-notice"
BROUGHT = [Brought("national", paper) for paper in INSTALLED.papers["national"]]


def brought(matter: Matter) -> list[Brought]:
    return BROUGHT


async def refused(error: type[DomainError], said: str, attempt: Any) -> None:
    with pytest.raises(error, match=said):
        async with current_session().savepoint():
            await attempt


async def matter_of(clerks: Clerks, name: str, *, decided: bool) -> Matter:
    """Somebody who has applied, or is decided on as an activist and waits to be filed."""
    case = await begun(clerks, name, date(2026, 6, 1))
    if decided:
        await clerks.do(case, "applicant-talk", date(2026, 6, 5), today=TODAY)
        await clerks.do(case, "activist-decision", date(2026, 6, 10), today=TODAY)
    return await take_up(clerks.world.organizer, case, clerks.regime_for)


async def looks(person: UUID) -> list[str]:
    """What the reading log says of prints of his papers."""
    return [one.purpose for one in reversed(await looks_at(person)) if one.what == "paper"]


async def test_one_paper_for_many_names_who_has_none(clerks: Clerks) -> None:
    """Not begun, another level's, not his to see: each is said, and the others are printed, with a line in everybody's log."""
    world = clerks.world
    async with county_session(world.county):
        ready = [await matter_of(clerks, f"备案{one}", decided=True) for one in ("甲", "乙")]
        early = await matter_of(clerks, "未到的人", decided=False)

        async def found(actor: Actor, *matters: Matter) -> Printing:
            return await gathered(actor, matters, FILING, brought, TODAY, "")

        printing = await found(world.committee, *ready, early)
        assert [one.name for one in printing.papers] == ["备案甲", "备案乙"]
        assert printing.left_out == ["未到的人：现在没有这份文书（环节没有开始，或者已经免办）。"]
        elsewhere = with_roles("外镇", ("committee-secretary", world.other_town))
        nobody = await found(elsewhere, *ready)
        assert nobody.papers == []
        assert nobody.left_out == [f"备案{one}：您没有打印这份档案文书的权限。" for one in ("甲", "乙")]
        await refused(
            Invalid,
            "名单中现在没有人可以打印这份文书。备案甲",
            print_many(elsewhere, nobody, "报送", zipped=True),
        )
        made = await print_many(world.committee, printing, "报送备案", zipped=True)
        with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
            names = archive.namelist()
            assert LEFT_OUT in names
            assert "未到的人" in archive.read(LEFT_OUT).decode("utf-8-sig")
            assert len([name for name in names if name.endswith(".docx")]) == 2
        title = printing.papers[0].filled.title
        for one in printing.papers:
            assert await looks(one.person_id) == [f"打印《{title}》：报送备案"]
        assert await looks(early.case.person_id) == []


async def test_a_paper_is_of_its_step_and_of_its_level(clerks: Clerks) -> None:
    world = clerks.world
    async with county_session(world.county):
        matter = await matter_of(clerks, "单张人", decided=True)

        def printed(name: str, step: str, actor: Actor = world.committee) -> Any:
            return print_paper(actor, matter, BROUGHT, name, step, TODAY, "")

        [of] = await sources([matter], TODAY, "印的人")
        mine = {(one.brought.id, one.step): one.mine for one in offers(world.committee, of, BROUGHT)}
        his = {(one.brought.id, one.step): one.mine for one in offers(world.secretary, of, BROUGHT)}
        assert mine.keys() == his.keys()
        assert (FILING, "activist-filing") in mine
        assert (NOTICE, "prospect-notice") not in mine, "it has not come so far"
        assert {paper for paper, able in his.items() if able} <= {
            paper for paper, able in mine.items() if able
        }
        for name, step in (
            (NOTICE, "prospect-notice"),
            (FILING, "prospect-notice"),
            (FILING, ""),
            ("national.none", ""),
        ):
            await refused(NotFound, "单张人现在没有这份文书", printed(name, step))
        above = [paper for paper, able in his.items() if not able]
        for name, step in above:
            await refused(Forbidden, "出具，您在这里的职务不能打印", printed(name, step, world.secretary))
        filled, made = await printed(FILING, "activist-filing")
        assert made.name == f"{filled.title}-单张人"
        assert all(filled.said[gap.field] == BLANK for gap in filled.lacks)
        assert await looks(matter.case.person_id) == [f"打印《{filled.title}》"]
        stage = matter.plan.by_id["activist-filing"].stage
        papers, whole = await print_stage(world.committee, matter, BROUGHT, stage, TODAY, "")
        assert FILING in {one.brought.id for one in papers}
        assert whole.name == "文书-单张人"
        await refused(
            NotFound,
            "在这一阶段现在没有由您打印的文书",
            print_stage(world.committee, matter, BROUGHT, "none", TODAY, ""),
        )


async def test_the_papers_of_what_was_just_recorded(clerks: Clerks) -> None:
    world = clerks.world
    async with county_session(world.county):
        one, other = [await matter_of(clerks, f"刚记{name}", decided=True) for name in ("甲", "乙")]
        steps = [(one, "activist-filing"), (other, "application")]
        found = await gathered_steps(world.committee, steps, brought, TODAY)
        assert FILING in {filled.brought.id for matter, filled in found if matter is one}
        assert all(
            filled.step == {id(each): step for each, step in steps}[id(matter)] for matter, filled in found
        )
        elsewhere = with_roles("外镇", ("committee-secretary", world.other_town))
        assert await gathered_steps(elsewhere, steps, brought, TODAY) == []
        await refused(
            Invalid, "这些环节现在没有由您打印的文书", print_steps(elsewhere, [], "文书", "刚记录的环节")
        )
        made = await print_steps(world.committee, found, "刚记录的文书", "刚记录的环节")
        with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
            assert any(name.startswith("刚记甲-") for name in archive.namelist())
        assert await looks(one.case.person_id) == ["打印刚记录的环节的文书"]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("公示", "张三"), "公示-张三"), (("a/b\\c:d", "x y"), "a_b_c_d-x_y"), (("名" * 70,), "名" * 60),
        (('<"?*|>',), "_"), (("多\n行",), "多_行"),
    ],
)  # fmt: skip
def test_a_file_has_a_name_wherever_it_goes(words: tuple[str, ...], name: str) -> None:
    assert file_name(*words) == name
