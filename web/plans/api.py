"""Yearly plans by the API."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from core.numbers.allot import allot, void
from core.numbers.model import STATES, NumberLine
from core.numbers.queries import numbers
from core.plans.access import plan_of
from core.plans.decide import ActDraft, decide
from core.plans.draw import draw, redraw
from core.plans.model import Candidate, Edition, PlanAct, PlanDraft, PlanFile, PlanLine
from core.plans.queries import Owed, Use, owed, plans
from tenants.policies.regimes import regime_of_path
from web.kit.here import FromHere, Here
from web.kit.paging import After, Pager, decode_key, key_uuid
from web.kit.query import Year, one_of
from web.plans.keys import plan_key
from web.plans.view import Conflict, Demand, Next, seen
from web.plans.written import written


class Plans(msgspec.Struct):
    """Plans, and who owes one of this year; `next` continues the list."""

    items: list[PlanLine]
    owed: list[Owed]
    next: str | None


class PlanAnswer(msgspec.Struct):
    """A plan; `version` counts what was done with it, for the next act."""

    plan: PlanLine
    use: Use
    named: tuple[Candidate, ...]
    editions: tuple[Edition, ...]
    acts: tuple[PlanAct, ...]
    asked: tuple[Demand, ...]
    conflict: Conflict | None
    next: tuple[Next, ...]
    version: int


class Text(msgspec.Struct, kw_only=True):
    """What a plan says; `reason` from the second text on."""

    total: int
    kinds: dict[str, int] = {}
    cases: tuple[UUID, ...] = ()
    guidance: str = ""
    reason: str = ""

    def draft(self) -> PlanDraft:
        """As core takes it."""
        return PlanDraft(
            total=self.total,
            kinds=self.kinds,
            cases=self.cases,
            guidance=self.guidance,
            reason=self.reason,
        )


class Draw(Text, kw_only=True):
    """A unit's plan of a year."""

    unit_id: UUID
    plan: str
    year: int


class Redraw(Text, kw_only=True):
    """Its next text; `version` as it was read."""

    version: int


class Act(msgspec.Struct):
    """`submit`, `approve`, `return`, `report` (then with `receiver` and `paper`)."""

    act: str
    day: date
    version: int
    receiver: str = ""
    paper: str = ""
    note: str = ""


class PlanApi(Controller):
    """/api/v1/plans."""

    path = "/plans"
    tags = ["年度计划"]

    @get("/", summary="年度计划和应制定而没有制定的")
    async def index(self, here: FromHere, year: Year = None, after: After = None) -> Plans:
        """The plans of all years, or of one."""
        pager = Pager.of(
            await plans(here.actor, year, after=plan_key(after)), lambda one: (one.year, one.id), after
        )
        lacking = await owed(here.actor, regime_for=regime_of_path, today=here.today)
        return Plans(list(pager.items), lacking, pager.next)

    @post("/", summary="制定一份年度计划")
    async def draw(self, here: FromHere, data: JSONBody[Draw]) -> PlanAnswer:
        """Draw it up."""
        plan_id = await draw(
            here.actor, data.unit_id, data.plan, data.year, data.draft(), regime_for=regime_of_path,
            today=here.today,
        )  # fmt: skip
        return await _answer(here, plan_id)

    @get("/{plan_id:uuid}", summary="一份年度计划：人选、使用情况、各稿和经过")
    async def show(self, here: FromHere, plan_id: FromPath[UUID]) -> PlanAnswer:
        """One of them."""
        return await _answer(here, plan_id)

    @post("/{plan_id:uuid}/editions", summary="调整计划，写成新的一稿")
    async def redraw(self, here: FromHere, plan_id: FromPath[UUID], data: JSONBody[Redraw]) -> PlanAnswer:
        """Draw it up anew."""
        file = await _file(here, plan_id, lock=True)
        await redraw(here.actor, file, data.draft(), seen=data.version, today=here.today)
        return await _answer(here, plan_id)

    @post("/{plan_id:uuid}/acts", summary="报批、批准、退回、报备")
    async def act(self, here: FromHere, plan_id: FromPath[UUID], data: JSONBody[Act]) -> PlanAnswer:
        """Do one of them."""
        file = await _file(here, plan_id, lock=True)
        draft = ActDraft(act=data.act, day=data.day, receiver=data.receiver, paper=data.paper, note=data.note)
        await decide(here.actor, file, draft, seen=data.version, regime_for=regime_of_path, today=here.today)
        return await _answer(here, plan_id)


class Numbers(msgspec.Struct):
    """Numbers of forms; `next` continues the list."""

    items: list[NumberLine]
    next: str | None


class Allot(msgspec.Struct):
    """`count` numbers from `first` on, for the forms of a step, to a unit and what is below it."""

    unit_id: UUID
    step: str
    first: str
    count: int
    paper: str


class Void(msgspec.Struct):
    """Why it is not used."""

    note: str


class NumberApi(Controller):
    """/api/v1/numbers."""

    path = "/numbers"
    tags = ["年度计划"]

    @get("/", summary="编号和它们的去向")
    async def index(self, here: FromHere, standing: FromQuery[str] = "", after: After = None) -> Numbers:
        """The numbers, of one state or of all."""
        key = decode_key(after)
        found = await numbers(
            here.actor, one_of("standing", standing, STATES), after=key_uuid(key[0]) if key else None
        )
        pager = Pager.of(found, lambda one: (one.id,), after)
        return Numbers(list(pager.items), pager.next)

    @post("/", summary="核发一批编号")
    async def allot(self, here: FromHere, data: JSONBody[Allot]) -> list[str]:
        """Allot them."""
        first = await written(here, data.unit_id, data.step, data.first)
        return await allot(here.actor, data.unit_id, data.step, first, data.count, data.paper, here.today)

    @post("/{number_id:uuid}/void", summary="作废一个没有用过的编号")
    async def void(self, here: FromHere, number_id: FromPath[UUID], data: JSONBody[Void]) -> str:
        """Declare it void."""
        return await void(here.actor, number_id, data.note, here.today)


async def _file(here: Here, plan_id: UUID, *, lock: bool = False) -> PlanFile:
    return await plan_of(here.actor, plan_id, regime_for=regime_of_path, today=here.today, lock=lock)


async def _answer(here: Here, plan_id: UUID) -> PlanAnswer:
    file = await _file(here, plan_id)
    found = await seen(here.actor, file, here.today)
    return PlanAnswer(
        file.line, found.use, found.named, file.editions, file.acts, found.asked, found.conflict, found.next,
        len(file.acts),
    )  # fmt: skip
