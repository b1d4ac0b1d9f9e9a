"""Why somebody sees these cases: his roles and where he holds them."""

from __future__ import annotations

from core.actor import Actor
from core.organisation.queries import crumbs
from tenants.accounts.capabilities import ROLES


async def scope_sentence(actor: Actor) -> str:
    """您是东街支部的党支部书记，因此看到…. One sentence over all holdings that let him see cases."""
    held = [one for one in actor.holdings if "case.view" in one.capabilities]
    if not held:
        return "您现在没有查看办理档案的职务。"
    ways = await crumbs({one.path for one in held})
    roles = []
    for one in held:
        way = ways.get(one.path, ())
        title = ROLES[one.role].title if one.role in ROLES else one.role
        roles.append(f"{way[-1][1]}的{title}" if way else title)
    return f"您是{'、'.join(dict.fromkeys(roles))}，因此看到这些党组织及其下级的档案"
