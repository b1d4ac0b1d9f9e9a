"""What the fields of a paper stand for: read from the case, its person and its units, as they are on the day of the paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from core.casework.access import take_up
from core.casework.acts.correct import correct
from core.casework.acts.facts import change_facts
from core.casework.acts.strike import strike
from core.database import execute
from core.documents.model import Code, Row
from core.documents.sources import KNOWN, Sources, sources
from dangwu import SOURCES
from tenants.database.session import county_session
from tests.core.casework.cases import begun
from tests.core.conftest import TODAY, Clerks

SITE = "https://dangwu.example"
ONE_DAY = timedelta(days=1)


async def of(clerks: Clerks, case: UUID, day: date) -> Sources:
    matter = await take_up(clerks.world.secretary, case, clerks.regime_for)
    [found] = await sources([matter], day, "印的人", SITE)
    return found


def rows(found: Sources, source: str, step: str = "") -> Sequence[Row]:
    """The lines of a table."""
    value = found.of(source, step)
    assert not isinstance(value, str | Code)
    return value


async def test_a_date_is_what_is_known_of_it_on_the_day_of_the_paper(clerks: Clerks) -> None:
    """Also one that was entered, or put right, long after the case was opened."""
    async with county_session(clerks.world.county):
        case = await begun(clerks, "毕业人")
        assert (await of(clerks, case, TODAY)).of("dates.graduation", "") == ""
        assert (await of(clerks, case, TODAY)).why_not("dates.graduation", "") == "本人情况没有填写这个日期"
        for day, graduation in (
            (date(2026, 9, 1), date(2027, 6, 30)),
            (date(2026, 9, 10), date(2027, 7, 5)),
        ):
            matter = await take_up(clerks.world.secretary, case, clerks.regime_for)
            await change_facts(
                clerks.world.secretary, matter, day,
                seen_version=matter.case.version, today=TODAY, dates={"graduation": graduation},
            )  # fmt: skip
        for day, said in (
            (date(2026, 8, 31), ""),
            (date(2026, 9, 1), "2027年6月30日"),
            (date(2026, 9, 9), "2027年6月30日"),
            (date(2026, 9, 10), "2027年7月5日"),
        ):
            assert (await of(clerks, case, day)).of("dates.graduation", "") == said, day


async def test_a_paper_says_what_the_register_says_and_leaves_open_what_it_does_not(clerks: Clerks) -> None:
    async with county_session(clerks.world.county):
        case = await begun(clerks, "文书人")
        found = await of(clerks, case, TODAY)
        assert set(SOURCES) == KNOWN, "every field that a template may name"
        assert {
            name: found.of(name, "")
            for name in KNOWN
            if name.partition(".")[0] in ("person", "unit", "to", "letter")
        } == {
            "person.name": "文书人",
            "person.sex": "",
            "person.born": found.of("person.born", ""),
            "person.born-month": found.of("person.born-month", ""),
            "person.ethnicity": "",
            "person.education": "",
            "person.job": "",
            "person.joined": "",
            "person.converted": "",
            "person.membership": found.of("person.membership", ""),
            "unit.branch": clerks.world.east.name,
            "unit.committee": clerks.world.town.name,
            "unit.department": clerks.world.department.name,
            "to.branch": "",
            "to.committee": "",
            "letter.number": "",
            "letter.issuer": "",
            "letter.until": "",
            "letter.check": "",
        }
        assert str(found.of("person.born-month", "")) in str(found.of("person.born", ""))
        assert found.why_not("person.job", "") == "党员名册没有登记"
        assert found.why_not("letter.number", "") == "介绍信还没有开出"
        assert found.why_not("to.branch", "") == "还没有"
        await execute(
            "update person set sex = 'female', ethnicity = '满族', education = '本科', job = '教师' where name = $1",
            "文书人",
        )
        found = await of(clerks, case, TODAY)
        assert [found.of(f"person.{name}", "") for name in ("sex", "ethnicity", "education", "job")] == [
            "女", "满族", "本科", "教师",
        ]  # fmt: skip
        assert (found.of("today", ""), found.of("actor", "")) == (
            f"{TODAY.year}年{TODAY.month}月{TODAY.day}日", "印的人",
        )  # fmt: skip


async def test_a_step_says_its_day_its_hand_and_its_grounds(clerks: Clerks) -> None:
    async with county_session(clerks.world.county):
        case = await begun(clerks, "环节人")
        found = await of(clerks, case, TODAY)
        done = [step for step, one in found.judged.standing.steps.items() if one.concluded]
        [first, *_] = done
        concluded = found.judged.standing.steps[first].concluded
        assert concluded is not None
        said = f"{concluded.year}年{concluded.month}月{concluded.day}日"
        assert found.of("step.day", first) == found.of(f"steps.{first}.day", "") == said
        assert found.of("step.by", first) == clerks.world.secretary.name
        assert str(found.of("step.title", first)) in str(found.of("rows.valid", ""))
        assert str(found.of("step.basis", first)).startswith("《")
        later = next(step for step, one in found.judged.standing.steps.items() if one.state == "blocked")
        title = found.of("step.title", later)
        assert found.of("step.day", later) == found.of("step.by", later) == ""
        assert found.why_not("step.day", later) == f"“{title}”还没有记录"
        assert found.why_not(f"steps.{later}.day", "") == f"“{title}”还没有记录"
        assert found.why_not("step.serial.number", first) == "", "what the step does not ask for is no gap"


async def test_what_no_longer_counts_is_told_apart(clerks: Clerks) -> None:
    """The whole list has every entry, the other only what holds; a correction shows on the entry that it mends."""
    world = clerks.world
    async with county_session(world.county):
        case = await begun(clerks, "更正人")
        written = await clerks.do(case, "applicant-talk", TODAY - 9 * ONE_DAY)
        for mend in ("correct", "strike"):
            matter = await take_up(world.secretary, case, clerks.regime_for)
            [talk] = [one for one in matter.case.entries if one.id == written.entry_id]
            known: dict[str, Any] = {"seen_version": matter.case.version, "today": TODAY}
            earlier = talk.day - ONE_DAY
            if mend == "correct":
                await correct(world.secretary, matter, talk.id, earlier, talk.evidence, "记错了", **known)
            else:
                await strike(world.secretary, matter, talk.id, "误记", **known)
            found = await of(clerks, case, TODAY)
            everything, valid = rows(found, "rows.records"), rows(found, "rows.valid")
            assert [one["序号"] for one in everything] == ["1", "2", "3", "4"][: len(matter.case.entries) + 1]
            line, mended = everything[1], everything[-1]
            assert mended["说明"] == "", "what mends is itself neither in force nor out of it"
            if mend == "correct":
                assert (line["日期"], line["说明"]) == (str(earlier), f"已更正（原记 {talk.day}）")
                assert [one["序号"] for one in valid] == ["1", "2"]
                assert [one["序号"] for one in rows(found, "rows.step", "applicant-talk")] == ["2"]
            else:
                assert [one["序号"] for one in valid] == ["1"]
                assert rows(found, "rows.step", "applicant-talk") == []
                assert "计入" in line["说明"] or "更正" in line["说明"]
