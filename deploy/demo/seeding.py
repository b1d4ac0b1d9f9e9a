"""Fills the demo counties, each in one transaction: it is there as a whole, or not at all."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from core.database import fetchval
from core.errors import NotFound
from core.organisation.model import UnitView
from dangwu.days import LAST_KNOWN_YEAR
from deploy.demo import county_north, county_south
from deploy.demo.accounts import PASSWORD, enter_accounts
from deploy.demo.cases import enter_cases
from deploy.demo.casting import Casting, Told
from deploy.demo.people import Population
from deploy.demo.plan import County
from deploy.demo.policies import adopt_policies
from deploy.demo.register import enter_people
from deploy.demo.sign_ins import sign_ins
from deploy.demo.staff import Staff
from deploy.demo.stories import NORTH, SOUTH, Story, stories
from deploy.demo.telling import Untold
from deploy.demo.tree import Branch, Builder
from tenants import clock
from tenants.counties import county_by_slug, open_county
from tenants.policies import regime_of_path, regimes_of_paths
from tenants.session import county_session

log = logging.getLogger(__name__)
LAST_DAY = date(LAST_KNOWN_YEAR, 12, 31)
"""Days of work are only known up to here; a county seeded later lies as it did on this day, and the daily sweep goes on."""

COUNTIES: tuple[tuple[County, tuple[Story, ...]], ...] = (
    (county_north.COUNTY, NORTH),
    (county_south.COUNTY, SOUTH),
)


async def seed(today: date | None = None) -> str:
    """Fill the demo counties as of `today` (default: today) unless they are there; the sign-ins as a table to print.

    Needs an open database pool. What is there already is left as it is, whatever has become of it.
    """
    today = min(today or clock.today(), LAST_DAY)
    for county, own in COUNTIES:
        async with county_session(await _opened(county)):
            if not await fetchval("select exists (select from unit)"):
                await fill(county, own, today)
    return await sign_ins([county for county, _ in COUNTIES], PASSWORD)


async def _opened(county: County) -> UUID:
    try:
        return (await county_by_slug(county.slug)).id
    except NotFound:
        return await open_county(county.slug, county.name, county.opened)


async def fill(county: County, own: tuple[Story, ...], today: date) -> None:
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
    told = list(_told(casting, stories(furthest, own, today)))
    people = [
        (_place(branch, number), one)
        for branch in tree.branches
        for number, one in enumerate(members[branch.unit.id])
    ]
    people += [(branch.unit, one) for branch in tree.branches for one in population.neighbours(branch)]
    people += [(one.branch.unit, one.person) for one in told]
    await enter_people(people, staff.holding("department-organizer", tree.root), today)
    await enter_cases(told, today, regime_of_path)


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
