"""Who may act for whom, from when until when, with what of what the other holds; and what nobody does for another."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from core.actor import Actor
from core.errors import Conflict, Forbidden, Invalid, NotFound
from tenants.accounts.access import actor_for
from tenants.accounts.deputies import KEPT_TO_ONESELF, LONGEST_DAYS, acting, appoint, begin, deputations, end
from tenants.accounts.service import set_active
from tenants.accounts.tokens import make
from tenants.database.session import county_session, current_session
from tests.tenants.conftest import TODAY, Tree
from tests.tenants.conftest import acting as somebody

pytestmark = pytest.mark.anyio
DAY = timedelta(days=1)
PLAIN = {"since": TODAY, "last": TODAY + 9 * DAY, "reason": "外出学习"}


async def login_of(actor: Actor) -> str:
    login: str = await current_session().fetchval("select login from account where id = $1", actor.id)
    return login


async def two(tree: Tree) -> tuple[Actor, Actor, str]:
    """The committee's secretary, a colleague in the branch, and the colleague's login."""
    owner = await somebody(tree, "committee-secretary", tree.committee, "郝书记")
    colleague = await somebody(tree, "branch-secretary", tree.branch, "代同志")
    async with county_session(tree.county):
        return owner, colleague, await login_of(colleague)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"login": "nobody"}, "login"),
        ({"since": TODAY - DAY}, "since"),
        ({"last": TODAY - DAY}, "last"),
        ({"last": TODAY + LONGEST_DAYS * DAY}, "last"),
        ({"since": date.max, "last": date.max}, "last"),
        ({"reason": " \u200b "}, "reason"),
        ({"reason": "学" * 201}, "reason"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field(wrong: dict[str, object], field: str, tree: Tree) -> None:
    owner, _, login = await two(tree)
    async with county_session(tree.county):
        with pytest.raises(Invalid) as refused:
            await appoint(owner, **{"login": login, "today": TODAY} | PLAIN | wrong)  # type: ignore[arg-type]
        assert [*refused.value.fields] == [field]
        assert await deputations(owner.id, TODAY) == []


async def test_nobody_is_his_own_deputy_nor_is_who_is_switched_off(tree: Tree) -> None:
    owner, colleague, login = await two(tree)
    admin = await somebody(tree, "department-admin", tree.department)
    async with county_session(tree.county):
        own = await login_of(owner)
        await set_active(admin, colleague.id, False, TODAY)
        for given in (own, f" {own.upper()} ", login):
            with pytest.raises(Invalid, match="没有找到这位同志在用的账号"):
                await appoint(owner, login=given, today=TODAY, **PLAIN)  # type: ignore[arg-type]


async def test_it_holds_from_its_first_day_through_its_last(tree: Tree) -> None:
    owner, colleague, login = await two(tree)
    first, last = TODAY + DAY, TODAY + LONGEST_DAYS * DAY
    async with county_session(tree.county):
        made = await appoint(
            owner, login=f" {login.upper()} ", since=first, last=last, reason=" 产 假 ", today=TODAY
        )
        for day, holds in ((TODAY, False), (first, True), (last, True), (last + DAY, None)):
            found = {one.id: one.holds for one in await deputations(colleague.id, day)}
            assert found.get(made) is holds, day
            if holds:
                assert (await begin(colleague, made, day)).account_id == owner.id
            else:
                with pytest.raises(NotFound):
                    await begin(colleague, made, day)
        [listed] = await deputations(owner.id, TODAY)
        assert (listed.account_name, listed.deputy_name, listed.reason) == ("郝书记", "代同志", "产 假")


async def test_one_colleague_once_on_each_day(tree: Tree) -> None:
    owner, colleague, login = await two(tree)
    third = await somebody(tree, "branch-organizer", tree.second_branch)

    async def from_to(since: int, last: int, to: str = login) -> UUID:
        return await appoint(
            owner, login=to, since=TODAY + since * DAY, last=TODAY + last * DAY, reason="出差", today=TODAY
        )

    async with county_session(tree.county):
        middle = await from_to(3, 5)
        for since, last in ((3, 5), (5, 9), (0, 3), (4, 4), (1, 30)):
            with pytest.raises(Conflict, match="已经是您的代理人"):
                await from_to(since, last)
        await from_to(6, 8)
        await from_to(0, 2)
        await from_to(3, 5, await login_of(third))
        await end(owner, middle)
        assert middle not in {one.id for one in await deputations(colleague.id, TODAY)}
        await from_to(3, 5)


async def test_either_ends_it_and_nobody_else(tree: Tree) -> None:
    owner, colleague, login = await two(tree)
    stranger = await somebody(tree, "department-admin", tree.department)
    for who in (owner, colleague):
        async with county_session(tree.county):
            made = await appoint(owner, login=login, today=TODAY, **PLAIN)  # type: ignore[arg-type]
            for other in (stranger, owner):
                with pytest.raises(NotFound):
                    await begin(other, made, TODAY)
            with pytest.raises(NotFound):
                await end(stranger, made)
            await end(who, made)
            for again in (end(who, made), begin(colleague, made, TODAY)):
                with pytest.raises(NotFound):
                    await again
            verbs = await current_session().fetch(
                "select verb from ledger_entry where subject_id = $1 order by id desc limit 2", colleague.id
            )
            assert [row["verb"] for row in verbs] == ["deputy.ended", "deputy.appointed"]


async def test_he_acts_with_what_the_other_holds_but_what_is_kept_to_oneself(tree: Tree) -> None:
    _, colleague, login = await two(tree)
    admin = await somebody(tree, "department-admin", tree.department, "管理员")
    async with county_session(tree.county):
        made = await appoint(admin, login=login, today=TODAY, **PLAIN)  # type: ignore[arg-type]
        found = await actor_for(colleague.id, TODAY)
        both = await acting(found, made, TODAY)
        assert both is not None
        assert await acting(found, made, TODAY + 10 * DAY) is None, "it is over"
        actor = both.actor
        assert (actor.id, actor.name, actor.acts_for) == (colleague.id, "代同志（代管理员）", admin.id)
        assert admin.id in actor.hands
        may = {word for one in actor.holdings for word in one.capabilities}
        own = {word for one in admin.holdings for word in one.capabilities}
        assert may == own - KEPT_TO_ONESELF
        assert own & KEPT_TO_ONESELF, "there was something to keep"
        assert not actor.may("case.record", "/d/c/b/"), "what is his own he does as himself"


async def test_whoever_acts_for_another_hands_nothing_on(tree: Tree) -> None:
    owner, colleague, login = await two(tree)
    third = await somebody(tree, "branch-organizer", tree.second_branch)
    async with county_session(tree.county):
        made = await appoint(owner, login=login, today=TODAY, **PLAIN)  # type: ignore[arg-type]
        both = await acting(await actor_for(colleague.id, TODAY), made, TODAY)
        assert both is not None
        for attempt in (
            appoint(both.actor, login=await login_of(third), today=TODAY, **PLAIN),  # type: ignore[arg-type]
            end(both.actor, made),
            begin(both.actor, made, TODAY),
            make(both.actor, kind="token", name="试", scopes=["org.view"], read_only=True, days=1),
        ):
            with pytest.raises(Forbidden) as refused:
                await attempt
            assert refused.value.code == "acting"


@pytest.mark.parametrize("who", ["owner", "deputy"])
async def test_it_rests_while_one_of_the_two_is_switched_off(who: str, tree: Tree) -> None:
    owner, colleague, login = await two(tree)
    admin = await somebody(tree, "department-admin", tree.department)
    gone = owner if who == "owner" else colleague
    async with county_session(tree.county):
        made = await appoint(owner, login=login, today=TODAY, **PLAIN)  # type: ignore[arg-type]
        found = await actor_for(colleague.id, TODAY)
        await set_active(admin, gone.id, False, TODAY)
        assert await acting(found, made, TODAY) is None
        await set_active(admin, gone.id, True, TODAY)
        assert await acting(found, made, TODAY) is not None
