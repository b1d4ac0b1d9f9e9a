"""Two files that were made one are two again, while nobody has changed the person since."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
from asyncpg import Record

from core.actor import Actor
from core.casework.carry import carry_with_people
from core.casework.model import RegimeFor
from core.casework.standing.sweep import recompute_people
from core.changes.goes import Went, bring
from core.database import execute, fetch, fetchrow
from core.errors import Conflict, Stale
from core.register.access import access_person, refuse_unit_gone
from core.register.guests import guest_stayed
from core.register.service import told_change
from core.register.twins.unite import separate_files
from core.text import one_line
from core.transfers.settle import settle_people

CASE_ACT = "名下的档案又有办理。"


async def sever(actor: Actor, gone_id: UUID, reason: str, today: date, regime_for: RegimeFor) -> None:
    """Undo the merge of this file into another. Raises NotFound, Forbidden, Invalid, and Conflict for a file that has gone into
    none, or where somebody has changed the person since, saying who."""
    kept, gone = await _both(actor, gone_id)
    reason = one_line("reason", "理由", reason, most=200)
    merge = await fetchrow("select * from person_merge where gone_id = $1", gone_id)
    assert merge is not None
    if merge["kept_id"] != kept["id"]:
        raise Conflict("保留的那一份后来又并入了别的档案。请先撤销后一次合并。", code="changed-since")
    await _refuse_changed(kept, merge)
    await refuse_unit_gone(gone)
    await separate_files(actor, kept, gone, merge["kept_was"], reason)
    await guest_stayed(gone_id, gone["left_on"])
    await bring(actor, msgspec.json.decode(merge["went"], type=Went), gone_id)
    await carry_with_people(actor, [gone_id], today)
    await recompute_people([kept["id"], gone_id], today, regime_for)
    await settle_people([kept["id"], gone_id], regime_for)
    await execute("delete from person_merge where gone_id = $1", gone_id)


async def merged_into(actor: Actor, gone_id: UUID) -> UUID:
    """Into whose file this one went. Raises NotFound, Forbidden, and Conflict for a file that has gone into none."""
    kept_id: UUID | None = (await access_person(actor, gone_id, "person.merge"))["merged_into"]
    if kept_id is None:
        raise Conflict("这份档案没有并入别的档案，没有合并可以撤销。")
    return kept_id


async def _both(actor: Actor, gone_id: UUID) -> tuple[Record, Record]:
    kept_id = await merged_into(actor, gone_id)
    # In the order in which everybody locks two.
    rows = {
        one: await access_person(actor, one, "person.merge", lock=True) for one in sorted((kept_id, gone_id))
    }
    if rows[gone_id]["merged_into"] != kept_id:
        raise Stale("这份档案刚刚被别人办理过。请刷新页面再看。")
    return rows[kept_id], rows[gone_id]


async def _refuse_changed(kept: Record, merge: Record) -> None:
    changes = await fetch(
        """select kind, by_name, detail from person_change where person_id = any($1) and id > $2 order by id limit 3""",
        [kept["id"], merge["gone_id"]], merge["last_change"],
    )  # fmt: skip
    acts = await fetch(
        """select distinct e.by_name from case_event e join case_file c on c.id = e.case_id
           where c.person_id = $1 and e.id > $2 limit 3""",
        kept["id"], merge["last_change"],
    )  # fmt: skip
    told = [told_change(row["kind"], row["by_name"], row["detail"]) for row in changes]
    told += [f"{row['by_name']}：{CASE_ACT}" for row in acts]
    if told:
        raise Conflict(
            f"合并以后又有变动，不能撤销。{''.join(told)}需要更正的，请逐项办理。", code="changed-since"
        )
