"""Cases under way for the tests of the policy pages."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from core.actor import Actor, Holding
from core.casework.access import access_case
from core.casework.acts.open import take_over
from core.register.model import PersonDraft
from core.register.service import enter
from dangwu import least
from tenants.accounts.capabilities import CAPABILITIES
from tenants.database.session import county_session
from tenants.policies.regimes import regime_of_path
from tests.casework import record
from tests.floor import STEPS
from tests.web.conftest import TODAY, Seeded


def clerk(county: Seeded, level: str) -> Actor:
    """Somebody new who may do everything at one level, all over the county."""
    top = county.units["组织部"]
    return Actor(uuid4(), "建库", (Holding("seed", level, top.id, top.path, frozenset(CAPABILITIES)),))


async def case_after(county: Seeded, branch: str, name: str, last: str, day: date) -> UUID:
    """The case of a new person at a branch, taken over from paper with every floor step up to `last` done on `day`."""
    given = dict.fromkeys(STEPS[: STEPS.index(last) + 1], day)
    who, unit = clerk(county, "department"), county.units[branch]
    async with county_session(county.id):
        person = await enter(
            who, unit.id, PersonDraft(name=name, born=date(1990, 1, 1)), TODAY, distinct=True
        )
        begun = await take_over(who, person, given, regime_for=regime_of_path, today=TODAY)
    return begun.case_id


async def do(county: Seeded, case_id: UUID, step: str, day: date, level: str = "branch") -> None:
    """Record a step with the least evidence that its rules ask for."""
    who = clerk(county, level)
    async with county_session(county.id):
        case = await access_case(who, case_id)
        regime = await regime_of_path(case.path)
        for evidence in least(regime, case.case, step, day):
            seen = (await access_case(who, case_id)).version
            await record(
                who, case_id, step, day, evidence, seen_version=seen, regime_for=regime_of_path, today=TODAY
            )
