"""Who can be named in a plan: people with a running case below the unit, who are not members yet."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from core.database import fetch, fetchval
from core.errors import Invalid
from core.paths import beyond, placed
from core.plans.model import MOST_NAMED, Candidate
from dangwu import MEMBERSHIPS

MEMBERS = [name for name, one in MEMBERSHIPS.items() if one.member]
BEFORE = [name for name, one in MEMBERSHIPS.items() if not one.member and name != "none"]
MOST_OFFERED = MOST_NAMED * 2
_CANDIDATE = f"""c.id case_id, c.person_name as name, {placed()} unit_name, c.membership, c.status
    from case_file c join person q on q.id = c.person_id join unit u on u.id = c.unit_id and u.path = c.path"""


async def offered(path: str) -> list[Candidate]:
    """Those who can be named, those who are furthest first, then by pinyin; at most MOST_OFFERED."""
    rows = await fetch(
        f"""select {_CANDIDATE} where c.path >= $1 and c.path < $2 and c.status = 'running' and c.membership = any($3)
            order by array_position($3, c.membership), q.py, c.id limit {MOST_OFFERED}""",
        path, beyond(path), BEFORE,
    )  # fmt: skip
    return [Candidate(**row) for row in rows]


async def candidates(case_ids: Sequence[UUID]) -> list[Candidate]:
    """These, by pinyin."""
    rows = await fetch(f"select {_CANDIDATE} where c.id = any($1) order by q.py, c.id", list(case_ids))
    return [Candidate(**row) for row in rows]


async def refuse_strangers(path: str, case_ids: Collection[UUID]) -> None:
    """Raise Invalid where one of these is no case below `path`."""
    known = await fetchval(
        "select count(*) from case_file where id = any($1) and path >= $2 and path < $3",
        list(case_ids), path, beyond(path),
    )  # fmt: skip
    if known != len(case_ids):
        sentence = "所选的人选中，有人不在这个党组织，或者没有办理中的档案。请重新选择。"
        raise Invalid(sentence, code="cases", fields={"cases": sentence})


async def admitted(path: str, year: int) -> int:
    """How many were admitted (as probationary members) in a year below `path`, with a case here."""
    found: int = await fetchval(
        """select count(distinct q.id) from case_file c join person q on q.id = c.person_id
           where c.path >= $1 and c.path < $2 and c.membership = any($3) and q.joined >= $4 and q.joined < $5""",
        path, beyond(path), MEMBERS, date(year, 1, 1), date(year + 1, 1, 1),
    )  # fmt: skip
    return found
