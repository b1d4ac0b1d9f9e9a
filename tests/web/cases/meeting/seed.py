"""A branch whose members are known, with four people whose admission it can decide."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.casework.acts.open import take_over
from core.register.model import PersonDraft
from core.register.service import enter
from tenants.policies.regimes import regime_of_path
from tests.floor import STEPS
from tests.web.cases.seed import applicant, crew
from tests.web.conftest import TODAY, Seeded, everything

MEMBERS = ("党一", "党二", "党三", "党四", "党五", "党六")
"""With a vote; 预备 has none."""
PEOPLE = ("会甲", "会乙", "会丙", "会丁")


async def at_step(county: Seeded, name: str, step: str) -> UUID:
    """A case whose steps before this one are taken over from paper."""
    given = dict.fromkeys(STEPS[: STEPS.index(step)], date(2026, 11, 5))
    person = await applicant(county, name)
    taken = await take_over(crew(county)["department"], person, given, regime_for=regime_of_path, today=TODAY)
    return taken.case_id


async def branch(county: Seeded) -> dict[str, UUID]:
    """Name → case of the four, in the session that is open around us."""
    for name in (*MEMBERS, "预备"):
        full = name != "预备"
        draft = PersonDraft(
            name=name, sex="male", born=date(1980, 1, 1), ethnicity="汉族", job="教师",
            membership="full" if full else "probationary", joined=date(2010, 7, 1) if full else date(2026, 7, 1),
            converted=date(2011, 7, 1) if full else None,
        )  # fmt: skip
        await enter(everything(), county.units["东街支部"].id, draft, date(2026, 1, 1) if full else TODAY)
    return {name: await at_step(county, name, "admission-meeting") for name in PEOPLE}
