"""Rounds of ratings. 民主评议 of the shown branch: last year's, closed, and this year's, of which part has been done; and units
that are rated by whoever stands above them. Acts are rows as the services would have written them, standings core's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from core.bulk import insert_many
from core.database import execute, fetch
from core.organisation.model import UnitView
from core.ratings.open import open_rounds
from core.ratings.renew import renew
from deploy.demo.plan import County
from deploy.demo.staff import Officer, Staff
from deploy.demo.tree import Branch
from tenants.policies.regimes import regime_of_path

SCHEME = "democratic-appraisal"
BEST, HALF = 5, 2
"""Every so many members are excellent; every so many have had their turn this year."""
OPENS = {"committee": "committee-organizer", "department": "department-organizer"}
DECIDES = {"committee": "committee-secretary", "department": "department-organizer"}
PROPOSES = {"branch": "branch-secretary", "committee": "committee-organizer"}
MARK = (
    "subject_id",
    "act",
    "day",
    "grade",
    "own",
    "papers",
    "items",
    "evidence",
    "note",
    "level",
    "by_id",
    "by_name",
)


class Mark(NamedTuple):
    """One act of somebody's rating, or of a unit's."""

    subject: UUID
    act: str
    by: Officer
    level: str
    grade: str = ""
    items: Sequence[str] = ()
    evidence: dict[str, Any] = {}
    note: str = ""


async def hold_rounds(county: County, staff: Staff, branch: Branch, today: date) -> None:
    """Those of the branch's people, by whoever opens them and by its secretary; then those of units."""
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
        marks = [
            mark
            for number, row in enumerate(rows[::part])
            for mark in _rated(
                row["id"],
                other if row["person_id"] == secretary.person.id else secretary,
                "qualified" if number % BEST else "excellent",
                len(rows),
            )
        ]
        await _write(marks, branch.unit, day)
    for scheme in county.rated:
        await _rate_units(county, staff, branch.committee, scheme, today)


def _rated(subject: UUID, by: Officer, grade: str, members: int) -> Iterator[Mark]:
    """Proposed after a poll of the members, decided, told to him."""
    poll = {"poll": {"members": {"invited": members, "present": members, "for": members - 1}}}
    yield Mark(subject, "propose", by, "branch", grade, evidence=poll)
    yield Mark(subject, "decide", by, "branch", grade)
    yield Mark(subject, "close", by, "branch")


async def _rate_units(county: County, staff: Staff, committee: UnitView, scheme: str, today: date) -> None:
    """A round of the units below the committee, or below the department: some done, one appealed, some proposed, some owed."""
    found = (await regime_of_path(committee.path)).ratings(today)[scheme]
    assert found.decide is not None, "somebody decides on units"
    above = found.decide.level
    at = committee if above == "committee" else staff.tree.root
    opener, decider = (staff.holding(roles[above], at) for roles in (OPENS, DECIDES))
    [round_id] = await open_rounds(
        opener.actor(county), at.id, scheme, f"{today.year}-1", regime_for=regime_of_path, today=today
    )
    rows = await fetch("select id, unit_id from rating_subject where round_id = $1 order by id", round_id)
    units = {one.id: one for one in (*staff.tree.committees, *(each.unit for each in staff.tree.branches))}
    review = {"review": {above: {"conclusion": "pass"}}}
    marks: list[Mark] = []
    for number, row in enumerate(rows):
        own = staff.holding(PROPOSES[found.level], units[row["unit_id"]])
        grade = found.scale[0] if number % 4 == 1 else found.scale[-1]
        story = (
            Mark(row["id"], "propose", own, found.level, grade, found.items),
            Mark(row["id"], "decide", decider, above, grade, evidence=review),
            Mark(row["id"], "close", decider, above)
            if number % 4 == 0
            else Mark(row["id"], "appeal", own, found.level, note="有两项的台账没有看到，请复核。"),
        )
        marks += story[: 3 if number % 4 < 2 else 3 - number % 4]
    await _write(marks, at, today)


async def _write(marks: Sequence[Mark], at: UnitView, day: date) -> None:
    """The acts, and where everybody stands by them."""
    await insert_many(
        "rating_mark",
        MARK,
        [
            (
                one.subject, one.act, day, one.grade, False, [], sorted(one.items),
                msgspec.json.encode(one.evidence).decode(), one.note, one.level, one.by.id, one.by.name,
            )
            for one in marks
        ],
    )  # fmt: skip
    await execute(
        """update rating_subject s set acts = n.acts, edition = n.results from (
               select subject_id, count(*) acts, count(*) filter (where act = 'decide') results
               from rating_mark where subject_id = any($1) group by subject_id) n where s.id = n.subject_id""",
        [one.subject for one in marks],
    )
    await renew(at.path, regime_for=regime_of_path, today=day)
