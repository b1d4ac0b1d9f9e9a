"""Who is told of what and when: hours and days of one's own choosing, a task that ends, a letter that runs out, an inbox."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from core.actor import Actor
from core.database import execute, fetch, fetchval
from core.errors import Invalid, NotFound
from core.notices.inbox import (
    EARLIEST,
    LATEST,
    MOST_COUNTED,
    MOST_KEPT,
    counted,
    forget_old,
    inbox,
    open_notice,
    read_all,
    tell,
    unread,
)
from core.notices.model import ALWAYS, KINDS, OF_CASES, Found
from core.notices.settings import (
    MAILS,
    Setting,
    county_days,
    county_rule,
    save_setting,
    set_county_days,
    setting,
)
from core.notices.sources.behind import from_behind
from core.notices.sources.branches import from_branches
from core.notices.sources.cases import from_cases
from core.organisation.service import UnitDraft, create
from dangwu import Regime
from tenants.database.session import county_session, owner_session
from tests.core.casework.cases import begun
from tests.core.conftest import TODAY, Clerks, World, make_world, with_roles

ONE_DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("start", "until", "quiet"),
    [
        (None, None, set()), (22, 7, {22, 23, 0, 1, 2, 3, 4, 5, 6}), (12, 14, {12, 13}), (0, 8, set(range(8))),
        (23, 0, {23}), (8, 8, set()), (22, None, set()),
    ],
)  # fmt: skip
def test_quiet_hours_run_over_midnight(start: int | None, until: int | None, quiet: set[int]) -> None:
    """The hour in which they end is none of them."""
    own = Setting(quiet_from=start, quiet_until=until)
    assert {hour for hour in range(24) if own.quiet_at(hour)} == quiet


@pytest.mark.parametrize(
    ("own", "hour", "mailed", "sends"),
    [
        (Setting(), 9, None, False), (Setting(mail="once"), 3, TODAY, True),
        (Setting(mail="once", quiet_from=0, quiet_until=6), 3, None, False), (Setting(mail="daily", mail_hour=8), 7, None, False),
        (Setting(mail="daily", mail_hour=8), 8, None, True), (Setting(mail="daily", mail_hour=8), 20, TODAY, False),
        (Setting(mail="daily", mail_hour=8), 20, TODAY - ONE_DAY, True),
        (Setting(mail="daily", mail_hour=8, quiet_from=8, quiet_until=10), 8, None, False),
    ],
)  # fmt: skip
def test_a_mail_goes_at_once_or_once_a_day_and_never_in_quiet_hours(
    own: Setting, hour: int, mailed: date | None, sends: bool
) -> None:
    assert own.sends(hour, TODAY, mailed) == sends


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"days": -1}, {"days"}), ({"days": 91}, {"days"}), ({"mail": "hourly"}, {"mail"}),
        ({"mail_hour": 24}, {"mail_hour"}), ({"quiet_from": -1, "quiet_until": 24}, {"quiet_from", "quiet_until"}),
        ({"quiet_from": 22}, {"quiet_until"}), ({"unmailed": ("due", "due")}, {"unmailed"}),
        ({"unmailed": ("reset",)}, {"unmailed"}), ({"unmailed": ("gossip",)}, {"unmailed"}),
        ({"days": 91, "mail": "x", "mail_hour": 99}, {"days", "mail", "mail_hour"}),
    ],
)  # fmt: skip
async def test_a_setting_that_cannot_be_is_refused_whole(
    world: World, wrong: dict[str, Any], fields: set[str]
) -> None:
    """Nobody does without what says that somebody is at his account."""
    async with county_session(world.county):
        with pytest.raises(Invalid) as refused:
            await save_setting(world.secretary, Setting(**wrong))
        assert refused.value.fields.keys() == fields
        assert await setting(world.secretary.id) == Setting()


async def test_what_somebody_sets_is_his_and_else_the_countys(world: World) -> None:
    """The latest holds; a day of notice is none or up to ninety."""
    async with county_session(world.county):
        assert (await county_days(), (await county_rule()).by_name) == (7, None)
        he = await with_account(world.secretary)
        own = Setting(
            days=0, mail="daily", mail_hour=23, quiet_from=0, quiet_until=23, unmailed=("due", "overdue")
        )
        await save_setting(he, own)
        assert (await setting(he.id), await setting(world.committee.id)) == (own, Setting())
        await save_setting(he, Setting(days=90))
        assert await setting(he.id) == Setting(days=90)
        for days, up_days, field in ((91, None, "days"), (7, 0, "up_days"), (7, 91, "up_days")):
            with pytest.raises(Invalid) as refused:
                await set_county_days(world.admin, days, up_days)
            assert refused.value.fields.keys() == {field}
        await set_county_days(world.admin, 3, 1)
        await set_county_days(world.admin, 90, None)
        rule = await county_rule()
        assert (rule.days, rule.up_days, rule.by_name, await county_days()) == (
            90,
            None,
            world.admin.name,
            90,
        )
    assert {*MAILS} == {"off", "once", "daily"}
    assert KINDS.keys() >= OF_CASES | ALWAYS


async def test_a_task_is_told_a_month_before_near_its_end_and_when_it_is_over(pool: object) -> None:
    """Once each, to whoever acts there or right above; nothing of one without a day."""
    world = await make_world("told", "告知县")
    async with county_session(world.county):
        ends = {"过": TODAY - ONE_DAY, "今": TODAY, "近": TODAY + 7 * ONE_DAY, "渐": TODAY + 8 * ONE_DAY,
                "远": TODAY + 30 * ONE_DAY, "更远": TODAY + 31 * ONE_DAY, "不定": None}  # fmt: skip
        units = {}
        for name, until in ends.items():
            draft = UnitDraft(kind="temporary-branch", name=f"{name}支部", task=name, until=until)
            units[name] = await create(world.admin, world.town.id, draft, TODAY)

        async def told(actor: Actor, days: int = 7, today: date = TODAY) -> dict[str, str]:
            found = await from_branches(actor, today, days)
            return {one.what: one.occasion.partition(":")[0].removeprefix("branch-") for one in found}

        every = {"过": "over", "今": "close", "近": "close", "渐": "ahead", "远": "ahead"}
        assert await told(world.committee) == every
        assert await told(world.committee, 40) == {
            **dict.fromkeys(every, "close"),
            "过": "over",
            "更远": "close",
        }
        assert await told(world.organizer) == {}, "the department is not right above"
        leader = with_roles("临时书记", ("branch-secretary", units["近"]))
        assert await told(leader) == {"近": "close"}
        [one] = await from_branches(leader, TODAY + 8 * ONE_DAY, 7)
        assert (one.kind, one.day, one.unit_id) == ("branch-over", ends["近"], units["近"].id)


async def test_what_is_late_is_told_one_level_up_after_some_days(clerks: Clerks, national: Regime) -> None:
    """Not while the county tells nobody, not before its days are over, not of what has been late for months; what waits for his
    own level he is told as overdue."""
    world = clerks.world

    async def regimes_for(paths: Any) -> dict[str, Regime]:
        return dict.fromkeys(paths, national)

    async with county_session(world.county):
        case = await begun(clerks, "逾期人")
        due = TODAY - 10 * ONE_DAY
        await execute("update case_file set next_due = $2 where id = $1", case, due)

        async def told(actor: Actor, days: int | None, today: date = TODAY) -> list[UUID | None]:
            found = await from_behind(actor, regimes_for, today, days)
            return [one.subject for one in found if one.kind == "case-behind"]

        assert [await told(world.committee, days) for days in (None, 11, 10, 1)] == [[], [], [case], [case]]
        assert await told(world.committee, 10, due + 72 * ONE_DAY) == [case], "62 days back from its tenth"
        assert await told(world.committee, 10, due + 73 * ONE_DAY) == []
        assert await told(world.secretary, 10) == await told(world.organizer, 10) == []
        mine = {one.kind: one for one in await from_cases(world.secretary, TODAY, 7) if one.subject == case}
        assert mine["overdue"].day == due
        await execute("update case_file set next_due = $2 where id = $1", case, TODAY + 7 * ONE_DAY)
        kinds = [
            {one.kind for one in await from_cases(world.secretary, TODAY, days) if one.subject == case}
            for days in (7, 6)
        ]
        assert ("due" in kinds[0], "due" in kinds[1]) == (True, False)


WAITING: tuple[tuple[tuple[str, ...], bool, bool, set[str]], ...] = (
    (("branch.record",), False, False, {"committee"}),
    (("branch.record",), True, False, {"committee"}),
    (("committee.review",), False, False, {"department"}),
    (("committee.review",), True, False, {"department"}),
    (("branch.record", "committee.review"), False, False, {"department"}),
    (("department.review",), False, False, set()),
    (("branch.record.there",), False, True, {"other"}),
    (("committee.record.there",), False, True, {"department"}),
    ((), False, False, set()),
)


async def test_it_is_told_above_whoever_has_to_go_on(clerks: Clerks, national: Regime) -> None:
    """Whichever unit it waits for, the one right above that one hears of it, and nobody else; of somebody in a group as of the
    branch; on the receiving side it is the receivers."""
    world = clerks.world

    async def regimes_for(paths: Any) -> dict[str, Regime]:
        return dict.fromkeys(paths, national)

    async with county_session(world.county):
        case = await begun(clerks, "督办人")
        group = await create(world.admin, world.east.id, UnitDraft(kind="group", name="一组"), TODAY)
        heard = {
            "branch": world.secretary, "committee": world.committee, "department": world.organizer,
            "other": with_roles("外镇书记", ("committee-secretary", world.other_town)),
        }  # fmt: skip
        for turns, grouped, there, told in WAITING:
            unit = group if grouped else world.east
            to = world.far if there else unit
            await execute(
                """update case_file set next_due = $2, turns = $3, waits_for = $4, unit_id = $5, path = $6,
                       to_unit_id = $7, to_path = $8 where id = $1""",
                case, TODAY - 10 * ONE_DAY, turns, sorted({one.split(".")[0] for one in turns}),
                unit.id, unit.path, to.id, to.path,
            )  # fmt: skip
            found = {
                name
                for name, actor in heard.items()
                for one in await from_behind(actor, regimes_for, TODAY, 10)
                if one.subject == case
            }
            assert found == told, (turns, grouped)


async def with_account(actor: Actor) -> Actor:
    """The same with an account of his own; call it inside a session."""
    account: UUID = await fetchval(
        "insert into account (login, name, password_hash) values ($1, $2, '') returning id",
        f"u{actor.id.hex}",
        actor.name,
    )
    return msgspec.structs.replace(actor, id=account)


def news(count: int, kind: str = "export") -> list[Found]:
    """So many occasions."""
    return [
        Found(kind=kind, occasion=f"{kind}:{number:05}", what=f"done:{number}") for number in range(count)
    ]


async def test_an_inbox_is_ones_own_read_page_by_page_and_forgotten(pool: object) -> None:
    """An occasion once; what is old goes, what is read sooner, and of very many the oldest."""
    world = await make_world("inbox", "消息县")
    async with county_session(world.county):
        he, other = [await with_account(Actor(uuid4(), name)) for name in ("他", "别人")]
        assert await tell(he.id, []) == {}
        assert await tell(he.id, news(3)) == {f"export:{number:05}": "export" for number in range(3)}
        assert await tell(he.id, news(4)) == {"export:00003": "export"}
        assert (await unread(he), await unread(other), await counted(he)) == (4, 0, (0, 4))
        pages = await inbox(he, limit=2)
        assert [one.what for one in pages] == ["done:3", "done:2", "done:1"], "one more than the page"
        rest = await inbox(he, after=pages[1].id, limit=2)
        assert [one.what for one in rest] == ["done:1", "done:0"]
        with pytest.raises(NotFound, match="没有找到这条消息"):
            await open_notice(other, rest[0].id)
        opened = await open_notice(he, rest[0].id)
        assert (await open_notice(he, rest[0].id)).read_at == opened.read_at is not None
        assert [one.what for one in await inbox(he, unread=True)] == ["done:3", "done:2", "done:0"]
        for until, changed in ((EARLIEST - ONE_DAY, 0), (datetime.max.replace(tzinfo=UTC), 3), (LATEST, 0)):
            assert await read_all(he, until) == changed
        await tell(other.id, news(MOST_COUNTED + 20))
        assert await unread(other) == MOST_COUNTED
    ages = {
        "export:00000": (91, 91), "export:00001": (91, None), "export:00002": (181, None), "export:00003": (89, 89),
    }  # fmt: skip
    async with owner_session(world.county):
        for occasion, (at, read) in ages.items():
            await execute(
                """update notice set at = now() - make_interval(days => $3),
                       read_at = now() - make_interval(days => $4) where account_id = $1 and occasion = $2""",
                he.id, occasion, at, read,
            )  # fmt: skip
    async with county_session(world.county):
        await forget_old()
        assert [one.what for one in await inbox(he)] == ["done:3", "done:1"]
        await tell(he.id, news(MOST_KEPT + 5, "quota"))
        await forget_old()
        kept = await fetch("select occasion from notice where account_id = $1 order by occasion", he.id)
        assert (len(kept), kept[-1]["occasion"]) == (MOST_KEPT, f"quota:{MOST_KEPT + 4:05}")
        assert (
            await fetchval("select count(*) from notice where account_id = $1", other.id) == MOST_COUNTED + 20
        )
