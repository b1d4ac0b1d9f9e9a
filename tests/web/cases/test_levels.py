"""Each step by its level alone: over the API, for every step of the floor and of all practices, and for every role.

One case per county goes all the way, on the days on which its rules let it; at each part of each step everybody who may not
record it tries first, then somebody who may does it with the least evidence.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from litestar import Litestar

from core.actor import Actor, Holding
from core.casework.levels import acting_level, by_level
from core.changes.tags import set_tags
from core.errors import Forbidden
from core.register.model import PersonDraft
from core.register.service import enter
from dangwu import LEVELS, Adoption, Case, StepRules, Subject, compose, least
from tenants.accounts.capabilities import ROLES
from tenants.database.session import county_session
from tenants.policies.changes import Adopt, Choice
from tenants.policies.plugins import installed
from tenants.policies.service import apply
from tests.floor import STEPS
from tests.web.cases.levels_crew import INSIDE, OPENER, SINGLE, TWO_OFFICES, Desk, Hand, hire
from tests.web.cases.levels_walk import BORN, OPENING, Try, Walk, needs
from tests.web.conftest import TODAY, everything, seed

OPENED = date(2024, 1, 1)
BEGIN = date(2025, 5, 12)
"""So that a prospect is determined after 2026-05-11, when the floor began to ask for a notice."""

TAGS = frozenset({"village-cadre-relative"})
GATE = "listing"
"""Nobody here stands in a yearly plan: its gate, which is switched on by itself, has tests of its own."""
PRACTICES = {
    "floor": (),
    "all practices": tuple(sorted(name for name, one in installed().policies.items() if one.rules)),
}


@pytest.fixture(scope="module", params=["all practices", pytest.param("floor", marks=pytest.mark.trial)])
async def walk(app: Litestar, request: pytest.FixtureRequest) -> AsyncIterator[Walk]:
    """A case that has gone all the way in a county with these practices."""
    slug = request.param.split()[0]
    county = await seed(slug, f"{slug}县", OPENED)
    await hire(county, OPENED)
    tags = TAGS if PRACTICES[request.param] else frozenset()
    branch = county.units[INSIDE["branch"]]
    async with county_session(county.id):
        for plugin in PRACTICES[request.param]:
            off = frozenset(
                rule.id for rule in installed().policies[plugin].rules if rule.off and GATE not in rule.facets
            )
            await apply(
                everything(),
                county.units["组织部"].id,
                Adopt(plugin=plugin, since=OPENED, choice=Choice(also=off)),
                BEGIN,
            )
        person = await enter(everything(), branch.id, PersonDraft(name="周一白", born=BORN), BEGIN)
        await set_tags(everything(), person, tags, OPENED, BEGIN)
    desk = Desk(app, county)
    await desk.sign_in()
    made = Walk(app, desk, person, branch.path, BEGIN)
    await made.all_the_way(tags)
    yield made
    await desk.close()


async def test_the_case_has_met_every_step(walk: Walk) -> None:
    """The floor's 26, and every step that the practices insert."""
    assert set(walk.done) == {step.id for step in walk.regime.plan().steps} >= set(STEPS)


async def test_every_role_but_those_of_the_level_is_refused_and_told_who_does_it(walk: Walk) -> None:
    """403 for the case's own people, each part of a step naming its level; nothing is written."""
    tried = [one for one in walk.tries if one.hand in SINGLE and _sees(one) and not _opening(one)]
    wrong = [one for one in tried if not one.hand.right(one.needs, one.level)]
    assert {one.step for one in wrong} | {OPENING} == set(walk.done)
    for one in wrong:
        assert (one.status, one.code) == (403, "level"), one
        assert f"由{LEVELS[one.level]}办理" in one.sentence, one
        assert f"“{one.title}”" in one.sentence, one
        assert one.sentence.endswith("办理。"), one


async def test_every_role_of_the_level_is_accepted(walk: Walk) -> None:
    """With the least evidence; each role that records anything at all has recorded something."""
    accepted = [one for one in walk.tries if one.status == 201]
    assert all(one.hand.right(one.needs, one.level) for one in accepted if not _opening(one))
    assert {one.step for one in accepted} == set(walk.done)
    working = {role.id for role in ROLES.values() if "case.record" in role.capabilities}
    assert {one.hand.held[0][0] for one in accepted} == working


async def test_people_of_other_units_do_not_find_the_case_and_who_sees_none_is_not_let_in(walk: Walk) -> None:
    """404 for who has such things elsewhere: not that he may not, but that there is nothing. Who has none anywhere is told so at
    the door (web/frame/needs.yaml), here as with any other case."""
    outside = [one for one in walk.tries if not _sees(one)]
    assert {one.step for one in outside} == set(walk.done)
    assert {one.hand.inside for one in outside} == {True, False}
    for one in outside:
        asked = "case.open" if _opening(one) else "case.view"
        entered = any(asked in ROLES[role].capabilities for role, _, _ in one.hand.held)
        assert (one.status, one.code) == ((404, "not-found") if entered else (403, "forbidden")), one
    assert {one.status for one in outside} == {403, 404}


async def test_reviews_and_consents_are_given_by_their_own_level(walk: Walk) -> None:
    """Where several levels conclude, each has its own record; the organizer of a level who may not conclude is refused."""
    conclusive = [one for one in walk.tries if "case.review" in one.needs]
    for one in conclusive:
        if one.hand.login == f"{one.level}-organizer.{one.level}.in" and one.level != "department":
            assert (one.status, one.code) == (403, "level"), one
            assert "审查、审批结论" in one.sentence, one
    assert {one.level for one in conclusive if one.status == 201} >= {"committee"}


async def test_who_records_at_one_level_does_not_act_at_another_in_the_same_case(walk: Walk) -> None:
    """Whoever opened the case at the branch approves nothing at the committee; and the other way about."""
    for hand in TWO_OFFICES:
        first, other = hand.held[0][1], hand.held[1][1]
        tried = [one for one in walk.tries if one.hand == hand]
        assert any(one.status == 201 and one.level == first for one in tried), hand
        second = [
            one for one in tried if one.level == other and all(hand.may(need, other) for need in one.needs)
        ]
        assert second, hand
        for one in second:
            assert (one.status, one.code) == (403, "two-levels"), one
            assert f"您已经以{LEVELS[first]}的身份办理过这个人的事项" in one.sentence, one
            assert "记录与审批须由不同的人承担" in one.sentence, one


async def test_an_application_is_taken_in_by_the_branch(walk: Walk) -> None:
    """Nobody else can open a case."""
    tried = [one for one in walk.tries if _opening(one)]
    assert [one.hand for one in tried if one.status == 201] == [OPENER]
    for one in tried:
        if _sees(one) and one.status != 201:
            assert one.status == 403, one
            assert "由党支部" in one.sentence, one


@pytest.mark.parametrize("plugin", [None, *PRACTICES["all practices"]])
def test_each_practice_alone(plugin: str | None) -> None:
    """The same table for the floor and each practice by itself, and for people with every tag: a part is its level's, nobody
    else's."""
    policies = [installed().policies[plugin]] if plugin else []
    also = [Adoption(one, also=frozenset(rule.id for rule in one.rules if rule.off)) for one in policies]
    regime = compose(installed().floor, also)
    tags = frozenset((*installed().floor.tags, *(tag for one in policies for tag in one.tags)))
    case = Case(Subject(BORN, tags))
    for rules in regime.on(TODAY, tags).steps.values():
        for level, part in by_level(rules, least(regime, case, rules.id, TODAY, {})[0]):
            able = {hand.login for hand in INSIDERS if _acts(hand, rules, level, part)}
            assert able == {hand.login for hand in INSIDERS if hand.right(needs(part), level)}, rules.id
            assert able, rules.id


INSIDERS = [hand for hand in SINGLE if hand.inside]
PATHS = {"branch": "/d/c/g/b/", "general-branch": "/d/c/g/", "committee": "/d/c/", "department": "/d/"}


def _acts(hand: Hand, rules: StepRules, level: str, part: dict[str, Any]) -> bool:
    held = tuple(
        Holding(role, at, UUID(int=1), PATHS[at], ROLES[role].capabilities) for role, at, _ in hand.held
    )
    try:
        return acting_level(Actor(UUID(int=2), hand.login, held), PATHS["branch"], rules, part) == level
    except Forbidden:
        return False


def _opening(one: Try) -> bool:
    return one.step == OPENING


def _sees(one: Try) -> bool:
    """Whether he finds what he tries it on: the case, or before there is one, the person."""
    return one.hand.sees("person.view" if _opening(one) else "case.view")
