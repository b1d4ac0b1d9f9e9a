"""People who go to another Party organization: asked, released and waiting for a letter, on the way, refused, received."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from core.actor import Actor
from core.casework.access import take_up
from core.casework.acts.going import Beyond
from core.casework.acts.record import record, step_rules
from core.casework.acts.transfer import LETTER, PROCEDURE, RECEPTION, answered, numbered
from core.casework.levels import by_level
from core.casework.model import Evidence
from core.casework.standing.sweep import recompute
from core.database import fetchval
from core.organisation.model import UnitView
from core.transfers.batch import Goer, ask_to_leave
from core.transfers.settle import settle
from dangwu import least
from deploy.demo.people import Inhabitant
from deploy.demo.plan import County
from deploy.demo.staff import Staff
from tenants.policies.regimes import regime_of_path

AT_BRANCH = "release-check"
STEPS = (AT_BRANCH, "release", LETTER, RECEPTION)
"""In turn; all but the first are the committee's to record."""
WHO = 7
"""Of each branch below the committee that is shown, one after the other, the member of this number: no officer of it."""


class Departure(NamedTuple):
    """Somebody who has come to `step` on his way to `goes`, and asked so many days `ago`; `refused` there."""

    step: str
    ago: int
    goes: str
    refused: str = ""


DEPARTURES = (
    Departure("transfer-request", 2, "江东市开发区两新工委"),
    Departure("release", 6, "省人才服务中心党委"),
    Departure("release", 5, "省人才服务中心党委"),
    Departure("release", 4, "临河市望海区民生街道党工委"),
    Departure(LETTER, 24, "江东市城北区新桥街道党工委"),
    Departure(RECEPTION, 60, "临河市高新区党工委", "本人尚未到岗，待劳动关系转入后再接收。"),
)


async def send_off(
    county: County, staff: Staff, committee: UnitView, members: Mapping[UUID, list[Inhabitant]], today: date
) -> None:
    """One from each branch of the committee, as long as there are branches."""
    cases = []
    leader = staff.holding("committee-secretary", committee).actor(county)
    branches = staff.tree.below(committee)[::-1]
    for number, (one, branch) in enumerate(zip(DEPARTURES, branches, strict=False), 1):
        person = members[branch.unit.id][WHO]
        assert isinstance(person.id, UUID)
        secretary = staff.holding("branch-secretary", branch.unit).actor(county)
        day = today - timedelta(days=one.ago)
        await ask_to_leave(secretary, Goer(person.id, Beyond(one.goes)), day, day, regime_of_path)
        sql = "select id from case_file where person_id = $1 and procedure = $2"
        cases.append(await fetchval(sql, person.id, PROCEDURE))
        given = {
            LETTER: numbered(f"{today.year}-{number:03d}"),
            RECEPTION: answered(received=not one.refused),
        }
        for step in STEPS[: STEPS.index(one.step) + 1] if one.step in STEPS else ():
            day += timedelta(days=1)
            said = one.refused if step == RECEPTION else ""
            await _record(
                secretary if step == AT_BRANCH else leader, cases[-1], step, day, given.get(step, {}), said
            )
    await recompute(cases, today, regime_of_path)


async def _record(who: Actor, case_id: UUID, step: str, day: date, given: Evidence, said: str) -> None:
    """The least that the rules ask for, on its day."""
    matter = await take_up(who, case_id, regime_of_path)
    rules = step_rules(matter, step, day)
    whole = least(matter.regime, matter.case.case, step, day, given)[0]
    own = dict(by_level(rules, whole))["branch" if step == AT_BRANCH else "committee"]
    await record(who, matter, step, day, own, seen_version=matter.case.version, today=day, note=said)
    await settle(case_id, regime_of_path)  # as letters hear of it where the application runs
