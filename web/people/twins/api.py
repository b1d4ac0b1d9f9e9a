"""疑似重复 by the API."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody

from core.register.twins.find import Twins, twins
from core.register.twins.pair import tell_apart
from web.kit.here import FromHere
from web.kit.paging import After, encode_key
from web.kit.query import Text, unit_asked
from web.people.twins.view import key_of


class TwinList(msgspec.Struct):
    """A page of pairs; ask again with `after=<next>` for the one behind it."""

    items: tuple[Twins, ...]
    next: str | None


class Reasoned(msgspec.Struct):
    """Why."""

    reason: str


class TwinApi(Controller):
    """/api/v1/people/twins."""

    path = "/people/twins"
    tags = ["党员名册"]

    @get(
        "/",
        summary="疑似重复登记的人员，每页 50 对",
        description="why 为 born（姓名、出生日期相同）、phone（手机号相同）；已认定不是同一人的不列出。",
    )
    async def index(self, here: FromHere, unit: Text = "", after: After = None) -> TwinList:
        """Pairs that may be one person."""
        found = await twins(here.actor, unit_asked(unit), after=key_of(after))
        return TwinList(found.pairs, encode_key(found.after) if found.after else None)

    @post("/{person_id:uuid}/{other_id:uuid}/apart", status_code=204, summary="认定两人不是同一人")
    async def tell_apart(
        self, here: FromHere, person_id: FromPath[UUID], other_id: FromPath[UUID], data: JSONBody[Reasoned]
    ) -> None:
        """They are two."""
        await tell_apart(here.actor, person_id, other_id, data.reason)
