"""疑似重复 by the API."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody

from core.changes.sever import sever
from core.changes.unite import Union
from core.register.twins.find import Twins, twins
from core.register.twins.pair import tell_apart
from tenants.people import unite
from tenants.policies.regimes import regime_of_path
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


class Unite(msgspec.Struct):
    """`taken`: of which the other one's value is taken; `versions` are those that were read, others answer 409."""

    taken: frozenset[str]
    versions: tuple[int, int]
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

    @post(
        "/{person_id:uuid}/{other_id:uuid}/unite",
        status_code=204,
        summary="合并两份档案",
        description="保留 person_id，other_id 并入；taken 列出取 other_id 的值的项目，如 name、membership、phone。",
    )
    async def unite(
        self, here: FromHere, person_id: FromPath[UUID], other_id: FromPath[UUID], data: JSONBody[Unite]
    ) -> None:
        """They are one."""
        union = Union(
            kept=person_id, gone=other_id, taken=data.taken, versions=data.versions, reason=data.reason
        )
        await unite(here.actor, union, here.today)


class SeverApi(Controller):
    """/api/v1/people/{id}/sever."""

    path = "/people/{person_id:uuid}/sever"
    tags = ["党员名册"]

    @post(
        "/",
        status_code=204,
        summary="撤销合并",
        description="person_id 是并入别处的那一份；合并以后又有变动时答 409。",
    )
    async def sever(self, here: FromHere, person_id: FromPath[UUID], data: JSONBody[Reasoned]) -> None:
        """They are two again."""
        await sever(here.actor, person_id, data.reason, here.today, regime_of_path)
