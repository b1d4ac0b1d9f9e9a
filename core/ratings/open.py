"""Opening a round: at each branch where the scheme holds, with everybody who takes part."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
from asyncpg import Record

from core.actor import Actor
from core.database import execute, fetch, fetchval
from core.errors import Invalid
from core.organisation.access import access_unit
from core.organisation.queries import flags_on
from core.paths import beyond
from core.ratings.model import RegimeFor
from dangwu import Rated, Regime, Scheme, progress, round_named, round_on


class Offer(msgspec.Struct, frozen=True):
    """A scheme of which a round can be opened: `name` the one that runs on the day."""

    scheme: Scheme
    name: str
    first: date
    last: date


def offers(regime: Regime, day: date) -> list[Offer]:
    """The schemes of people in force on a day that say when they are rated."""
    found = []
    for scheme in regime.ratings(day).values():
        now = round_on(scheme, day)
        if scheme.rates and now is not None:
            found.append(Offer(scheme, now.name, now.first, now.last))
    return found


async def open_rounds(
    actor: Actor, unit_id: UUID, scheme: str, name: str, *, regime_for: RegimeFor, today: date
) -> tuple[UUID, ...]:
    """Open a round at every branch of a unit where the scheme is in force and this round is not open yet; their ids.

    Raises NotFound, Forbidden; Invalid where there is no such branch.
    """
    unit = await access_unit(actor, unit_id, "rating.open")
    branches = await fetch(
        """select id, path, short_name, kind from unit where path >= $1 and path < $2 and kind in ('branch', 'general-branch')
           and dissolved is null and not exists
               (select from rating_round r where r.unit_id = unit.id and r.scheme = $3 and r.name = $4)
           order by path""",
        unit.path, beyond(unit.path), scheme, name,
    )  # fmt: skip
    opened = []
    for branch in branches:
        found = (await regime_for(branch["path"])).ratings(today).get(scheme)
        if found is not None and found.rates:
            opened += await _open(actor, branch, found, name, regime_for, today)
    if not opened:
        raise Invalid(
            "这里没有可以开展这一期评定的党支部：这一期已经开展，或者没有可以评定的人，或者没有执行这一评级方案。请核对党组织和期次。",
            code="nothing",
        )
    return tuple(opened)


async def _open(
    actor: Actor, branch: Record, scheme: Scheme, name: str, regime_for: RegimeFor, today: date
) -> list[UUID]:
    """The round of one branch: its id, or none where nobody takes part."""
    when = round_named(scheme, name)
    if when is None:
        raise Invalid(f"{scheme.title}没有“{name}”这一期。请重新选择。", code="round")
    if when.first > today or today.year - when.last.year > 1:
        raise Invalid(
            f"{scheme.title}“{name}”这一期（{when.first} 至 {when.last}）还没有到，或者早已过去。请选择本期或者上年的期次。",
            code="round",
        )
    people = await _rated(branch, scheme)
    if not people:
        return []
    round_id: UUID = await fetchval(
        """insert into rating_round (scheme, title, name, first, last, opened, rules, unit_id, path, by_id, by_name)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id""",
        scheme.id, scheme.title, name, when.first, when.last, today, list(scheme.rules_of("scale")),
        branch["id"], branch["path"], actor.id, actor.name,
    )  # fmt: skip
    regime = await regime_for(branch["path"])
    await _enrol(round_id, branch, people, scheme.id, regime, today)
    return [round_id]


async def _rated(branch: Record, scheme: Scheme) -> list[Record]:
    """Who takes part: whom the scheme rates of a branch and its groups; at a general branch those who are its own. By pinyin."""
    own = "unit_id = $3" if branch["kind"] == "general-branch" else "$3::uuid is not null"
    return await fetch(
        f"""select p.id, p.membership, p.mobile,
                   array(select t.tag from person_tag t where t.person_id = p.id and t.ended is null) tags
            from person p where path >= $1 and path < $2 and {own} and membership = any($4) and left_on is null
            order by py, id""",
        branch["path"], beyond(branch["path"]), branch["id"], list(scheme.rates),
    )  # fmt: skip


async def _enrol(
    round_id: UUID, branch: Record, people: list[Record], scheme: str, regime: Regime, today: date
) -> None:
    """Write down who takes part, with where he stands before anything is recorded."""
    flags = await flags_on(branch["path"])
    rows = []
    for person in people:
        tags = frozenset(person["tags"]) | flags | ({"mobile"} if person["mobile"] else set())
        now = progress(regime.ratings(today, tags)[scheme], Rated(tags, person["membership"]), (), today)
        rows.append(
            {"person_id": person["id"], "membership": person["membership"], "tags": sorted(tags), "state": now.state}
        )  # fmt: skip
    await execute(
        """insert into rating_subject (round_id, person_id, membership, tags, state, unit_id, path)
           select $1, n.person_id, n.membership, n.tags, n.state, $2, $3
           from rows from (jsonb_to_recordset($4::jsonb) as (person_id uuid, membership text, tags text[], state text))
               with ordinality as n(person_id, membership, tags, state, number) order by n.number""",
        round_id, branch["id"], branch["path"], msgspec.json.encode(rows).decode(),
    )  # fmt: skip
