"""Posts and what limits rights: how long each holds, who may hold one, and what stands in the file when it is put right."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from core.actor import Actor
from core.database import fetch, fetchrow
from core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from core.register.model import PersonDraft
from core.register.rights.spans import (
    Span,
    SpanDraft,
    add_span,
    change_span,
    end_posts,
    person_spans,
    void_span,
)
from core.register.rights.words import WORDS
from core.register.service import enter
from tenants.database.session import county_session, current_session
from tests.core.conftest import TODAY, World, with_roles

SINCE = date(2025, 8, 31)
ONE_DAY = timedelta(days=1)


def organizer(world: World) -> Actor:
    """Who registers posts and sanctions of the whole town."""
    return with_roles("组织委员", ("committee-organizer", world.town))


async def member(world: World, name: str, membership: str = "full") -> UUID:
    draft = PersonDraft(
        name=name, membership=membership,
        joined=None if membership == "applicant" else date(2018, 7, 1),
        converted=date(2019, 7, 1) if membership == "full" else None,
    )  # fmt: skip
    return await enter(
        with_roles("管理员", ("department-organizer", world.department)), world.east.id, draft, TODAY
    )


async def refused(error: type[Exception], said: str, coroutine: Any) -> None:
    with pytest.raises(error, match=said):
        async with current_session().savepoint():
            await coroutine


async def one(world: World, person: UUID) -> Span:
    [found] = await person_spans(organizer(world), person)
    return found


@pytest.mark.parametrize(
    ("word", "ended"),
    [
        ("warning", date(2026, 8, 31)),
        ("serious-warning", date(2027, 2, 28)),
        ("removal-from-post", date(2027, 8, 31)),
        ("probation-within-party", date(2026, 8, 31)),
        ("detention", None),
    ],
)
async def test_a_sanction_ends_after_its_months_where_nothing_else_is_said(
    world: World, word: str, ended: date | None
) -> None:
    """党纪处分条例第十条至第十二条; the last day of a short month stands for the one that it has not."""
    async with county_session(world.county):
        person = await member(world, f"受处分{word}")
        await add_span(organizer(world), person, "limit", SpanDraft(word=word, since=SINCE), TODAY)
        found = await one(world, person)
        assert (found.title, found.since, found.ended) == (WORDS.limits[word].title, SINCE, ended)
        assert [found.holds(day) for day in (SINCE - ONE_DAY, SINCE)] == [False, True]
        if ended:
            assert [found.holds(day) for day in (ended - ONE_DAY, ended)] == [True, False]


async def test_probation_within_the_party_is_never_longer_than_two_years(world: World) -> None:
    async with county_session(world.county):
        person, actor = await member(world, "留察人"), organizer(world)
        draft = SpanDraft(word="probation-within-party", since=date(2024, 11, 1), ended=date(2026, 11, 2))
        await refused(
            Invalid, r"留党察看最长 24 个月，自 2024-11-01 起不能超过 2026-11-01（.*第十二条）",
            add_span(actor, person, "limit", draft, TODAY),
        )  # fmt: skip
        longest = SpanDraft(word="probation-within-party", since=date(2024, 11, 1), ended=date(2026, 11, 1))
        await add_span(actor, person, "limit", longest, TODAY)
        assert (await one(world, person)).ended == date(2026, 11, 1)


@pytest.mark.parametrize("word", [word for word, one in WORDS.limits.items() if one.asks])
async def test_who_is_not_counted_needs_the_consent_that_this_takes(world: World, word: str) -> None:
    """细则（2026）第十九条: the committee agrees, the meeting decides; the file says when."""
    async with county_session(world.county):
        person, actor = await member(world, f"不计入{word}"), organizer(world)
        for note in ("", "   "):
            await refused(
                Invalid, f"“{WORDS.limits[word].title}”的党员不计入应到会，须经上级党委同意",
                add_span(actor, person, "limit", SpanDraft(word=word, since=SINCE, note=note), TODAY),
            )  # fmt: skip
        note = " 镇党委2025年8月20日同意，支部大会8月31日通过 "
        await add_span(actor, person, "limit", SpanDraft(word=word, since=SINCE, note=note), TODAY)
        found = await one(world, person)
        assert (found.note, found.ended) == (note.strip(), None)


async def test_what_cannot_be_registered(world: World) -> None:
    async with county_session(world.county):
        person, actor = await member(world, "登记人"), organizer(world)

        def limit(word: str, since: date = SINCE, ended: date | None = None) -> Any:
            return add_span(actor, person, "limit", SpanDraft(word=word, since=since, ended=ended), TODAY)

        await refused(Conflict, "“停止党籍”只随办理档案登记和结束", limit("suspended"))
        await refused(Invalid, "请从列出的选项中选择", limit("branch-secretary"))
        await refused(Invalid, "自哪一天起.*2026-11-22", limit("warning", TODAY + ONE_DAY))
        for ended in (SINCE, SINCE - ONE_DAY):
            await refused(
                Invalid, f"结束的日期 {ended} 不晚于开始的日期 {SINCE}", limit("detention", SINCE, ended)
            )
        await limit("detention", SINCE, SINCE + ONE_DAY)
        await refused(
            NotFound,
            "没有找到",
            add_span(actor, uuid4(), "limit", SpanDraft(word="warning", since=SINCE), TODAY),
        )
        assert (
            await fetch("select id from person_span where person_id = $1 and word <> 'detention'", person)
            == []
        )


async def test_a_post_is_of_its_kind_of_unit_and_of_full_members(world: World) -> None:
    """Election rules: nobody is elected who has not the right to be."""
    async with county_session(world.county):
        person, actor = await member(world, "任职人"), organizer(world)

        def post(word: str, unit: Any, who: UUID = person) -> Any:
            draft = SpanDraft(word=word, since=SINCE, unit_id=unit and unit.id)
            return add_span(actor, who, "post", draft, TODAY)

        await refused(Invalid, "没有选择任职的党组织", post("branch-secretary", None))
        await refused(
            Invalid,
            f"“党支部书记”是党支部的职务，“{world.town.name}”不是党支部",
            post("branch-secretary", world.town),
        )
        await refused(Invalid, "“党委委员”是.*党委.*的职务", post("committee-member", world.east))
        await refused(Invalid, "请从列出的选项中选择", post("warning", world.east))
        await refused(NotFound, "不在您的管理范围内", post("department-reviewer", world.department))
        for membership, being in (("probationary", "是预备党员"), ("applicant", "不是党员")):
            other = await member(world, f"任职{membership}", membership)
            await refused(
                Invalid, f"{being}，没有被选举权，不能登记党内职务（.*《中国共产党章程》",
                post("branch-secretary", world.east, other),
            )  # fmt: skip
        await post("branch-secretary", world.east)
        found = await one(world, person)
        assert (found.kind, found.title, found.unit_id, found.ended) == (
            "post", "党支部书记", world.east.id, None,
        )  # fmt: skip


async def test_the_same_twice_at_a_time_is_one_too_many(world: World) -> None:
    """Side by side is fine: the day on which one ends is the first of the next; so is the same at another branch."""
    async with county_session(world.county):
        person, actor = await member(world, "重任人"), organizer(world)
        middle = SINCE + 9 * ONE_DAY

        def post(since: date, ended: date | None, unit: UUID = world.east.id) -> Any:
            draft = SpanDraft(word="branch-member", since=since, ended=ended, unit_id=unit)
            return add_span(actor, person, "post", draft, TODAY)

        first = await post(SINCE, middle)
        said = f"“支部委员”已经登记过：自 {SINCE} 起至 {middle}，时间有重叠"
        await refused(Conflict, said, post(middle - ONE_DAY, None))
        await refused(Conflict, said, post(SINCE - ONE_DAY, SINCE + ONE_DAY))
        await post(SINCE - 5 * ONE_DAY, SINCE)
        second = await post(middle, None)
        await refused(
            Conflict, f"“支部委员”已经登记过：自 {middle} 起，尚未结束，时间有重叠", post(TODAY, None)
        )
        await post(TODAY, None, world.west.id)
        draft = SpanDraft(word="branch-member", since=SINCE, ended=middle + ONE_DAY, unit_id=world.east.id)
        await refused(Conflict, "时间有重叠", change_span(actor, person, first, draft, 0, TODAY))
        await void_span(actor, person, second, "重复登记")
        await change_span(actor, person, first, draft, 0, TODAY)


async def test_it_is_put_right_by_whoever_saw_it_as_it_is(world: World) -> None:
    """With a line in the file of what stood before; nothing changed is no line."""
    async with county_session(world.county):
        person, actor = await member(world, "更正人"), organizer(world)
        span = await add_span(actor, person, "limit", SpanDraft(word="warning", since=SINCE), TODAY)
        same = SpanDraft(word="warning", since=SINCE)
        ended = SpanDraft(word="serious-warning", since=SINCE, ended=date(2026, 3, 1), note="改判")
        await refused(Stale, "刚刚被别人修改过", change_span(actor, person, span, ended, 1, TODAY))
        await change_span(actor, person, span, same, 0, TODAY)
        assert (await one(world, person)).version == 0
        await change_span(actor, person, span, ended, 0, TODAY)
        found = await one(world, person)
        assert (found.title, found.ended, found.note, found.version) == (
            "严重警告",
            date(2026, 3, 1),
            "改判",
            1,
        )
        await refused(Stale, "刚刚被别人修改过", change_span(actor, person, span, same, 0, TODAY))
        await refused(NotFound, "没有找到这一条登记", change_span(actor, person, uuid4(), same, 0, TODAY))
        other = await member(world, "旁人")
        await refused(NotFound, "没有找到这一条登记", change_span(actor, other, span, same, 1, TODAY))
        await refused(NotFound, "没有找到这一条登记", void_span(actor, other, span, "弄错了"))
        await refused(Invalid, "登记有误的原因", void_span(actor, person, span, " "))
        await void_span(actor, person, span, "登记到了别人名下")
        assert await person_spans(actor, person) == ()
        await refused(NotFound, "可能已经撤销", void_span(actor, person, span, "再撤一次"))
        rows = await fetch(
            """select detail ->> 'act' act, detail -> 'was' ->> 'word' was, detail -> 'now' ->> 'word' now,
                      detail ->> 'reason' reason
               from person_change where person_id = $1 and kind = 'limit' order by id""",
            person,
        )
        assert [tuple(row) for row in rows] == [
            ("added", None, "warning", None),
            ("changed", "warning", "serious-warning", None),
            ("voided", "serious-warning", None, "登记到了别人名下"),
        ]


async def test_who_may_enter_and_see_them(world: World) -> None:
    """A sanction is seen by who may see sanctions; a post by everybody who sees the file."""
    async with county_session(world.county):
        person, actor = await member(world, "可见人"), organizer(world)
        await add_span(actor, person, "limit", SpanDraft(word="warning", since=SINCE), TODAY)
        post = SpanDraft(word="branch-member", since=SINCE, unit_id=world.east.id)
        await add_span(actor, person, "post", post, TODAY)
        for draft, kind in ((SpanDraft(word="detention", since=SINCE), "limit"), (post, "post")):
            await refused(Forbidden, "没有.*权限", add_span(world.secretary, person, kind, draft, TODAY))  # type: ignore[arg-type]
        assert {one.kind for one in await person_spans(actor, person)} == {"limit", "post"}
        sees = world.secretary.may("sanction.view", world.east.path)
        seen = {one.kind for one in await person_spans(world.secretary, person)}
        assert seen == ({"limit", "post"} if sees else {"post"})
        elsewhere = with_roles("西街书记", ("branch-secretary", world.west))
        await refused(NotFound, "没有找到", person_spans(elsewhere, person))


async def test_the_posts_at_a_unit_that_is_left_end_on_that_day(world: World) -> None:
    """Those over already, those elsewhere and what limits rights stay as they are."""
    async with county_session(world.county):
        actor, people = (
            organizer(world),
            [await member(world, name) for name in ("离任甲", "离任乙", "留任人")],
        )
        first, second, stays = people

        async def post(who: UUID, word: str, unit: UUID, ended: date | None = None) -> UUID:
            return await add_span(
                actor, who, "post", SpanDraft(word=word, since=SINCE, ended=ended, unit_id=unit), TODAY
            )

        day = TODAY - 9 * ONE_DAY
        open_, later = (
            await post(first, "branch-secretary", world.east.id),
            await post(second, "branch-member", world.east.id, TODAY),
        )
        kept = [
            await post(first, "branch-member", world.east.id, day - ONE_DAY),
            await post(first, "branch-member", world.west.id),
            await post(second, "branch-organizer", world.east.id, day),
            await post(stays, "branch-deputy-secretary", world.east.id),
            await add_span(actor, first, "limit", SpanDraft(word="detention", since=SINCE), TODAY),
        ]
        await void_span(actor, second, await post(second, "branch-deputy-secretary", world.east.id), "误登")
        was = {
            row["id"]: tuple(row) for row in await fetch("select * from person_span where id = any($1)", kept)
        }
        assert await end_posts(actor, world.east.id, [first, second], day) == 2
        for span in (open_, later):
            row = await fetchrow("select ended, version from person_span where id = $1", span)
            assert row is not None
            assert tuple(row) == (day, 1)
        now = {
            row["id"]: tuple(row) for row in await fetch("select * from person_span where id = any($1)", kept)
        }
        assert now == was
        lines = await fetch(
            """select detail -> 'was' ->> 'ended' was, detail -> 'now' ->> 'ended' now, by_name from person_change
               where person_id = any($1) and kind = 'post' and detail ->> 'act' = 'changed' order by 1 nulls first""",
            people,
        )
        assert [tuple(row) for row in lines] == [
            (None, str(day), "组织委员"),
            (str(TODAY), str(day), "组织委员"),
        ]
        assert await end_posts(actor, world.east.id, [first, second], day) == 0, "once"
