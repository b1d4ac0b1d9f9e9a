"""Entering, ending, correcting and withdrawing a post or a limit on a person's file."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from core.errors import NotFound
from core.register.access import access_person
from core.register.queries import person_file
from core.register.rights.spans import (
    EDITS,
    Kind,
    Span,
    SpanDraft,
    add_span,
    change_span,
    person_spans,
    void_span,
)
from core.register.rights.words import WORDS
from web.kit.draft import Draft, begun, discard_once_kept
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.requests import Request
from web.kit.units import Sought, unit_options, way_down


def new_at(person_id: UUID, kind: str) -> str:
    """The address of the form for a new one, by which its draft is known."""
    return f"/people/{person_id}/spans/new?kind={kind}"


def changed_at(person_id: UUID, span_id: UUID) -> str:
    """The address of the form for one of them."""
    return f"/people/{person_id}/spans/{span_id}"


class SpanPages(Controller):
    """/people/{id}/spans."""

    path = "/people/{person_id:uuid}/spans"

    @get("/new")
    async def new(
        self, here: FromHere, person_id: FromPath[UUID], kind: FromQuery[Literal["post", "limit"]] = "post"
    ) -> Page:
        """A new one."""
        row = await access_person(here.actor, person_id, EDITS[kind])
        form, draft = await begun(here, new_at(person_id, kind), Form.blank(unit=row["unit_id"]))
        return await _form_page(here, person_id, kind, form, draft=draft)

    @post("/new")
    async def add(
        self,
        here: FromHere,
        request: Request,
        person_id: FromPath[UUID],
        kind: FromQuery[Literal["post", "limit"]] = "post",
    ) -> Page | Redirect:
        """Enter it."""
        await access_person(here.actor, person_id, EDITS[kind])
        form = await Form.of(request)
        async with attempt(form):
            draft = _read(form, kind)
            await add_span(here.actor, person_id, kind, draft, here.today)
            discard_once_kept(request, here, new_at(person_id, kind))
            return see_other(f"/people/{person_id}", here.say("已登记。"))
        return await _form_page(here, person_id, kind, form)

    @get("/{span_id:uuid}")
    async def edit(self, here: FromHere, person_id: FromPath[UUID], span_id: FromPath[UUID]) -> Page:
        """One of them, to be ended or put right."""
        span = await _span(here, person_id, span_id)
        known = {name: getattr(span, name) for name in ("word", "since", "ended", "note", "version")}
        blank = Form.blank(**known, unit=span.unit_id)
        form, draft = await begun(here, changed_at(person_id, span_id), blank)
        return await _form_page(here, person_id, span.kind, form, span, draft)

    @post("/{span_id:uuid}")
    async def change(
        self, here: FromHere, request: Request, person_id: FromPath[UUID], span_id: FromPath[UUID]
    ) -> Page | Redirect:
        """Put it right."""
        span = await _span(here, person_id, span_id)
        form = await Form.of(request)
        async with attempt(form):
            draft = _read(form, span.kind)
            await change_span(here.actor, person_id, span_id, draft, form.version(), here.today)
            discard_once_kept(request, here, changed_at(person_id, span_id))
            return see_other(f"/people/{person_id}", here.say("已保存。"))
        form.against(span.version)
        return await _form_page(here, person_id, span.kind, form, span)

    @post("/{span_id:uuid}/void")
    async def void(
        self, here: FromHere, request: Request, person_id: FromPath[UUID], span_id: FromPath[UUID]
    ) -> Page | Redirect:
        """It was entered in error."""
        span = await _span(here, person_id, span_id)
        form = await Form.of(request)
        async with attempt(form):
            await void_span(here.actor, person_id, span_id, form.value("reason"))
            return see_other(f"/people/{person_id}", here.say("已撤销这一条登记，变更记录中可以查到。"))
        known: dict[str, Any] = {name: getattr(span, name) for name in ("word", "since", "ended", "note")}
        for name, value in (known | {"unit": span.unit_id, "version": span.version}).items():
            form.put(name, "" if value is None else str(value))
        return await _form_page(here, person_id, span.kind, form, span)


async def _span(here: Here, person_id: UUID, span_id: UUID) -> Span:
    """The one that he may change. Raises NotFound, Forbidden."""
    for span in await person_spans(here.actor, person_id):
        if span.id == span_id:
            await access_person(here.actor, person_id, EDITS[span.kind])
            return span
    raise NotFound("没有找到这一条登记，可能已经撤销。请回到这个人的档案重新选择。")


def _read(form: Form, kind: Kind) -> SpanDraft:
    words = WORDS.posts if kind == "post" else WORDS.limits
    word = form.choice("word", "职务" if kind == "post" else "处分或情况", list(words))
    since = form.date("since", "任职日期" if kind == "post" else "自哪一天起")
    ended = form.date("ended", "结束的日期", required=False)
    unit = form.uuid("unit", "任职的党组织") if kind == "post" else None
    note = form.text("note", "说明", required=False, longest=1000)
    form.check()
    assert since is not None
    return SpanDraft(word=word, since=since, ended=ended, unit_id=unit, note=note)


async def _form_page(
    here: Here, person_id: UUID, kind: Kind, form: Form, span: Span | None = None, draft: Draft | None = None
) -> Page:
    file = await person_file(
        here.actor, person_id, purpose="登记职务" if kind == "post" else "登记处分和权利"
    )
    options = await unit_options(here.actor, EDITS[kind], recent=here.recent_units, sought=Sought.of(form))
    return page(
        "people/span.html",
        status=form.status,
        form=form,
        file=file,
        kind=kind,
        span=span,
        draft=draft,
        draft_at=changed_at(person_id, span.id) if span else new_at(person_id, kind),
        words=[(name, _titled(name, kind)) for name, one in _words(kind) if not one.until],
        options=options,
        units=await way_down(file.path),
    )


def _words(kind: Kind) -> list[tuple[str, Any]]:
    listed = WORDS.posts.items() if kind == "post" else WORDS.limits.items()
    return [(name, one) for name, one in listed if not getattr(one, "by_case", False)]


def _titled(name: str, kind: Kind) -> str:
    if kind == "post":
        return WORDS.posts[name].title
    limit = WORDS.limits[name]
    return f"{WORDS.groups[limit.group]}：{limit.title}"
