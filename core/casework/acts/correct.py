"""A record that was written down wrongly is put right: by the level that made it, with the consent that this needs.

What was taken over from paper has no evidence: of that only the day can be wrong, and the department puts it right.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from core.actor import Actor
from core.casework.acts.days import check_day
from core.casework.acts.entries import NewEntry, refuse_stale
from core.casework.acts.named import named
from core.casework.acts.open import check_given
from core.casework.acts.record import read, step_rules
from core.casework.acts.refused import refused
from core.casework.acts.wrong import Consequence, Wrong, on_paper, put_right, recorded
from core.casework.matter import Matter
from core.casework.model import Evidence, LoadedCase, Written
from dangwu import Correction, Record, corrected


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
    refuse_stale(matter.case, seen_version, matter.regime)
    wrong = recorded(actor, matter, entry_id, evidence)
    evidence = await with_people(actor, matter, wrong, day, evidence)
    found = consequence(matter, wrong, day, evidence, today)
    entry = NewEntry(
        kind="correction", day=day, entered=today, evidence=evidence, note=reason, attachments=attachments, level=wrong.level
    )  # fmt: skip
    return await put_right(actor, matter, wrong, entry, found, today)


async def correct_paper(
    actor: Actor, matter: Matter, step: str, day: date, reason: str, *, seen_version: int, today: date
) -> Written:
    """Put right on which day a step was done that was taken over from paper; as `correct`."""
    refuse_stale(matter.case, seen_version, matter.regime)
    wrong = on_paper(actor, matter, step)
    found = consequence(matter, wrong, day, {}, today)
    was = {"was": wrong.day.isoformat()}
    entry = NewEntry(kind="correction", day=day, entered=today, evidence=was, note=reason, level=wrong.level)
    return await put_right(actor, matter, wrong, entry, found, today)


async def with_people(actor: Actor, matter: Matter, wrong: Wrong, day: date, evidence: Evidence) -> Evidence:
    """The evidence with what the register knows of its people on the corrected day; whoever stood there may stand there again."""
    rules = step_rules(matter, wrong.step, day)
    return (
        await named(actor, matter.case.place(rules), rules, evidence, day, already=wrong.evidence)
    ).evidence


def consequence(matter: Matter, wrong: Wrong, day: date, evidence: Evidence, today: date) -> Consequence:
    """What putting it right so would change. Raises Invalid or Refused for days and evidence that cannot be."""
    if wrong.entry is None:
        given = {**matter.case.case.given, wrong.step: day}
        check_given(matter.plan, given, matter.case.born, today)
        made = Record(wrong.step, day, {}, today)
    else:
        check_day(_beginning(matter, wrong, day), matter.regime, day, today)
        made = read(matter, wrong.step, evidence, day, today)
    found = corrected(matter.on(today), Correction(str(wrong.id or ""), made))
    if found.refusals or found.after is None:
        raise refused(matter.regime, step_rules(matter, wrong.step, day), found.refusals)
    return Consequence.of(wrong.level, found)


def _beginning(matter: Matter, wrong: Wrong, day: date) -> LoadedCase:
    """The case, as if it had begun on the day that its first record is corrected to."""
    opens = matter.plan.procedure.opens.step
    return msgspec.structs.replace(matter.case, started=day) if wrong.step == opens else matter.case
