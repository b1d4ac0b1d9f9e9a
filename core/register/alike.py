"""Whoever is entered and has the name and birth date of somebody in the county: asked about before there are two files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import NamedTuple

from asyncpg import Record

from core.actor import Actor
from core.database import fetch
from core.errors import Conflict
from core.paths import placed
from core.register.model import PersonDraft
from dangwu import MEMBERSHIPS

MOST_NAMED = 5
"""So many of them are named: more than these nobody compares."""


class Entered(NamedTuple):
    """What somebody is entered with. Whoever is `numbered` has a national id, and is nobody who has another."""

    name: str
    born: date
    numbered: bool


def entered(draft: PersonDraft) -> Entered | None:
    """The same of a draft; None where it has no birth date, by which nobody could be he."""
    return Entered(draft.name, draft.born, draft.national_id is not None) if draft.born else None


async def refuse_alike(actor: Actor, draft: PersonDraft) -> None:
    """Raise Conflict where somebody could be he, until the form says that he is `distinct`."""
    one = entered(draft)
    alike = (await same_name_and_birth([one])).get(one, ()) if one else ()
    if not alike:
        return
    where = told(alike, lambda path: actor.may("person.view", path), "您管理范围以外的党组织")
    sentence = (
        f"本县名册或历史党员中有同名、同一天出生的人：{where}。请核对是不是同一人：是同一人的不能再登记一份，"
        "在别的党支部的，办理组织关系转接；确认是另一个人的，请勾选“已核对，是另一个人”。"
    )
    raise Conflict(sentence, code="alike", fields={"distinct": sentence})


def told(alike: Sequence[Record], seen: Callable[[str], bool], beyond: str) -> str:
    """东街支部（正式党员）、您管理范围以外的党组织: where they are, by name only where the path is `seen`."""
    named = [row for row in alike if seen(row["path"])]
    where = [f"{row['unit_name']}（{MEMBERSHIPS[row['membership']].title}）" for row in named[:MOST_NAMED]]
    return "、".join([*where, beyond] if len(named) < len(alike) else where)


async def same_name_and_birth(those: Collection[Entered]) -> dict[Entered, list[Record]]:
    """Of each of `those` the people of the county, also those who have left, who could be he; one query for all."""
    rows = await fetch(
        f"""select e.name, e.born, e.numbered, p.membership, p.path, {placed()} unit_name
           from unnest($1::text[], $2::date[], $3::boolean[]) e(name, born, numbered)
           join person p on p.name = e.name and p.born = e.born
           join unit u on u.tenant_id = p.tenant_id and u.id = p.unit_id
           where p.merged_into is null and (p.id_index is null or not e.numbered)
             and p.left_as is distinct from 'in-error' and p.left_as is distinct from 'awaited' order by p.id""",
        [one.name for one in those], [one.born for one in those], [one.numbered for one in those],
    )  # fmt: skip
    found: dict[Entered, list[Record]] = {}
    for row in rows:
        found.setdefault(Entered(row["name"], row["born"], row["numbered"]), []).append(row)
    return found
