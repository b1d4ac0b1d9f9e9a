"""What can be done to a unit: it is moved, merged into another, dissolved; each form says what will happen before it does."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from core.organisation.access import access_unit
from core.organisation.model import MAY_STAND_UNDER, UnitView
from core.organisation.service import refuse_dissolved, refuse_root
from tenants import units
from tenants.foreseen import Act, Foreseen, foreseen
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.procedures import procedure_of
from web.kit.requests import Request
from web.kit.units import Sought, unit_options, way_down


class UnitActPages(Controller):
    """/units/{id}/move, /merge, /dissolve."""

    path = "/units/{unit_id:uuid}"

    @get("/move")
    async def move_form(self, here: FromHere, unit_id: FromPath[UUID]) -> Page:
        """Another unit above it."""
        return await _opened(here, unit_id, "move", "调整隶属关系")

    @post("/move")
    async def move(self, here: FromHere, request: Request, unit_id: FromPath[UUID]) -> Page | Redirect:
        """Move it with everything below."""
        form = await Form.of(request)
        async with attempt(form):
            parent, day = form.uuid("parent", "新的上级党组织"), form.date("day", "调整日期")
            form.check()
            assert parent is not None
            assert day is not None
            if not _seen(form, parent, day):
                return await _previewed(here, unit_id, "move", form, parent, day)
            moved = await units.move(here.actor, unit_id, parent, day, form.version(), here.today)
            return see_other(
                f"/units/{unit_id}", here.say(f"已调整“{moved.name}”的隶属关系，人员和在办事项随之转入。")
            )
        return await _again(here, unit_id, "move", form)

    @get("/merge")
    async def merge_form(self, here: FromHere, unit_id: FromPath[UUID]) -> Page:
        """Into which unit."""
        return await _opened(here, unit_id, "merge", "合并")

    @post("/merge")
    async def merge(self, here: FromHere, request: Request, unit_id: FromPath[UUID]) -> Page | Redirect:
        """Merge it: people, cases and units below go along."""
        form = await Form.of(request)
        async with attempt(form):
            into, day = form.uuid("into", "并入的党组织"), form.date("day", "合并日期")
            form.check()
            assert into is not None
            assert day is not None
            if not _seen(form, into, day):
                return await _previewed(here, unit_id, "merge", form, into, day)
            done, roles = await units.merge(here.actor, unit_id, into, day, form.version(), here.today)
            said = f"已并入“{done.into.name}”：人员 {done.people} 名、办理档案 {done.cases} 份、下级党组织 {done.units} 个。"
            return see_other(f"/units/{into}", here.say(said + _ended(roles)))
        return await _again(here, unit_id, "merge", form)

    @get("/dissolve")
    async def dissolve_form(self, here: FromHere, unit_id: FromPath[UUID]) -> Page:
        """From which day."""
        return await _opened(here, unit_id, "dissolve", "撤销")

    @post("/dissolve")
    async def dissolve(self, here: FromHere, request: Request, unit_id: FromPath[UUID]) -> Page | Redirect:
        """Dissolve it; only an empty one can be."""
        form = await Form.of(request)
        async with attempt(form):
            day = form.date("day", "撤销日期")
            form.check()
            assert day is not None
            if not _seen(form, None, day):
                return await _previewed(here, unit_id, "dissolve", form, None, day)
            gone, roles = await units.dissolve(here.actor, unit_id, day, form.version(), here.today)
            return see_other(f"/units/{unit_id}", here.say(f"“{gone.name}”已撤销。{_ended(roles)}"))
        return await _again(here, unit_id, "dissolve", form)


def _ended(roles: int) -> str:
    """That roles ended with the unit at which they were held."""
    return f"原设在该组织的 {roles} 项职务权限已经终止。" if roles else ""


def _seen(form: Form, other: UUID | None, day: date) -> bool:
    """Whether what exactly this will mean has been shown."""
    return form.value("seen") == f"{other or ''} {day}"


async def _previewed(here: Here, unit_id: UUID, act: Act, form: Form, other: UUID | None, day: date) -> Page:
    """What it will mean; the form says that it has been shown."""
    found = await foreseen(here.actor, act, unit_id, other, here.today)
    form.put("seen", f"{other or ''} {day}")
    return await _act_page(here, await access_unit(here.actor, unit_id, "org.edit"), act, form, found)


async def _opened(here: Here, unit_id: UUID, act: str, title: str) -> Page:
    """The form as it opens. What can never succeed is said here, before anything is typed."""
    unit = await access_unit(here.actor, unit_id, "org.edit")
    refuse_root(unit, title)
    refuse_dissolved(unit)
    return await _act_page(here, unit, act, Form.blank(day=here.today, version=unit.version))


async def _again(here: Here, unit_id: UUID, act: str, form: Form) -> Page:
    """The form as it was sent, with what is wrong in it."""
    return await _act_page(here, await access_unit(here.actor, unit_id), act, form)


async def _act_page(here: Here, unit: UnitView, act: str, form: Form, found: Foreseen | None = None) -> Page:
    form.against(unit.version)
    kinds = {"move": MAY_STAND_UNDER[unit.kind], "merge": frozenset({unit.kind})}.get(act)
    options = (
        await unit_options(
            here.actor,
            "org.edit",
            kinds=kinds,
            outside=unit.path,
            recent=here.recent_units,
            sought=Sought.of(form, {"move": "parent"}.get(act, "into")),
        )
        if kinds
        else []
    )
    return page(
        f"units/{act}.html",
        status=form.status,
        form=form,
        unit=unit,
        units=await way_down(unit.path),
        options=options,
        foreseen=found,
        procedures=[(procedure_of(name).title, n) for name, n in found.cases.items()] if found else [],
    )
