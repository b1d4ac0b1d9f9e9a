"""What waits for a person: cases in which he can do something now, and requests that he can answer; nothing else.

By his level, his rights and himself: who has acted in a case at another level (his deputy, and whose deputy he is, count as he),
or has had the password of somebody who did, does not find it here. From stored columns only; the same rules as the acts
themselves follow (`levels`, `acts/resets`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec
from asyncpg import Record as Row

from core.actor import Actor
from core.casework.acts.resets import DAYS
from core.casework.lists.cases import LINE, CaseLine, case_line
from core.casework.standing.turns import others_than, turns_held
from core.database import fetch, fetchval
from core.ledger.origin import listed
from core.paths import Conditions, lies_in, unit_of
from dangwu import rank

GROUPS = ("returned", "overdue", "week", "other")
"""Sent back and not done again; past its deadline; due until Sunday; everything else."""


class Back(msgspec.Struct, frozen=True):
    """Who sent a case back, when, why, to which step (or handed which step back)."""

    by_name: str
    level: str
    day: date
    at: datetime
    step: str
    note: str


class Task(msgspec.Struct, frozen=True):
    """A case that waits for him: `back` if it was sent back, `request` the one for a correction that he can answer."""

    line: CaseLine
    back: Back | None
    request: UUID | None


class Tasks(msgspec.Struct, frozen=True):
    """Group → its first tasks, earliest deadline first; and how many there really are."""

    groups: dict[str, list[Task]]
    totals: dict[str, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.totals.values())


async def tasks(
    actor: Actor, today: date, most: Mapping[str, int], among: Sequence[UUID] | None = None
) -> Tasks:
    """What waits for him, of each group as many as `most` says; of all cases, or `among` these."""
    where = my_turn(actor)
    if among is not None:
        where.add("c.id = any({})", list(among))
    sunday = today + timedelta(days=6 - today.weekday())
    group = (
        f"case when c.sent_back is not null then 'returned' when c.due_key < {where.bind(today)} then 'overdue'"
        f" when c.due_key <= {where.bind(sunday)} then 'week' else 'other' end"
    )
    sizes = " ".join(f"when '{name}' then {int(most.get(name, 0))}" for name in GROUPS)
    rows = await fetch(
        f"""select {LINE}, n.grouped, n.total, {_mine_to_answer(where, actor)} request,
                   e.by_name, e.level, e.day, e.at, e.step, e.note
            from (select * from (
                    select n.*, count(*) over (partition by grouped) total,
                           row_number() over (partition by grouped order by n.due_key, n.py, n.id) place
                    from (select c.id, c.due_key, c.py, {group} grouped from case_file c where {where}) n) n
                  where n.place <= case n.grouped {sizes} end) n
            join case_file c on c.id = n.id {unit_of("c")} left join case_entry e on e.id = c.sent_back
            order by c.due_key, c.py, c.id""",
        *where.args,
    )
    listed(len(rows))
    found: dict[str, list[Task]] = {name: [] for name in GROUPS}
    for row in rows:
        found[row["grouped"]].append(_task(row))
    return Tasks(found, {row["grouped"]: row["total"] for row in rows})


async def waiting(actor: Actor) -> int:
    """How many cases wait for him."""
    if not turns_held(actor):
        return 0
    where = my_turn(actor)
    return int(await fetchval(f"select count(*) from case_file c where {where}", *where.args))


def my_turn(actor: Actor) -> Conditions:
    """The `where` on `case_file c` of what waits for him."""
    where = Conditions()
    where.add("c.status = 'running'")
    if himself := [one for one in (actor.person, actor.other_person) if one]:
        where.add("c.person_id <> all({})", himself)
    mine = []
    for (level, path), turns in turns_held(actor).items():
        here, there = (lies_in(where, column, [path]) for column in ("c.path", "c.to_path"))
        mine_here = f"c.turns && {where.bind(turns)}"
        mine_there = f"c.to_path is not null and {there} and c.turns && {where.bind([f'{one}.there' for one in turns])}"
        if f"{level}.review" in turns:
            mine_here = f"({mine_here} or {_asks(where.bind(level), where.bind(list(actor.accounts)))})"
        elsewhere = where.bind([f"{other}:{one}" for other in others_than(level) for one in actor.accounts])
        mine.append(
            f"(({here} and {mine_here} or {mine_there}) and not c.acted && {elsewhere}{_unreset(where, actor, level)})"
        )
    where.clauses.append("(" + " or ".join(mine) + ")" if mine else "false")
    return where


def _asks(level: str, mine: str) -> str:
    return (
        "(c.asked <> '{}' and exists (select from unnest(c.asked, c.asked_by) as r(level, by)"
        f" where r.level = {level} and r.by <> all({mine})))"
    )


def _unreset(where: Conditions, actor: Actor, level: str) -> str:
    """Nothing was entered below this level from an account whose password he had in hand (acts/resets.py)."""
    below = [one for one in others_than(level) if rank(one) < rank(level)]
    if not below:
        return ""
    mine = where.bind(list(actor.accounts))
    return f""" and not exists (
        select from account_reset r join case_entry e on e.by_id = r.account_id
        where (r.asked_by = any({mine}) or r.agreed_by = any({mine})) and e.case_id = c.id
          and e.level = any({where.bind(below)}) and e.by_id <> all({mine}) and e.kind not in ('facts', 'note')
          and e.at >= r.agreed_at and e.at < r.agreed_at + {where.bind(timedelta(days=DAYS))})"""


def _mine_to_answer(where: Conditions, actor: Actor) -> str:
    """The first request in a case that he can answer; the rest of what makes it his has been asked already."""
    held = [
        f"(r.level = {where.bind(level)} and starts_with(c.path, {where.bind(path)}))"
        for (level, path), turns in turns_held(actor).items()
        if f"{level}.review" in turns
    ]
    if not held:
        return "null::uuid"
    return (
        "(select r.id from unnest(c.asked, c.asked_by, c.asked_in) as r(level, by, id)"
        f" where r.by <> all({where.bind(list(actor.accounts))}) and ({' or '.join(held)}) limit 1)"
    )


def _task(row: Row) -> Task:
    back = (
        Back(row["by_name"], row["level"], row["day"], row["at"], row["step"], row["note"])
        if row["by_name"]
        else None
    )
    return Task(case_line(row), back, row["request"])
