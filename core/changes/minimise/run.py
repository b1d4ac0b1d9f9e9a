"""A run: these people and no others, asked for by one person, signed by another, done in parts. What is gone stays gone."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec
from asyncpg import Record

from core.actor import SYSTEM, Actor
from core.changes.minimise.rule import rule, whole_county
from core.changes.minimise.who import Until, due, due_extent
from core.database import execute, fetch, fetchrow, fetchval
from core.errors import Conflict, Forbidden, NotFound
from core.ledger.note import note
from core.register.kept import KEPT
from core.text import one_line

NO_SUCH_RUN = "没有找到这一批。请刷新页面再看。"
PART = 500
"""People of one transaction."""
LAST = 10
"""Runs that the page shows."""
COLUMNS = tuple(column for one in KEPT.minimised.values() for column in one.columns["person"])
_RUN = """select r.*, count(m.done) filter (where not m.passed_over) done, count(*) filter (where m.passed_over) passed_over
    from minimise_run r left join minimise_person m on m.run_id = r.id"""


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """How far it is: of `total` people so many are `done`, so many `passed_over` (they had come back, or something had begun)."""

    id: UUID
    gone_until: date | None
    ended_until: date | None
    total: int
    state: str
    reason: str
    by_id: UUID
    by_name: str
    at: datetime
    agreed_name: str
    done: int
    passed_over: int


async def runs() -> list[Run]:
    """The latest, newest first."""
    rows = await fetch(f"{_RUN} group by r.tenant_id, r.id order by r.id desc limit {LAST}")
    return [Run(**{name: row[name] for name in Run.__struct_fields__}) for row in rows]


async def known_run(run_id: UUID) -> None:
    """Raise NotFound where there is no such run."""
    if not await fetchval("select exists (select from minimise_run where id = $1)", run_id):
        raise NotFound(NO_SUCH_RUN)


async def ask(actor: Actor, mark: str, today: date) -> UUID:
    """Have those minimised whom the preview showed (`mark`). Raises Forbidden, Conflict while another run is under way, or where
    it is nobody or others by now."""
    whole_county(actor)
    await execute("select pg_advisory_xact_lock(hashtextextended('minimise' || session_county()::text, 0))")
    if await fetchval("select exists (select from minimise_run where state in ('asked', 'agreed'))"):
        raise Conflict("已经有一批在办。请等它办完，或者撤回以后再提出。", code="running")
    until = Until.by(await rule(), today)
    held = await due_extent(until)
    if not held.total:
        raise Conflict("现在没有到年限的人，没有提出。", code="nobody")
    if held.mark != mark:
        raise Conflict(
            f"您查看以后名单有变化，现在是 {held.total} 人。请刷新这一页，看过再提出。", code="list-changed"
        )
    run: UUID = await fetchval(
        "insert into minimise_run (gone_until, ended_until, total, by_id, by_name) values ($1, $2, $3, $4, $5) returning id",
        until.gone, until.ended, held.total, actor.id, actor.name,
    )  # fmt: skip
    where = due(until)
    place = where.bind(run)
    await execute(
        f"insert into minimise_person (run_id, person_id) select {place}::uuid, p.id from person p where {where}",
        *where.args,
    )
    await note(actor, "register.minimise-asked", "minimise-run", run, count=held.total)
    return run


async def agree(actor: Actor, run_id: UUID) -> None:
    """Sign it: from the next night on it is done. Raises NotFound, Forbidden for who has asked, Conflict."""
    run = await _asked(actor, run_id)
    if actor.did(run["by_id"]):
        raise Forbidden("这一批是您自己提出的，须由另一位同志签字。", code="own")
    await execute(
        "update minimise_run set state = 'agreed', agreed_by = $2, agreed_name = $3 where id = $1",
        run_id, actor.id, actor.name,
    )  # fmt: skip
    await note(
        actor, "register.minimise-agreed", "minimise-run", run_id, count=run["total"], by=run["by_name"]
    )


async def decline(actor: Actor, run_id: UUID, reason: str) -> None:
    """It is not done; who has asked takes it back so as well, and either of them what is signed: whoever is left stays as he is.

    Raises NotFound, Conflict, Invalid without a reason.
    """
    run = await _asked(actor, run_id, "asked", "agreed")
    reason = one_line("reason", "理由", reason, most=200)
    state = "withdrawn" if run["state"] == "agreed" or actor.did(run["by_id"]) else "declined"
    await execute("update minimise_run set state = $2, reason = $3 where id = $1", run_id, state, reason)
    await note(actor, "register.minimise-declined", "minimise-run", run_id, count=run["total"], reason=reason)


async def _asked(actor: Actor, run_id: UUID, *states: str) -> Record:
    whole_county(actor)
    run = await fetchrow("select * from minimise_run where id = $1 for update", run_id)
    if run is None:
        raise NotFound(NO_SUCH_RUN)
    if run["state"] not in (states or ("asked",)):
        raise Conflict("这一批已经有人办理。请刷新页面再看。", code="answered")
    return run


async def go_on(today: date) -> bool:
    """The next PART of the run that was signed; whether there is more. Who has come back meanwhile is passed over."""
    run = await fetchrow("select * from minimise_run where state = 'agreed' for update")
    if run is None:
        return False
    rows = await fetch(
        f"select person_id from minimise_person where run_id = $1 and done is null order by id limit {PART}",
        run["id"],
    )
    if not rows:
        await execute("update minimise_run set state = 'done' where id = $1", run["id"])
        return False
    await _part(run, [row["person_id"] for row in rows], today)
    return True


async def _part(run: Record, people: list[UUID], today: date) -> None:
    where = due(Until(run["gone_until"], run["ended_until"]))
    where.add("p.id = any({})", people)
    rows = await fetch(f"select p.id from person p where {where} order by p.id for update of p", *where.args)
    still = [row["id"] for row in rows]
    await execute(
        "update minimise_person set done = $3, passed_over = not person_id = any($4) where run_id = $1 and person_id = any($2)",
        run["id"], people, today, still,
    )  # fmt: skip
    await _erase(run, still, today)
    await note(
        SYSTEM,
        "register.minimised",
        "minimise-run",
        run["id"],
        count=len(still),
        passed_over=len(people) - len(still),
    )


async def _erase(run: Record, people: list[UUID], today: date) -> None:
    emptied = ", ".join(f"{column} = null" for column in COLUMNS)
    await execute(
        f"update person set {emptied}, minimised = $2, version = version + 1 where id = any($1)",
        people,
        today,
    )
    await execute(
        """update attachment a set erased = $2 from case_file c join person p on p.id = c.person_id
           where a.case_id = c.id and p.id = any($1) and p.left_on is null and c.confers = 'membership' and a.erased is null""",
        people, today,
    )  # fmt: skip
    await execute("select forget_values($1, $2)", people, [*KEPT.minimised])
    await execute(
        """insert into person_change (person_id, kind, detail, by_id, by_name)
           select id, 'minimised', jsonb_build_object('run', $2::uuid, 'fields', $3::text[]), $4, $5
           from unnest($1::uuid[]) id""",
        people, run["id"], [*KEPT.minimised], run["agreed_by"], run["agreed_name"],
    )  # fmt: skip


async def signed() -> bool:
    """Whether there is a run to be done."""
    return bool(await fetchval("select exists (select from minimise_run where state = 'agreed')"))
