"""A letter says what its case says now: a record put right, struck out or agreed to is not the one that was written first."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from core.casework.access import take_up
from core.casework.acts.answer import answer
from core.casework.acts.correct import correct
from core.casework.acts.going import Beyond
from core.casework.acts.strike import strike
from core.documents.model import Code
from core.documents.sources import Sources, sources
from core.statistics.flows import flows
from core.transfers.queries import letters_of, newest_letters
from tenants.database.session import county_session
from tests.core.conftest import with_roles
from tests.core.transfers.between import DAY, LATER, Both, Side

ONE_DAY = timedelta(days=1)
SITE = "https://dangwu.example"
GRANTED = {"consent": {"committee": "granted"}}


async def mended(side: Side, case: UUID, step: str, day: date | None = None, **said: Any) -> None:
    """The committee puts its record of a step right (it was on `day`, and said this), or strikes it out; where another level must
    agree, it does."""
    async with county_session(side.world.county):
        actor, chief = (
            side.at("committee"),
            with_roles("部长", ("department-organizer", side.world.department)),
        )
        matter = await take_up(actor, case, side.regime_for)
        [wrong] = [one for one in matter.case.entries if (one.step, one.kind) == (step, "record")]
        known: dict[str, Any] = {"seen_version": matter.case.version, "today": LATER + 9 * ONE_DAY}
        if day is None:
            written = await strike(actor, matter, wrong.id, "误记", **known)
        else:
            written = await correct(
                actor, matter, wrong.id, day, {**wrong.evidence, **said}, "记错了", **known
            )
        matter = await take_up(chief, case, side.regime_for)
        known["seen_version"] = matter.case.version
        if matter.case.entries[-1].asks:
            await answer(chief, matter, written.entry_id, True, "", **known)


async def test_a_letter_on_paper_follows_what_is_put_right(both: Both) -> None:
    """The day of its receipt and of its answer, and its number, also where the department had to agree."""
    here = both.here
    person = await both.member("出省人", date(1991, 3, 4))
    case = await here.send(person, DAY, Beyond("邻省某县某镇党委"), "2026-701")

    async def letter(*columns: str) -> tuple[object, ...]:
        row = await here.row(
            f"select {', '.join(columns)} from letter where case_id = $1 and state <> 'void'", case
        )
        return tuple(row.values())

    assert await letter("state", "number", "issued_on") == ("issued", "2026-701", DAY)
    await mended(here, case, "introduction-letter", DAY, serial={"number": "2026-702"})
    assert await letter("state", "number") == ("issued", "2026-702")
    voided = await here.row("select state from letter where case_id = $1 and number = '2026-701'", case)
    assert voided == {"state": "void"}, "one on paper with a wrong number is no letter"
    async with county_session(here.world.county):
        assert [one.number for one in await letters_of(case)] == ["2026-702", "2026-701"]
        assert (await newest_letters([case]))[case].number == "2026-702"
    await here.do(case, "reception", LATER, GRANTED, "committee")
    assert await letter("state", "ended_on", "receipt_on") == ("received", LATER, None)
    await here.do(case, "receipt", LATER + ONE_DAY, {"documents": ["letter-receipt"]}, "committee")
    assert await letter("state", "ended_on", "receipt_on") == ("received", LATER, LATER + ONE_DAY)
    await mended(here, case, "receipt", LATER + 2 * ONE_DAY)
    assert await letter("receipt_on") == (LATER + 2 * ONE_DAY,)
    await mended(here, case, "receipt")
    assert await letter("state", "receipt_on") == ("received", None), "no receipt has come after all"
    await mended(here, case, "reception", LATER - 2 * ONE_DAY)
    assert await letter("state", "ended_on") == ("received", LATER - 2 * ONE_DAY)
    assert await here.row("select left_on, left_as from person where id = $1", person) == {
        "left_on": LATER - 2 * ONE_DAY, "left_as": "transferred-out",
    }  # fmt: skip
    async with county_session(here.world.county):
        for day, gone in ((LATER - 3 * ONE_DAY, 0), (LATER - 2 * ONE_DAY, -1), (LATER, 0)):
            found = await flows(here.world.admin, here.world.east.id, day, day)
            assert (sum(one.full for one in found.changes), found.missing.full) == (gone, 0), day


async def test_a_letter_prints_its_code_only_where_it_was_issued(both: Both) -> None:
    """A case of somebody who goes names where to; the code leads to the page that tells whether the letter holds."""
    here, there = both
    _, case = await both.sent("持信人", date(1990, 3, 4), "2026-801")
    mine = await both.taken("2026-801")

    async def known(side: Side, case: UUID, site: str = SITE) -> Sources:
        async with county_session(side.world.county):
            matter = await take_up(side.at("committee"), case, side.regime_for)
            [found] = await sources([matter], DAY, "印的人", site)
            return found

    found = await known(here, case)
    assert found.of("to.committee", "") == "2026-801号收信的党委"
    assert found.of("to.branch", "") == ""
    assert found.of("letter.number", "") == "2026-801"
    code = found.of("letter.check", "")
    token = await here.one("select token from letter where case_id = $1", case)
    assert code == Code(f"{SITE}/letters/{token}")
    assert (await known(here, case, site="")).of("letter.check", "") == "", "nobody could open it"
    until = await here.one("select valid_until from letter where case_id = $1", case)
    assert found.of("letter.until", "") == f"{until.year}年{until.month}月{until.day}日"
    theirs = await known(there, mine)
    assert theirs.of("letter.check", "") == ""
