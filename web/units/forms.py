"""A unit is entered, or what is known of it is changed."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from core.errors import Conflict
from core.organisation.access import access_unit
from core.organisation.branches import said_of_temporary
from core.organisation.model import KINDS, TEMPORARY, UnitView, kinds_below
from core.organisation.service import UnitDraft, create, edit, refuse_dissolved
from web.kit.draft import Draft, begun, discard_once_kept
from web.kit.forms import Form, attempt
from web.kit.here import FromHere
from web.kit.page import Page, page, see_other
from web.kit.requests import Request
from web.kit.units import way_down
from web.units.words import FLAGS


def new_at(unit_id: UUID) -> str:
    """The address of the form for a unit below this one, by which its draft is known."""
    return f"/units/{unit_id}/new"


def edited_at(unit_id: UUID) -> str:
    """The address of the form for what is known of a unit."""
    return f"/units/{unit_id}/edit"


class UnitFormPages(Controller):
    """/units/{id}/new (below that unit) and /units/{id}/edit."""

    path = "/units/{unit_id:uuid}"

    @get("/new")
    async def new(self, here: FromHere, unit_id: FromPath[UUID]) -> Page:
        """A new unit below this one."""
        unit = await access_unit(here.actor, unit_id, "org.edit")
        refuse_dissolved(unit)
        if unit.kind == "group":
            raise Conflict(f"“{unit.name}”是党小组，下面不再设党组织。请在它所在的党支部下新建。")
        kinds = _kinds_below(unit)
        blank = Form.blank(kind=kinds[0][0] if len(kinds) == 1 else None)
        form, draft = await begun(here, new_at(unit_id), blank)
        return await _draft_page(unit, form, new=True, draft=draft)

    @post("/new")
    async def create(self, here: FromHere, request: Request, unit_id: FromPath[UUID]) -> Page | Redirect:
        """Create it."""
        form = await Form.of(request)
        async with attempt(form):
            draft = _draft(form, form.choice("kind", "类别", list(KINDS)))
            form.check()
            made = await create(here.actor, unit_id, draft, here.today)
            discard_once_kept(request, here, new_at(unit_id))
            return see_other(f"/units/{made.id}", here.say(f"已新建“{made.name}”。"))
        return await _draft_page(await access_unit(here.actor, unit_id), form, new=True)

    @get("/edit")
    async def edit_form(self, here: FromHere, unit_id: FromPath[UUID]) -> Page:
        """Name, code, flags."""
        unit = await access_unit(here.actor, unit_id, "org.edit")
        blank = Form.blank(
            name=unit.name,
            short_name=unit.short_name,
            code=unit.code,
            founded=unit.founded,
            flags=unit.flags,
            task=unit.task,
            until=unit.until,
            covers="\n".join(unit.covers),
            version=unit.version,
        )
        form, draft = await begun(here, edited_at(unit_id), blank)
        return await _draft_page(unit, form, new=False, draft=draft)

    @post("/edit")
    async def edit(self, here: FromHere, request: Request, unit_id: FromPath[UUID]) -> Page | Redirect:
        """Save them."""
        form = await Form.of(request)
        unit = await access_unit(here.actor, unit_id)
        async with attempt(form):
            await edit(here.actor, unit_id, _draft(form, unit.kind), form.version(), here.today)
            discard_once_kept(request, here, edited_at(unit_id))
            return see_other(f"/units/{unit_id}", here.say("已保存。"))
        return await _draft_page(await access_unit(here.actor, unit_id), form, new=False)


def _draft(form: Form, kind: str) -> UnitDraft:
    """What was typed about the unit. Raises Invalid for what cannot be read."""
    founded = form.date("founded", "成立日期", required=False)
    name, flags = form.text("name", "名称", longest=80), tuple(form.many("flags", list(FLAGS)))
    lasts = kind == TEMPORARY
    task = form.text("task", "任务", required=lasts, longest=200)
    until = form.date("until", "任务结束的日期", required=lasts)
    form.check()
    return UnitDraft(
        kind=kind,
        name=name,
        short_name=form.text("short_name", "简称", required=False),
        code=form.text("code", "党组织编码", required=False) or None,
        founded=founded,
        flags=flags,
        task=task,
        until=until,
        covers=tuple(filter(None, map(str.strip, form.value("covers").splitlines()))),
    )


def _kinds_below(unit: UnitView) -> list[tuple[str, str]]:
    return [(kind, KINDS[kind]) for kind in kinds_below(unit.kind)]


async def _draft_page(unit: UnitView, form: Form, *, new: bool, draft: Draft | None = None) -> Page:
    form.against(unit.version)
    return page(
        "units/draft.html",
        status=form.status,
        form=form,
        unit=unit,
        units=await way_down(unit.path),
        kinds=_kinds_below(unit),
        flags=[one for one in FLAGS.items() if one[0] != "temporary" or one[0] in unit.flags],
        temporary=(new and TEMPORARY in kinds_below(unit.kind)) or unit.kind == TEMPORARY,
        joint=(new and "branch" in kinds_below(unit.kind)) or (not new and unit.kind == "branch"),
        rule=said_of_temporary(),
        new=new,
        draft=draft,
        draft_at=new_at(unit.id) if new else edited_at(unit.id),
    )
