"""Two counties with who acts in each, and the steps of a transfer from one to the other."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from core.actor import Actor
from core.casework.access import take_up
from core.casework.acts.going import Beyond
from core.casework.acts.open import open_case
from core.casework.acts.record import record
from core.database import fetch, fetchrow, fetchval
from core.transfers.reply import reply
from tenants.database.session import county_session
from tests.core.conftest import RegimeFor, World, with_roles

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
