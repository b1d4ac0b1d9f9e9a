"""What somebody is told of cases: from the very list that his workbench shows, so nothing is due here that is not due there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import msgspec

from core.actor import Actor
from core.casework.acts.agree import REQUESTS
from core.casework.lists.mine import his_turns, my_steps
from core.casework.lists.tasks import GROUPS, Task, tasks
from core.database import fetch, first_id
from core.notices.model import Found

MOST = 100
"""Of each group of his tasks. Who has more waiting works by his workbench: as many notices would be none."""

ANSWERS = timedelta(days=2)
"""How far back answers are looked for: a day's run may come late."""


class _Last(msgspec.Struct, frozen=True):
    """Of a case: the number of the newest entry of his own levels; who wrote the newest of all, and whether at another level."""

    own: int
    by_id: UUID
    by_name: str
    other: bool


async def from_cases(
    actor: Actor, today: date, days: int, among: Sequence[UUID] | None = None
) -> list[Found]:
    """Of all his cases, or of those `among` which something has just happened; `days` before a deadline he is reminded."""
    his = await tasks(actor, today, dict.fromkeys(GROUPS, MOST), among)
    listed = [one for group in his.groups.values() for one in group]
    last = await _last(actor, [one.line.id for one in listed])
    found = [one for task in listed for one in _of(actor, task, last[task.line.id], today, days)]
    return [*found, *await _answers(actor, today)]


def _of(actor: Actor, task: Task, last: _Last, today: date, days: int) -> Iterator[Found]:
    line, steps = task.line, my_steps(actor, task.line)
    what = next(iter(steps), "")

    def found(kind: str, occasion: object, **more: object) -> Found:
        given = {"subject": line.id, "unit_id": line.unit_id, "what": what, **more}
        return msgspec.convert({"kind": kind, "occasion": f"{kind}:{line.id}:{occasion}", **given}, Found)

    if task.back is not None:
        yield found("returned", task.back.at.isoformat(), what=task.back.step, by_name=task.back.by_name)
    elif reviewed := _reviewed(actor, task) if not actor.did(last.by_id) else "":
        yield found("review", last.own, what=reviewed, by_name=last.by_name)
    elif steps and last.other:
        yield found("turn", last.own, by_name=last.by_name)
    if task.request is not None:
        yield found("request", task.request, by_name=last.by_name)
    if line.next_due is not None and (line.next_due - today).days <= days:
        yield found("overdue" if line.late(today) else "due", line.next_due, day=line.next_due)


def _reviewed(actor: Actor, task: Task) -> str:
    """The first of its open steps that waits for a review of his; "" for none."""
    held = {one for one in his_turns(actor, task.line) if ".review" in one}
    pairs = zip(task.line.open_steps, task.line.open_turns, strict=True)
    return next((step for step, turns in pairs if held & {*turns.split()}), "")


async def _last(actor: Actor, cases: Sequence[UUID]) -> dict[UUID, _Last]:
    """A review waits anew once his own level has said something since: that is what makes it another occasion."""
    rows = await fetch(
        """select c.id, e.by_id, e.by_name, coalesce(e.level <> all($2), true) other,
                  (select coalesce(max(o.seq), 0) from case_entry o where o.case_id = c.id and o.level = any($2)) own
           from case_file c join lateral (select by_id, by_name, level from case_entry where case_id = c.id
                order by seq desc limit 1) e on true where c.id = any($1)""",
        list(cases), sorted({one.level for one in actor.holdings}),
    )  # fmt: skip
    return {row["id"]: _Last(row["own"], row["by_id"], row["by_name"], row["other"]) for row in rows}


async def _answers(actor: Actor, today: date) -> list[Found]:
    """What has become of the corrections and strikes that he asked for."""
    since = datetime.combine(today, time(), UTC) - ANSWERS
    rows = await fetch(
        """select e.id, e.kind, e.case_id, e.by_name, r.step, c.unit_id from case_entry r
           join case_entry e on e.case_id = r.case_id and e.about = r.id
           join case_file c on c.id = e.case_id
           where r.by_id = $1 and r.kind = any($3) and e.id >= $2
             and e.kind in ('correction-granted', 'correction-refused')""",
        actor.id, first_id(since), list(REQUESTS),
    )  # fmt: skip
    return [
        Found(
            kind="answered", occasion=f"answered:{row['id']}", subject=row["case_id"], unit_id=row["unit_id"],
            what=f"{row['kind']}:{row['step']}", by_name=row["by_name"],
        )
        for row in rows
    ]  # fmt: skip
