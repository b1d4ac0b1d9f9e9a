"""Signing in by the API, and who one is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, delete, get, post
from litestar.params import JSONBody

from tenants.counties import county_by_slug
from web.here import FromHere
from web.intake import LARGEST_SIGN_IN
from web.pages.sign_in import begin_session


class Credentials(msgspec.Struct):
    """`county` is the county's slug."""

    county: str
    login: str
    password: str


class HeldOut(msgspec.Struct):
    """A role, the unit at which it is held, and what it lets one do there and below."""

    role: str
    level: str
    unit_id: UUID
    capabilities: list[str]


class Me(msgspec.Struct):
    """The signed-in person."""

    id: UUID
    name: str
    county: str
    roles: list[HeldOut]


class SessionApi(Controller):
    """/api/v1/session."""

    path = "/session"
    tags = ["登录"]

    @post("/", status_code=204, request_max_body_size=LARGEST_SIGN_IN)
    async def sign_in(self, request: Request[Any, Any, Any], data: JSONBody[Credentials]) -> None:
        """Sign in: the answer sets the session cookie. Needs the CSRF header as every POST (any GET hands out the cookie)."""
        await begin_session(request, await county_by_slug(data.county), data.login, data.password)

    @get("/")
    async def me(self, here: FromHere) -> Me:
        """Who one is, and what one holds today."""
        held = [HeldOut(h.role, h.level, h.unit_id, sorted(h.capabilities)) for h in here.actor.holdings]
        return Me(here.actor.id, here.actor.name, here.county.name, held)

    @delete("/", status_code=204)
    async def sign_out(self, request: Request[Any, Any, Any]) -> None:
        """End the session."""
        request.clear_session()
