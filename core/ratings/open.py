"""Opening a round: of people at each branch where the scheme holds, of units at each one that decides on those below it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
from asyncpg import Record

from core.actor import Actor
from core.casework.levels import platform_level
from core.database import execute, fetch, fetchval
from core.errors import Invalid
from core.organisation.access import access_unit
from core.organisation.queries import flags_of
from core.paths import beyond
from core.regimes import RegimeAt
from dangwu import Rated, Regime, Scheme, progress, rank, round_named, round_on


class Offer(msgspec.Struct, frozen=True):
    """A scheme of which a round can be opened: `name` the one that runs on the day."""

    scheme: Scheme
    name: str
    first: date
    last: date


def offers(regime: Regime, level: str, day: date) -> list[Offer]:
    """The schemes in force on a day that say when is rated, and of which a unit of this level, or one below it, holds rounds."""
    found = []
    for scheme in regime.ratings(day).values():
        now = round_on(scheme, day)
        if now is not None and (scheme.rates or rank(level) >= rank(_decider(scheme))):
            found.append(Offer(scheme, now.name, now.first, now.last))
    return found


async def open_rounds(
    actor: Actor, unit_id: UUID, scheme: str, name: str, *, regime_for: RegimeAt, today: date
) -> tuple[UUID, ...]:
    """Open a round at each unit at or below this one that holds rounds of the scheme and has not opened this one yet; their ids.

    Raises NotFound, Forbidden; Invalid where there is no such unit.
    """
    unit = await access_unit(actor, unit_id, "rating.open")
    places = await fetch(
        """select id, path, short_name, kind from unit where path >= $1 and path < $2 and kind <> 'group'
           and dissolved is null and not exists
               (select from rating_round r where r.unit_id = unit.id and r.scheme = $3 and r.name = $4)
           order by code nulls last, py, path""",
        unit.path, beyond(unit.path), scheme, name,
    )  # fmt: skip
    opened = []
    for place in places:
        regime = await regime_for(place["path"])
        found = regime.ratings(today).get(scheme)
        if found is not None and _holds(place["kind"], found):
            opened += await _open(actor, place, found, name, regime, today)
    if not opened:
        raise Invalid(
            "这里没有可以开展的这一期评定：这一期已经开展，或者没有可以评定的人和党组织，或者没有执行这一评级方案。请核对党组织和期次。",
            code="nothing",
        )
    return tuple(opened)


def _decider(scheme: Scheme) -> str:
    """The level that decides, as units have it."""
    acting = scheme.decide or scheme.propose
    return platform_level(acting.level) if acting else "committee"


def _holds(kind: str, scheme: Scheme) -> bool:
    """Whether a round stands at units of this kind: of people where they are registered, of units where is decided."""
    return kind in ("branch", "general-branch") if scheme.rates else kind == _decider(scheme)


async def _open(
    actor: Actor, place: Record, scheme: Scheme, name: str, regime: Regime, today: date
) -> list[UUID]:
    """The round of one unit: its id, or none where nobody takes part."""
    when = round_named(scheme, name)
    if when is None:
        raise Invalid(f"{scheme.title}没有“{name}”这一期。请重新选择。", code="round")
    if when.first > today or today.year - when.last.year > 1:
        raise Invalid(
            f"{scheme.title}“{name}”这一期（{when.first} 至 {when.last}）还没有到，或者早已过去。请选择本期或者上年的期次。",
            code="round",
        )
    rated = await (_people if scheme.rates else _units)(place, scheme)
    if not rated:
        return []
    round_id: UUID = await fetchval(
        """insert into rating_round (scheme, title, name, first, last, opened, rules, units, unit_id, path, by_id, by_name)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning id""",
        scheme.id, scheme.title, name, when.first, when.last, today, list(scheme.rules_of("scale")), not scheme.rates,
        place["id"], place["path"], actor.id, actor.name,
    )  # fmt: skip
    await _enrol(round_id, rated, scheme.id, regime, today)
    return [round_id]


async def _people(branch: Record, scheme: Scheme) -> list[Record]:
    """Whom the scheme rates of a branch and its groups; at a general branch those who are its own. By pinyin. As it was in the
    register that day: who gets a tag of the scheme later is in the next round."""
    own = "unit_id = $3" if branch["kind"] == "general-branch" else "$3::uuid is not null"
    rows = await fetch(
        f"""select p.id person_id, p.membership, $3::uuid unit_id, $1 path,
                   array(select t.tag from person_tag t where t.person_id = p.id and t.ended is null)
                       || case when p.mobile then array['mobile'] else '{{}}' end tags
            from person p where path >= $1 and path < $2 and {own} and membership = any($4) and left_on is null
            order by py, id""",
        branch["path"], beyond(branch["path"]), branch["id"], list(scheme.rates),
    )  # fmt: skip
    return [one for one in rows if scheme.having <= {*one["tags"]}]


async def _units(decider: Record, scheme: Scheme) -> list[Record]:
    """The units of the scheme's level below the one that decides, but those that have another such unit between."""
    return await fetch(
        """select null::uuid person_id, '' membership, u.id unit_id, u.path, '{}'::text[] tags
           from unit u where u.path > $1 and u.path < $2 and u.kind = $3 and u.dissolved is null and not exists
               (select from unit h where h.kind = $4 and h.path > $1 and h.path < u.path and starts_with(u.path, h.path)
                and h.dissolved is null)
           order by u.code, u.py, u.path""",
        decider["path"], beyond(decider["path"]), scheme.level, decider["kind"],
    )  # fmt: skip


async def _enrol(round_id: UUID, rated: list[Record], scheme: str, regime: Regime, today: date) -> None:
    """Write down who takes part, with where each stands before anything is recorded."""
    flags = await flags_of(sorted({one["path"] for one in rated}))
    rows, by_tags = [], {}
    for one in rated:
        tags = frozenset(one["tags"]) | flags[one["path"]]
        if tags not in by_tags:
            by_tags[tags] = regime.ratings(today, tags)[scheme]
        now = progress(by_tags[tags], Rated(tags, one["membership"]), (), today)
        rows.append({**one, "tags": sorted(tags), "state": now.state})
    await execute(
        """insert into rating_subject (round_id, person_id, membership, tags, state, unit_id, path)
           select $1, n.person_id, n.membership, n.tags, n.state, n.unit_id, n.path
           from rows from (jsonb_to_recordset($2::jsonb) as
               (person_id uuid, membership text, tags text[], state text, unit_id uuid, path text))
               with ordinality as n(person_id, membership, tags, state, unit_id, path, number) order by n.number""",
        round_id, msgspec.json.encode(rows).decode(),
    )  # fmt: skip
