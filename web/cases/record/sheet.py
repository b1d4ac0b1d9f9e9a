"""The page of a record: which step, at which level, with which fields, and what is already known."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from core.casework.acts.entries import told
from core.casework.acts.parts import Part, may_act
from core.casework.acts.record import rules_of
from core.casework.levels import (
    acting_level,
    levels_asked,
    own_level,
    platform_level,
    refuse_unfit,
)
from core.casework.model import Written
from core.casework.said import plain
from core.casework.standing.steps import waits_for
from core.errors import Forbidden
from core.files.kinds import KINDS, TAKEN
from dangwu import Regime, StepRules, explain, kind_of
from web.cases.file.opened import CaseFile, no_step
from web.kit.asked.blocks import Block, blocks, row_fields, supplementing
from web.kit.casework import LEVELS
from web.kit.draft import Draft
from web.kit.forms import Form
from web.kit.here import Here
from web.kit.page import Page, page


class Sheet(msgspec.Struct, frozen=True):
    """The form of one step for one level; `others` are further levels at which he could record here."""

    step: str
    rules: StepRules
    part: Part
    others: tuple[Part, ...]
    supplement: bool = False
    """Only papers, signatures and replies are asked for, to complete what was recorded."""

    def blocks(self, regime: Regime, form: Form | None) -> list[Block]:
        """What the form asks for."""
        found = blocks(regime, self.rules, self.part, form)
        return supplementing(found) if self.supplement else found


def came_of(file: CaseFile, step: str, written: Written) -> str:
    """What became of a case by a record of `step`, one of the four outcomes; without a full stop."""
    if written.status != "running":
        return "全部环节已经办结" if written.status == "completed" else "这份档案到此终止"
    if step in written.open_steps:
        return "这一环节还没有办结"
    opened = [explain.title(file.regime, one) for one in written.open_steps if one not in file.standing.open]
    return "这一环节已经办结" + (f"，现在轮到：{'、'.join(opened)}" if opened else "")


def form_at(case_id: UUID, step: str) -> str:
    """The address of the form of a step."""
    return f"/cases/{case_id}/record/{step}"


def sheet(here: Here, file: CaseFile, step: str, level: str, *, supplement: bool = False) -> Sheet:
    """Which form. Raises NotFound for a step that this case does not have, Forbidden in core's words when it is not his."""
    rules = _rules(here, file, step)
    mine = may_act(here.actor, file.matter.case, rules)
    if not mine:
        acting_level(here.actor, file.matter.case.place(rules), rules, {})
        refuse_unfit(here.actor, file.matter.case, own_level(rules))
        raise Forbidden("这个环节现在不由您记录。请交由承担相应职责的人员办理。", code="level")
    found = file.standing.steps.get(step)
    turn = {level} if level else waits_for(found) if found is not None else ()
    part = next((one for one in mine if one.level in turn), mine[0])
    return Sheet(step, rules, part, tuple(one for one in mine if one is not part), supplement)


def _rules(here: Here, file: CaseFile, step: str) -> StepRules:
    rules = rules_of(file.matter, step, here.today)
    if rules is None:
        raise no_step(file, step)
    return rules


def draft_form(file: CaseFile, found: Sheet) -> Form:
    """A form to begin with: objections that are not settled yet are shown again, to be answered; rows for those still to be
    appointed, not for those who are."""
    if not found.part.own:
        return Form.blank()
    values: dict[str, Any] = {}
    for facet, asked in found.rules.facets.items():
        for name, rows in asked.begin(recorded(file, found.step, facet)).items():
            field = f"{facet}.{name}"
            values[f"rows:{field}"] = len(rows)
            values |= {
                f"{field}.{number}.{key}": value
                for number, row in enumerate(rows)
                for key, value in row.items()
            }
    return Form.blank(**values)


def recorded(file: CaseFile, step: str, facet: str) -> list[Any]:
    """What the records of a step that count carry of a facet, as plain builtins, oldest first."""
    evidence = (plain(record.evidence) for record in file.records.get(step, ()))
    return [one[facet] for one in evidence if facet in one]


def record_page(
    file: CaseFile,
    found: Sheet,
    form: Form,
    *,
    draft: Draft | None = None,
) -> Page:
    """The form as it was typed. After a stale one, and where a draft comes with what was written since, it carries the newest
    version: it is sent by somebody who has been told.

    Where all that is asked for is a conclusion of others there is none (`asks`).
    """
    asked, concludes = found.blocks(file.regime, form), not _concluded_by_others(found)
    since = _since(file, draft)
    return page(
        "cases/record.html",
        status=form.status,
        form=form,
        file=file,
        sheet=found,
        task=file.view.tasks.get(found.step),
        title=found.rules.title,
        blocks=asked,
        asks=concludes or any(one.groups for one in asked),
        row_fields=row_fields,
        pick_unit=file.detail.line.unit_id,
        roll_at=f"/cases/{file.id}/roll",
        already=_already(file, found.step),
        absorbed=explain.absorbed(file.regime, found.rules),
        version=str(file.version) if since else form.seen_version(file.version),
        draft=draft,
        draft_at=form_at(file.id, found.step),
        since_draft=since,
        accept=",".join(f".{extension}" for extension in KINDS),
        taken=TAKEN,
        levels=LEVELS,
        concludes=concludes,
    )


def _concluded_by_others(found: Sheet) -> bool:
    """Whether his level gives a review or consent here, but others of that level than he."""
    return any(
        platform_level(key) == found.part.level
        for name, facet in found.rules.facets.items()
        if facet.concludes and not found.part.keys[name]
        for key in levels_asked(found.rules, name)
    )


def _already(file: CaseFile, step: str) -> dict[str, set[str]]:
    """For each field with several choices, those that counted records have ticked already and that still count."""
    found: dict[str, set[str]] = {}

    def look(name: str, value: Any) -> None:
        if isinstance(value, dict):
            for key, part in value.items():
                look(f"{name}.{key}", part)
        elif isinstance(value, list):
            found.setdefault(name, set()).update(one for one in value if isinstance(one, str))

    for record in file.records.get(step, ()):
        for facet, value in plain(record.evidence).items():
            if not kind_of(facet).adds_up:
                continue
            look(f"{facet}.*" if isinstance(value, list) else facet, value)
    return found


def _since(file: CaseFile, draft: Draft | None) -> list[str]:
    """What was written into the case after the draft was begun."""
    if draft is None:
        return []
    return [told(entry, file.regime) for entry in file.detail.entries if entry.seq > draft.version]
