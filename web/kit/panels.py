"""The panels that plugins in force show on a page, as the template `components/panels.html` lays them out."""

from __future__ import annotations

from datetime import date

from core.actor import Actor
from dangwu import Case, Desk, Regime
from tenants.policies import plugins
from tenants.policies.hooks.panels import HOOK, Shown, panels
from tenants.policies.regimes import county_policies


async def beside_case(regime: Regime, case: Case, today: date) -> list[Shown]:
    """What plugins in force for a case show on its page."""
    known = {
        one.policy.id
        for one in regime.adoptions
        if (one.since is None or one.since <= today) and (one.until is None or today < one.until)
    }
    return await panels(known, "case", case, today)


async def on_workbench(actor: Actor, waiting: int, due: int, today: date) -> list[Shown]:
    """What plugins in force where a person acts show on his workbench; nobody is asked where none has panels."""
    if not plugins.with_hook(HOOK):
        return []
    # By what is adopted, not by a regime: the workbench stands whatever is wrong with a policy.
    live = await county_policies()
    reaching = (item for held in actor.holdings for item in live.reaching(held.path))
    known = {item.plugin for item in reaching if item.runs_on(today)}
    levels = frozenset(held.level for held in actor.holdings)
    return await panels(known, "workbench", Desk(levels, waiting, due), today)
