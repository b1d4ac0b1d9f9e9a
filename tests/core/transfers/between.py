"""Two counties with who acts in each, and the steps of a transfer from one to the other."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from core.actor import Actor
from core.casework.access import take_up
from core.casework.acts.going import Beyond
from core.casework.acts.open import open_case
from core.casework.acts.record import record
from core.database import fetch, fetchrow, fetchval
from core.register.model import PersonDraft
from core.register.service import enter
from core.transfers.present import take
from core.transfers.reply import reply
from tenants.database.session import county_session
from tests.core.conftest import RegimeFor, World, resident_id, with_roles

DAY = date(2026, 6, 1)
LATER = DAY + timedelta(days=10)

SAID: dict[str, tuple[str, dict[str, Any]]] = {
    "release-check": ("branch", {"documents": ["dues-statement", "cultivation-account"]}),
    "release": ("committee", {"consent": {"committee": "granted"}}),
    "introduction-letter": ("committee", {"documents": ["letter-stub"]}),
    "receipt": ("committee", {"documents": ["letter-receipt"]}),
}


class Side(NamedTuple):
    """A county as one side of a transfer."""

    world: World
    regime_for: RegimeFor

    def at(self, level: str) -> Actor:
        """Who acts at a level."""
        return {"branch": self.world.secretary, "committee": self.world.committee}[level]

    @property
    def manager(self) -> Actor:
        """Who takes letters of other counties."""
        return with_roles("管理员", ("department-admin", self.world.department))

    async def do(
        self, case: UUID, step: str, day: date, evidence: dict[str, Any], level: str, note: str = ""
    ) -> None:
        """Record a step, in a transaction of its own."""
        async with county_session(self.world.county):
            matter = await take_up(self.at(level), case, self.regime_for)
            await record(
                self.at(level), matter, step, day, evidence,
                seen_version=matter.case.version, today=day, note=note,
            )  # fmt: skip

    async def send(self, person: UUID, day: date, beyond: Beyond, number: str) -> UUID:
        """A case with everything until the letter."""
        async with county_session(self.world.county):
            opened = await open_case(
                self.world.secretary, person, day, {"documents": ["transfer-request"]},
                regime_for=self.regime_for, today=day, procedure="transfer", beyond=beyond,
            )  # fmt: skip
        for step in ("release-check", "release"):
            level, said = SAID[step]
            await self.do(opened.case_id, step, day, said, level)
        await self.letter(opened.case_id, day, number)
        return opened.case_id

    async def letter(self, case: UUID, day: date, number: str) -> None:
        """The letter is issued (anew)."""
        level, said = SAID["introduction-letter"]
        await self.do(case, "introduction-letter", day, {**said, "serial": {"number": number}}, level)

    async def follow(self, today: date) -> None:
        """What the outbox has been told of answers: run as the worker does, every message twice."""
        async with county_session(self.world.county):
            rows = await fetch(
                """select message #>> '{kwargs,letter}' letter from outbox
                   where message ->> 'actor_name' = 'follow_letter' order by id"""
            )
        for row in [*rows, *rows]:
            async with county_session(self.world.county):
                await reply(UUID(row["letter"]), today, self.regime_for)

    async def one(self, sql: str, *args: object) -> Any:
        """A value in this county."""
        async with county_session(self.world.county):
            return await fetchval(sql, *args)

    async def row(self, sql: str, *args: object) -> dict[str, Any]:
        """A row in this county."""
        async with county_session(self.world.county):
            found = await fetchrow(sql, *args)
        return dict(found or {})


class Both(NamedTuple):
    """The issuer and the receiver."""

    here: Side
    there: Side

    async def member(self, name: str, born: date, membership: str = "full") -> UUID:
        """Somebody of the first branch here, since long ago."""
        async with county_session(self.here.world.county):
            draft = PersonDraft(
                name=name, national_id=resident_id(born), membership=membership, joined=date(2020, 7, 1),
                converted=date(2021, 7, 1) if membership == "full" else None,
            )  # fmt: skip
            manager = with_roles("管理员", ("department-organizer", self.here.world.department))
            return await enter(manager, self.here.world.east.id, draft, DAY)

    async def sent(self, name: str, born: date, number: str) -> tuple[UUID, UUID]:
        """Somebody with a letter to the other county: his file, his case."""
        person = await self.member(name, born)
        beyond = Beyond(f"{number}号收信的党委", self.there.world.county)
        return person, await self.here.send(person, DAY, beyond, number)

    async def taken(self, number: str, today: date = DAY) -> UUID:
        """The receiver's case about the letter of that number."""
        letter = await self.there.one("select id from letter where number = $1", number)
        async with county_session(self.there.world.county):
            taken = await take(
                self.there.manager,
                letter,
                self.there.world.east.id,
                today=today,
                regime_for=self.there.regime_for,
            )
        return taken.case_id

    async def received(self, case: UUID, day: date = LATER) -> None:
        """Branch and committee there agree."""
        await self.there.do(case, "reception", day, {"consent": {"branch": "granted"}}, "branch")
        await self.there.do(case, "reception", day, {"consent": {"committee": "granted"}}, "committee")
