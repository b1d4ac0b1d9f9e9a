"""Two counties and what chance does in them: people ask to go, are released, received, refused; at once, cut off, set back."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from asyncpg import DeadlockDetectedError

from core.actor import Actor
from core.casework.access import take_up
from core.casework.acts.end import end_case
from core.casework.acts.going import Beyond
from core.casework.acts.open import open_case
from core.casework.acts.record import record
from core.casework.acts.send_back import send_back
from core.changes.carry import carry_unit
from core.changes.leave import leave
from core.database import fetch, fetchrow
from core.errors import DomainError
from core.register.leaving import LeavingDraft
from core.register.model import PersonDraft
from core.register.service import enter
from core.transfers.present import take
from tenants.database.session import county_session
from tests.core.conftest import resident_id, with_roles
from tests.core.transfers.between import SAID, Side
from tests.core.transfers.mistakes import MISTAKES, dated, imported

FIRST = date(2026, 6, 1)
PEOPLE = 10
RARELY = 0.012
"""How often a roster is read in: each takes a process of its own, so only a trial has them."""


class Killed(Exception):
    """The process dies before the commit."""


class County:
    """A side with all who act in it."""

    def __init__(self, side: Side) -> None:
        self.side, self.world = side, side.world
        self.branches = (self.world.east, self.world.west, self.world.far)
        self.organizer = with_roles("组织员", ("department-organizer", self.world.department))
        towns = {one.id: self.world.town for one in (self.world.east, self.world.west)}
        towns[self.world.far.id] = self.world.other_town
        committees = {
            one.id: with_roles(one.name, ("committee-secretary", one))
            for one in (self.world.town, self.world.other_town)
        }
        self.actors: dict[tuple[UUID, str], Actor] = {}
        for one in self.branches:
            self.actors[one.id, "branch"] = with_roles(one.name, ("branch-secretary", one))
            self.actors[one.id, "committee"] = committees[towns[one.id].id]

    def hand(self, unit: UUID, level: str) -> Actor:
        """Who acts for a branch at a level."""
        return self.actors[unit, level]


class Lives:
    """Two counties and what chance does in them."""

    def __init__(self, sides: Sequence[Side], seed: int, *, rosters: bool) -> None:
        self.counties = [County(side) for side in sides]
        self.rarely = RARELY if rosters else 0.0
        self.chance, self.day, self.numbered = random.Random(seed), FIRST, 0
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    async def begin(self) -> None:
        """Members of long standing in both."""
        for county in self.counties:
            async with county_session(county.world.county):
                for _ in range(PEOPLE):
                    self.numbered += 1
                    born = date(1960, 1, 1) + timedelta(days=self.numbered * 97)
                    draft = PersonDraft(
                        name=f"众生{self.numbered}", national_id=resident_id(born), membership="full",
                        joined=date(2000, 7, 1), converted=date(2001, 7, 1),
                    )  # fmt: skip
                    await enter(county.organizer, self.chance.choice(county.branches).id, draft, FIRST)
                await dated(FIRST - timedelta(days=1))

    async def round(self) -> int:
        """Two things at once in any county; how many of them held."""
        self.day += timedelta(days=self.chance.random() < 0.3)
        if self.chance.random() < 0.04:
            county = self.chance.choice(self.counties)
            away, into = self.chance.sample(county.branches, 2)
            async with county_session(county.world.county):
                await carry_unit(county.organizer, away.id, into, self.day)
        if self.chance.random() < self.rarely:
            await imported(self, self.chance.choice(self.counties))
        acts = [self.attempted(self.chance.choice(self.counties)) for _ in range(2)]
        return sum(await asyncio.gather(*acts))

    async def attempted(self, county: County) -> bool:
        """One act in a transaction of its own; now and then its process dies."""
        killed = self.chance.random() < 0.08
        try:
            async with county_session(county.world.county):
                await self.act(county)
                await dated(self.day)
                if killed:
                    raise Killed
        except Killed:
            return False
        except DomainError as refused:
            self.refused[refused.code or refused.sentence] += 1
            return False
        except DeadlockDetectedError:  # undone, and said as a failure
            self.done["deadlock"] += 1
            return False
        return True

    async def act(self, county: County) -> None:
        """Something that people do."""
        dice = self.chance.random()
        if dice > 0.96:
            await self.chance.choice(MISTAKES)(self, county)
            return
        if dice < 0.3 and await self.taken(county):
            return
        rows = await fetch(
            """select p.id, p.unit_id, p.version, c.id mine from person p
               left join case_file c on c.person_id = p.id and c.status = 'running' and c.procedure = 'transfer'
               where p.name like '众生%' and (p.left_on is null or c.id is not null)"""
        )
        if not rows:
            return
        row = self.chance.choice(rows)
        if row["mine"] is not None:
            await self.goes_on(county, row["mine"])
        elif dice < 0.303:
            draft = LeavingDraft("died", self.day, "去世", "证明")
            await leave(county.organizer, row["id"], draft, row["version"], self.day)
        else:
            await self.opened(county, row["id"], row["unit_id"])

    async def taken(self, county: County) -> bool:
        """A letter of the other county, if there is one."""
        letter = await fetchrow(
            """select id from letter where to_county = session_county()
               order by state <> 'issued', to_case is not null, random() limit 1"""
        )
        if letter is None:
            return False
        unit = self.chance.choice(county.branches).id
        await take(county.organizer, letter["id"], unit, today=self.day, regime_for=county.side.regime_for)
        return True

    async def opened(self, county: County, person: UUID, unit: UUID) -> None:
        """He asks to go somewhere."""
        other = next(one for one in self.counties if one is not county)
        beyond = Beyond("对方党委", other.world.county) if self.chance.random() < 0.6 else Beyond()
        to = None if beyond.name else self.chance.choice(county.branches).id
        await open_case(
            county.hand(unit, "branch"), person, self.day, {"documents": ["transfer-request"]},
            regime_for=county.side.regime_for, today=self.day, procedure="transfer", to=to, beyond=beyond,
        )  # fmt: skip

    async def goes_on(self, county: County, case_id: UUID) -> None:
        """The next step of a case, or something that sets it back or ends it."""
        matter = await take_up(county.organizer, case_id, county.side.regime_for)
        case, standing = matter.case, matter.on(self.day).standing
        known: dict[str, Any] = {"seen_version": case.version, "today": self.day}
        dice = self.chance.random()
        if dice < 0.06:
            await end_case(
                county.hand(case.unit_id, "branch"), matter, "withdrawn", self.day, "不去了", **known
            )
            return
        if dice < 0.1:
            actor = county.hand(case.unit_id, "committee")
            await end_case(actor, matter, "refused-there", self.day, "不予接收", **known)
            return
        if dice < 0.15:
            actor = county.hand(case.unit_id, "committee")
            await send_back(actor, matter, self.chance.choice([*SAID]), self.day, "重办", **known)
            return
        step = self.chance.choice([*standing.open, "reception"])
        at = case.to_unit_id if step in ("reception", "receipt") and case.to_unit_id else case.unit_id
        level, said = SAID.get(step, ("branch", {"documents": ["letter-archived"]}))
        if step == "reception":
            level = self.chance.choice(("branch", "committee"))
            said = {"consent": {level: "granted" if self.chance.random() < 0.92 else "refused"}}
        if step == "introduction-letter":
            self.numbered += 1
            said = {**said, "serial": {"number": f"乱-{self.numbered}"}}
        await record(county.hand(at, level), matter, step, self.day, said, note="说明", **known)

    async def settle(self) -> None:
        """What is still to be told has been told."""
        for county in self.counties:
            await county.side.follow(self.day)
