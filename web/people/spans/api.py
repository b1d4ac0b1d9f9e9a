"""The same by the API: posts and limits of a person, and what follows from them on a day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
from litestar import Controller, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from core.register.access import access_person
from core.register.rights.day import known_people, rights_of
from core.register.rights.spans import Kind, Span, SpanDraft, add_span, change_span, person_spans, void_span
from web.kit.here import FromHere


class Spans(msgspec.Struct):
    """Posts and, for who may see them, limits; oldest first."""

    items: tuple[Span, ...]


class AddSpan(msgspec.Struct):
    """A `post` or a `limit`."""

    kind: Kind
    draft: SpanDraft


class ChangeSpan(msgspec.Struct):
    """As it shall be; `version` is the one that was read, another one answers 409."""

    version: int
    draft: SpanDraft


class VoidSpan(msgspec.Struct):
    """Why it was entered in error."""

    reason: str


class NewSpan(msgspec.Struct):
    """The new id."""

    id: UUID


class RightsOnDay(msgspec.Struct):
    """What he may on `day`; `lacks` are sentences with their clauses. For who may not see sanctions nothing is said from which
    one follows: `votes` and `qualifications` are null."""

    day: date
    votes: bool | None
    qualifications: tuple[str, ...] | None
    posts: tuple[Span, ...]
    lacks: tuple[str, ...]


class SpanApi(Controller):
    """/api/v1/people/{id}/spans and /rights."""

    path = "/people/{person_id:uuid}"
    tags = ["党员名册"]

    @get("/spans", summary="党内职务、处分和权利受限情况")
    async def index(self, here: FromHere, person_id: FromPath[UUID]) -> Spans:
        """All of them that he may see."""
        return Spans(await person_spans(here.actor, person_id))

    @post("/spans", summary="登记职务、处分或权利受限情况")
    async def add(self, here: FromHere, person_id: FromPath[UUID], data: JSONBody[AddSpan]) -> NewSpan:
        """Enter one."""
        return NewSpan(await add_span(here.actor, person_id, data.kind, data.draft, here.today))

    @put("/spans/{span_id:uuid}", status_code=204, summary="结束或更正一条登记")
    async def change(
        self, here: FromHere, person_id: FromPath[UUID], span_id: FromPath[UUID], data: JSONBody[ChangeSpan]
    ) -> None:
        """Put one right."""
        await change_span(here.actor, person_id, span_id, data.draft, data.version, here.today)

    @post("/spans/{span_id:uuid}/void", status_code=204, summary="撤销登记有误的一条")
    async def void(
        self, here: FromHere, person_id: FromPath[UUID], span_id: FromPath[UUID], data: JSONBody[VoidSpan]
    ) -> None:
        """Withdraw one that was entered in error."""
        await void_span(here.actor, person_id, span_id, data.reason)

    @get(
        "/rights",
        summary="某一天的党员权利",
        description="不给出 day 的，为今天。看不到处分的人，votes 和 qualifications 为空。",
    )
    async def rights(
        self, here: FromHere, person_id: FromPath[UUID], day: FromQuery[date | None] = None
    ) -> RightsOnDay:
        """What he may on a day."""
        row = await access_person(here.actor, person_id)
        on = day or here.today
        found = (await rights_of(await known_people([person_id]), on))[person_id]
        sees = here.actor.may("sanction.view", row["path"])
        if not sees:
            return RightsOnDay(on, None, None, found.posts, ())
        lacks = tuple(one.sentence for one in found.lacks)
        return RightsOnDay(on, found.votes, found.qualifications, found.posts, lacks)
