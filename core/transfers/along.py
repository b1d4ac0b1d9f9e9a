"""What is under way of somebody who goes: the days of the steps that were done go along, and the receiver takes it up.

细则（2026）第三十四条、第三十五条: the receiver examines the papers; time of cultivation and probation goes on counting.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.actor import SYSTEM, Actor
from core.casework.acts.entries import NewEntry
from core.casework.acts.open import start_case
from core.casework.acts.transfer import GONE_ALONG
from core.casework.acts.write import write
from core.casework.carry import has_running_case
from core.casework.load import load
from core.casework.matter import Matter
from core.casework.model import RegimeFor, Way
from core.casework.standing.regimes import regime_at
from core.database import fetchrow
from core.transfers.model import UnderWay, unseal

RUNNING = "c.person_id = $1 and c.status = 'running' and c.confers = 'membership'"


async def under_way(person_id: UUID, regime_for: RegimeFor) -> UnderWay | None:
    """What goes along of his running case by which he becomes a full member; None where there is none."""
    for case in await load(RUNNING, person_id):
        matter = Matter(case, await regime_at(regime_for, case.way))
        newest = max([case.started, *case.case.given.values(), *(entry.day for entry in case.case.entries)])
        steps = matter.on(newest).standing.steps
        given = {
            step.id: day
            for step in matter.plan.steps
            if step.floor and step.id in steps and (day := steps[step.id].concluded)
        }
        return UnderWay(case.procedure, given, case.case.dates_on(newest))
    return None


async def leave_behind(person_id: UUID, beyond: str, today: date, regime_for: RegimeFor) -> None:
    """His running case ends here as he leaves: the receiver goes on with it."""
    for case in await load(RUNNING, person_id, lock=True):
        matter = Matter(case, await regime_at(regime_for, case.way), locked=True, regime_for=regime_for)
        note = f"随组织关系转往{beyond}"
        entry = NewEntry(
            kind="end",
            day=today,
            entered=today,
            evidence={"reason": GONE_ALONG},
            note=note,
            level="department",
        )
        await write(SYSTEM, matter, entry, today, "ended", reason=GONE_ALONG)


async def bring_along(person_id: UUID, today: date, regime_for: RegimeFor) -> None:
    """What the letter of somebody who has just arrived says is under way is taken up where he is now; once, however often he is
    moved afterwards."""
    row = await fetchrow(
        """select l.sealed, l.issuer from letter l join case_file c on c.id = l.to_case
           where c.person_id = $1 and l.state = 'received' and l.sealed is not null
             and not exists (select from case_file m where m.person_id = $1 and m.confers = 'membership' and m.id > c.id)
           order by l.id desc limit 1""",
        person_id,
    )
    found = unseal(row["sealed"]).under_way if row is not None else None
    if row is None or found is None or not found.given or await has_running_case(person_id, "membership"):
        return
    person = await fetchrow("select * from person where id = $1", person_id)
    assert person is not None
    regime = await regime_at(regime_for, Way(person["path"]))
    plan = regime.plan(found.procedure)
    given = {step: day for step, day in found.given.items() if step in plan.by_id}
    matter = await start_case(person, plan, min(given.values()), found.dates, given, regime)
    note = f"随组织关系转入：{row['issuer']}已办理 {len(given)} 个环节，有关材料由接收的党组织审查，期间连续计算。"
    entry = NewEntry(kind="note", day=today, entered=today, level="department", note=note)
    who = Actor(SYSTEM.id, row["issuer"])
    await write(who, matter, entry, today, "taken-over", tried=matter.on(today), steps=sorted(given))
