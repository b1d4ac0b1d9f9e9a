"""Adopting, adjusting and ending policies: who may, what is refused in which words, and that nothing is overwritten."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.actor import Actor
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Stale
from tenants.audit import entries
from tenants.database.session import county_session
from tenants.policies.allowance import allow, allowance
from tenants.policies.changes import Activation, Adjust, Adopt, Choice, End
from tenants.policies.regimes import regime_of_path, regime_of_unit
from tenants.policies.rows import live_activations, write
from tenants.policies.service import apply, history, in_force, may_decide, prepare
from tests.tenants.conftest import TODAY, Tree, acting

pytestmark = pytest.mark.anyio

SINCE = date(2026, 1, 1)
BRANCH = "/d/c/b/"


@pytest.fixture
async def admin(tree: Tree) -> Actor:
    return await acting(tree, "department-admin", tree.department, "管理员甲")


async def notice_days(path: str = BRANCH, on: date = TODAY) -> int:
    facet: Any = (await regime_of_path(path)).on(on).steps["prospect-notice"].facets["notice"]
    return int(facet.days)


def adopt(plugin: str = "yakeshi", since: date = SINCE, **given: Any) -> Adopt:
    until = given.pop("until", None)
    return Adopt(plugin=plugin, since=since, until=until, choice=Choice(**given))


async def written(tree: Tree, actor: Actor, unit: UUID, change: Any) -> tuple[Activation, ...]:
    async with county_session(tree.county):
        return await apply(actor, unit, change, TODAY)


async def messages(tree: Tree) -> int:
    async with county_session(tree.county) as session:
        return int(await session.fetchval("select count(*) from outbox"))


async def refused(kind: type[DomainError], tree: Tree, actor: Actor, unit: UUID, change: Any) -> DomainError:
    """What is said to him; and nothing has been written, nor is anything sent."""
    before = await messages(tree)
    with pytest.raises(kind) as caught:
        await written(tree, actor, unit, change)
    assert await messages(tree) == before
    return caught.value


async def test_an_adopted_policy_is_in_force_from_its_day_on_the_unit_and_below(
    tree: Tree, admin: Actor
) -> None:
    await written(tree, admin, tree.committee, adopt())
    async with county_session(tree.county):
        assert await notice_days() == 15
        assert await notice_days("/d/o/b/") == 0
        assert await notice_days("/d/") == 0
        reaching = await in_force(admin, tree.branch)
        assert [(item.plugin, item.unit_name, item.by_name) for item in reaching] == [
            ("yakeshi", "城关镇党委", "管理员甲")
        ]
        assert "yakeshi.public.fifteen-days" in (await regime_of_unit(tree.branch)).rules


async def test_policies_on_the_path_join(tree: Tree, admin: Actor) -> None:
    await written(tree, admin, tree.department, adopt("jinhua-2014"))
    await written(tree, admin, tree.committee, adopt())
    async with county_session(tree.county):
        assert {"yakeshi", "jinhua-2014"} <= (await regime_of_path(BRANCH)).policies.keys()
        assert "yakeshi" not in (await regime_of_path("/d/o/b/")).policies


async def test_rules_can_be_left_out_switched_on_and_blanks_filled(tree: Tree, admin: Actor) -> None:
    choice: dict[str, Any] = {
        "without": frozenset({"public.fifteen-days"}),
        "fill": {"committee-pass": ">=2/3"},
        "basis": "县委组织部〔2026〕3 号",
    }
    await written(tree, admin, tree.department, adopt(**choice))
    await written(
        tree, admin, tree.department, adopt("changchun-lvyuan", also=frozenset({"cross.archive-check"}))
    )
    async with county_session(tree.county):
        regime = await regime_of_path(BRANCH)
        assert "yakeshi.public.fifteen-days" not in regime.rules
        assert "changchun-lvyuan.cross.archive-check" in regime.rules
        assert "yakeshi.committee-pass" not in regime.open_blanks
        assert "yakeshi.appraisal-scope" in regime.open_blanks


@pytest.mark.parametrize(
    ("plugin", "given", "field", "says"),
    [
        (
            "yakeshi",
            {"without": frozenset({"public.fifteen-day"})},
            "without",
            "是不是“yakeshi.public.fifteen-days”",
        ),
        ("yakeshi", {"also": frozenset({"public.fifteen-days"})}, "also", "不在可选之列"),
        ("yakeshi", {"without": frozenset({"national.s01"})}, "without", "不在可选之列"),
        ("yakeshi", {"fill": {"committee-pas": ">1/2"}}, "fill", "是不是“committee-pass”"),
        ("yakeshi", {"fill": {"committee-pass": "most"}}, "fill", "党（工）委票决的通过比例"),
        ("yakeshi", {"fill": {"committee-pass": 0.5}}, "fill", "比例"),
        ("yakeshi", {"fill": {"appraisal-scope": " "}}, "fill", "文字"),
        ("beijing-town-334", {"fill": {"notice-days": -1}}, "fill", "不小于 0"),
        ("beijing-town-334", {"fill": {"notice-days": True}}, "fill", "不小于 0"),
        ("jinhua-2014", {"fill": {"law-agencies": []}}, "fill", "不能为空"),
    ],
)
async def test_choices_that_do_not_fit_the_plugin_are_refused_in_words(
    tree: Tree, admin: Actor, plugin: str, given: dict[str, Any], field: str, says: str
) -> None:
    error = await refused(Invalid, tree, admin, tree.department, adopt(plugin, **given))
    assert says in error.fields[field]
    assert error.sentence.startswith("《")


async def test_what_the_source_only_calls_by_name_cannot_be_adopted(tree: Tree, admin: Actor) -> None:
    error = await refused(Invalid, tree, admin, tree.department, adopt("wuhua-three"))
    assert error.sentence == "《昆明五华区“三项制度”》没有可以执行的规则，不能启用。"


async def test_the_national_rules_cannot_be_adopted_or_left_out(tree: Tree, admin: Actor) -> None:
    error = await refused(Conflict, tree, admin, tree.department, adopt("national"))
    assert "一律有效" in error.sentence
    await refused(NotFound, tree, admin, tree.department, adopt("atlantis"))


async def test_periods_have_to_make_sense(tree: Tree, admin: Actor) -> None:
    error = await refused(Invalid, tree, admin, tree.department, adopt(until=SINCE))
    assert "until" in error.fields


async def test_a_plugin_runs_once_at_a_time_at_a_unit(tree: Tree, admin: Actor) -> None:
    await written(tree, admin, tree.department, adopt(until=date(2026, 6, 1)))
    error = await refused(Conflict, tree, admin, tree.department, adopt(since=date(2026, 5, 31)))
    assert "调整已有的启用记录" in error.sentence
    await written(tree, admin, tree.department, adopt(since=date(2026, 6, 1)))
    await written(tree, admin, tree.committee, adopt(since=date(2026, 3, 1)))


async def test_adjusting_keeps_what_was_before_the_day(tree: Tree, admin: Actor) -> None:
    (first,) = await written(tree, admin, tree.department, adopt())
    day = date(2026, 9, 1)
    choice = Choice(without=frozenset({"public.fifteen-days"}))
    closed, new = await written(
        tree, admin, tree.department, Adjust(activation_id=first.id, day=day, choice=choice)
    )
    async with county_session(tree.county):
        assert await notice_days(on=day - timedelta(days=1)) == 15
        assert await notice_days(on=day) == 0
        assert {item.id for item in await live_activations()} == {closed.id, new.id}
        assert [item.id for item in await history(admin, tree.department)] == [new.id, closed.id, first.id]
        assert (await history(admin, tree.department))[2].choice == Choice()


async def test_adjusting_from_the_first_day_supersedes_the_whole(tree: Tree, admin: Actor) -> None:
    (first,) = await written(tree, admin, tree.department, adopt())
    change = Adjust(
        activation_id=first.id, day=SINCE, choice=Choice(without=frozenset({"public.fifteen-days"}))
    )
    (only,) = await written(tree, admin, tree.department, change)
    async with county_session(tree.county):
        assert [item.id for item in await live_activations()] == [only.id]
        assert await notice_days() == 0


async def test_ending_keeps_the_time_before_and_withdrawing_keeps_nothing(tree: Tree, admin: Actor) -> None:
    (first,) = await written(tree, admin, tree.department, adopt())
    (ended,) = await written(tree, admin, tree.department, End(activation_id=first.id, day=TODAY))
    assert ended.act == "end"
    async with county_session(tree.county):
        assert await notice_days(on=TODAY - timedelta(days=1)) == 15
        assert await notice_days() == 0
    (gone,) = await written(tree, admin, tree.department, End(activation_id=ended.id, day=SINCE))
    assert gone.act == "withdraw"
    async with county_session(tree.county):
        assert await notice_days(on=date(2026, 6, 1)) == 0
        assert len(await history(admin, tree.department)) == 3
    await written(tree, admin, tree.department, adopt())


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2026, 6, 1), date(2027, 1, 1)])
async def test_days_outside_the_activation_are_refused(tree: Tree, admin: Actor, day: date) -> None:
    (first,) = await written(tree, admin, tree.department, adopt(until=date(2026, 6, 1)))
    for change in (
        End(activation_id=first.id, day=day),
        Adjust(activation_id=first.id, day=day, choice=Choice()),
    ):
        await refused(Invalid, tree, admin, tree.department, change)


async def test_the_second_of_two_who_change_the_same_version_is_told(tree: Tree, admin: Actor) -> None:
    (first,) = await written(tree, admin, tree.department, adopt())
    async with county_session(tree.county):
        planned = await prepare(admin, tree.department, End(activation_id=first.id, day=TODAY))
    await written(tree, admin, tree.department, End(activation_id=first.id, day=TODAY))
    with pytest.raises(Stale, match="其他人"):
        async with county_session(tree.county):
            await write(admin, planned.added)
    await refused(NotFound, tree, admin, tree.department, End(activation_id=first.id, day=TODAY))


async def test_a_committee_adopts_more_only_where_the_department_allows_it(tree: Tree, admin: Actor) -> None:
    secretary = await acting(tree, "committee-secretary", tree.committee)
    error = await refused(Forbidden, tree, secretary, tree.branch, adopt())
    assert "没有开放" in error.sentence
    async with county_session(tree.county):
        assert not await may_decide(secretary, BRANCH)
        await allow(admin, frozenset({"committee"}))
        assert await allowance() == {"committee"}
        assert await may_decide(secretary, BRANCH)
    (made,) = await written(tree, secretary, tree.branch, adopt())
    assert made.level == "committee"
    await refused(NotFound, tree, secretary, tree.other_branch, adopt())
    await refused(NotFound, tree, secretary, tree.department, adopt())
    with pytest.raises(Forbidden):
        async with county_session(tree.county):
            await allow(secretary, frozenset({"committee", "branch"}))
    async with county_session(tree.county):
        with pytest.raises(Invalid):
            await allow(admin, frozenset({"province"}))
        await allow(admin, frozenset())
    await refused(Forbidden, tree, secretary, tree.committee, adopt("jinhua-2014"))


async def test_what_the_department_has_switched_on_no_committee_switches_off(
    tree: Tree, admin: Actor
) -> None:
    secretary = await acting(tree, "committee-secretary", tree.committee)
    async with county_session(tree.county):
        await allow(admin, frozenset({"committee"}))
    (made,) = await written(tree, admin, tree.committee, adopt())
    for change in (
        End(activation_id=made.id, day=TODAY),
        Adjust(activation_id=made.id, day=TODAY, choice=Choice(without=frozenset({"public.fifteen-days"}))),
    ):
        error = await refused(Forbidden, tree, secretary, tree.committee, change)
        assert "上级组织" in error.sentence


async def test_whoever_may_not_activate_is_refused_and_strangers_see_nothing(
    tree: Tree, other_tree: Tree
) -> None:
    branch = await acting(tree, "branch-secretary", tree.branch)
    await refused(Forbidden, tree, branch, tree.branch, adopt())
    await refused(NotFound, tree, branch, tree.second_branch, adopt())
    stranger = await acting(other_tree, "department-admin", other_tree.department)
    with pytest.raises(NotFound):
        await written(other_tree, stranger, tree.department, adopt())


async def test_an_activation_is_changed_through_its_own_unit_only(tree: Tree, admin: Actor) -> None:
    (made,) = await written(tree, admin, tree.committee, adopt())
    await refused(NotFound, tree, admin, tree.branch, End(activation_id=made.id, day=TODAY))


async def test_every_change_is_signed_in_the_audit_log(tree: Tree, admin: Actor) -> None:
    (made,) = await written(tree, admin, tree.committee, adopt(basis="〔2026〕3 号"))
    await written(tree, admin, tree.committee, End(activation_id=made.id, day=TODAY))
    async with county_session(tree.county):
        ended, adopted = (await entries(admin))[:2]
        assert (adopted.verb, adopted.unit_name, adopted.by_name) == (
            "policy.adopted",
            "城关镇党委",
            "管理员甲",
        )
        assert adopted.detail["basis"] == "〔2026〕3 号"
        assert (ended.verb, ended.detail["until"]) == ("policy.ended", TODAY.isoformat())


async def test_a_basis_is_the_name_of_a_document(tree: Tree) -> None:
    admin = await acting(tree, "department-admin", tree.department)
    adopt = Adopt(plugin="yakeshi", since=TODAY, choice=Choice(basis="长" * 501))
    async with county_session(tree.county):
        with pytest.raises(Invalid, match="依据有 501 个字，最多 500 个字"):
            await apply(admin, tree.department, adopt, TODAY)
