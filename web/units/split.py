"""拆分: new units beside one, who and what goes to each (picked, by tag, by a list), shown before it is done."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from core.changes.split import MOST_PARTS, MOST_PEOPLE, Part, Split
from core.errors import Conflict
from core.organisation.access import access_unit
from core.organisation.model import KINDS, TEMPORARY, UnitView, has_members, kinds_below
from core.organisation.queries import children
from core.organisation.service import UnitDraft, refuse_dissolved, refuse_root, refuse_temporary
from core.register.carry import Staying, people_of_unit, tags_of_unit
from core.register.check import LONGEST
from core.register.names import one_name
from tenants import units
from tenants.divided import ForeseenSplit, foreseen_split
from tenants.policies.tags import tag_title
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.procedures import procedure_of
from web.kit.requests import Request
from web.kit.units import way_down


class _Ground(msgspec.Struct, frozen=True):
    """What there is to be divided."""

    unit: UnitView
    kinds: tuple[str, ...]
    people: Sequence[Staying]
    tags: dict[str, frozenset[UUID]]
    below: Sequence[UnitView]


class UnitSplitPages(Controller):
    """/units/{id}/split."""

    path = "/units/{unit_id:uuid}/split"

    @get("/")
    async def form(self, here: FromHere, unit_id: FromPath[UUID]) -> Page:
        """What the new units are, and who goes there."""
        ground = await _ground(here, unit_id)
        same = {"kind-0": ground.unit.kind}
        return await _page(ground, Form.blank(day=here.today, version=ground.unit.version, parts=1, **same))

    @post("/")
    async def split(self, here: FromHere, request: Request, unit_id: FromPath[UUID]) -> Page | Redirect:
        """Another part of the form, what it would mean, or do it."""
        form = await Form.of(request)
        ground = await _ground(here, unit_id)
        if form.flag("more"):
            count = min(_count(form) + 1, MOST_PARTS)
            form.put("parts", str(count))
            form.put(f"kind-{count - 1}", ground.unit.kind)
            return await _page(ground, form)
        async with attempt(form):
            plan = _plan(form, ground)
            if not form.confirms("seen", _shown(plan)):
                found = await foreseen_split(here.actor, unit_id, plan, form.version(), here.today)
                await units.try_split(here.actor, unit_id, plan, form.version(), here.today)
                form.shows("seen", _shown(plan))
                return await _page(ground, form, found)
            done = await units.split(here.actor, unit_id, plan, form.version(), here.today)
            names = "、".join(f"“{one.name}”" for one in done.divided.units)
            return see_other(
                f"/units/{unit_id if plan.rest is None else done.divided.units[plan.rest].id}",
                here.say(f"已设立{names}，划入人员 {done.divided.people} 名。{_ended(done)}"),
            )
        return await _page(ground, form)


def _ended(done: units.Parted) -> str:
    said = f"在原组织的 {done.divided.posts} 项党内职务已经终止。" if done.divided.posts else ""
    return said + (f"设在原组织的 {done.roles} 项职务权限已经终止。" if done.roles else "")


async def _ground(here: Here, unit_id: UUID) -> _Ground:
    unit = await access_unit(here.actor, unit_id, "org.edit")
    refuse_root(unit, "拆分")
    refuse_temporary(unit, "拆分")
    refuse_dissolved(unit)
    assert unit.parent_id is not None
    above = await access_unit(here.actor, unit.parent_id, "org.edit")
    kinds = tuple(
        one
        for one in kinds_below(above.kind)
        if one != TEMPORARY and has_members(one) == has_members(unit.kind)
    )
    people = await people_of_unit(unit_id, most=MOST_PEOPLE + 1)
    if len(people) > MOST_PEOPLE:
        raise Conflict(
            f"直接登记在“{unit.name}”的人员超过 {MOST_PEOPLE} 名，不便逐人选择。请先分到各党小组，再按党小组划分。"
        )
    return _Ground(unit, kinds, people, await tags_of_unit(unit_id), await children(here.actor, unit_id))


def _count(form: Form) -> int:
    return min(max(form.counted("parts") or 1, 1), MOST_PARTS)


def _plan(form: Form, ground: _Ground) -> Split:
    """What was typed. Raises Invalid by field."""
    places = _places(form, ground)
    day, paper = form.date("day", "拆分日期"), form.text("paper", "批准的文件", longest=120)
    parts = tuple(_part(form, ground, number, places) for number in range(_count(form)))
    rest = form.choice("rest", "原组织", ["stays", *map(str, range(_count(form)))])
    form.check()
    assert day is not None
    return Split(parts=parts, day=day, paper=paper, rest=None if rest == "stays" else int(rest))


def _part(form: Form, ground: _Ground, number: int, places: dict[UUID, int]) -> Part:
    kind = ground.unit.kind
    if len(ground.kinds) > 1:
        kind = form.choice(f"kind-{number}", "类别", ground.kinds)
    below = [str(one.id) for one in ground.below]
    return Part(
        UnitDraft(
            kind=kind,
            name=form.text(f"name-{number}", "名称", longest=80),
            short_name=form.text(f"short_name-{number}", "简称", required=False, longest=80),
            code=form.text(f"code-{number}", "党组织编码", required=False, longest=40) or None,
        ),
        frozenset(person for person, part in places.items() if part == number),
        frozenset(map(UUID, form.many(f"units-{number}", below))),
    )


def _places(form: Form, ground: _Ground) -> dict[UUID, int]:
    """Person → the new unit where he goes: by the lists and tags when these are new, then as it was picked for each."""
    count, found = _count(form), dict[UUID, int]()
    rules = sha256(repr([(form.value(f"tag-{n}"), form.value(f"list-{n}")) for n in range(count)]).encode())
    if form.value("rules") != rules.hexdigest():
        found = _by_rules(form, ground, count)
        if form.errors:
            form.put("rules", "")  # it is looked at again as long as it stands there
        else:
            form.put("rules", rules.hexdigest())
            for one, part in found.items():
                form.put(f"to-{one}", str(part))
    options = [*map(str, range(count))]
    for person in ground.people:
        chosen = form.choice(f"to-{person.id}", f"{person.name}的去向", options, required=False)
        if chosen:
            found[person.id] = int(chosen)
    return found


def _by_rules(form: Form, ground: _Ground, count: int) -> dict[UUID, int]:
    found: dict[UUID, int] = {}
    for number in range(count):
        tag = form.choice(f"tag-{number}", "特征", [*ground.tags], required=False)
        chosen = {*(ground.tags[tag] if tag else ())} | _listed(form, ground, f"list-{number}")
        twice = [one.name for one in ground.people if one.id in chosen & found.keys()]
        if twice:
            form.refuse(f"list-{number}", f"{_some(twice)}同时符合另一个新组织的名单或特征。请只写在一处。")
        found |= dict.fromkeys(chosen, number)
    return found


def _listed(form: Form, ground: _Ground, field: str) -> set[UUID]:
    """The people whose names stand in a list, one in a line."""
    by_name: dict[str, list[UUID]] = {}
    for person in ground.people:
        by_name.setdefault(one_name(person.name), []).append(person.id)
    names = {
        one_name(name): name
        for line in form.text(field, "名单", required=False, longest=8_000).splitlines()
        for name in line.replace("、", " ").replace("，", " ").replace(",", " ").split()
    }
    unknown = [typed for name, typed in names.items() if name not in by_name]
    several = [typed for name, typed in names.items() if len(by_name.get(name, ())) > 1]
    if unknown:
        form.refuse(field, f"这里没有直接登记{_some(unknown)}。请核对姓名；党小组里的人，随党小组划入。")
    if several:
        form.refuse(field, f"{_some(several)}有同名的人，名单分不清。请不写在名单里，在下面逐人选择。")
    return {one for name in names for one in by_name.get(name, ()) if len(by_name[name]) == 1}


def _some(names: Sequence[str]) -> str:
    """The first few, none of them longer than a name is."""
    return "、".join(name[: LONGEST["name"]] for name in names[:10])


def _shown(plan: Split) -> tuple[object, ...]:
    """What of it is shown before it is done."""
    parts = [(one.draft, sorted(one.people), sorted(one.units)) for one in plan.parts]
    return parts, plan.day, plan.paper, plan.rest


async def _page(ground: _Ground, form: Form, found: ForeseenSplit | None = None) -> Page:
    form.against(ground.unit.version)
    titles = {name for part in (*found.parts, found.left) for name in part.cases} if found else ()
    return page(
        "units/split.html",
        status=form.status,
        form=form,
        unit=ground.unit,
        units=await way_down(ground.unit.path),
        ground=ground,
        kinds=[(kind, KINDS[kind]) for kind in ground.kinds],
        tags=[(tag, tag_title(tag)) for tag in ground.tags],
        count=_count(form),
        most=MOST_PARTS,
        found=found,
        procedures={name: procedure_of(name).title for name in titles},
    )
