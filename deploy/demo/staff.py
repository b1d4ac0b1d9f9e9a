"""Who holds which office in a demo county: members of its own branches, one person to an office."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import msgspec

from core.actor import Actor
from core.organisation.model import UnitView
from deploy.demo.logins import LOGINS
from deploy.demo.people import Inhabitant
from deploy.demo.plan import County
from deploy.demo.tree import Branch, Tree
from tenants.accounts.capabilities import Held, actor_of


class Officer(msgspec.Struct):
    """Somebody with an account and one role at one unit."""

    login: str
    person: Inhabitant
    role: str
    unit: UnitView
    id: UUID = UUID(int=0)

    @property
    def name(self) -> str:
        """As in the register."""
        return self.person.draft.name

    def actor(self, county: County) -> Actor:
        """The officer as services receive him."""
        held = Held(self.role, self.unit.id, self.unit.path, self.unit.kind, county.opened, None)
        return actor_of(self.id, self.name, [held], county.opened, self.person.id)


class Staff:
    """All officers of a county; `at(level, branch)` are those who act for a branch."""

    def __init__(self, county: County, tree: Tree, members: Mapping[UUID, list[Inhabitant]]) -> None:
        self.county, self.tree, self.members = county, tree, members
        self.officers: list[Officer] = []
        self._held: dict[tuple[UUID, str], Officer] = {}
        shown = tree.branch(county.branch)
        self._department()
        for number, committee in enumerate(tree.committees, 1):
            self._committee(committee, number, committee.id == shown.committee.id)
        for number, branch in enumerate(tree.generals().values(), 1):
            self._general(branch, number)
        for number, branch in enumerate(tree.branches, 1):
            self._branch(branch, number, branch is shown)

    def holding(self, role: str, unit: UnitView) -> Officer:
        """Who holds that office."""
        return self._held[unit.id, role]

    def over(self, branch: Branch) -> Officer | None:
        """The secretary of the general branch under which a branch stands, if any."""
        return self.holding("general-branch-secretary", branch.general) if branch.general else None

    def shown(self) -> list[Officer]:
        """Those whose sign-ins are printed, one for each role."""
        by_login = {one.login: one for one in self.officers}
        return [by_login[login] for login in LOGINS.values()]

    def _department(self) -> None:
        own = next(one for one in self.tree.branches if one.label == "县委组织部机关")
        for place, role in enumerate(("department-organizer", "department-admin", "inspector"), 2):
            self._enter(LOGINS[role], role, self.tree.root, own, place)

    def _committee(self, committee: UnitView, number: int, shown: bool) -> None:
        # The first branch below a committee is that of its own staff, or the largest.
        own = self.tree.below(committee)[0]
        for place, role in enumerate(("committee-secretary", "committee-organizer"), 5):
            self._enter(LOGINS[role] if shown else f"{LOGINS[role]}{number:02d}", role, committee, own, place)

    def _general(self, branch: Branch, number: int) -> None:
        assert branch.general is not None
        role = "general-branch-secretary"
        login = LOGINS[role] if number == 1 else f"{LOGINS[role]}{number:02d}"
        self._enter(login, role, branch.general, branch, 2)

    def _branch(self, branch: Branch, number: int, shown: bool) -> None:
        for place, role in enumerate(("branch-secretary", "branch-organizer")):
            self._enter(
                LOGINS[role] if shown else f"{LOGINS[role]}{number:03d}", role, branch.unit, branch, place
            )

    def _enter(self, login: str, role: str, unit: UnitView, branch: Branch, place: int) -> None:
        made = Officer(login, self.members[branch.unit.id][place], role, unit)
        self.officers.append(made)
        self._held[unit.id, role] = made
