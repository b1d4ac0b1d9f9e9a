"""Cases for the tests: just begun, or taken over from paper before a step."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from core.casework.acts.open import take_over
from core.database import execute, fetchval
from tests.core.conftest import TODAY, Clerks, applicant

LETTER = {"documents": ["application-letter"]}
START = date(2026, 6, 1)


async def begun(clerks: Clerks, name: str = "张三", day: date = START) -> UUID:
    """A case with its application; call it inside a session."""
    person = await applicant(clerks.world, name)
    return (await clerks.open(person, day, TODAY)).case_id


async def member(clerks: Clerks, name: str, **more: object) -> UUID:
    """A full member in the east, of whom the register says this `more`; call it inside a session."""
    person = await applicant(clerks.world, name, date(1970, 3, 2))
    given = {"membership": "full", "joined": date(2000, 7, 1), "converted": date(2001, 7, 1), **more}
    sets = ", ".join(f"{column} = ${place}" for place, column in enumerate(given, start=2))
    await execute(f"update person set {sets} where id = $1", person, *given.values())
    return person


async def version_of(case_id: UUID) -> int:
    """The case's present version."""
    return int(await fetchval("select version from case_file where id = $1", case_id))


async def taken_to(clerks: Clerks, step: str) -> UUID:
    """A case from paper that stands before `step`, everything before it a year and more ago."""
    person = await applicant(clerks.world, f"接续人{uuid4().hex[:4]}")
    before = [one.id for one in clerks.regime.plan().steps]
    given = {one: date(2025, 1, 10) for one in before[: before.index(step)]}
    written = await take_over(
        clerks.world.organizer, person, given, regime_for=clerks.regime_for, today=TODAY
    )
    return written.case_id
