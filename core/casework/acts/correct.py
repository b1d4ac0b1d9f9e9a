"""A record that was written down wrongly is put right: by the level that made it, with the consent that this needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from core.actor import LEVELS, Actor
from core.casework.acts.agree import ask, pending
from core.casework.acts.days import check_day
from core.casework.acts.entries import NewEntry, refuse_stale
from core.casework.acts.record import read, step_rules
from core.casework.acts.refused import refused
from core.casework.acts.resets import refuse_own_resets
from core.casework.acts.write import write
from core.casework.levels import acting_level, refuse_two_levels
from core.casework.matter import Matter
from core.casework.model import EntryView, Evidence, LoadedCase, Written
from core.casework.stored import valid
from core.database import execute
from core.errors import Conflict, Forbidden, NotFound
from core.text import one_line
from dangwu import LEVELS as TITLES
from dangwu import Corrected, Correction, Judged, corrected


class Consequence(msgspec.Struct, frozen=True):
    """What a correction would change: the steps on it, those that fall, how the case stands then, and the `level` that must agree
    ("": nobody)."""

    level: str
    rests: tuple[str, ...]
    undone: tuple[str, ...]
    after: Judged


async def correct(
    actor: Actor,
    matter: Matter,
    entry_id: UUID,
    day: date,
    evidence: Evidence,
    reason: str,
    *,
    seen_version: int,
    today: date,
    attachments: Sequence[UUID] = (),
) -> Written:
    """Put the record `entry_id` right: it was on `day`, with this evidence (whole, plain builtins by facet).

    Where later steps rest on it, a request goes to the level that must agree, and nothing changes yet. Raises as `record` does;
    NotFound for what is no record; Conflict while another request about it waits.
    """
    case = matter.case
    refuse_stale(case, seen_version, matter.regime)
    old = to_correct(actor, matter, entry_id, evidence)
    refuse_two_levels(actor, case.entries, old.level)
    await refuse_own_resets(actor, case.entries, old.level)
    reason = one_line("note", "更正的原因", reason, most=500)
    if any(one.about == old.id for one in pending(case.entries)):
        raise Conflict("这条记录已经有一份更正请求在等上级答复。请等答复以后再更正。", code="asked")
    found = consequence(matter, old, day, evidence, today)
    entry = NewEntry(
        kind="correction-request" if found.level else "correction", step=old.step, day=day, entered=today,
        evidence=evidence, note=reason, attachments=attachments, level=old.level, about=old.id, asks=found.level or None,
    )  # fmt: skip
    if found.level:
        return await ask(actor, matter, entry, today)
    written = await write(actor, matter, entry, today, "corrected", tried=found.after, step=old.step)
    await follow_start(matter, old, day)
    return written


def to_correct(actor: Actor, matter: Matter, entry_id: UUID, evidence: Evidence | None = None) -> EntryView:
    """The record, for somebody of its level who may give this evidence (else its own). Raises NotFound, Forbidden."""
    case = matter.case
    old = next(
        (one for one in case.entries if one.id == entry_id and one.kind in ("record", "supplement")), None
    )
    if old is None:
        raise NotFound("这份档案里没有这条办理记录，不能更正。请从全部记录中选择。")
    rules = step_rules(matter, old.step or "", old.day)
    if acting_level(actor, case.path, rules, old.evidence if evidence is None else evidence) != old.level:
        raise Forbidden(
            f"这条记录由{TITLES[old.level]}作出，由{TITLES[old.level]}更正。请交由{TITLES[old.level]}的人员办理。",
            code="level",
        )
    return old


def consequence(matter: Matter, old: EntryView, day: date, evidence: Evidence, today: date) -> Consequence:
    """What putting it right so would change. Raises Invalid or Refused for days and evidence that cannot be."""
    check_day(_beginning(matter, old, day), matter.regime, day, today)
    step = old.step or ""
    made = read(matter, step, evidence, day, today)
    found = corrected(matter.on(today), Correction(str(old.id), made))
    if found.refusals or found.after is None:
        raise refused(matter.regime, step_rules(matter, step, day), found.refusals)
    return Consequence(level_to_agree(old.level, found), found.rests, found.undone, found.after)


def level_to_agree(own: str, found: Corrected) -> str:
    """Who must agree: the department where an approval is undone, the level above where later steps rest on it, else nobody."""
    if found.approvals:
        return "department"
    return LEVELS[min(LEVELS.index(own) + 1, len(LEVELS) - 1)] if found.rests else ""


def newest_of(entries: Sequence[EntryView], old: EntryView) -> tuple[date, Evidence]:
    """The day and the evidence of a record as they hold now."""
    newest = valid(entries, old)
    return newest.day, newest.evidence


def _beginning(matter: Matter, old: EntryView, day: date) -> LoadedCase:
    """The case, as if it had begun on the day that its first record is corrected to."""
    opens = matter.plan.procedure.opens.step
    return msgspec.structs.replace(matter.case, started=day) if old.step == opens else matter.case


async def follow_start(matter: Matter, old: EntryView, day: date) -> None:
    """A case begins on the day of its first record, as corrected."""
    if old.step == matter.plan.procedure.opens.step:
        await execute("update case_file set started = $2 where id = $1", matter.case.id, day)
