"""The pages of the console: coming in, the counties, one of them with what can be done with it, and what was done."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from litestar import Controller, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from core.errors import Conflict, DomainError, NotFound
from core.quotas.catalogue import QUOTAS
from deploy.console.gate import COOKIE, Gate, only_inside
from deploy.console.told import PAGE, installation, listed, told
from deploy.counties.deeds import (
    Ground,
    Opening,
    arrived,
    brought,
    deleted,
    exported,
    limited,
    opened,
    resumed,
    suspended,
)
from deploy.counties.removing import GRACE
from deploy.noted import PAGE as DEEDS
from deploy.noted import deeds, first_altered, note_deed
from deploy.problem import Problem
from tenants.counties import county_by_slug
from tenants.ground.clock import today
from web.kit.forms import Form
from web.kit.page import Page, only_once, page, see_other
from web.kit.requests import Request


def _gate(request: Request) -> Gate:
    gate: Gate = request.app.state.gate
    return gate


def _ground(request: Request) -> Ground:
    ground: Ground = request.app.state.ground
    return ground


def _page(request: Request, template: str, *, status: int = 200, **context: object) -> Page:
    gate = _gate(request)
    said, gate.said = gate.said, []
    return page(
        f"console/{template}",
        status=status,
        said=said,
        operator=gate.operator.name,
        path=request.url.path,
        **context,
    )


class _trying:
    """What is refused stands on the form, with all that was typed."""

    def __init__(self, form: Form) -> None:
        self._form = form

    async def __aenter__(self) -> None:
        """Nothing is open here that would have to be undone: each deed has a session of its own."""

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if isinstance(error, Problem):
            self._form.take(Conflict(error.sentence))
        elif isinstance(error, DomainError) and not isinstance(error, NotFound):
            self._form.take(error)
        else:
            return False
        return True


def _there(form: Form, name: str, label: str) -> Path:
    """A file on this machine."""
    file = Path(form.text(name, label, longest=500))
    with _readable(form, name):
        if name not in form.errors and not (file.is_absolute() and file.is_file()):
            form.refuse(name, "这台机器上没有这个文件。请写完整路径。")
    return file


def _fresh(form: Form) -> Path:
    """A file that is to be made on this machine."""
    file = Path(form.text("file", "写到哪个文件", longest=500))
    with _readable(form, "file"):
        if not (file.is_absolute() and file.parent.is_dir()):
            form.refuse("file", "请写完整路径，所在的文件夹须已存在。")
        elif file.exists():
            form.refuse("file", "这个文件已经存在，没有覆盖。请换一个文件名。")
    return file


@contextmanager
def _readable(form: Form, name: str) -> Iterator[None]:
    """What the machine does not let itself be asked of is refused with the machine's words."""
    try:
        yield
    except OSError as failure:
        form.refuse(
            name, f"这个路径打不开：{os.strerror(failure.errno or 0)}。请换一个文件夹或者短一些的文件名。"
        )


class GatePages(Controller):
    """Coming in and going out."""

    path = "/"

    @get("/enter/{ticket:str}")
    async def ask(self, ticket: FromPath[str]) -> Page:
        """Looking uses nothing up."""
        return page("console/enter.html", address=f"/enter/{ticket}")

    @post("/enter/{ticket:str}")
    async def enter(self, request: Request, ticket: FromPath[str]) -> Redirect:
        """In, with a cookie that no script reads and no other site brings along."""
        gate = _gate(request)
        made = Cookie(COOKIE, value=gate.enter(ticket), httponly=True, samesite="strict", path="/")
        await note_deed(gate.operator, "entered")
        return Redirect("/", status_code=303, cookies=[made])

    @post("/leave", guards=[only_inside])
    async def leave(self, request: Request) -> Page:
        """Out."""
        gate = _gate(request)
        gate.leave()
        await note_deed(gate.operator, "left")
        return page("console/left.html")


class CountyPages(Controller):
    """The counties."""

    path = "/"
    guards = [only_inside]

    @get("/")
    async def index(self, request: Request, after: FromQuery[str] = "") -> Page:
        """All of them, by slug."""
        found = await listed(after)
        rows = [await told(one) for one in found[:PAGE]]
        more = rows[-1].county.slug if len(found) > PAGE else ""
        return _page(request, "counties.html", rows=rows, more=more, installation=await installation())

    @get("/open")
    async def blank(self, request: Request) -> Page:
        """The form for a new one."""
        return _page(request, "open.html", form=Form.blank(login="admin"))

    @post("/open")
    async def open(self, request: Request) -> Page:
        """Open it; the first password is seen on this answer and nowhere else."""
        form = await Form.of(request)
        async with _trying(form):
            wanted = Opening(
                slug=form.text("slug", "代号"), name=form.text("name", "名称"),
                department=form.text("department", "组织部的名称", required=False),
                login=form.text("login", "登录名"), admin=form.text("admin", "第一位管理员的姓名"),
            )  # fmt: skip
            form.check()
            made = await opened(_gate(request).operator, wanted, today())
            return only_once(_page(request, "opened.html", wanted=wanted, made=made))
        return _page(request, "open.html", form=form, status=form.status)

    @get("/bring")
    async def which(self, request: Request) -> Page:
        """The form for bringing one in."""
        return _page(request, "bring.html", form=Form.blank())

    @post("/bring")
    async def bring(self, request: Request) -> Page | Redirect:
        """Bring it in."""
        form = await Form.of(request)
        async with _trying(form):
            file, opens = _there(form, "file", "导出文件"), _there(form, "key", "钥匙文件")
            form.check()
            gate = _gate(request)
            gate.said.append(arrived(await brought(gate.operator, _ground(request), file, opens)))
            return see_other("/")
        return _page(request, "bring.html", form=form, status=form.status)

    @get("/deeds")
    async def done(self, request: Request, before: FromQuery[int | None] = None) -> Page:
        """What operators have done."""
        found = await deeds(before)
        more = found[DEEDS - 1].number if len(found) > DEEDS else None
        return _page(request, "deeds.html", deeds=found[:DEEDS], more=more, altered=await first_altered())


class OneCountyPages(Controller):
    """One county."""

    path = "/counties/{slug:str}"
    guards = [only_inside]

    @get("/")
    async def show(self, request: Request, slug: FromPath[str]) -> Page:
        """How it stands, and what can be done with it."""
        return await _county(request, slug, Form.blank(), "")

    @post("/suspend")
    async def suspend(self, request: Request, slug: FromPath[str]) -> Page | Redirect:
        """Shut it."""
        form, gate = await Form.of(request), _gate(request)
        async with _trying(form):
            gate.said.append(await suspended(gate.operator, await county_by_slug(slug), form.value("why")))
            return see_other(f"/counties/{slug}")
        return await _county(request, slug, form, "suspend")

    @post("/resume")
    async def resume(self, request: Request, slug: FromPath[str]) -> Redirect:
        """Open it again."""
        gate = _gate(request)
        gate.said.append(await resumed(gate.operator, await county_by_slug(slug)))
        return see_other(f"/counties/{slug}")

    @post("/quotas")
    async def limit(self, request: Request, slug: FromPath[str]) -> Page | Redirect:
        """Set its quotas: those that are to be others; an empty field is the usual number."""
        form, gate = await Form.of(request), _gate(request)
        async with _trying(form):
            wanted = {name: form.number(name, one.called, required=False) for name, one in QUOTAS.items()}
            form.check()
            gate.said.append(await limited(gate.operator, await county_by_slug(slug), wanted))
            return see_other(f"/counties/{slug}")
        return await _county(request, slug, form, "quotas")

    @post("/export")
    async def export(self, request: Request, slug: FromPath[str]) -> Page | Redirect:
        """The whole of it into a file on this machine."""
        form, gate = await Form.of(request), _gate(request)
        async with _trying(form):
            file = _fresh(form)
            form.check()
            county = await county_by_slug(slug)
            gate.said.append(await exported(gate.operator, _ground(request), county, file))
            return see_other(f"/counties/{slug}")
        return await _county(request, slug, form, "export")

    @post("/delete")
    async def delete(self, request: Request, slug: FromPath[str]) -> Page | Redirect:
        """Announce that it goes, and then let it go."""
        form, gate = await Form.of(request), _gate(request)
        async with _trying(form):
            county, typed = await county_by_slug(slug), form.value("typed").strip()
            gate.said.append(await deleted(gate.operator, _ground(request), county, typed, today()))
            return see_other("/")
        return await _county(request, slug, form, "delete")


async def _county(request: Request, slug: str, form: Form, tried: str) -> Page:
    found = await told(await county_by_slug(slug))
    if tried != "quotas":
        set_ = {one.quota.name: "" if one.usual else one.most // one.quota.scale for one in found.usages}
        for name, number in set_.items():
            form.put(name, str(number))
    return _page(
        request,
        "county.html",
        told=found,
        form=form,
        tried=tried,
        status=form.status,
        grace=GRACE.days,
        today=today(),
    )
