"""一个人或者一个党组织这一期: how it went, and the forms by which it goes on."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from core.errors import Forbidden, NotFound
from core.ratings.model import STATES, WITHDRAWN, ActDraft, Matter
from core.ratings.record import level_of, may, record
from dangwu import LEVELS, explain
from web.kit.asked.blocks import row_fields
from web.kit.asked.evidence import evidence_of
from web.kit.draft import Draft, begun, discard_once_kept
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.requests import Request
from web.kit.units import way_down
from web.ratings.matter import matter_here
from web.ratings.view import ACTS, GRADED, asked, done, following, lacks, papers, rated, word


class RatedPages(Controller):
    """/ratings/people/{id}."""

    path = "/ratings/people/{subject_id:uuid}"

    @get("/")
    async def show(self, here: FromHere, subject_id: FromPath[UUID]) -> Page:
        """How it went, what is missing, what comes next."""
        matter = await matter_here(here, subject_id)
        return page(
            "ratings/person.html",
            matter=matter,
            units=await way_down(matter.round.path),
            state=STATES[matter.line.state if matter.line.state == WITHDRAWN else matter.now.state],
            grade=word(matter.regime, matter.now.grade),
            proposes=[word(matter.regime, one) for one in matter.now.proposes],
            acts=done(matter),
            next=following(here.actor, matter),
            lacks=lacks(matter),
            rules=explain.cited(matter.regime, matter.now.rules, matter.round.opened),
            levels=LEVELS,
            rated=rated(matter.regime, matter.scheme),
        )

    @get("/{act:str}")
    async def ask(self, here: FromHere, subject_id: FromPath[UUID], act: FromPath[str]) -> Page:
        """The form of an act."""
        matter = await matter_here(here, subject_id)
        _refuse(here, matter, act)
        grade = matter.now.grade if act == "decide" else ""
        blank = Form.blank(day=here.today, grade=grade)
        return await _form(matter, act, *await begun(here, _at(subject_id, act), blank))

    @post("/{act:str}")
    async def write(
        self, here: FromHere, request: Request, subject_id: FromPath[UUID], act: FromPath[str]
    ) -> Page | Redirect:
        """Record it."""
        form = await Form.of(request)
        matter = await matter_here(here, subject_id, lock=True)
        _refuse(here, matter, act)
        async with attempt(form):
            draft = _draft(matter, act, form, here)
            await record(here.actor, matter, draft, today=here.today, seen=form.version())
            discard_once_kept(request, here, _at(subject_id, act))
            return see_other(
                f"/ratings/people/{subject_id}", here.say(f"已记录{matter.line.name}：{ACTS[act]}。")
            )
        return await _form(matter, act, form)


def _refuse(here: Here, matter: Matter, act: str) -> None:
    """Raise NotFound for what is no act, Forbidden for one that is not his."""
    if act not in ACTS:
        raise NotFound("没有这一项。请从上一页重新选择。")
    if matter.line.person_id is not None:
        here.actor.refuse_himself(matter.line.person_id)
    if not may(here.actor, matter, act):
        raise Forbidden(
            f"“{ACTS[act]}”由{LEVELS[level_of(matter, act)]}有职责的人员办理。请交由承担这项职责的人员办理。",
            code="level",
        )


def _draft(matter: Matter, act: str, form: Form, here: Here) -> ActDraft:
    """What was typed. Raises Invalid."""
    day = form.date("day", "日期")
    grade = (
        form.choice("grade", "等次", matter.scheme.scale, required=act != "answer") if act in GRADED else ""
    )
    fields = asked(matter, act, form)
    note = form.text("note", "说明", required=False, longest=1000)
    kept, items = (
        form.many("papers", [one for one, _ in papers(matter)]),
        form.many("items", matter.scheme.items),
    )
    form.check()
    assert day is not None
    evidence = evidence_of(act, day, here.today, fields, form) if any(one.fields for one in fields) else {}
    return ActDraft(
        act=act, day=day, grade=grade, own=form.flag("own"), note=note, evidence=evidence,
        papers=tuple(kept), items=tuple(items),
    )  # fmt: skip


def _at(subject_id: UUID, act: str) -> str:
    return f"/ratings/people/{subject_id}/{act}"


async def _form(matter: Matter, act: str, form: Form, draft: Draft | None = None) -> Page:
    return page(
        "ratings/act.html",
        status=form.status,
        form=form,
        matter=matter,
        act=act,
        title=ACTS[act],
        units=await way_down(matter.round.path),
        version=form.seen_version(matter.line.acts),
        draft=draft,
        draft_at=_at(matter.line.id, act),
        grades=[(one, word(matter.regime, one)) for one in reversed(matter.scheme.scale)],
        graded=act in GRADED,
        items=[(one, word(matter.regime, one)) for one in matter.scheme.items] if act == "propose" else [],
        papers=papers(matter) if act == "certify" else [],
        blocks=asked(matter, act, form),
        row_fields=row_fields,
        pick_unit=matter.round.unit_id,
    )
