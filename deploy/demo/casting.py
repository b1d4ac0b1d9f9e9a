"""Finds a branch and a person for each story, and lets it be told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from random import Random

import msgspec

from dangwu import MEMBERSHIPS, Regime, Subject
from deploy.demo.crew import Crew
from deploy.demo.people import Inhabitant, Population
from deploy.demo.player import Player
from deploy.demo.staff import Staff
from deploy.demo.stories import Story, facts
from deploy.demo.telling import Teller
from deploy.demo.tree import Branch

SELDOM = ("student", "retired")
"""Domains that have a case only where a story names them."""


class Told(msgspec.Struct, frozen=True):
    """A case that has been played: whose, where, and what happened."""

    person: Inhabitant
    branch: Branch
    player: Player
    dates: Mapping[str, date]


class Casting:
    """Casts stories over the branches of a county, one after another in turn."""

    def __init__(
        self, population: Population, staff: Staff, regimes: Mapping[str, Regime], today: date
    ) -> None:
        self.population, self.staff, self.regimes, self.today = population, staff, regimes, today
        self.county = staff.county
        self.chance = Random(self.county.seed + 1)
        self.teller = Teller(today, self.county.opened)
        self._told = 0
        self._turn = {branch.unit.id: 0 for branch in staff.tree.branches}
        self._shown = staff.tree.branch(self.county.branch)
        # Stories come stage by stage; in the order of the tree each committee would have one stage alone.
        self._order = self.chance.sample(staff.tree.branches, len(staff.tree.branches))
        towns = [staff.tree.committee(one.at).id for one in self.county.adopted if one.at]
        self._towns = frozenset(towns)

    def told(self, story: Story) -> Told:
        """The story with its branch and its person. Raises Untold."""
        self._told += 1
        branch = self._branch(story)
        person = self.population.joiner(branch, story.tags, story.called and self._called(story.called))
        regime, dates = self.regimes[branch.unit.path], facts(story, self.today)
        subject = Subject(person.draft.born, frozenset(person.tags), dates)

        def cast(chance: Random) -> Player:
            crew = Crew.of(branch, self.staff, self.staff.members[branch.unit.id], chance, self._told)
            return Player(regime, subject, crew, chance, brisk=story.brisk)

        player = self.teller.tell(story, cast, self.chance)
        player.day = self.today
        player.look()
        return Told(_grown(person, player), branch, player, dates)

    def _called(self, name: str) -> str:
        return name if len(name) > 1 else f"{self.chance.choice('林沈顾苏')}{name}"

    def _branch(self, story: Story) -> Branch:
        """Whichever of those that fit has had the fewest cases."""
        fit = [one for one in self._order if self._fits(one, story)]
        branch = min(fit, key=lambda one: self._turn[one.unit.id])
        self._turn[branch.unit.id] += 1
        return branch

    def _fits(self, branch: Branch, story: Story) -> bool:
        if story.step and story.step not in self.regimes[branch.unit.path].plan().by_id:
            return False
        if "shown" in story.at:
            return branch is self._shown
        if "near" in story.at:
            return branch is not self._shown and branch.committee.id == self._shown.committee.id
        if "town" in story.at:
            return branch.committee.id in self._towns and branch.domain == "village"
        return branch.domain in story.at if story.at else branch.domain not in SELDOM


def _begun(player: Player) -> dict[str, date | None]:
    """The dates of the register that the case gives: since when he is what he is, and when he became what went before."""
    standing, found = player.standing, dict[str, date | None]()
    for state in player.regime.plan().procedure.states:
        begins, here = MEMBERSHIPS[state.id].begins, state.id == standing.membership
        days = (act.day for act in player.acts if act.step == (state.from_ or state.after))
        if begins:
            found[begins] = standing.membership_since if here else next(days, None)
        if here:
            return found
    return {}


def _grown(person: Inhabitant, player: Player) -> Inhabitant:
    """The person as the register has him once the case stands where it stands."""
    standing = player.standing
    draft = msgspec.structs.replace(person.draft, membership=standing.membership)
    draft = msgspec.structs.replace(draft, **_begun(player))
    if "mobile" in player.case.tags_on(player.day):
        draft = msgspec.structs.replace(draft, mobile=True, destination=draft.destination or "浙江省杭州市")
    return msgspec.structs.replace(person, draft=draft)
