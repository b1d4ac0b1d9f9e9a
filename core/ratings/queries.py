"""What can be asked of ratings: rounds, who is in one, whom something waits for, what grades propose. All by keyset."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from msgspec.structs import replace

from core.actor import Actor
from core.database import fetch, fetchrow
from core.errors import NotFound
from core.paths import Conditions, unit_of, within
from core.ratings.model import WAITING, RoundLine, SubjectLine

PAGE = 50
ROUND = """r.id, r.scheme, r.title, r.name, r.unit_id, u.short_name unit_name, r.path, r.first, r.last, r.opened, r.closed,
    r.by_name"""
SUBJECT = """s.id, s.round_id, s.person_id, p.name, s.membership, s.tags, s.state, s.grade, s.proposes, s.until, s.edition,
    s.acts, s.listed, s.path"""


async def rounds(
    actor: Actor, *, running: bool = True, after: tuple[date, UUID] | None = None, limit: int = PAGE
) -> list[RoundLine]:
    """`limit + 1` rounds of what he sees, those that end last first."""
    where = Conditions()
    where.below("r.path", within(actor, "rating.view"))
    where.add("r.closed is null" if running else "r.closed is not null")
    if after:
        where.add("(r.last, r.id) < ({}, {})", *after)
    rows = await fetch(
        f"""select {ROUND} from rating_round r {unit_of("r")} where {where}
            order by r.last desc, r.id desc limit {int(limit) + 1}""",
        *where.args,
    )
    return await _counted([RoundLine(**row) for row in rows])


async def round_of(actor: Actor, round_id: UUID) -> RoundLine:
    """One that he may see. Raises NotFound."""
    row = await fetchrow(f"select {ROUND} from rating_round r {unit_of('r')} where r.id = $1", round_id)
    if row is None or not actor.may("rating.view", row["path"]):
        raise NotFound("没有找到这一期评定，它可能不在您的管理范围内。请从列表中重新选择。")
    return (await _counted([RoundLine(**row)]))[0]


async def subjects(
    round_id: UUID, state: str = "", *, after: UUID | None = None, limit: int = PAGE
) -> list[SubjectLine]:
    """`limit + 1` of a round, as they were enrolled (by pinyin); for callers that have seen the round."""
    where = Conditions()
    where.add("s.round_id = {}", round_id)
    if state:
        where.add("s.state = {}", state)
    return await _lines(where, after, limit)


async def grades(round_id: UUID) -> dict[str, int]:
    """How many have each grade by decision in a round; only those."""
    rows = await fetch(
        """select grade, count(*) n from rating_subject
           where round_id = $1 and state in ('decided', 'announced', 'appealed', 'closed') group by grade""",
        round_id,
    )
    return {row["grade"]: row["n"] for row in rows}


async def waiting(
    actor: Actor, states: Sequence[str] = WAITING, *, after: UUID | None = None, limit: int = PAGE
) -> list[SubjectLine]:
    """`limit + 1` people with whom something remains to be done, over all rounds that he sees, the oldest first; nothing does
    with those who have left."""
    where = Conditions()
    where.below("s.path", within(actor, "rating.view"))
    where.add("p.left_on is null")
    where.add("s.state = any({})", list(states))
    return await _lines(where, after, limit)


async def proposed(actor: Actor, *, after: UUID | None = None, limit: int = PAGE) -> list[SubjectLine]:
    """`limit + 1` people whose result proposes something that nobody has considered yet."""
    where = Conditions()
    where.below("s.path", within(actor, "rating.view"))
    where.add("s.listed")
    return await _lines(where, after, limit)


async def _lines(where: Conditions, after: UUID | None, limit: int) -> list[SubjectLine]:
    if after:
        where.add("s.id > {}", after)
    rows = await fetch(
        f"""select {SUBJECT}, u.short_name unit_name, concat(r.title, ' ', r.name) title
            from rating_subject s join person p on p.id = s.person_id join rating_round r on r.id = s.round_id {unit_of("s")}
            where {where} order by s.id limit {int(limit) + 1}""",
        *where.args,
    )
    return [
        SubjectLine(**{**row, "tags": tuple(row["tags"]), "proposes": tuple(row["proposes"])}) for row in rows
    ]


async def _counted(found: Sequence[RoundLine]) -> list[RoundLine]:
    """The same with how many stand where."""
    rows = await fetch(
        "select round_id, state, count(*) n from rating_subject where round_id = any($1) group by round_id, state",
        [one.id for one in found],
    )
    by_round: dict[UUID, dict[str, int]] = {}
    for row in rows:
        by_round.setdefault(row["round_id"], {})[row["state"]] = row["n"]
    return [replace(one, states=by_round.get(one.id, {})) for one in found]
