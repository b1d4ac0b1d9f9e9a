"""Before saving: what changes in the rules, who is affected and how, and that nothing is written."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from core.actor import Actor
from core.casework.access import access_case
from core.casework.model import Way
from core.casework.standing.sweep import recompute, running_below
from core.changes.merge import merge
from core.database import fetchval
from core.errors import Forbidden, Invalid
from dangwu import Adoption, Case, Regime, Subject, compose, evaluate
from tenants.database.session import county_session
from tenants.policies.changes import Adjust, Adopt, Choice, End
from tenants.policies.plugins import installed
from tenants.policies.preview.cases import CaseSeen, case_changes
from tenants.policies.preview.found import CONSEQUENCES
from tenants.policies.preview.preview import Preview, preview
from tenants.policies.preview.rules import rule_changes
from tenants.policies.regimes import regime_of_path
from tenants.policies.service import apply
from tests.bench.walked import walk
from tests.contract.regime.test_feasible import LATE, LONG, SOON
from tests.floor import FLOOR, INSTALLED
from tests.tenants.conftest import TODAY, Tree, acting
from tests.tenants.policies.many_cases import (
    BORN,
    copy_entries,
    entry_rows,
    next_records,
    plant_cases,
    plant_files,
)

pytestmark = pytest.mark.anyio

BRANCH = "/d/c/b/"
BEGIN = date(2024, 3, 1)


def through(regime: Regime, last: str, begin: date = BEGIN) -> list[tuple[str, date, dict[str, object]]]:
    """The records of a case that was done properly, as fast as may be, up to and with one step."""
    case, day, told = Case(Subject(BORN)), begin, []
    while day < TODAY:
        made = next_records(regime, case, day)
        for record, evidence in made or ():
            case = case.with_entry(record)
            told.append((record.step, day, evidence))
        if made is None:
            day = evaluate(regime, case, day).turns or TODAY
        elif made[0][0].step == last:
            return told
    raise AssertionError(f"never came to {last}")


async def case_at(tree: Tree, last: str, begin: date = BEGIN) -> UUID:
    """A running case in the first branch that is done up to `last`."""
    async with county_session(tree.county):
        told = through(await regime_of_path(BRANCH), last, begin)
        (case,) = await plant_files(tree.branch, BRANCH, 1, begin)
        await copy_entries(entry_rows([case], [told], tree.branch))
        await recompute(await running_below(BRANCH), TODAY, regime_of_path)
    return case


async def asked(tree: Tree, admin: Actor, unit: UUID, change: Adopt | Adjust | End) -> Preview:
    async with county_session(tree.county):
        return (await preview(admin, unit, change, TODAY)).preview


async def test_parameters_that_change_are_named_with_rule_and_source(tree: Tree, admin: Actor) -> None:
    found = await asked(tree, admin, tree.department, Adopt(plugin="yakeshi", since=TODAY))
    change = next(
        one for one in found.rules.parameters if (one.step, one.param) == ("prospect-notice", "days")
    )
    assert (change.step_title, change.facet_title, change.before) == ("发展对象公示", "公示", None)
    assert "15 天" in (change.after or "")
    assert change.rules == ("yakeshi.public.fifteen-days",)
    assert "黨員嚴格程序問題研究報告" in change.citations[0].source
    assert found.day == TODAY


async def test_inserted_steps_absorbed_rules_and_open_blanks_are_told(tree: Tree, admin: Actor) -> None:
    found = await asked(tree, admin, tree.department, Adopt(plugin="yakeshi", since=TODAY))
    inserted = {one.step: one for one in found.rules.inserted}
    assert "mass-appraisal-admission" in inserted
    assert all(one.rules and one.behind for one in inserted.values())
    assert any("1/2" in sentence and "不另起作用" in sentence for sentence in found.rules.absorbed)
    assert found.rules.blanks["yakeshi.committee-pass"] == "党（工）委票决的通过比例"
    assert found.rules.removed == ()


async def test_rules_for_some_people_only_say_for_whom(tree: Tree, admin: Actor) -> None:
    found = await asked(tree, admin, tree.department, Adopt(plugin="songyuan", since=TODAY))
    whom = {one.when for one in found.rules.parameters} | {one.when for one in found.rules.inserted}
    assert ("异地",) in whom
    assert ("村（社区）干部亲属",) in whom
    [audit] = [one for one in found.rules.inserted if one.step == "department-audit"]
    assert audit.when == ("有违法违纪史", "村（社区）干部亲属"), "each of the groups whom it concerns"


async def test_ending_a_policy_shows_what_goes(tree: Tree, admin: Actor) -> None:
    async with county_session(tree.county):
        (made,) = await apply(admin, tree.department, Adopt(plugin="yakeshi", since=date(2026, 1, 1)), TODAY)
    found = await asked(tree, admin, tree.department, End(activation_id=made.id, day=TODAY))
    assert "mass-appraisal-admission" in {one.step for one in found.rules.removed}
    assert ("yakeshi.plan.annual-guidance", "gone") in {(one.rule, one.kind) for one in found.rules.beside}
    gone = [one for one in found.rules.parameters if one.after is None]
    assert any(one.rules == ("yakeshi.public.fifteen-days",) for one in gone)


async def test_one_rule_left_out_changes_its_parameter_alone(tree: Tree, admin: Actor) -> None:
    async with county_session(tree.county):
        (made,) = await apply(admin, tree.department, Adopt(plugin="yakeshi", since=date(2026, 1, 1)), TODAY)
    choice = Choice(without=frozenset({"public.fifteen-days"}))
    found = await asked(tree, admin, tree.department, Adjust(activation_id=made.id, day=TODAY, choice=choice))
    assert found.rules.inserted == ()
    assert {(one.step, one.param, one.after) for one in found.rules.parameters} == {
        ("prospect-notice", "days", None)
    }
    assert found.rules.parameters[0].rules == ("yakeshi.public.fifteen-days",)


async def test_a_case_whose_next_step_gets_a_step_before_it_is_blocked(tree: Tree, admin: Actor) -> None:
    case = await case_at(tree, "cultivation")
    found = await asked(tree, admin, tree.committee, Adopt(plugin="songyuan", since=TODAY))
    assert found.cases.under_way == found.cases.affected == 1
    assert found.cases.counts["blocks"] == found.cases.counts["asks"] == found.cases.held == 1
    (one,) = found.cases.listed
    assert (one.case_id, one.effect, one.steps) == (case, "blocks", ("确定发展对象人选",))
    assert any("超前考察" in sentence for sentence in one.sentences[one.effect])


async def test_a_case_that_is_past_all_of_it_is_not_affected(tree: Tree, admin: Actor) -> None:
    await case_at(tree, "admission-filing")
    found = await asked(tree, admin, tree.department, Adopt(plugin="liaoyuan-1443", since=TODAY))
    assert (found.cases.under_way, found.cases.affected) == (1, 0)
    assert found.cases.ahead == 1, "its conversion will be voted on and announced as this policy says"


async def test_a_case_that_goes_on_as_before_may_have_other_steps_ahead(tree: Tree, admin: Actor) -> None:
    await case_at(tree, "applicant-talk")
    found = await asked(tree, admin, tree.committee, Adopt(plugin="songyuan", since=TODAY))
    assert (found.cases.affected, found.cases.ahead) == (0, 1)
    nothing = frozenset(installed().policies["songyuan"].rule_ids())
    choice = Choice(without=nothing)
    found = await asked(tree, admin, tree.committee, Adopt(plugin="songyuan", since=TODAY, choice=choice))
    assert (found.cases.affected, found.cases.ahead) == (0, 0)


async def test_what_falls_away_is_ahead_only_of_whoever_has_not_passed_it(tree: Tree, admin: Actor) -> None:
    async with county_session(tree.county):
        (made,) = await apply(admin, tree.department, Adopt(plugin="songyuan", since=date(2026, 1, 1)), TODAY)
    await case_at(tree, "applicant-talk")
    found = await asked(tree, admin, tree.department, End(activation_id=made.id, day=TODAY))
    assert (found.cases.affected, found.cases.ahead) == (0, 1)


async def test_cases_elsewhere_are_not_looked_at(tree: Tree, admin: Actor) -> None:
    await case_at(tree, "cultivation")
    found = await asked(tree, admin, tree.other_committee, Adopt(plugin="songyuan", since=TODAY))
    assert found.cases.under_way == 0


async def test_a_deadline_that_can_no_longer_be_met_is_in_danger(tree: Tree, admin: Actor) -> None:
    """The meeting is due a month after the pre-review; a notice of 15 days that comes in before it takes too long by then."""
    async with county_session(tree.county):
        regime = await regime_of_path(BRANCH)
    begin = BEGIN
    for _ in range(3):
        reviewed = next(
            day for step, day, _ in through(regime, "admission-form", begin) if step == "pre-review"
        )
        begin += TODAY - timedelta(days=20) - reviewed
    case = await case_at(tree, "admission-form", begin)
    found = await asked(tree, admin, tree.department, Adopt(plugin="yakeshi", since=TODAY))
    (danger,) = found.cases.danger
    assert (danger.case_id, danger.step) == (case, "admission-meeting")
    assert TODAY < danger.due < danger.soonest
    calm = await asked(tree, admin, tree.department, Adopt(plugin="liaoyuan-1443", since=TODAY))
    assert calm.cases.danger == ()


async def test_a_change_in_the_future_is_compared_on_its_first_day(tree: Tree, admin: Actor) -> None:
    await case_at(tree, "cultivation")
    day = TODAY + timedelta(days=40)
    found = await asked(tree, admin, tree.department, Adopt(plugin="songyuan", since=day))
    assert found.day == day
    assert found.cases.counts["blocks"] == 1


async def test_standings_stored_by_an_older_program_do_not_pass_for_changes(tree: Tree, admin: Actor) -> None:
    case = await case_at(tree, "admission-filing")
    async with county_session(tree.county) as session:
        await session.execute("update case_file set reasons = '{old.code}' where id = $1", case)
    found = await asked(tree, admin, tree.department, Adopt(plugin="liaoyuan-1443", since=TODAY))
    assert found.cases.affected == 0


async def test_looking_writes_nothing_and_needs_the_right_to_save(tree: Tree, admin: Actor) -> None:
    async with county_session(tree.county) as session:
        before = await session.fetchval("select policy_version from county where id = $1", tree.county)
        await preview(admin, tree.department, Adopt(plugin="yakeshi", since=TODAY), TODAY)
        assert await fetchval("select policy_version from county where id = $1", tree.county) == before
        assert await fetchval("select count(*) from activation") == 0
        assert await fetchval("select count(*) from outbox") == 0
    secretary = await acting(tree, "branch-secretary", tree.branch)
    with pytest.raises(Forbidden):
        await asked(tree, secretary, tree.branch, Adopt(plugin="yakeshi", since=TODAY))
    with pytest.raises(Invalid):
        await asked(
            tree, admin, tree.department, Adopt(plugin="yakeshi", since=TODAY, choice=Choice(fill={"x": 1}))
        )


def test_what_a_change_does_not_touch_is_not_judged_and_nothing_is_missed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plugins, way = INSTALLED, Way(BRANCH)
    before = plugins.compose([])
    walked = [walk(before, BEGIN, most)[0] for most in (0, 6)]
    seen = [CaseSeen(UUID(int=number), "张三", way, case, None) for number, case in enumerate(walked)]
    untouched = 0
    for policy in plugins.policies.values():
        after = plugins.compose([Adoption(policy, since=TODAY)])
        found = case_changes(seen, {way: before}, {way: after}, TODAY)
        with monkeypatch.context() as patched:
            patched.setattr(Regime, "alike", lambda *_: False)
            assert case_changes(seen, {way: before}, {way: after}, TODAY) == found, policy.id
        untouched += before.alike(after, "")
    assert 0 < untouched < len(plugins.policies)


async def test_many_cases_are_each_counted_once(tree: Tree, admin: Actor) -> None:
    async with county_session(tree.county):
        await plant_cases(tree.branch, BRANCH, 60, BEGIN, TODAY)
        running = await fetchval("select count(*) from case_file where status = 'running'")
    found = await asked(tree, admin, tree.department, Adopt(plugin="songyuan", since=TODAY))
    assert found.cases.under_way == running > 50
    assert 0 < found.cases.affected == len(found.cases.listed) < running
    gravity = [list(CONSEQUENCES).index(one.effect) for one in found.cases.listed]
    assert gravity == sorted(gravity)
    assert sum(found.cases.counts.values()) >= found.cases.affected


async def test_a_case_that_comes_by_a_merger_is_judged_by_what_held_where_it_was(
    tree: Tree, admin: Actor
) -> None:
    """法不溯及既往: steps begun in the old unit stay under its policies; those of the new one hold from the day of the merger."""
    async with county_session(tree.county):
        await apply(admin, tree.committee, Adopt(plugin="yakeshi", since=date(2020, 1, 1)), TODAY)
        await apply(admin, tree.other_committee, Adopt(plugin="songyuan", since=date(2020, 1, 1)), TODAY)
    case_id = await case_at(tree, "prospect-selection")
    async with county_session(tree.county):
        await merge(admin, tree.branch, tree.other_branch, TODAY, 0, TODAY)
        case = await access_case(admin, case_id)
        regime = await regime_of_path(case.way)
        spans = {one.policy.id: (one.since, one.until) for one in regime.adoptions}
        assert spans == {"yakeshi": (date(2020, 1, 1), TODAY), "songyuan": (TODAY, None)}
        assert evaluate(regime, case.case, TODAY).steps["early-inspection"].state == "waived"
        await recompute(await running_below("/d/o/"), TODAY, regime_of_path)
        stored = await fetchval("select open_steps from case_file where id = $1", case_id)
        assert stored == ["prospect-consent"]
    found = await asked(tree, admin, tree.other_committee, Adopt(plugin="jinhua-2014", since=TODAY))
    assert (found.cases.under_way, found.cases.counts["closes"]) == (1, 0)


def test_what_can_never_be_done_in_time_is_said_before_it_is_adopted() -> None:
    before, after = compose(FLOOR), compose(FLOOR, [Adoption(LONG), Adoption(LATE), Adoption(SOON)])
    said = rule_changes(before, after, [LONG, LATE, SOON], date(2026, 6, 1)).infeasible
    assert any("“支部大会讨论接收预备党员”来不及：前面的环节都不耽搁" in one for one in said), said
    assert any("（学生）办不成：从“上级党委预审”算起" in one for one in said), said
