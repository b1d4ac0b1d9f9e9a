"""The organisation tree of a demo county, made through the ordinary services."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from core.actor import Actor
from core.organisation.model import UnitView
from core.organisation.service import UnitDraft, create, found
from deploy.demo.plan import Committee, County
from deploy.opening import OPERATOR, operator_at

COMMITTEES = {
    "town": ("中共{county}{name}委员会", "{name}党委"),
    "street": ("中共{county}{name}工作委员会", "{name}党工委"),
    "organs": ("中共{county}直属机关工作委员会", "{name}工委"),
    "school": ("中共{county}委教育工作委员会", "县委{name}工委"),
    "health": ("中共{county}{name}委员会", "县{name}党委"),
    "company": ("中共{county}{name}工作委员会", "县两新工委"),
    "estate": ("中共{county}{name}委员会", "{name}党委"),
}
OWN_BRANCH = ("town", "street")
"""Committees whose own staff form a branch: the first below them."""
GROUPS = ("第一", "第二", "第三")
EVERY_FOURTH = 4


class Branch(msgspec.Struct, frozen=True):
    """A branch: `label` is its name without 党支部, `domain` who belongs to it; `groups` are its party groups, if any."""

    unit: UnitView
    committee: UnitView
    label: str
    domain: str
    groups: tuple[UnitView, ...] = ()
    general: UnitView | None = None
    """The general branch under which it stands, if any."""


class Tree(msgspec.Struct, frozen=True):
    """The department, the committees and the branches, in the order of their codes."""

    root: UnitView
    committees: tuple[UnitView, ...]
    branches: tuple[Branch, ...]

    def branch(self, short_name: str) -> Branch:
        """The branch of that short name."""
        return next(one for one in self.branches if one.unit.short_name == short_name)

    def committee(self, name: str) -> UnitView:
        """The committee whose short name begins so."""
        return next(one for one in self.committees if one.short_name.startswith(name))

    def generals(self) -> dict[UUID, Branch]:
        """Of each general branch, by its id, the first branch below it."""
        found: dict[UUID, Branch] = {}
        for one in self.branches:
            if one.general is not None:
                found.setdefault(one.general.id, one)
        return found

    def below(self, committee: UnitView) -> tuple[Branch, ...]:
        """The branches of a committee."""
        return tuple(one for one in self.branches if one.committee.id == committee.id)


class Builder:
    """Founds the department and creates everything below it."""

    def __init__(self, county: County, today: date) -> None:
        self.county, self.today = county, today
        self.actor: Actor = OPERATOR

    async def build(self) -> Tree:
        """The whole tree; some 130 units."""
        name = self.county.name
        draft = UnitDraft(
            kind="department", name=f"中共{name}委组织部", short_name="县委组织部", code=self._code(0, 0),
            founded=date(1983, 5, 1),
        )  # fmt: skip
        root = await found(OPERATOR, draft, self.today)
        self.actor = operator_at(root, self.today)
        committees, branches = [], []
        for number, plan in enumerate(self.county.committees, 1):
            unit = await self._committee(root, plan, number)
            committees.append(unit)
            branches += await self._branches(unit, plan, number)
        return Tree(root, tuple(committees), tuple(branches))

    async def _committee(self, root: UnitView, plan: Committee, number: int) -> UnitView:
        name, short = (
            form.format(county=self.county.name, name=plan.name) for form in COMMITTEES[plan.domain]
        )
        return await self._create(root, "committee", name, short, self._code(number, 0))

    async def _branches(self, committee: UnitView, plan: Committee, number: int) -> list[Branch]:
        own = (f"{plan.name}机关",) if plan.domain in OWN_BRANCH else ()
        found, place = [], 0
        for label in (*own, *plan.branches):
            place += 1
            found.append(await self._branch(committee, committee, plan, label, number, place))
        for title, labels in plan.general:
            place += 1
            general = await self._create(
                committee,
                "general-branch",
                f"中共{self.county.name}{title}总支部委员会",
                f"{title}党总支",
                self._code(number, place),
            )
            for label in labels:
                place += 1
                found.append(await self._branch(general, committee, plan, label, number, place))
        return found

    async def _branch(
        self, parent: UnitView, committee: UnitView, plan: Committee, label: str, number: int, place: int
    ) -> Branch:
        county = self.county.name
        above = {
            "town": plan.name,
            "street": plan.name,
            "estate": plan.name,
            "school": "委教育工作委员会",
        }.get(plan.domain, "")
        plain = label.removeprefix(county).removeprefix("县").removeprefix(plan.name)
        name = f"中共{county}{above}{plain}支部委员会"
        unit = await self._create(
            parent, "branch", name, f"{label}党支部", self._code(number, place), _domain(plan, label)
        )
        groups = []
        if _domain(plan, label) == "village" and place % EVERY_FOURTH == 2:
            for count, title in enumerate(GROUPS, 1):
                code = f"{unit.code}-{count}"
                groups.append(
                    await self._create(unit, "group", f"{label}{title}党小组", f"{title}党小组", code)
                )
        general = parent if parent.kind == "general-branch" else None
        return Branch(unit, committee, label, _domain(plan, label), tuple(groups), general)

    async def _create(
        self, parent: UnitView, kind: str, name: str, short: str, code: str, domain: str = ""
    ) -> UnitView:
        founded = date(1984 + int(code[6:11].replace("-", "")) * 7 % 36, 7, 1)
        flags = ("rural",) if domain == "village" else ()
        draft = UnitDraft(kind=kind, name=name, short_name=short, code=code, founded=founded, flags=flags)
        return await create(self.actor, parent.id, draft, self.today)

    def _code(self, committee: int, branch: int) -> str:
        return f"{self.county.area}{committee:02d}{branch:03d}"


def _domain(plan: Committee, label: str) -> str:
    if "退休" in label:
        return "retired"
    if "学生" in label and "处" not in label:
        return "student"
    if plan.domain == "town":
        return "village" if label.endswith("村") else "organs"
    return "organs" if label.endswith("机关") else plan.domain
