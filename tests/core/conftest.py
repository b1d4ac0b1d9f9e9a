"""A county with a small tree made through the services, people of every role, and the national rules."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import pytest

from core.actor import Actor, Holding
from core.casework.access import access_case
from core.casework.acts.open import open_case
from core.casework.acts.record import step_rules
from core.casework.levels import by_level
from core.casework.matter import Matter
from core.casework.model import Way, Written
from core.organisation import service
from core.organisation.model import UnitView
from core.organisation.service import UnitDraft
from core.register.model import PersonDraft
from core.register.service import enter
from dangwu import Regime, compose, least
from tenants.accounts.capabilities import ROLES
from tenants.counties import open_county
from tenants.database import vault
from tenants.database.session import county_session
from tests.casework import record
from tests.floor import FLOOR

TODAY = date(2026, 11, 21)


def with_roles(name: str, *held: tuple[str, UnitView]) -> Actor:
    """A person with these roles at these units."""
    return Actor(
        uuid4(),
        name,
        tuple(
            Holding(role, ROLES[role].level_at(unit.kind), unit.id, unit.path, ROLES[role].capabilities)
            for role, unit in held
        ),
    )


class World(NamedTuple):
    """A county: department, two committees, two branches under the first, one under the second; who acts where."""

    county: UUID
    department: UnitView
    town: UnitView
    other_town: UnitView
    east: UnitView
    west: UnitView
    far: UnitView
    secretary: Actor
    committee: Actor
    organizer: Actor
    admin: Actor


async def make_world(slug: str, name: str) -> World:
    """A new county with the tree of World."""
    county = await open_county(slug, name, TODAY)
    opener = Actor(uuid4(), "开县")
    async with county_session(county):
        root = await service.found(opener, UnitDraft(kind="department", name=f"{name}县委组织部"), TODAY)
        admin = with_roles("组织部管理员", ("department-admin", root))

        async def unit(parent: UnitView, kind: str, title: str) -> UnitView:
            return await service.create(admin, parent.id, UnitDraft(kind=kind, name=title), TODAY)

        town = await unit(root, "committee", "城关镇党委")
        other = await unit(root, "committee", "河口乡党委")
        east = await unit(town, "branch", "东街社区第一党支部")
        west = await unit(town, "branch", "西街社区党支部")
        far = await unit(other, "branch", "河口村党支部")
    return World(
        county, root, town, other, east, west, far,
        secretary=with_roles("李书记", ("branch-secretary", east)),
        committee=with_roles("王书记", ("committee-secretary", town)),
        organizer=with_roles("赵组织员", ("department-organizer", root)),
        admin=admin,
    )  # fmt: skip


@pytest.fixture(scope="module")
async def world(pool: object) -> World:
    """One county for the module."""
    vault.install()
    return await make_world("lvyuan", "绿园区")


@pytest.fixture(scope="module")
async def other_world(world: World) -> World:
    """A second county beside it."""
    return await make_world("yakeshi", "牙克石市")


@pytest.fixture(scope="session")
def national() -> Regime:
    """The national rules alone."""
    return compose(FLOOR)


RegimeFor = Callable[[Way], Awaitable[Regime]]


@pytest.fixture(scope="session")
def regime_for(national: Regime) -> RegimeFor:
    """The national rules for every path."""

    async def answer(way: Way) -> Regime:
        return national

    return answer


def resident_id(born: date, serial: int = 1, area: str = "220106") -> str:
    """A national id that is right in form; odd serials are men's."""
    from stdnum.cn import ric

    base = f"{area}{born:%Y%m%d}{serial:03d}"
    return base + ric.calc_check_digit(base + "0")


async def applicant(
    world: World, name: str = "张三", born: date = date(1995, 3, 2), unit: UnitView | None = None, **more: Any
) -> UUID:
    """A person in the register who is on no way yet; call it inside a session."""
    return await enter(
        world.secretary, (unit or world.east).id, PersonDraft(name=name, born=born, **more), TODAY
    )


class Clerks(NamedTuple):
    """Takes cases through steps with the least evidence, each part by the level it belongs to."""

    world: World
    regime: Regime
    regime_for: RegimeFor

    def at(self, level: str) -> Actor:
        """Who acts at a level."""
        return {
            "branch": self.world.secretary,
            "committee": self.world.committee,
            "department": self.world.organizer,
        }[level]

    async def open(self, person_id: UUID, day: date, today: date | None = None) -> Written:
        """Take in an application."""
        return await open_case(
            self.world.secretary, person_id, day, {"documents": ["application-letter"]},
            regime_for=self.regime_for, today=today or day,
        )  # fmt: skip

    async def do(
        self,
        case_id: UUID,
        step: str,
        day: date,
        given: Mapping[str, Any] | None = None,
        today: date | None = None,
    ) -> Written:
        """Record a step properly."""
        written: Written | None = None
        found = await access_case(self.world.organizer, case_id)
        for whole in least(self.regime, found.case, step, day, given):
            rules = step_rules(Matter(found, self.regime), step, day)
            for level, part in by_level(rules, whole):
                found = await access_case(self.world.organizer, case_id)
                written = await record(
                    self.at(level), case_id, step, day, part, seen_version=found.version,
                    regime_for=self.regime_for, today=today or day,
                )  # fmt: skip
        assert written is not None
        return written


@pytest.fixture
def clerks(world: World, national: Regime, regime_for: RegimeFor) -> Clerks:
    """Who records at each level."""
    return Clerks(world, national, regime_for)
