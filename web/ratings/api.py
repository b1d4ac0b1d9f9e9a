"""Ratings by the API."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from core.ratings.model import Act, ActDraft, RoundLine, SubjectLine
from core.ratings.open import open_rounds
from core.ratings.queries import proposed, round_of, rounds, subjects, waiting
from core.ratings.record import record
from tenants.policies.regimes import regime_of_path
from web.kit.here import FromHere, Here
from web.kit.paging import After
from web.kit.query import Text
from web.ratings.keys import enrolled, enrolled_key, id_key, paged, round_key, rounds_paged
from web.ratings.matter import matter_here
from web.ratings.view import Missing, Next, following, lacks


class Rounds(msgspec.Struct):
    """Rounds; `next` continues the list."""

    items: list[RoundLine]
    next: str | None


class People(msgspec.Struct):
    """People and units in rounds; `next` continues the list."""

    items: list[SubjectLine]
    next: str | None


class RoundAnswer(msgspec.Struct):
    """A round with those who are rated in it."""

    round: RoundLine
    people: People


class RatedAnswer(msgspec.Struct):
    """Somebody or a unit in a round: how it went, what is missing, what comes next."""

    person: SubjectLine
    round: RoundLine
    acts: tuple[Act, ...]
    lacks: list[Missing]
    next: list[Next]


class Open(msgspec.Struct):
    """Open the round `name` (2026-1) of a scheme at a unit and all below it that hold rounds of it."""

    unit_id: UUID
    scheme: str
    name: str


class Opened(msgspec.Struct):
    """The rounds that were opened."""

    rounds: list[UUID]


class Record(msgspec.Struct):
    """One act; `version` is the number of acts that were read."""

    act: str
    day: date
    version: int
    grade: str = ""
    own: bool = False
    papers: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    evidence: dict[str, Any] = {}
    note: str = ""


class RatingApi(Controller):
    """/api/v1/ratings."""

    path = "/ratings"
    tags = ["评议评级"]

    @get("/", summary="各党组织的各期评定")
    async def index(self, here: FromHere, closed: FromQuery[bool] = False, after: After = None) -> Rounds:
        """The rounds, running or closed."""
        found = await rounds(here.actor, running=not closed, after=round_key(after))
        pager = rounds_paged(found, after)
        return Rounds(list(pager.items), pager.next)

    @post("/", summary="开展一期评定")
    async def open(self, here: FromHere, data: JSONBody[Open]) -> Opened:
        """Open it."""
        opened = await open_rounds(
            here.actor, data.unit_id, data.scheme, data.name, regime_for=regime_of_path, today=here.today
        )
        return Opened(list(opened))

    @get("/waiting", summary="还有事项待办的人和党组织")
    async def waits(self, here: FromHere, after: After = None) -> People:
        """Whom something waits for."""
        return _people(await waiting(here.actor, after=id_key(after)), after)

    @get("/proposals", summary="等次提出、还没有研究的建议")
    async def proposals(self, here: FromHere, after: After = None) -> People:
        """What nobody has considered yet."""
        return _people(await proposed(here.actor, after=id_key(after)), after)

    @get("/{round_id:uuid}", summary="一期评定和其中的人或者党组织")
    async def show(
        self, here: FromHere, round_id: FromPath[UUID], standing: Text = "", after: After = None
    ) -> RoundAnswer:
        """One of them."""
        found = await round_of(here.actor, round_id)
        pager = enrolled(await subjects(here.actor, round_id, standing, after=enrolled_key(after)), after)
        return RoundAnswer(found, People(list(pager.items), pager.next))

    @get("/people/{subject_id:uuid}", summary="一个人或者一个党组织这一期的经过")
    async def person(self, here: FromHere, subject_id: FromPath[UUID]) -> RatedAnswer:
        """Somebody in a round."""
        return await _answer(here, subject_id)

    @post("/people/{subject_id:uuid}/acts", summary="记录提出、评定、公布、申诉等")
    async def act(self, here: FromHere, subject_id: FromPath[UUID], data: JSONBody[Record]) -> RatedAnswer:
        """Record one act."""
        matter = await matter_here(here, subject_id, lock=True)
        draft = ActDraft(
            act=data.act, day=data.day, grade=data.grade, own=data.own, papers=data.papers, items=data.items,
            evidence=data.evidence, note=data.note,
        )  # fmt: skip
        await record(here.actor, matter, draft, today=here.today, seen=data.version)
        return await _answer(here, subject_id)


def _people(found: list[SubjectLine], after: str | None) -> People:
    pager = paged(found, after)
    return People(list(pager.items), pager.next)


async def _answer(here: Here, subject_id: UUID) -> RatedAnswer:
    matter = await matter_here(here, subject_id)
    return RatedAnswer(matter.line, matter.round, matter.acts, lacks(matter), following(here.actor, matter))
