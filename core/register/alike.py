"""Whoever is entered and has the name and birth date of somebody in the county: asked about before there are two files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from asyncpg import Record

from core.actor import Actor
from core.database import fetch
from core.errors import Conflict
from core.paths import placed
from core.register.model import PersonDraft
from dangwu import MEMBERSHIPS


async def refuse_alike(actor: Actor, draft: PersonDraft) -> None:
    """Raise Conflict where somebody could be he, until the form says that he is `distinct`. Whoever has another national id is
    another person."""
    alike = await same_name_and_birth(draft.name, draft.born, numbered=draft.national_id is not None)
    if not alike:
        return
    seen = [row for row in alike if actor.may("person.view", row["path"])]
    where = [f"{row['unit_name']}（{MEMBERSHIPS[row['membership']].title}）" for row in seen]
    if len(seen) < len(alike):
        where.append("您管理范围以外的党组织")
    sentence = (
        f"本县名册或历史党员中有同名、同一天出生的人：{'、'.join(where)}。请核对是不是同一人：是同一人的不能再登记一份，"
        "在别的党支部的，办理组织关系转接；确认是另一个人的，请勾选“已核对，是另一个人”。"
    )
    raise Conflict(sentence, code="alike", fields={"distinct": sentence})


async def same_name_and_birth(name: str, born: date | None, *, numbered: bool = False) -> Sequence[Record]:
    """The people of the county, also those who have left, who could be him; `numbered`: only those without a national id."""
    return await fetch(
        f"""select p.id, p.membership, p.path, {placed()} unit_name
           from person p join unit u on u.tenant_id = p.tenant_id and u.id = p.unit_id
           where p.name = $1 and p.born = $2 and p.merged_into is null and (p.id_index is null or not $3)
             and p.left_as is distinct from 'in-error' and p.left_as is distinct from 'awaited' limit 5""",
        name, born, numbered,
    )  # fmt: skip
