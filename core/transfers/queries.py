"""Lists of letters: on their way, to be received here, without a receipt, sent back; of those units that somebody sees."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
from asyncpg import Record

from core.actor import Actor
from core.database import fetch, fetchrow, fetchval
from core.errors import Forbidden, NotFound
from core.ledger.origin import listed
from core.paths import Conditions, lies_in, within
from core.transfers.model import COLUMNS, RECEIPT_MONTHS, Carried, Letter, letter, unseal
from core.transfers.present import offered
from dangwu import add_months

PAGE = 50
KINDS = {
    "offered": "县外发来，等待受理",
    "out": "在途",
    "owed": "回执逾期",
    "back": "退回和作废",
    "done": "已办结",
}
"""What a letter can be listed as; of some it is more than one."""


class Line(msgspec.Struct, frozen=True):
    """A letter in a list, with whose it is and the case of ours that it belongs to (None: nobody has taken it yet)."""

    letter: Letter
    name: str
    case_id: UUID | None


class LetterPage(msgspec.Struct, frozen=True):
    """One page; `after` continues behind its last line."""

    lines: tuple[Line, ...]
    after: tuple[date, UUID] | None


async def letters(
    actor: Actor, kind: str, today: date, *, after: tuple[date, UUID] | None = None, limit: int = PAGE
) -> LetterPage:
    """Those of a kind of KINDS ("": all) that he may see, the newest first."""
    where = _conditions(actor, kind, today)
    if after:
        where.add("(l.issued_on, l.id) < ({}, {})", *after)
    rows = await fetch(
        f"{_LINES} where {where} order by l.issued_on desc, l.id desc limit {int(limit) + 1}", *where.args
    )
    lines = tuple(_line(row) for row in rows[:limit])
    last = rows[limit - 1] if len(rows) > limit else None
    listed(len(lines))
    return LetterPage(lines, (last["issued_on"], last["id"]) if last else None)


async def count_letters(actor: Actor, today: date) -> dict[str, int]:
    """How many there are of each kind."""
    found = {}
    for kind in KINDS:
        where = _conditions(actor, kind, today)
        found[kind] = int(await fetchval(f"select count(*) from {_FROM} where {where}", *where.args))
    return found


async def offer(actor: Actor, letter_id: UUID) -> tuple[Letter, Carried]:
    """A letter from another county with what it says, for who may take it. Raises NotFound, Forbidden."""
    row = await offered(letter_id)
    if not takes(actor):
        raise Forbidden("县外发来的介绍信由县委组织部受理。请由组织部承担这项职责的人员办理。")
    return letter(row), unseal(row["sealed"])


def takes(actor: Actor) -> bool:
    """Whether he takes letters of other counties: the department."""
    return bool(actor.scopes("register.import"))


async def letter_file(actor: Actor, letter_id: UUID) -> Line:
    """A letter of a case that he sees, on whichever side. Raises NotFound, also for one that nobody here has taken."""
    where = Conditions()
    where.clauses.append(_of_mine(where, actor))
    row = await fetchrow(f"{_LINES} where {where} and l.id = {where.bind(letter_id)}", *where.args)
    if row is None:
        raise NotFound("没有找到这封介绍信，它可能不在您的管理范围内。请从列表中重新选择。")
    return _line(row)


async def letters_of(case_id: UUID) -> tuple[Letter, ...]:
    """The letters of a case, those of another county that it is about too, the newest first."""
    rows = await fetch(
        f"select {COLUMNS} from letter where case_id = $1 or to_case = $1 order by issued_on desc, id desc",
        case_id,
    )
    return tuple(letter(row) for row in rows)


async def newest_letters(cases: list[UUID]) -> dict[UUID, Letter]:
    """Case → its newest letter, on either side."""
    mine = "case when tenant_id = session_county() then case_id else to_case end"
    rows = await fetch(
        f"""select distinct on ({mine}) {mine} mine, {COLUMNS} from letter
            where case_id = any($1) or to_case = any($1) order by {mine}, issued_on desc, id desc""",
        cases,
    )
    return {row["mine"]: letter(row) for row in rows}


async def said(token: str) -> Record:
    """What a letter says to whoever holds it, signed in or not: nothing of the person. Raises NotFound."""
    [row] = await fetch("select * from letter_said($1)", token)
    if row["number"] is None:
        raise NotFound("没有这样一封介绍信。请核对二维码是否完整；介绍信以开出的党组织答复为准。")
    return row


_FROM = """letter l left join case_file c
    on c.id = case when l.tenant_id = session_county() then l.case_id else l.to_case end"""
_LINES = f"""select {", ".join(f"l.{one.strip()}" for one in COLUMNS.split(","))}, l.sealed, c.id mine, c.person_name
    from {_FROM}"""


def _of_mine(where: Conditions, actor: Actor) -> str:
    """That somebody sees the case that a letter belongs to, on either side within the county."""
    paths = within(actor, "case.view")
    return f"({lies_in(where, 'c.path', paths)} or {lies_in(where, 'c.to_path', paths)})"


def _conditions(actor: Actor, kind: str, today: date) -> Conditions:
    where = Conditions()
    mine = _of_mine(where, actor)
    where.clauses.append(f"({mine} or c.id is null)" if takes(actor) else mine)
    if kind == "offered":
        where.add("c.id is null and l.state = 'issued'")
    elif kind == "out":
        where.add("c.id is not null and l.state = 'issued'")
    elif kind == "back":
        where.add("l.state in ('refused', 'void')")
    elif kind == "done":
        where.add("l.state = 'received'")
    elif kind == "owed":
        late = where.bind(add_months(today, -RECEIPT_MONTHS))
        silent = f"l.state = 'issued' and l.tenant_id = session_county() and l.token is not null and l.valid_until < {late}"
        where.clauses.append(
            f"(l.state = 'received' and l.receipt_on is null and l.ended_on < {late} or {silent})"
        )
    return where


def _line(row: Record) -> Line:
    name = row["person_name"] or (unseal(row["sealed"]).person.name if row["sealed"] else "")
    return Line(letter(row), name, row["mine"])
