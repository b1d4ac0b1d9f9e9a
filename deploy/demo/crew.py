"""Those who have to do with one case: its branch's officers, mentors and sponsors, and the levels above."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

import msgspec

from dangwu import kind_of
from deploy.demo.people import Inhabitant
from deploy.demo.staff import Officer, Staff
from deploy.demo.tree import Branch

COMMITTEE_SEATS = 9
DEPARTMENT_ORGANIZERS = 11


class Crew(msgspec.Struct, frozen=True):
    """`voters` are the branch's members entitled to vote; `helpers` two of them by name: mentors first, sponsors later."""

    branch: Branch
    secretary: Officer
    organizer: Officer
    general: Officer | None
    """Of the general branch under which the branch stands, if any."""
    committee_secretary: Officer
    committee_organizer: Officer
    department: Officer
    voters: int
    helpers: tuple[str, str]
    serial: int

    @classmethod
    def of(cls, branch: Branch, staff: Staff, members: list[Inhabitant], chance: Random, serial: int) -> Crew:
        """The crew for the county's case number `serial`, at a branch."""
        others = [one.draft.name for one in members[2:] if not one.draft.mobile]
        first, second = chance.sample(others, 2)
        return cls(
            branch,
            staff.holding("branch-secretary", branch.unit),
            staff.holding("branch-organizer", branch.unit),
            staff.over(branch),
            staff.holding("committee-secretary", branch.committee),
            staff.holding("committee-organizer", branch.committee),
            staff.holding("department-organizer", staff.tree.root),
            sum(1 for one in members if not one.draft.mobile and one.draft.standing == "normal"),
            (first, second),
            serial,
        )

    def seats(self, level: str) -> int:
        """How many are entitled to vote at a level."""
        return {"committee": COMMITTEE_SEATS, "department": DEPARTMENT_ORGANIZERS}.get(level, self.voters)

    def name_of(self, role: str) -> str:
        """Who signs in that role."""
        named = {
            "branch-secretary": self.secretary, "branch-reviewer": self.secretary,
            "branch-organizer": self.organizer, "acceptance-checker": self.organizer,
            "committee-secretary": self.committee_secretary, "committee-reviewer": self.committee_secretary,
            "committee-organizer": self.committee_organizer, "committee-delegate": self.committee_organizer,
            "department-reviewer": self.department,
        }  # fmt: skip
        return named.get(role, self.secretary).name

    def recorder(self, level: str, evidence: Mapping[str, object], chance: Random) -> Officer:
        """Who records this at that level: conclusions and meetings the secretary, the rest mostly the organizer."""
        if level == "department":
            return self.department
        weighty = any(kind_of(facet).concludes for facet in evidence)
        if level == "general-branch" and self.general is not None:
            return self.general
        if level == "committee":
            return self.committee_secretary if weighty else self.committee_organizer
        weighty = weighty or any(kind_of(facet).moves for facet in evidence)
        return self.secretary if weighty or chance.random() < 0.4 else self.organizer
