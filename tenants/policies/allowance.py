"""At which levels, beside the department's own, units may adopt further policies (自选动作): the department says so."""

from __future__ import annotations

import msgspec

from core.actor import Actor
from core.errors import Forbidden, Invalid
from core.ledger.note import note
from tenants.database.session import current_session

MAY_BE_ALLOWED = ("committee", "branch")


async def allowance() -> frozenset[str]:
    """The levels allowed at present; none until the department has said so."""
    found = await current_session().fetchval("select levels from policy_allowance order by id desc limit 1")
    return frozenset(msgspec.json.decode(found)) if found else frozenset()


async def allow(actor: Actor, levels: frozenset[str]) -> None:
    """Set the levels. For whoever holds `policy.activate` at the department level. Raises Forbidden, Invalid."""
    if not any(
        held.level == "department" and "policy.activate" in held.capabilities for held in actor.holdings
    ):
        raise Forbidden("只有县委组织部管理员可以设定哪些层级可以自行增加政策。")
    if not levels <= set(MAY_BE_ALLOWED):
        raise Invalid("可以开放的层级只有基层党委和党支部。", fields={"levels": "请选择列表中的层级。"})
    listed = sorted(levels)
    await current_session().execute(
        "insert into policy_allowance (levels, by_id, by_name) values ($1, $2, $3)",
        msgspec.json.encode(listed).decode(), actor.id, actor.name,
    )  # fmt: skip
    await note(actor, "policy.allowance", "county", current_session().county_id, levels=listed)
