"""Terms and papers of units by the API, and what a change of the tree will mean."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from core.errors import Invalid
from core.files.shelf import Kept
from core.organisation.access import access_unit
from core.organisation.papers import add, papers
from core.organisation.terms import (
    Ending,
    Lasting,
    Term,
    TermDraft,
    ending,
    enter_term,
    lasting,
    strike_term,
    terms,
)
from core.register.guests import MOST, Guest, add_guests, end_guest, guests
from tenants.foreseen import Act, Foreseen, foreseen
from web.kit.here import FromHere
from web.kit.query import unit_asked
from web.kit.requests import Request
from web.kit.schema import Upload
from web.kit.uploads import files_of, taken_in


class Endings(msgspec.Struct):
    """Terms, and temporary branches: the first to end first; those whose day was never entered last."""

    items: list[Ending]
    temporary: list[Lasting]


class Terms(msgspec.Struct):
    """The newest first."""

    items: list[Term]


class Papers(msgspec.Struct):
    """In the order in which they were added."""

    items: list[Kept]


class Guests(msgspec.Struct):
    """Those who take part, then those who did."""

    items: list[Guest]


class Entering(msgspec.Struct):
    """Members who take part since a day."""

    people: Annotated[frozenset[UUID], msgspec.Meta(min_length=1, max_length=MOST)]
    day: date


class Leaving(msgspec.Struct):
    """The first day on which somebody takes part no more."""

    day: date


class UnitKeptApi(Controller):
    """/api/v1/units."""

    path = "/units"
    tags = ["组织"]

    @get("/terms", summary="任期已满、半年内届满或者没有登记的党组织，任务将结束的临时党支部")
    async def ending(self, here: FromHere) -> Endings:
        """Whose term has to be thought of."""
        return Endings(await ending(here.actor, here.today), await lasting(here.actor, here.today))

    @get("/{unit_id:uuid}/terms", summary="一个党组织的历届任期")
    async def terms(self, here: FromHere, unit_id: FromPath[UUID]) -> Terms:
        """Of a unit."""
        return Terms(await terms(here.actor, unit_id))

    @post("/{unit_id:uuid}/terms", summary="登记新一届", description="不写 until 的按规定的年限。")
    async def enter(self, here: FromHere, unit_id: FromPath[UUID], data: JSONBody[TermDraft]) -> Term:
        """A committee has been elected."""
        return await enter_term(here.actor, unit_id, data, here.today)

    @post("/{unit_id:uuid}/terms/{term_id:uuid}/strike", status_code=204, summary="撤销登记错的一届")
    async def strike(self, here: FromHere, unit_id: FromPath[UUID], term_id: FromPath[UUID]) -> None:
        """One that was entered in error."""
        await strike_term(here.actor, unit_id, term_id)

    @get("/{unit_id:uuid}/guests", summary="编入临时党支部的党员")
    async def guests(self, here: FromHere, unit_id: FromPath[UUID]) -> Guests:
        """Who takes part."""
        return Guests(await guests(here.actor, unit_id))

    @post(
        "/{unit_id:uuid}/guests",
        summary="编入临时党支部",
        description="组织关系留在原支部，不改变任何人数。",
    )
    async def add_guests(self, here: FromHere, unit_id: FromPath[UUID], data: JSONBody[Entering]) -> Guests:
        """Let members take part."""
        await add_guests(here.actor, unit_id, data.people, data.day, here.today)
        return Guests(await guests(here.actor, unit_id))

    @post("/{unit_id:uuid}/guests/{guest_id:uuid}/end", status_code=204, summary="登记退出临时党支部")
    async def end_guest(
        self, here: FromHere, unit_id: FromPath[UUID], guest_id: FromPath[UUID], data: JSONBody[Leaving]
    ) -> None:
        """Somebody takes part no more."""
        await end_guest(here.actor, unit_id, guest_id, data.day, here.today)

    @get("/{unit_id:uuid}/papers", summary="成立批复等文件")
    async def papers(self, here: FromHere, unit_id: FromPath[UUID]) -> Papers:
        """What is kept of a unit."""
        await access_unit(here.actor, unit_id)
        return Papers(await papers(unit_id))

    @post("/{unit_id:uuid}/papers", operation_class=Upload, summary="添加一个文件")
    async def add(self, here: FromHere, request: Request, unit_id: FromPath[UUID]) -> Papers:
        """Add one (`file`)."""
        await access_unit(here.actor, unit_id, "org.edit")
        sent = await files_of(request, "file")
        if len(sent) != 1:
            raise Invalid("请用 file 字段发送一个文件。", fields={"file": "请选择一个文件。"})
        await add(here.actor, unit_id, await taken_in(here, sent[0]))
        return Papers(await papers(unit_id))

    @get(
        "/{unit_id:uuid}/foreseen",
        summary="调整隶属、合并、撤销会怎样",
        description="act：move、merge、dissolve；other：新的上级或并入的党组织，撤销时不写。",
    )
    async def foreseen(
        self,
        here: FromHere,
        unit_id: FromPath[UUID],
        act: FromQuery[Act] = "dissolve",
        other: FromQuery[str] = "",
    ) -> Foreseen:
        """What a change will mean."""
        if (act == "dissolve") == bool(other):
            raise Invalid("调整隶属、合并要写 other，撤销不写。", fields={"other": "请核对。"})
        return await foreseen(here.actor, act, unit_id, unit_asked(other), here.today)
