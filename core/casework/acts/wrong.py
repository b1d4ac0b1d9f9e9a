"""What is put right in a case: a record, or what was taken over of a step from paper; and the entry that does so."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from core.actor import Actor
from core.casework.acts.agree import ask, pending
from core.casework.acts.entries import NewEntry
from core.casework.acts.record import rules_of, step_rules
from core.casework.acts.resets import refuse_own_resets
from core.casework.acts.write import write
from core.casework.levels import acting_level, refuse_taking_over, refuse_unfit
from core.casework.matter import Matter
from core.casework.model import EntryView, Evidence, Written
from core.casework.stored import is_struck, valid
from core.database import execute
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.text import one_line
from dangwu import LEVELS as TITLES
from dangwu import Corrected, Judged, rank


class Wrong(msgspec.Struct, frozen=True):
    """What holds now of it: the step, the day, the whole evidence; the level that wrote it down. `entry` None: paper."""

    step: str
    day: date
    evidence: Evidence
    level: str
    entry: EntryView | None = None

    @property
    def id(self) -> UUID | None:
        """The record's; None for paper."""
        return self.entry.id if self.entry else None


class Consequence(msgspec.Struct, frozen=True):
    """What putting it right would change: the steps on it, those that fall, how the case stands then, and the `level` that must
    agree ("": nobody); nothing of these where it no longer `counts`."""

    level: str
    rests: tuple[str, ...]
    undone: tuple[str, ...]
    after: Judged
    counts: bool = True

    @classmethod
    def of(cls, own: str, found: Corrected) -> Consequence:
        """Of what the contract has tried: the department agrees where an approval is undone, the level above where later steps
        rest on it, else nobody need."""
        assert found.after is not None
        above = "committee" if rank(own) < rank("committee") else "department"
        level = "department" if found.approvals else above if found.rests else ""
        return cls(level, found.rests, found.undone, found.after, found.counts)


def recorded(actor: Actor, matter: Matter, entry_id: UUID, evidence: Evidence | None = None) -> Wrong:
    """A record, for somebody of its level who may give this evidence (else its own). Raises NotFound, Forbidden."""
    wrong = of_record(matter, entry_id)
    entry = wrong.entry
    assert entry is not None
    if is_struck(matter.case.entries, entry_id):
        raise Conflict("这条记录已经作为误记撤销，不能再更正。", code="struck")
    given = entry.evidence if evidence is None else evidence
    rules = step_rules(matter, wrong.step, entry.day)
    if acting_level(actor, matter.case.place(rules), rules, given) != entry.level:
        raise Forbidden(
            f"这条记录由{TITLES[entry.level]}作出，由{TITLES[entry.level]}更正。请交由{TITLES[entry.level]}的人员办理。",
            code="level",
        )
    return wrong


def may_mend(actor: Actor, matter: Matter, entry: EntryView, today: date) -> bool:
    """Whether a record is his to correct or to strike out by the rules of today; what comes of that is asked when he does."""
    rules = rules_of(matter, entry.step or "", today)
    own = actor.is_himself(matter.case.person_id)
    if own or rules is None or is_struck(matter.case.entries, entry.id):
        return False
    try:
        return acting_level(actor, matter.case.place(rules), rules, entry.evidence) == entry.level
    except (Forbidden, Invalid):
        return False


def on_paper(actor: Actor, matter: Matter, step: str) -> Wrong:
    """What was taken over of a step, for somebody who takes files over. Raises NotFound, Forbidden."""
    refuse_taking_over(actor, matter.case.path)
    return of_paper(matter, step)


def of_record(matter: Matter, entry_id: UUID) -> Wrong:
    """A record, as it holds now. Raises NotFound."""
    entries = matter.case.entries
    entry = next(
        (one for one in entries if one.id == entry_id and one.kind in ("record", "supplement")), None
    )
    if entry is None:
        raise NotFound("这份档案里没有这条办理记录，不能更正。请从全部记录中选择。")
    now = valid(entries, entry)
    return Wrong(entry.step or "", now.day, now.evidence, entry.level, entry)


def of_paper(matter: Matter, step: str) -> Wrong:
    """What was taken over of a step from paper. Raises NotFound."""
    day = matter.case.case.given.get(step)
    if day is None:
        raise NotFound("这份档案没有从纸质档案接续这个环节，不能更正。请从全部记录中选择。")
    return Wrong(step, day, {}, "department")


def about(matter: Matter, request: EntryView) -> Wrong:
    """What a request is about."""
    return of_record(matter, request.about) if request.about else of_paper(matter, request.step or "")


async def put_right(
    actor: Actor,
    matter: Matter,
    wrong: Wrong,
    entry: NewEntry,
    found: Consequence,
    today: date,
) -> Written:
    """Write the correction or strike `entry` of what is wrong; where somebody must agree, a request, and nothing changes yet.

    Raises Forbidden for somebody who has acted at another level, Invalid without a reason, Conflict while a request waits.
    """
    case = matter.case
    refuse_unfit(actor, case, wrong.level)
    await refuse_own_resets(actor, case.entries, wrong.level)
    reason = one_line("note", "更正的原因", entry.note, most=500)
    entry = msgspec.structs.replace(
        entry, note=reason, step=wrong.step, level=wrong.level, about=wrong.id, entered=today
    )
    if any((one.about, one.step) == (wrong.id, wrong.step) for one in pending(case.entries)):
        raise Conflict("这条记录已经有一份更正请求在等上级答复。请等答复以后再更正。", code="asked")
    if found.level:
        request = msgspec.structs.replace(entry, kind=f"{entry.kind}-request", asks=found.level)
        return await ask(actor, matter, request, today)
    event = {"correction": "corrected", "strike": "struck"}[entry.kind]
    written = await write(actor, matter, entry, today, event, tried=found.after, step=wrong.step)
    await follow(matter, entry.kind, wrong, entry.day)
    return written


async def follow(matter: Matter, kind: str, wrong: Wrong, day: date) -> None:
    """Keep with the case itself what a correction changes of it: the day on which it began, and the days of its paper."""
    case_id = matter.case.id
    if kind == "correction" and wrong.step == matter.plan.procedure.opens.step:
        await execute("update case_file set started = $2 where id = $1", case_id, day)
    if wrong.entry is None:
        given = dict(matter.case.case.given)
        if kind == "correction":
            given[wrong.step] = day
        else:
            del given[wrong.step]
        await execute(
            "update case_file set given = $2 where id = $1", case_id, msgspec.json.encode(given).decode()
        )
