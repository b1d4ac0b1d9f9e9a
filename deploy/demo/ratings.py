"""民主评议 of the shown branch: last year's round, closed, and this year's, of which part has been done."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.actor import Actor
from core.database import fetch
from core.ratings.matter import matter_of
from core.ratings.model import ActDraft
from core.ratings.open import open_rounds
from core.ratings.record import record
from deploy.demo.plan import County
from deploy.demo.staff import Staff
from deploy.demo.tree import Branch
from tenants.policies.regimes import regime_as_known, regime_of_path

SCHEME = "democratic-appraisal"
BEST, HALF = 5, 2
"""Every so many members are excellent; every so many have had their turn this year."""


async def hold_rounds(county: County, staff: Staff, branch: Branch, today: date) -> None:
    """Both rounds, by whoever opens them and by the branch's secretary."""
    opener = staff.holding("committee-organizer", branch.committee).actor(county)
    secretary = staff.holding("branch-secretary", branch.unit)
    other = staff.holding("branch-organizer", branch.unit)  # nobody rates himself
    for year, part in ((today.year - 1, 1), (today.year, HALF)):
        day = min(date(year, 12, 1), today)
        [round_id] = await open_rounds(
            opener, branch.unit.id, SCHEME, f"{year}-1", regime_for=regime_of_path, today=day
        )
        rows = await fetch(
            "select id, person_id from rating_subject where round_id = $1 and state = 'owed' order by id",
            round_id,
        )
        for number, row in enumerate(rows[::part]):
            by = other if row["person_id"] == secretary.person.id else secretary
            await _rate(
                by.actor(county), row["id"], "qualified" if number % BEST else "excellent", len(rows), day
            )


async def _rate(by: Actor, subject: UUID, grade: str, members: int, day: date) -> None:
    """Proposed after a poll of the members, decided, told to him."""
    poll = {"poll": {"members": {"invited": members, "present": members, "for": members - 1}}}
    for act in ("propose", "decide", "close"):
        matter = await matter_of(
            by, subject, regime_for=regime_of_path, known_for=regime_as_known, today=day, lock=True
        )
        draft = ActDraft(
            act=act, day=day, grade="" if act == "close" else grade, evidence=poll if act == "propose" else {}
        )
        await record(by, matter, draft, today=day)
