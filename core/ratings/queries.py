"""What can be asked of ratings: rounds, who or what is in one, whom something waits for, what grades propose. All by keyset."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from msgspec.structs import replace

from core.actor import Actor
from core.database import fetch, fetchrow
from core.errors import NotFound
from core.ledger.origin import listed
from core.organisation.queries import upwards
from core.paths import Conditions, lies_in, placed, unit_of, within
from core.ratings.model import WAITING, RoundLine, SubjectLine

PAGE = 50
PLACE = "concat(coalesce(u.code, '~'), ' ', u.py)"
"""Of a unit: where the tree has it."""
WHERE = f"coalesce(p.py, {PLACE})"
ROUND = f"""r.id, r.scheme, r.title, r.name, r.unit_id, u.short_name unit_name, r.path, r.first, r.last, r.opened, r.closed,
    r.by_name, r.units, r.at, r.withdrawn, {PLACE} place"""
SUBJECT = f"""s.id, s.round_id, s.person_id, coalesce(p.name, u.short_name) name, s.membership, s.tags, s.state, s.grade,
    s.proposes, s.until, s.edition, s.acts, s.listed, s.unit_id, s.path, {placed()} unit_name,
    {WHERE} place"""
SUBJECTS = f"rating_subject s left join person p on p.id = s.person_id {unit_of('s')}"
THERE = "p.left_on is null and (p.id is not null or u.dissolved is null)"
"""That a subject has not left, or been dissolved."""


async def rounds(
    actor: Actor, *, running: bool = True, after: tuple[date, str, UUID] | None = None, limit: int = PAGE
) -> list[RoundLine]:
    """`limit + 1` rounds of what he sees, those that end last first; of those as the tree has their units, whenever they were
    opened."""
    where = Conditions()
    _seen(where, actor)
    where.add("r.closed is null" if running else "r.closed is not null")
    if after:
        last, place, before = map(where.bind, after)
        where.clauses.append(
            f"r.last <= {last} and (r.last < {last} or ({PLACE}, r.id) > ({place}, {before}))"
        )
    rows = await fetch(
        f"""select {ROUND} from rating_round r {unit_of("r")} where {where}
            order by r.last desc, place, r.id limit {int(limit) + 1}""",
        *where.args,
    )
    return await _counted(actor, [RoundLine(**row) for row in rows])


def _seen(where: Conditions, actor: Actor) -> None:
    """Rounds that stand where he may look, and those above in which a unit of his is rated."""
    scopes = within(actor, "rating.view")
    own = lies_in(where, "s.path", scopes)
    above = where.bind(sorted({path for scope in scopes for path in upwards(scope)}))
    where.clauses.append(
        f"""({lies_in(where, "r.path", scopes)} or (r.units and r.path = any({above})
            and exists (select from rating_subject s where s.round_id = r.id and {own})))"""
    )


async def round_of(actor: Actor, round_id: UUID) -> RoundLine:
    """One that he may see. Raises NotFound."""
    where = Conditions()
    _seen(where, actor)
    where.add("r.id = {}", round_id)
    row = await fetchrow(f"select {ROUND} from rating_round r {unit_of('r')} where {where}", *where.args)
    if row is None:
        raise NotFound("没有找到这一期评定，它可能不在您的管理范围内。请从列表中重新选择。")
    return (await _counted(actor, [RoundLine(**row)]))[0]


async def subjects(
    actor: Actor, round_id: UUID, state: str = "", *, after: tuple[str, UUID] | None = None, limit: int = PAGE
) -> list[SubjectLine]:
    """`limit + 1` of those in a round whom he may see, by pinyin, or as the tree has them."""
    where = Conditions()
    where.below("s.path", within(actor, "rating.view"))
    where.add("s.round_id = {}", round_id)
    if state:
        where.add("s.state = {}", state)
    if after:
        where.add(f"({WHERE}, s.id) > ({{}}, {{}})", *after)
    return await _lines(where, None, limit, by=f"{WHERE}, s.id")


async def grades(actor: Actor, round_id: UUID) -> dict[str, int]:
    """How many of those whom he may see have each grade by decision in a round; only those."""
    where = Conditions()
    where.below("path", within(actor, "rating.view"))
    where.add("round_id = {}", round_id)
    rows = await fetch(
        f"""select grade, count(*) n from rating_subject
            where {where} and edition > 0 group by grade""",
        *where.args,
    )
    return {row["grade"]: row["n"] for row in rows}


async def waiting(
    actor: Actor, states: Sequence[str] = WAITING, *, after: UUID | None = None, limit: int = PAGE
) -> list[SubjectLine]:
    """`limit + 1` people and units with which something remains to be done, over all rounds that he sees, the oldest first;
    nothing does with those who have left, or are dissolved."""
    where = Conditions()
    where.below("s.path", within(actor, "rating.view"))
    where.clauses.append(THERE)
    where.add("s.state = any({})", list(states))
    return await _lines(where, after, limit)


async def proposed(actor: Actor, *, after: UUID | None = None, limit: int = PAGE) -> list[SubjectLine]:
    """`limit + 1` people and units whose result proposes something that nobody has considered yet."""
    where = Conditions()
    where.below("s.path", within(actor, "rating.view"))
    where.add("s.listed")
    return await _lines(where, after, limit)


async def _lines(where: Conditions, after: UUID | None, limit: int, by: str = "s.id") -> list[SubjectLine]:
    if after:
        where.add("s.id > {}", after)
    rows = await fetch(
        f"""select {SUBJECT}, concat(r.title, ' ', r.name) title
            from {SUBJECTS} join rating_round r on r.id = s.round_id
            where {where} order by {by} limit {int(limit) + 1}""",
        *where.args,
    )
    listed(min(len(rows), limit))
    return [
        SubjectLine(**{**row, "tags": tuple(row["tags"]), "proposes": tuple(row["proposes"])}) for row in rows
    ]


async def _counted(actor: Actor, found: Sequence[RoundLine]) -> list[RoundLine]:
    """The same with how many of those whom he may see stand where."""
    where = Conditions()
    where.below("path", within(actor, "rating.view"))
    where.add("round_id = any({})", [one.id for one in found])
    rows = await fetch(
        f"select round_id, state, count(*) n from rating_subject where {where} group by round_id, state",
        *where.args,
    )
    by_round: dict[UUID, dict[str, int]] = {}
    for row in rows:
        by_round.setdefault(row["round_id"], {})[row["state"]] = row["n"]
    return [replace(one, states=by_round.get(one.id, {})) for one in found]
