"""成批转出: many of a branch ask to leave, each for his own place; their letters are numbered at one go. Both are shown first."""

from __future__ import annotations

from litestar import Controller, get, post
from litestar.response import Redirect

from core.casework.acts.going import Beyond, other_counties
from core.casework.acts.transfer import PROCEDURE
from core.register.model import PersonLine
from core.register.queries import PeopleFilter, people
from core.transfers.batch import MOST, Goer, numbers, waiting_for_letters
from dangwu import MEMBERSHIPS
from tenants.many import Outcome
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.procedures import list_address
from web.kit.query import Text, unit_asked
from web.kit.requests import Request
from web.kit.units import Sought, unit_options
from web.transfers.many import leave_all, may_stay, number_all

KEEP = "keep"
"""What the form says once its preview has been seen."""


class BatchPages(Controller):
    """/transfers/graduates and /transfers/numbers."""

    path = "/transfers"

    @get("/graduates")
    async def choose(self, here: FromHere, unit: Text = "") -> Page:
        """The members of a branch."""
        return await _goers_page(here, Form.blank(day=here.today, unit=unit))

    @post("/graduates")
    async def leave(self, here: FromHere, request: Request) -> Page | Redirect:
        """What would be, then all of it or nothing."""
        form, outcomes = await Form.of(request), list[Outcome]()
        async with attempt(form):
            day = form.date("day", "提出转移的日期")
            listed = {str(one.id): one for one in await _members(here, form.value("unit"))}
            goers = [_goer(form, listed[one]) for one in form.many("go", list(listed))]
            if not goers:
                form.refuse("go", "请至少选一个人。")
            if not form.flag("papers"):
                form.refuse("papers", "请确认收到了每个人的材料。")
            form.check()
            assert day is not None
            named = [(listed[str(one.person_id)].name, one) for one in goers]
            keep = form.confirms(KEEP, (named, day))
            outcomes = await leave_all(here, named, day, keep=keep)
            form.shows(KEEP, (named, day))
            if keep and may_stay(outcomes):
                return see_other(list_address(PROCEDURE), here.say(f"已为 {len(goers)} 人开始办理。"))
        return await _goers_page(here, form, outcomes)

    @get("/numbers")
    async def number_form(self, here: FromHere) -> Page:
        """Those whose letters can be issued."""
        waiting = [one.case_id for one in await waiting_for_letters(here.actor)]
        return await _numbers_page(here, Form.blank(day=here.today, case=waiting))

    @post("/numbers")
    async def number(self, here: FromHere, request: Request) -> Page | Redirect:
        """Which number each gets, then all of them or none."""
        form, outcomes = await Form.of(request), list[Outcome]()
        async with attempt(form):
            waiting = {str(one.case_id): one for one in await waiting_for_letters(here.actor)}
            chosen = [waiting[one] for one in form.many("case", list(waiting))]
            day, first = form.date("day", "开信的日期"), form.text("first", "起始编号", longest=40)
            if not chosen:
                form.refuse("case", "请至少选一个人。")
            form.check()
            assert day is not None
            keep = form.confirms(KEEP, (chosen, first, day))
            outcomes = await number_all(here, chosen, first, day, keep=keep)
            form.shows(KEEP, (chosen, first, day))
            if keep and may_stay(outcomes):
                given = numbers(first, len(chosen))
                said = f"已开出 {len(chosen)} 封介绍信，第 {given[0]} 号至第 {given[-1]} 号。"
                return see_other("/transfers?kind=out", here.say(said))
        return await _numbers_page(here, form, outcomes)


def _goer(form: Form, one: PersonLine) -> Goer:
    """Where one of them goes: his own place, else the common one."""
    own = form.text(f"beyond.{one.id}", f"{one.name}的去向", required=False, longest=120)
    named = own or form.value("beyond").strip()
    county = form.uuid(f"county.{one.id}" if own else "county", "县（市、区）", required=False)
    if not named:
        form.refuse(f"beyond.{one.id}", f"请写明{one.name}转往的党组织。")
    return Goer(one.id, Beyond(named, county))


async def _members(here: Here, unit: str) -> list[PersonLine]:
    unit_id = unit_asked(unit)
    if unit_id is None:
        return []
    found = await people(here.actor, PeopleFilter(unit_id=unit_id), limit=MOST)
    return [
        one
        for one in found.lines
        if MEMBERSHIPS[one.membership].member and here.actor.may("case.open", one.path)
    ]


async def _goers_page(here: Here, form: Form, outcomes: list[Outcome] | None = None) -> Page:
    options = await unit_options(here.actor, "case.open", levels=("branch",), sought=Sought.of(form))
    if not form.value("unit") and len(options) == 1:
        form.put("unit", str(options[0].id))
    return page(
        "transfers/graduates.html",
        status=form.status,
        form=form,
        options=options,
        members=await _members(here, form.value("unit")),
        counties=[(str(id), name) for id, name in await other_counties()],
        outcomes=outcomes or [],
        ready=may_stay(outcomes or ()),
    )


async def _numbers_page(here: Here, form: Form, outcomes: list[Outcome] | None = None) -> Page:
    return page(
        "transfers/numbers.html",
        status=form.status,
        form=form,
        waiting=await waiting_for_letters(here.actor),
        outcomes=outcomes or [],
        ready=may_stay(outcomes or ()),
    )
