"""Everything of one demo county: its tree, its officers, its policies, its people, its cases."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import date

from core.organisation.model import UnitView
from deploy.demo.accounts import enter_accounts
from deploy.demo.activities import enter_activities
from deploy.demo.cases import enter_cases
from deploy.demo.casting import Casting, Told
from deploy.demo.departures import send_off
from deploy.demo.lives import enter_lives, enter_posts
from deploy.demo.notices import remind_shown
from deploy.demo.people import Population, again
from deploy.demo.plan import County
from deploy.demo.plans import draw_plans
from deploy.demo.policies import adopt_policies
from deploy.demo.ratings import hold_rounds
from deploy.demo.register import enter_people
from deploy.demo.staff import Staff
from deploy.demo.stories import OWN, Story, stories
from deploy.demo.telling import Untold
from deploy.demo.tree import Branch, Builder
from tenants.policies.regimes import regime_of_path, regimes_of_paths

TWINS, WHO = 2, 9
"""So many have a second file at the neighbouring branch: the member of this number."""
log = logging.getLogger(__name__)


async def fill(county: County, today: date) -> None:
    """Everything of one county, into the session around the caller."""
    tree = await Builder(county, today).build()
    population = Population(county, today)
    members = {branch.unit.id: population.members(branch) for branch in tree.branches}
    staff = Staff(county, tree, members)
    await enter_accounts(county, staff)
    await adopt_policies(county, staff, today)
    regimes = await regimes_of_paths(branch.unit.path for branch in tree.branches)
    casting = Casting(population, staff, regimes, today)
    furthest = regimes[tree.branch(county.branch).unit.path]
    told = list(_told(casting, stories(furthest, OWN[county.slug], today)))
    people = [
        (_place(branch, number), one)
        for branch in tree.branches
        for number, one in enumerate(members[branch.unit.id])
    ]
    people += [(branch.unit, one) for branch in tree.branches for one in population.neighbours(branch)]
    people += [(one.branch.unit, one.person) for one in told]
    near = tree.below(tree.branch(county.branch).committee)
    people += [
        (near[-1 - place].unit, again(members[near[-2 - place].unit.id][WHO])) for place in range(TWINS)
    ]
    await enter_people(people, staff.holding("department-organizer", tree.root), today)
    await enter_posts(county, staff)
    await enter_lives(staff, tree.branch(county.branch), members, today)
    await enter_activities(staff, members, today)
    await enter_cases(told, today, regime_of_path)
    shown = tree.branch(county.branch)
    await hold_rounds(county, staff, shown, today)
    await draw_plans(county, staff, shown.committee, today)
    await send_off(county, staff, shown.committee, members, today)
    await remind_shown(today)


def _told(casting: Casting, wanted: Iterable[Story]) -> Iterator[Told]:
    """The cases. Other plugins, or another day, may leave no way to tell one of the stories: the rest are told."""
    for story in wanted:
        try:
            yield casting.told(story)
        except Untold as untold:
            log.warning("demo county %s: %s", casting.county.slug, untold)


def _place(branch: Branch, number: int) -> UnitView:
    """A branch's members belong to its groups by turns, if it has any."""
    return branch.groups[number % len(branch.groups)] if branch.groups else branch.unit
