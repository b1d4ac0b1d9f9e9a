"""Lists of cases, read from the indexed standing columns: filters, search, paging, counts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import msgspec
from asyncpg import Record as Row

from core.actor import Actor, Capability
from core.casework.levels import takes_over
from core.database import fetch, in_parts
from core.extent import Extent, extent
from core.ledger.note import note_reading
from core.ledger.origin import listed
from core.organisation.access import access_unit
from core.paths import Conditions, lies_in, unit_of, whole, within
from core.register.finding import add_search
from core.register.model import PersonLine
from core.register.queries import IN_A_LIST, PLACE
from core.repeated import fetch_repeated
from core.text import one_line

PAGE = 50
FAR = date.max
"""How the driver reads the database's `infinity`: no deadline."""

SORTS = {"name": "c.py", "due": "c.due_key", "started": "c.started"}


class CaseFilter(msgspec.Struct, frozen=True, kw_only=True):
    """What a list of cases is narrowed to; None: not narrowed.

    `state` is that of one of its open steps (open, waiting, failed, blocked), of `step` when that is given too; `due_before`
    keeps cases due on or before that day, `waiting_before` those whose waiting ends until then; `waits_for` a level that can
    act now. `stuck_on` keeps what is stuck on that day: failed, or somebody's turn while nothing has been written for STILL.
    `search` takes a name or its end, pinyin, initials, the end of an id number.
    """

    procedure: str | None = None
    status: str | None = "running"
    stage: str | None = None
    step: str | None = None
    state: str | None = None
    reason: str | None = None
    membership: str | None = None
    waits_for: str | None = None
    due_before: date | None = None
    waiting_before: date | None = None
    unit_id: UUID | None = None
    stuck_on: date | None = None
    search: str = ""


class CaseLine(msgspec.Struct, frozen=True):
    """A case in a list. `open_steps`, `open_states`, `open_levels`, `open_turns` run side by side; `waits_for` are levels;
    `acted` are `level:account` (standing). `open_levels`, at which each open step is recorded, is there for programs that read
    the list by the API, which have no policies at hand to look it up; our pages go by the turns."""

    id: UUID
    person_id: UUID
    person_name: str
    unit_id: UUID
    path: str
    unit_name: str
    status: str
    stage: str
    membership: str
    open_steps: list[str]
    open_states: list[str]
    open_levels: list[str]
    open_turns: list[str]
    waits_for: list[str]
    acted: list[str]
    reasons: list[str]
    open_reasons: list[str]
    next_due: date | None
    waiting_until: date | None
    started: date
    version: int
    py: str
    procedure: str
    to_path: str | None

    def late(self, today: date) -> bool:
        """Whether it is under way and its deadline has passed."""
        return self.status == "running" and self.next_due is not None and self.next_due < today


_FIELDS = CaseLine.__struct_fields__
LINE = ", ".join(PLACE if name == "unit_name" else f"c.{name}" for name in _FIELDS)
"""The columns of a line, of `case_file c` and `unit u`, in the order of its fields."""


def first(where: Conditions, key: str, limit: int) -> str:
    """What LINE is selected from: the first `limit` cases by `key` and id, and only then their units."""
    return f"(select * from case_file c where {where} order by {key}, c.id limit {limit}) c {unit_of('c')}"


def case_line(row: Row) -> CaseLine:
    """A line from a row that begins with the columns of LINE, whatever else it has."""
    return CaseLine(*row[: len(_FIELDS)])


Place = tuple[object, UUID]
"""Where a page ends: the value of its last line by which the list is sorted, and that line's id."""


class CasePage(msgspec.Struct, frozen=True):
    """One page; `after` continues behind its last line (None at the end)."""

    lines: list[CaseLine]
    after: Place | None


async def cases(
    actor: Actor,
    wanted: CaseFilter,
    *,
    sort: str = "name",
    after: Place | None = None,
    limit: int = PAGE,
) -> CasePage:
    """The cases he may see, narrowed to `wanted`, one page; `sort` is name, due or started, `after` from the page before."""
    key = SORTS[sort]
    where = await case_conditions(actor, wanted)
    if after:
        where.add(f"({key}, c.id) > ({{}}, {{}})", *after)
    rows = await fetch_repeated(
        f"select {LINE} from {first(where, key, int(limit) + 1)} order by {key}, c.id",
        *where.args,
    )
    lines = [case_line(row) for row in rows[:limit]]
    listed(len(lines))
    return CasePage(lines, _after(lines[-1], sort) if len(rows) > limit else None)


def _after(line: CaseLine, sort: str) -> Place:
    return {"name": line.py, "due": line.next_due or FAR, "started": line.started}[sort], line.id


STILL = timedelta(days=60)
STUCK = "('failed' = any(c.open_states) or (c.turns <> '{{}}' and c.updated_at < {}))"
"""What is stuck: failed, or somebody's turn while nothing has been written since a moment."""


async def export_lines(
    actor: Actor, wanted: CaseFilter, sort: str, purpose: str
) -> AsyncIterator[list[CaseLine]]:
    """All lines of the list that lie where he may export, some at a time; everybody in it gets a line in the reading log.

    Raises Invalid without a purpose.
    """
    purpose = one_line("purpose", "导出目的", purpose, most=200)
    where = await _exported(actor, wanted)
    sql = f"select {LINE} from case_file c {unit_of('c')} where {where} order by {SORTS[sort]}, c.id"
    async for rows in in_parts(sql, *where.args):
        lines = [case_line(row) for row in rows]
        await note_reading(actor, [line.person_id for line in lines], "export", purpose)
        yield lines


async def export_extent(actor: Actor, wanted: CaseFilter) -> Extent:
    """How many cases that is, and which."""
    return await extent("c.id", "case_file c", await _exported(actor, wanted))


async def _exported(actor: Actor, wanted: CaseFilter) -> Conditions:
    where = await case_conditions(actor, wanted)
    where.below("c.path", within(actor, "register.export"))
    return where


async def ids_where(
    actor: Actor, wanted: CaseFilter, sort: str, capability: Capability, limit: int
) -> list[UUID]:
    """The cases of the list that lie where he holds `capability`, in its order, no more than `limit`."""
    where = await case_conditions(actor, wanted)
    where.below("c.path", within(actor, capability))
    rows = await fetch(
        f"select c.id from case_file c where {where} order by {SORTS[sort]}, c.id limit {int(limit)}",
        *where.args,
    )
    return [row["id"] for row in rows]


async def running_cases(actor: Actor, people: Sequence[UUID], procedure: str) -> dict[UUID, UUID]:
    """Person → his running case of a procedure, for those of `people` who have one that this person may see."""
    where = Conditions()
    where.add("c.status = 'running' and c.procedure = {} and c.person_id = any({})", procedure, list(people))
    where.below("c.path", within(actor, "case.view"))
    rows = await fetch(f"select c.person_id, c.id from case_file c where {where}", *where.args)
    return {row["person_id"]: row["id"] for row in rows}


async def without_file(
    actor: Actor, procedure: str, memberships: Sequence[str], search: str, limit: int
) -> list[PersonLine]:
    """Who of these memberships has no running case of a procedure, where he takes over files from paper.

    They come in the order of `memberships`.
    """
    where = Conditions()
    where.below("p.path", within(actor, "person.view"))
    where.below("p.path", tuple(path for path in actor.scopes("case.record") if takes_over(actor, path)))
    held = where.bind(list(memberships))
    where.add(
        f"p.left_on is null and p.membership = any({held}) and not exists (select from case_file c"
        " where c.person_id = p.id and c.procedure = {} and c.status = 'running')",
        procedure,
    )
    add_search(where, search, alias="p", name="name")
    rows = await fetch(
        f"""select {IN_A_LIST}, {PLACE} from person p {unit_of("p")}
            where {where} order by array_position({held}::text[], p.membership), p.py, p.id limit {int(limit)}""",
        *where.args,
    )
    return [PersonLine(**row) for row in rows]


async def count_cases(actor: Actor, wanted: CaseFilter) -> dict[str, dict[str, int]]:
    """status → stage → how many, narrowed to `wanted` but for its own status and stage: one query."""
    where = await case_conditions(actor, msgspec.structs.replace(wanted, status=None, stage=None))
    rows = await fetch(
        f"select c.status, c.stage, count(*) n from case_file c where {where} group by c.status, c.stage",
        *where.args,
    )
    counts: dict[str, dict[str, int]] = {}
    for row in rows:
        counts.setdefault(row["status"], {})[row["stage"]] = row["n"]
    return counts


async def case_conditions(actor: Actor, wanted: CaseFilter) -> Conditions:
    """The `where` of a list on `case_file c`."""
    top = (await access_unit(actor, wanted.unit_id, "case.view")).path if wanted.unit_id else None
    where = Conditions()
    seen = within(actor, "case.view", top)
    if not whole(seen):  # as in Conditions.below: who sees all cases is asked for no path
        where.clauses.append(f"({lies_in(where, 'c.path', seen)} or {sent_to(where, seen)})")
    for column in ("procedure", "status", "stage", "membership"):
        if (value := getattr(wanted, column)) is not None:
            where.add(f"c.{column} = {{}}", value)
    _add_standing(where, wanted)
    if wanted.due_before is not None:
        where.add("c.due_key <= {}", wanted.due_before)
    if wanted.waiting_before is not None:
        where.add("c.waiting_until <= {}", wanted.waiting_before)
    add_search(where, wanted.search, alias="c", name="person_name", person="person_id")
    return where


def sent_to(where: Conditions, paths: Sequence[str]) -> str:
    """That a case's person is on his way to one of these subtrees, and those there see it."""
    return f"(c.to_path is not null and c.membership <> 'none' and {lies_in(where, 'c.to_path', paths)})"


def still_since(today: date) -> datetime:
    """What has not been written into since then, though it is somebody's turn, is stuck."""
    return datetime.combine(today - STILL, time(), UTC)


def _add_standing(where: Conditions, wanted: CaseFilter) -> None:
    if wanted.step is not None and wanted.state is not None:
        # The two arrays run side by side.
        where.add(
            "({}, {}) in (select * from unnest(c.open_steps, c.open_states))", wanted.step, wanted.state
        )
    elif wanted.step is not None:
        where.add("{} = any(c.open_steps)", wanted.step)
    elif wanted.state is not None:
        where.add("{} = any(c.open_states)", wanted.state)
    if wanted.stuck_on is not None:
        where.add(STUCK, still_since(wanted.stuck_on))
    if wanted.reason is not None:
        where.add("{} = any(c.reasons)", wanted.reason)
    if wanted.waits_for is not None:
        where.add("{} = any(c.waits_for)", wanted.waits_for)
