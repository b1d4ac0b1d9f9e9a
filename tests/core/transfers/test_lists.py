"""Letters in lists: which is out, owed, back or done, for whom; what one on paper must say; who hears of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from core.actor import Actor
from core.casework.access import take_up
from core.casework.acts.end import end_case
from core.casework.acts.going import Beyond
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.notices.sources.letters import ANSWERED_DAYS, from_letters
from core.register.model import PersonDraft
from core.transfers.model import Presented
from core.transfers.present import present, take
from core.transfers.queries import KINDS, Line, count_letters, letter_file, letters, offer, said
from core.transfers.renew import renew
from dangwu import add_months
from tenants.database.session import county_session, current_session
from tests.core.conftest import RegimeFor, World, resident_id, with_roles
from tests.core.transfers.between import DAY, LATER, Both, Side

ONE_DAY = timedelta(days=1)
UNTIL = DAY + timedelta(days=60)
PAPER = Presented("京 18", "北京市某区某某街道党工委", DAY, UNTIL)


def somebody(name: str, born: date) -> PersonDraft:
    return PersonDraft(
        name=name, national_id=resident_id(born), membership="full", joined=date(2010, 7, 1), converted=date(2011, 7, 1)
    )  # fmt: skip


async def refused(error: type[Exception], what: str, coroutine: Any) -> None:
    with pytest.raises(error, match=what):
        async with current_session().savepoint():
            await coroutine


def department(world: World) -> Actor:
    return with_roles("管理员", ("department-admin", world.department))


async def test_a_letter_on_paper_says_what_can_be(world: World, regime_for: RegimeFor) -> None:
    """组通字〔2006〕45 号: it holds for its time, and is nothing after it."""
    async with county_session(world.county):
        actor = department(world)

        def shown(paper: Presented, unit: UUID = world.east.id, today: date = DAY) -> Any:
            who = somebody("来人", date(1988, 8, 8))
            return present(actor, unit, who, paper, today=today, regime_for=regime_for)

        def paper(**other: Any) -> Presented:
            return Presented(
                **{name: other.get(name, getattr(PAPER, name)) for name in Presented.__struct_fields__}
            )

        for wrong, what in (
            (paper(number=" "), "介绍信编号"),
            (paper(number="9" * 41), "介绍信编号"),
            (paper(issuer=""), "开出介绍信的党组织"),
            (paper(issued_on=DAY + ONE_DAY), f"开出的日期.*{DAY + ONE_DAY}"),
            (paper(valid_until=DAY - ONE_DAY), "有效期止于开出之前"),
            (paper(valid_until=add_months(DAY, 12) + ONE_DAY), "一般不超过三个月，所填的超过一年"),
        ):
            await refused(Invalid, what, shown(wrong))
        await refused(Invalid, f"已于 {UNTIL} 过期作废", shown(PAPER, today=UNTIL + ONE_DAY))
        await refused(Invalid, f"“{world.town.name}”不是党支部", shown(PAPER, world.town.id))
        await refused(NotFound, "没有找到这个党组织", shown(PAPER, uuid4()))
        for other in (paper(valid_until=add_months(DAY, 12)), paper(valid_until=DAY)):
            savepoint = current_session().savepoint()
            await savepoint.set()
            await shown(other)
            await savepoint.undo()
        begun = await shown(PAPER, today=UNTIL)
        [line] = (await letters(actor, "", UNTIL)).lines
        assert (line.case_id, line.name, line.letter.number) == (begun.case_id, "来人", "京 18")
        assert (line.letter.ours, line.letter.goes_to) == (True, world.east.name)
        secretary = with_roles("书记", ("branch-secretary", world.east))
        await refused(
            Forbidden,
            "权限",
            present(
                secretary,
                world.east.id,
                somebody("另人", date(1988, 8, 9)),
                PAPER,
                today=DAY,
                regime_for=regime_for,
            ),
        )


async def test_each_letter_is_listed_as_what_has_become_of_it(both: Both) -> None:
    """On both sides; one that was received and never acknowledged is owed a month later, and so is one that nobody answered."""
    here, there = both
    numbers, everybody = {}, {"在途人", "接收人", "退回人", "没人理"}
    for serial, name in enumerate(("在途人", "接收人", "退回人", "没人理")):
        numbers[name] = f"2026-9{serial}"
        await both.sent(name, date(1990, 5, 1 + serial), numbers[name])
    case = await both.taken(numbers["接收人"])
    await both.received(case)
    back = await both.taken(numbers["退回人"])
    async with county_session(there.world.county):
        matter = await take_up(there.world.committee, back, there.regime_for)
        known: dict[str, Any] = {"seen_version": matter.case.version, "today": LATER}
        await end_case(there.world.committee, matter, "refused-there", LATER, "查无此单位", **known)
    await here.follow(LATER)
    hers = await both.taken(numbers["在途人"])

    async def listed(side: Side, actor: Actor, today: date = LATER) -> dict[str, set[str]]:
        async with county_session(side.world.county):
            lines = {kind: (await letters(actor, kind, today)).lines for kind in ("", *KINDS)}
            assert await count_letters(actor, today) == {kind: len(lines[kind]) for kind in KINDS}
        return {kind: {one.name for one in found} & everybody for kind, found in lines.items()}

    issuer, receiver = here.manager, there.manager
    assert await listed(here, issuer) == {
        "": everybody, "offered": set(), "out": {"在途人", "没人理"}, "owed": set(),
        "back": {"退回人"}, "done": {"接收人"},
    }  # fmt: skip
    assert await listed(there, receiver) == {
        "": everybody, "offered": {"没人理"}, "out": {"在途人"}, "owed": set(),
        "back": {"退回人"}, "done": {"接收人"},
    }  # fmt: skip
    branch = with_roles("支部书记", ("branch-secretary", there.world.east))
    assert await listed(there, branch) == {
        "": everybody - {"没人理"}, "offered": set(), "out": {"在途人"}, "owed": set(),
        "back": {"退回人"}, "done": {"接收人"},
    }  # fmt: skip
    west = with_roles("支部书记", ("branch-secretary", there.world.west))
    assert set().union(*(await listed(there, west)).values()) == set()
    for today, owed in ((add_months(LATER, 1), set()), (add_months(LATER, 1) + ONE_DAY, {"接收人"})):
        assert (await listed(here, issuer, today))["owed"] == owed, today
        assert (await listed(there, receiver, today))["owed"] == owed, today
    until = await here.one("select valid_until from letter where number = $1", numbers["没人理"])
    last = next(until + n * ONE_DAY for n in range(40) if add_months(until + n * ONE_DAY, -1) > until)
    silent = {"接收人", "在途人", "没人理"}
    for today, owed in ((last - ONE_DAY, {"接收人"}), (last, silent)):
        assert (await listed(here, issuer, today))["owed"] == owed, today
    assert (await listed(there, receiver, last))["owed"] == {"接收人"}, "whoever issued one asks after it"
    await there.do(case, "receipt", LATER, {"documents": ["letter-receipt"]}, "committee")
    assert (await listed(here, issuer, last))["owed"] == silent - {"接收人"}
    assert hers


async def test_a_list_goes_on_page_by_page(both: Both) -> None:
    """The newest first; of one day each once."""
    here = both.here
    days = (DAY, DAY + ONE_DAY, DAY + ONE_DAY, DAY + 2 * ONE_DAY, DAY)
    for serial, day in enumerate(days):
        person = await both.member(f"页人{serial}", date(1991, 5, 1 + serial))
        await here.send(person, day, Beyond("邻省某县某镇党委"), f"页-{serial}")
    async with county_session(here.world.county):
        whole = await letters(here.manager, "", LATER)
        found, sizes, after = list[Line](), list[int](), None
        while not sizes or after is not None:
            page = await letters(here.manager, "", LATER, after=after, limit=2)
            found += page.lines
            sizes.append(len(page.lines))
            after = page.after
        assert tuple(found) == whole.lines
        assert whole.after is None
        assert sizes[:-1] == [2] * (len(sizes) - 1)
        mine = [one.letter for one in found if one.letter.number.startswith("页-")]
        assert [one.issued_on for one in mine] == sorted(days, reverse=True)
        assert {one.number for one in mine} == {f"页-{serial}" for serial in range(5)}
        exactly = await letters(here.manager, "", LATER, limit=len(found))
        assert (exactly.lines, exactly.after) == (whole.lines, None)


async def test_a_letter_is_read_by_who_has_to_do_with_it(both: Both) -> None:
    """Its code tells everybody whether it holds, and of nobody whose it is."""
    here, there = both
    _, case = await both.sent("持有人", date(1992, 6, 7), "2026-950")
    row = await here.row("select id, token from letter where case_id = $1", case)
    async with county_session(there.world.county):
        found, carried = await offer(there.manager, row["id"])
        assert (found.number, carried.person.name) == ("2026-950", "持有人")
        branch = with_roles("支部书记", ("branch-secretary", there.world.east))
        await refused(Forbidden, "由县委组织部受理", offer(branch, row["id"]))
        await refused(NotFound, "可能不是开给本县的", offer(there.manager, uuid4()))
        await refused(NotFound, "可能不在您的管理范围内", letter_file(there.manager, row["id"]))
        told = await said(row["token"])
        assert (told["number"], told["state"]) == ("2026-950", "issued")
        assert set(told.keys()) == {"number", "issuer", "issued_on", "valid_until", "state", "ended_on"}
        await refused(NotFound, "没有这样一封介绍信", said("no-such-token"))
    async with county_session(here.world.county):
        await refused(NotFound, "可能不是开给本县的", offer(here.manager, row["id"]))
        assert (await letter_file(here.manager, row["id"])).case_id == case
        west = with_roles("支部书记", ("branch-secretary", here.world.west))
        await refused(NotFound, "可能不在您的管理范围内", letter_file(west, row["id"]))
        await refused(
            NotFound, "可能不是开给本县的",
            take(here.manager, row["id"], here.world.east.id, today=DAY, regime_for=here.regime_for),
        )  # fmt: skip
    mine = await both.taken("2026-950")
    async with county_session(there.world.county):
        assert (await letter_file(there.manager, row["id"])).case_id == mine
        await refused(
            Conflict, "不是本县开出的，或者已经办结、作废，不能换开",
            renew(there.manager, row["id"], "2026-951", DAY, "改名", DAY, there.regime_for),
        )  # fmt: skip


async def test_who_is_told_of_a_letter(both: Both) -> None:
    """It waits for the department there; it runs out, and is answered, for who issued it here."""
    here, there = both
    await both.sent("被告知人", date(1993, 7, 8), "2026-960")
    until = await here.one("select valid_until from letter where number = '2026-960'")

    async def told(side: Side, actor: Actor, today: date, days: int = 7) -> list[tuple[Any, ...]]:
        async with county_session(side.world.county):
            found = [(one.kind, one.what, one.day) for one in await from_letters(actor, today, days)]
        return [one for one in found if one[1] == "2026-960"]

    clerk = here.at("committee")
    for today, waits in ((DAY, True), (until, True), (until + ONE_DAY, False)):
        assert await told(there, there.manager, today) == [("letter", "2026-960", until)] * waits, today
    assert await told(there, there.at("committee"), DAY) == [], "it is not his to take"
    due = [("letter-due", "2026-960", until)]
    for today, said_ in (
        (until - 8 * ONE_DAY, []), (until - 7 * ONE_DAY, due), (until, due), (until + ONE_DAY, []),
    ):  # fmt: skip
        assert await told(here, clerk, today) == said_, today
    assert await told(here, here.at("branch"), until) == [], "he has not issued it"
    mine = await both.taken("2026-960")
    assert await told(there, there.manager, DAY) == []
    assert await told(here, clerk, until) == due, "taken is not yet answered"
    await both.received(mine)
    answered = [("letter-answered", "2026-960", None)]
    last = LATER + ANSWERED_DAYS * ONE_DAY
    for today, said_ in ((LATER, answered), (last, answered), (last + ONE_DAY, [])):
        assert await told(here, clerk, today) == said_, today
