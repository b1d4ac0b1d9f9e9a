"""Everybody who could try to record something: each role at each place it can be held, and people with two offices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
from litestar import Litestar

from core.actor import LEVELS
from core.organisation.service import UnitDraft, create
from tenants.accounts.capabilities import ROLES
from tenants.accounts.passwords import hash_password
from tenants.database.session import county_session, current_session
from tests.web.conftest import PASSWORD, Browser, Seeded, browser, everything

INSIDE = {
    "branch": "语文组支部",
    "general-branch": "中学总支",
    "committee": "城关镇党委",
    "department": "组织部",
}
"""The units above the case, by level."""

OUTSIDE = {"branch": "上河支部", "committee": "河西乡党委"}
"""Units of the same county that have nothing to do with it."""


class Hand(msgspec.Struct, frozen=True):
    """Somebody who holds these roles: (role, level, unit's short name). `inside`: the case is in his charge.

    Who holds two offices acts at the level `first` before he tries the other.
    """

    login: str
    held: tuple[tuple[str, str, str], ...]
    inside: bool
    first: str = ""

    def may(self, capability: str, level: str) -> bool:
        """Whether he has it for the case at this level."""
        return self.inside and any(
            at == level and capability in ROLES[role].capabilities for role, at, _ in self.held
        )

    def sees(self, capability: str) -> bool:
        """Whether the case, or its person, is there for him at all: in his charge, and a role that looks at such things."""
        return any(self.may(capability, at) for _, at, _ in self.held)

    def right(self, needs: Iterable[str], level: str) -> bool:
        """Whether it is his to record at this level what needs these capabilities."""
        return self.first in ("", level) and all(self.may(need, level) for need in needs)


def _single() -> list[Hand]:
    """Each role at each level at which it can be held, in charge of the case and not."""
    return [
        Hand(f"{role.id}.{level}.{'in' if places is INSIDE else 'out'}", ((role.id, level, places[level]),), places is INSIDE)
        for places in (INSIDE, OUTSIDE)
        for role in ROLES.values()
        for level in LEVELS
        if role.at in (level, "any") and level in places
    ]  # fmt: skip


def two_offices(first: str, then: str) -> Hand:
    """Somebody with the full roles of two levels, both in charge of the case."""
    full = {
        "branch": "branch-secretary",
        "committee": "committee-secretary",
        "department": "department-organizer",
    }
    held = tuple((full[level], level, INSIDE[level]) for level in (first, then))
    return Hand(f"{first}.{then}.both", held, True, first)


SINGLE = _single()
OPENER = two_offices("branch", "committee")
"""Opens the case at the branch; may then not approve at the committee."""
TWO_OFFICES = (OPENER, two_offices("committee", "branch"), two_offices("committee", "department"))
EVERYBODY = (*SINGLE, *TWO_OFFICES)


async def hire(county: Seeded, since: date) -> None:
    """A general branch with a branch below the committee, and an account with its roles for everybody."""
    hashed = await hash_password(PASSWORD)
    async with county_session(county.id):
        above = county.units[INSIDE["committee"]]
        for level in ("general-branch", "branch"):
            draft = UnitDraft(kind=level, name=f"城关{INSIDE[level]}", short_name=INSIDE[level])
            above = county.units[INSIDE[level]] = await create(everything(), above.id, draft, since)
        for hand in EVERYBODY:
            account: UUID = await current_session().fetchval(
                "insert into account (login, name, password_hash, must_change_password, created_by)"
                " values ($1, $1, $2, false, $3) returning id",
                hand.login, hashed, uuid4(),
            )  # fmt: skip
            for role, _, place in hand.held:
                await current_session().execute(
                    "insert into holding (account_id, role, unit_id, since, granted_by) values ($1, $2, $3, $4, $5)",
                    account, role, county.units[place].id, since, uuid4(),
                )  # fmt: skip


class Desk:
    """Everybody's open connection to the API of one county."""

    def __init__(self, app: Litestar, county: Seeded) -> None:
        self.browsers: dict[str, Browser] = {hand.login: browser(app) for hand in EVERYBODY}
        self.county = county

    async def sign_in(self) -> None:
        """All sign in."""
        for login, made in self.browsers.items():
            await made.get("/api/v1/openapi.json")
            said = {"county": self.county.slug, "login": login, "password": PASSWORD}
            answer = await self._send(made, "/api/v1/session", said)
            assert answer.status_code == 204, answer.text

    async def close(self) -> None:
        """Everybody goes home."""
        for made in self.browsers.values():
            await made.aclose()

    async def post(self, hand: Hand, address: str, body: Mapping[str, Any]) -> httpx.Response:
        """POST as this person."""
        return await self._send(self.browsers[hand.login], address, body)

    async def _send(self, made: Browser, address: str, body: Mapping[str, Any]) -> httpx.Response:
        headers = {"x-csrftoken": made.cookies["csrftoken"], "content-type": "application/json"}
        return await made.post(address, content=msgspec.json.encode(body), headers=headers)
