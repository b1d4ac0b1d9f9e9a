"""Links to somebody's own file by the API."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Controller, delete, get, post
from litestar.params import FromPath

from tenants.own import Link, links_of, make_link, revoke_link
from web.kit.here import FromHere


class Links(msgspec.Struct):
    """Those that were made for a person, the newest first."""

    items: list[Link]


class Made(msgspec.Struct):
    """The path of a new link; it is answered once."""

    path: str


class OwnLinkApi(Controller):
    """/api/v1/people/{id}/own-links."""

    path = "/people/{person_id:uuid}/own-links"
    tags = ["党员名册"]

    @get("/", summary="给本人开的查阅链接")
    async def index(self, here: FromHere, person_id: FromPath[UUID]) -> Links:
        """The links of a person."""
        return Links(await links_of(here.actor, person_id))

    @post(
        "/",
        summary="给本人开一个查阅链接",
        description="path 只在这一次答复中给出；链接只能打开一次，7 天内有效。",
    )
    async def make(self, here: FromHere, person_id: FromPath[UUID]) -> Made:
        """Another link."""
        return Made(f"/own/{await make_link(here.actor, person_id)}")

    @delete("/{own_link_id:uuid}", summary="撤销一个查阅链接")
    async def revoke(self, here: FromHere, person_id: FromPath[UUID], own_link_id: FromPath[UUID]) -> None:
        """It opens nothing any more."""
        await revoke_link(here.actor, person_id, own_link_id)
