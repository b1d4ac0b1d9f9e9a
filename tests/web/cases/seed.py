"""Cases for the tests of their pages, made through core's own services by one person per level."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from core.actor import Actor, Holding
from core.casework.access import access_case
from core.casework.acts.open import open_case
from core.casework.acts.record import step_rules
from core.casework.levels import by_level
from core.casework.matter import Matter
from core.register.model import PersonDraft
from core.register.service import enter
from dangwu import least
from tenants.accounts.capabilities import CAPABILITIES
from tenants.policies.regimes import regime_of_path
from tests.casework import record
from tests.web.conftest import Seeded, everything

NAMES = {"branch": "李桂兰", "committee": "王建国", "department": "赵敏"}

_crews: dict[UUID, dict[str, Actor]] = {}


def crew(county: Seeded) -> dict[str, Actor]:
    """One person for each level, over the whole county."""
    top = county.units["组织部"]
    return _crews.setdefault(
        county.id,
        {
            level: Actor(uuid4(), name, (Holding("seed", level, top.id, top.path, frozenset(CAPABILITIES)),))
            for level, name in NAMES.items()
        },
    )


PATH: tuple[tuple[str, date], ...] = (
    ("applicant-talk", date(2025, 3, 20)),
    ("activist-decision", date(2025, 5, 20)),
    ("mentor-appointment", date(2025, 5, 28)),
    ("activist-filing", date(2025, 6, 3)),
    ("cultivation", date(2025, 11, 20)),
    ("cultivation", date(2026, 5, 20)),
    ("prospect-selection", date(2026, 5, 25)),
    ("prospect-consent", date(2026, 6, 2)),
    ("prospect-notice", date(2026, 6, 3)),
    ("sponsor-appointment", date(2026, 6, 22)),
    ("intensive-training", date(2026, 6, 24)),
    ("political-review", date(2026, 6, 25)),
    ("branch-review", date(2026, 6, 28)),
    ("pre-review", date(2026, 7, 9)),
    ("admission-form", date(2026, 7, 11)),
    ("admission-meeting", date(2026, 7, 16)),
    ("pre-approval-talk", date(2026, 7, 20)),
    ("admission-approval", date(2026, 8, 10)),
    ("admission-filing", date(2026, 8, 12)),
    ("group-assignment", date(2026, 8, 12)),
    ("oath", date(2026, 9, 1)),
)
"""The floor's steps on the days of an ordinary case; the year of cultivation ends before 2026-05-25."""


async def applicant(county: Seeded, name: str, unit: str = "东街支部", born: date = date(1999, 3, 2)) -> UUID:
    """Somebody who may apply."""
    draft = PersonDraft(name=name, sex="female", born=born, ethnicity="汉族", job="教师")
    return await enter(everything(), county.units[unit].id, draft, date(2026, 1, 1), distinct=True)


async def opened(
    county: Seeded, person: UUID, day: date = date(2025, 3, 3), dates: Mapping[str, date] | None = None
) -> UUID:
    """A case that begins with the application."""
    written = await open_case(
        crew(county)["branch"], person, day, {"documents": ["application-letter"]},
        regime_for=regime_of_path, today=day, dates=dates,
    )  # fmt: skip
    return written.case_id


async def do(
    county: Seeded,
    case_id: UUID,
    step: str,
    day: date,
    given: Mapping[str, Any] | None = None,
    times: int = 9,
) -> None:
    """Record a step with the least that its requirements ask for, each level its own part, at most `times` records."""
    case = await access_case(everything(), case_id)
    regime = await regime_of_path(case.path)
    rules = step_rules(Matter(case, regime), step, day)
    for evidence in least(regime, case.case, step, day, given)[:times]:
        for level, part in by_level(rules, evidence):
            seen = (await access_case(everything(), case_id)).version
            await record(
                crew(county)[level], case_id, step, day, part,
                seen_version=seen, regime_for=regime_of_path, today=day,
            )  # fmt: skip


async def walked(county: Seeded, name: str, through: str, unit: str = "东街支部") -> UUID:
    """A case that has gone through all steps up to `through`, on the days of PATH."""
    case_id = await opened(county, await applicant(county, name, unit))
    last = max(number for number, (step, _) in enumerate(PATH) if step == through)
    for step, day in PATH[: last + 1]:
        await do(county, case_id, step, day, times=1)
    return case_id


async def half_way(county: Seeded, name: str) -> UUID:
    """A case of this year with the first half of the cultivation: nobody may be chosen before 2027-02-20."""
    case_id = await opened(county, await applicant(county, name), date(2026, 1, 5))
    for step, day in (
        ("applicant-talk", date(2026, 1, 20)),
        ("activist-decision", date(2026, 2, 20)),
        ("mentor-appointment", date(2026, 2, 28)),
        ("activist-filing", date(2026, 3, 3)),
        ("cultivation", date(2026, 8, 20)),
    ):
        await do(county, case_id, step, day)
    return case_id
