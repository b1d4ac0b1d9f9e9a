"""Lists that somebody keeps under a name of his own: the filter that he comes back to, seen by nobody else."""

from __future__ import annotations

import re
from uuid import UUID

import msgspec

from core.actor import Actor
from core.errors import Conflict, Invalid, NotFound
from core.text import one_line
from tenants.database.session import current_session

LISTS = ("/cases", "/people", "/people/former")
"""The lists whose filters can be kept, by their addresses."""

MOST = 12
"""Of one list: more are no longer found at a glance."""

LONGEST_NAME = 20
_QUERY = re.compile(r"\?[\w%.~+&=-]{1,600}", re.ASCII)


class Saved(msgspec.Struct, frozen=True):
    """A kept list: `query` begins with a question mark, `list` is a key of LISTS."""

    id: UUID
    list: str
    name: str
    query: str


async def saved_lists(actor: Actor, of: str) -> list[Saved]:
    """His of one list, in the order in which he kept them."""
    rows = await current_session().fetch(
        "select id, list, name, query from saved_list where account_id = $1 and list = $2 order by id",
        actor.id,
        of,
    )
    return [Saved(**dict(row)) for row in rows]


async def save_list(actor: Actor, of: str, name: str, query: str) -> Saved:
    """Keep a filter under a name; one of the same name is replaced. Raises Invalid, Conflict for more than MOST."""
    name = one_line("name", "名称", name, most=LONGEST_NAME)
    if of not in LISTS or not _QUERY.fullmatch(query):
        raise Invalid("没有可以保存的条件。请先在名单上选好条件，再保存。", fields={"name": "请先选好条件。"})
    session = current_session()
    # Two windows of one person, one after the other.
    await session.execute("select from account where id = $1 for update", actor.id)
    await session.execute(
        "delete from saved_list where account_id = $1 and list = $2 and name = $3", actor.id, of, name
    )
    if len(await saved_lists(actor, of)) >= MOST:
        raise Conflict(f"这个名单已经保存了 {MOST} 组条件。请先删去不再用的。", code="many")
    made: UUID = await session.fetchval(
        "insert into saved_list (account_id, list, name, query) values ($1, $2, $3, $4) returning id",
        actor.id, of, name, query,
    )  # fmt: skip
    return Saved(made, of, name, query)


async def forget_list(actor: Actor, saved_id: UUID) -> str:
    """Forget one of his own; the address of the list, narrowed as it was. Raises NotFound."""
    of: str | None = await current_session().fetchval(
        "delete from saved_list where id = $1 and account_id = $2 returning list || query", saved_id, actor.id
    )
    if of is None:
        raise NotFound("没有找到这组条件，它可能已经删去。")
    return of
