"""一起记录: one act that several people had in common; first shown, then written for all of them or for none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery, QueryParameter
from litestar.response import Redirect
from msgspec.structs import replace

from core.casework.acts.record import record
from core.casework.acts.refused import Reason
from core.casework.acts.together import shared
from core.casework.lists.mine import recordable
from core.casework.model import Evidence
from core.errors import Conflict, NotFound
from tenants.database.session import current_session
from web.cases.file.opened import CaseFile, open_file
from web.cases.list.filter import Wanted, wanted_of
from web.cases.record.pages import Step
from web.cases.record.people import choose
from web.cases.record.sheet import Sheet, came_of, form_at, sheet
from web.kit.asked.blocks import Block, blocks, row_fields
from web.kit.asked.evidence import evidence_of
from web.kit.draft import FIELD, Draft, address_of, begun, discard_once_kept, keep
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.procedures import list_address
from web.kit.requests import Request
from web.kit.words import query

MOST = 50
CaseIds = Annotated[list[UUID] | None, QueryParameter(name="case", max_items=MOST)]


class One(msgspec.Struct, frozen=True):
    """One of those that are recorded together: the case, its form, and the form's blocks without what is his alone."""

    file: CaseFile
    sheet: Sheet
    blocks: tuple[Block, ...]


class Tried(msgspec.Struct, frozen=True):
    """What recording does to one of them: `after` in words, or why it cannot be: `refused`, and with rules the `reasons`."""

    file: CaseFile
    after: str = ""
    refused: str = ""
    reasons: tuple[Reason, ...] = ()
    changes: tuple[str, ...] = ()
    again: str = ""
    """The field that says that it was done once more on that day, where the same is on record."""


class TogetherPages(Controller):
    """/cases/together."""

    path = "/cases/together"

    @get("/")
    async def choose(self, here: FromHere, case: CaseIds = None, step: FromQuery[str] = "") -> Page:
        """The form of the step that those who were chosen have in common; which step, if there are several."""
        files = [await open_file(here, one) for one in dict.fromkeys(case or ())]
        titles = steps_of(files)
        step = step if step in titles else next(iter(titles)) if len(titles) == 1 else ""
        groups = alike(here, files, step) if step else []
        if len(groups) != 1:
            return page("cases/together_choose.html", files=files, titles=titles, groups=groups, step=step)
        return _form_page(groups[0], *await begun(here, _at(step, files), Form.blank()))

    @get("/all", dependencies={"wanted": Provide(wanted_of, sync_to_thread=False)})
    async def all(self, here: FromHere, wanted: NamedDependency[Wanted]) -> Redirect:
        """Everybody in a list for whom he can record its step, whatever page they are on; the form lets him take some out."""
        found = await recordable(here.actor, wanted.filter, wanted.sort, MOST + 1)
        if len(found) > MOST:
            here.say(f"名单中可由您记录的超过 {MOST} 人，先列出前 {MOST} 人；记录以后，再为其余的人记录。")
        return see_other("/cases/together" + query({"step": wanted.filter.step, "case": found[:MOST]}))

    @post("/{step:str}")
    async def save(self, here: FromHere, request: Request, step: Step) -> Page | Redirect:
        """Show what it would do to each of them; once that is confirmed, write it for all or for none."""
        form = await Form.of(request)
        files = [await open_file(here, one, lock=True) for one in _ids(form)]
        groups = alike(here, files, step)
        if len(groups) != 1:
            raise Conflict("选中的人在这一环节的要求已经不同，不能用同一张表记录。请回到列表重新选择。")
        [group] = groups
        if form.value("edit"):
            return _form_page(group, form)
        evidence: Evidence = {}
        day, note = form.date("day", "办理日期"), form.text("note", "备注", required=False, longest=1000)
        async with attempt(form):
            await choose(here, files[0].detail.line.unit_id, group[0].blocks, form, day or here.today)
            evidence = evidence_of(step, day, here.today, group[0].blocks, form)
        if form.sentence or day is None:
            await keep(request, here, _at(step, files), form)
            return _form_page(group, form)
        outcomes = await _tried(here, group, day, evidence, note, form)
        stopped = any(one.refused for one in outcomes)
        if form.value("confirmed") and not stopped:
            for one in group:
                discard_once_kept(request, here, form_at(one.file.id, step))
            if form.value(FIELD):
                discard_once_kept(request, here, address_of(form))
            names = "、".join(one.file.name for one in group)
            said = here.say(f"已为 {len(group)} 人记录“{group[0].sheet.rules.title}”：{names}。")
            # Those who are left of the step, if there were more than one form takes.
            return see_other(list_address(files[0].matter.case.procedure, step=step), said)
        return _preview_page(group, form, outcomes, status=422 if form.value("confirmed") else 200)


def _at(step: str, files: Sequence[CaseFile]) -> str:
    """Under which address a draft for just these people is kept."""
    whose = sha256(repr(sorted(one.id for one in files)).encode()).hexdigest()
    return f"/cases/together?step={step}&of={whose[:16]}"


def steps_of(files: Sequence[CaseFile]) -> dict[str, str]:
    """The steps that he can record now for every one of them, and that may be recorded for several: id → title."""
    offered = [
        {
            task.id: task.title
            for task in file.view.tasks.values()
            if task.record and (rules := file.standing.steps[task.id].rules) is not None and shared(rules)
        }
        for file in files
    ]
    return (
        {step: name for step, name in offered[0].items() if all(step in one for one in offered)}
        if offered
        else {}
    )


def alike(here: Here, files: Sequence[CaseFile], step: str) -> list[list[One]]:
    """Those of whom the step asks the same, group by group. Raises Forbidden or NotFound where one cannot be recorded,
    Conflict where the step is one person's alone."""
    groups: dict[object, list[One]] = {}
    for file in files:
        found = sheet(here, file, step, "")
        if not shared(found.rules):
            raise Conflict(f"“{found.rules.title}”须逐人研究，不能一起记录。请在各人的档案中记录。")
        asked = tuple(_without_rows(one) for one in blocks(file.regime, found.rules, found.part))
        key = (found.part.level, tuple((one.facet, one.hints, one.folded, one.fields) for one in asked))
        groups.setdefault(key, []).append(One(file, found, asked))
    return list(groups.values())


def _without_rows(block: Block) -> Block:
    """Rows — objections, sponsors — are about one person."""
    groups = (replace(one, fields=tuple(f for f in one.fields if f.kind != "rows")) for one in block.groups)
    return replace(block, groups=tuple(one for one in groups if one.fields))


def _ids(form: Form) -> list[UUID]:
    try:
        found = [UUID(one) for one in dict.fromkeys(form.values("case"))]
    except ValueError:
        found = []
    if not found or len(found) > MOST:
        raise NotFound("没有找到要一起记录的档案。请回到列表重新选择。")
    return sorted(found)  # two people who choose the same cases lock them in the same order


async def _tried(
    here: Here, group: Sequence[One], day: date, evidence: Evidence, note: str, form: Form
) -> list[Tried]:
    """Record it for each; it stays only if that was confirmed and none of them was refused."""
    before = await current_session().mark()
    outcomes = [await _recorded(here, one, day, evidence, note, form) for one in group]
    if not form.value("confirmed") or any(one.refused for one in outcomes):
        await before.undo()
    return outcomes


async def _recorded(here: Here, one: One, day: date, evidence: Evidence, note: str, form: Form) -> Tried:
    mine, seen, again = Form.blank(), form.counted(f"version:{one.file.id}"), f"again:{one.file.id}"
    async with attempt(mine):
        written = await record(
            here.actor, one.file.matter, one.sheet.step, day, evidence,
            seen_version=one.file.version if seen is None else seen, today=here.today, note=note,
            again=form.flag(again),
        )  # fmt: skip
        return Tried(one.file, after=came_of(one.file, one.sheet.step, written))
    return Tried(
        one.file,
        refused=mine.sentence,
        reasons=mine.reasons,
        changes=mine.changes,
        again=again if "again" in mine.errors else "",
    )


def _form_page(group: Sequence[One], form: Form, draft: Draft | None = None) -> Page:
    first = group[0]
    return page(
        "cases/together.html",
        status=form.status,
        form=form,
        group=group,
        step=first.sheet.step,
        title=first.sheet.rules.title,
        level=first.sheet.part.level,
        blocks=first.blocks,
        row_fields=row_fields,
        pick_unit=first.file.detail.line.unit_id,
        draft=draft,
        draft_at=_at(first.sheet.step, [one.file for one in group]),
    )


def _preview_page(group: Sequence[One], form: Form, outcomes: Sequence[Tried], status: int) -> Page:
    """The refused ones are left out of what can be confirmed, and named."""
    fine = [one for one in outcomes if not one.refused]
    kept = {"_csrf_token", "case", "confirmed", "edit"}
    return page(
        "cases/together_preview.html",
        status=status,
        form=form,
        group=group,
        outcomes=outcomes,
        fine=fine,
        step=group[0].sheet.step,
        title=group[0].sheet.rules.title,
        typed=[(name, value) for name in form.names() if name not in kept for value in form.values(name)],
    )
