"""Whatever is done to many transfers, in whatever order and at once: each member is at one unit, moved by receptions alone."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from core.actor import Actor
from core.casework.access import take_up
from core.casework.acts.end import end_case
from core.casework.acts.open import open_case
from core.casework.acts.record import record
from core.casework.acts.send_back import send_back
from core.database import fetch, fetchval
from core.errors import DomainError
from core.organisation.model import UnitView
from dangwu import Regime
from tenants.database.session import county_session
from tests.core.conftest import RegimeFor, World, applicant, with_roles

FIRST = date(2026, 6, 1)
PEOPLE, ROUNDS = 24, 320
SAID: dict[str, dict[str, Any]] = {
    "release-check": {"documents": ["dues-statement"]},
    "release": {"consent": {"committee": "granted"}},
    "introduction-letter": {"documents": ["letter-stub"]},
    "receipt": {"documents": ["letter-receipt"]},
    "transfer-archiving": {"documents": ["letter-archived"]},
}
"""What is recorded in each step but the reception."""


class Office(NamedTuple):
    """A branch with who acts there and above it."""

    unit: UnitView
    branch: Actor
    committee: Actor


class County(NamedTuple):
    """Three branches under two committees, and the rules."""

    world: World
    offices: dict[UUID, Office]
    regime_for: RegimeFor
    chance: random.Random

    async def open(self, person: UUID, day: date) -> None:
        """He asks to go to some branch, be it his own."""
        here = self.offices[await fetchval("select unit_id from person where id = $1", person)]
        await open_case(
            here.branch, person, day, {"documents": ["transfer-request"]}, regime_for=self.regime_for, today=day,
            procedure="transfer", to=self.chance.choice([*self.offices]),
        )  # fmt: skip

    async def act(self, case_id: UUID, day: date) -> None:
        """The next thing, or something that ends it or sets it back."""
        matter = await take_up(self.world.organizer, case_id, self.regime_for)
        case, standing = matter.case, matter.on(day).standing
        here, there = self.offices[case.unit_id], self.offices[case.to_unit_id or case.unit_id]
        known: dict[str, Any] = {"seen_version": case.version, "today": day}
        dice = self.chance.random()
        if dice < 0.07:
            await end_case(here.branch, matter, "withdrawn", day, "不去了", **known)
        elif dice < 0.14:
            await send_back(here.committee, matter, self.chance.choice([*SAID]), day, "重办", **known)
        else:
            step = self.chance.choice([*standing.open, "reception"])
            who = there if step in ("reception", "receipt") else here
            who = self.chance.choice((who, who, who, here))
            if step == "reception":
                level = self.chance.choice(("branch", "committee"))
                answer = "granted" if self.chance.random() < 0.9 else "refused"
                actor = who.branch if level == "branch" else who.committee
                given: dict[str, Any] = {"consent": {level: answer}}
            else:
                actor = who.branch if step in ("release-check", "transfer-archiving") else who.committee
                given = dict(SAID[step])
                if step == "introduction-letter":
                    given["serial"] = {"number": str(self.chance.randrange(10**6))}
            await record(actor, matter, step, day, given, note="说明", **known)


async def attempted(county: UUID, act: Awaitable[None]) -> bool:
    """Whether it was taken, in a transaction of its own; what the rules refuse leaves nothing behind."""
    try:
        async with county_session(county):
            await act
    except DomainError:
        return False
    return True


async def test_each_member_is_at_one_unit_and_each_transfer_has_one_outcome(
    world: World, regime_for: RegimeFor, national: Regime
) -> None:
    town = with_roles("王书记", ("committee-secretary", world.town))
    other = with_roles("马书记", ("committee-secretary", world.other_town))
    offices = {
        unit.id: Office(unit, with_roles(unit.name, ("branch-secretary", unit)), above)
        for unit, above in ((world.east, town), (world.west, town), (world.far, other))
    }
    county = County(world, offices, regime_for, random.Random(20261129))
    async with county_session(world.county):
        people = [await applicant(world, f"流动{n}") for n in range(PEOPLE)]
        await fetch("update person set membership = 'full' where id = any($1)", people)
    taken = 0
    for number in range(ROUNDS):
        day = FIRST + timedelta(days=number // 8)
        person = county.chance.choice(people)
        async with county_session(world.county):
            case = await fetchval(
                "select id from case_file where person_id = $1 and status = 'running'", person
            )
        acts = [county.act(case, day) for _ in range(2)] if case else [county.open(person, day)]
        taken += sum(await asyncio.gather(*(attempted(world.county, act) for act in acts)))
    async with county_session(world.county):
        await holds(people, offices, national)
    assert taken > ROUNDS / 3, "most of what is tried is allowed"


async def holds(people: list[UUID], offices: dict[UUID, Office], national: Regime) -> None:
    """Where everybody is follows from the receptions that were recorded, and from nothing else."""
    rows = await fetch(
        """select c.person_id, c.unit_id, c.to_unit_id, c.status, c.membership from case_file c
           where c.person_id = any($1) and c.procedure = 'transfer' order by c.id""",
        people,
    )
    at = dict.fromkeys(people, next(iter(offices)))
    for row in rows:
        assert row["unit_id"] == at[row["person_id"]], (
            "a transfer begins where its person is, and stays there"
        )
        if row["membership"] == "transfer-received":
            at[row["person_id"]] = row["to_unit_id"]
            assert row["status"] != "closed", "who was received was neither withdrawn nor refused"
    found = await fetch(
        "select p.id, p.unit_id, u.path = p.path here from person p join unit u on u.id = p.unit_id where p.id = any($1)",
        people,
    )
    assert {row["id"]: row["unit_id"] for row in found} == at
    assert all(row["here"] for row in found)
    moves = await fetchval(
        "select count(*) from person_change where kind = 'transferred' and person_id = any($1)", people
    )
    received = [row for row in rows if row["membership"] == "transfer-received"]
    assert moves == len(received) >= 10
