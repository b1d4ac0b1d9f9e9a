"""疑似重复: pairs of files that may be one person's, compared side by side."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from core.changes.sever import merged_into, sever
from core.changes.unite import Union
from core.register.access import access_person
from core.register.queries import person_file
from core.register.twins.find import MOST_ALIKE, WHY, twins
from core.register.twins.pair import CHOICES, access_pair, tell_apart, told_apart
from tenants.people import unite
from tenants.policies.regimes import regime_of_path
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.paging import After, Pager, encode_key
from web.kit.query import Text, unit_asked
from web.kit.requests import Request
from web.kit.units import Sought, unit_options, way_down
from web.people.twins.view import files_of, key_of, lines_of


class TwinPages(Controller):
    """/people/twins."""

    path = "/people/twins"

    @get("/")
    async def index(self, here: FromHere, unit: Text = "", after: After = None) -> Page:
        """Those that nobody has told apart, by pinyin."""
        found = await twins(here.actor, unit_asked(unit), after=key_of(after))
        return page(
            "people/twins.html",
            pager=Pager(found.pairs, encode_key(found.after) if found.after else None, not after),
            filters={"unit": unit},
            why=WHY,
            most=MOST_ALIKE,
            units=await unit_options(here.actor, "person.edit", sought=Sought(picked=unit)),
        )

    @get("/{person_id:uuid}/{other_id:uuid}")
    async def show(self, here: FromHere, person_id: FromPath[UUID], other_id: FromPath[UUID]) -> Page:
        """Two files side by side. Both looks are written into the reading log."""
        return await _pair_page(here, person_id, other_id, Form.blank())

    @post("/{person_id:uuid}/{other_id:uuid}/apart")
    async def tell_apart(
        self, here: FromHere, request: Request, person_id: FromPath[UUID], other_id: FromPath[UUID]
    ) -> Page | Redirect:
        """They are two."""
        form = await Form.of(request)
        async with attempt(form):
            reason = form.text("why", "理由")
            form.check()
            await tell_apart(here.actor, person_id, other_id, reason)
            return see_other("/people/twins", here.say("已认定为不是同一人，以后不再列出。"))
        return await _pair_page(here, person_id, other_id, form)

    @post("/{person_id:uuid}/{other_id:uuid}/unite")
    async def unite(
        self, here: FromHere, request: Request, person_id: FromPath[UUID], other_id: FromPath[UUID]
    ) -> Page | Redirect:
        """They are one."""
        form = await Form.of(request)
        async with attempt(form):
            union = _union(form, person_id, other_id)
            await unite(here.actor, union, here.today)
            return see_other(f"/people/{union.kept}", here.say("已合并到这份档案。合并错了的，可以撤销。"))
        return await _pair_page(here, person_id, other_id, form)


class SeverPages(Controller):
    """/people/{id}/sever."""

    path = "/people/{person_id:uuid}/sever"

    @get("/")
    async def show(self, here: FromHere, person_id: FromPath[UUID]) -> Page:
        """Why."""
        await merged_into(here.actor, person_id)
        return await _sever_page(here, person_id, Form.blank())

    @post("/")
    async def sever(self, here: FromHere, request: Request, person_id: FromPath[UUID]) -> Page | Redirect:
        """They are two again."""
        form = await Form.of(request)
        async with attempt(form):
            await sever(here.actor, person_id, form.value("reason"), here.today, regime_of_path)
            return see_other(f"/people/{person_id}", here.say("已撤销合并，两份档案恢复到合并以前。"))
        return await _sever_page(here, person_id, form)


def _union(form: Form, one: UUID, other: UUID) -> Union:
    versions = {
        str(one): form.number("version-one", "版本"),
        str(other): form.number("version-other", "版本"),
    }
    kept = form.choice("keep", "保留哪一份", list(versions))
    reason = form.text("reason", "理由")
    form.check()
    gone = str(other) if kept == str(one) else str(one)
    taken = frozenset(name for name in CHOICES if form.value(f"take-{name}") == gone)
    seen = (versions[kept] or 0, versions[gone] or 0)
    return Union(kept=UUID(kept), gone=UUID(gone), taken=taken, versions=seen, reason=reason)


async def _sever_page(here: Here, person_id: UUID, form: Form) -> Page:
    await access_person(here.actor, person_id, "person.merge")
    file = await person_file(here.actor, person_id, purpose="撤销合并")
    return page(
        "people/sever.html", status=form.status, form=form, file=file, units=await way_down(file.path)
    )


async def _pair_page(here: Here, one: UUID, other: UUID, form: Form) -> Page:
    pair = await access_pair(here.actor, one, other)
    files = await files_of(here.actor, pair)
    may = all(here.actor.may("person.merge", file.path) for file in files)
    return page(
        "people/twin.html",
        status=form.status,
        form=form,
        files=files,
        lines=lines_of(pair, files),
        apart=await told_apart(one, other),
        may_unite=may,
        keeps=[
            (file.id, f"{place}：{file.name}（{file.unit_name}）")
            for place, file in zip(("第一份", "第二份"), files, strict=True)
        ],
    )
