"""The panels that plugins in force show on a page, as the template `components/panels.html` lays them out."""

from __future__ import annotations

from datetime import date

from core.actor import Actor
from dangwu import Case, Desk, Regime
from tenants.policies import plugins
from tenants.policies.hooks.panels import HOOK, Shown, panels
from tenants.policies.regimes import regime_of_path


async def beside_case(regime: Regime, case: Case, today: date) -> list[Shown]:
    """What plugins in force for a case show on its page."""
    return await panels(_in_force(regime, today), "case", case, today)


async def on_workbench(actor: Actor, waiting: int, due: int, today: date) -> list[Shown]:
    """What plugins in force where a person acts show on his workbench; nobody is asked where none has panels."""
    paths = {held.path for held in actor.holdings} if plugins.with_hook(HOOK) else set()
    known = {name for path in paths for name in _in_force(await regime_of_path(path), today)}
    levels = frozenset(held.level for held in actor.holdings)
    return await panels(known, "workbench", Desk(levels, waiting, due), today) if known else []


def _in_force(regime: Regime, today: date) -> set[str]:
    return {
        one.policy.id
        for one in regime.adoptions
        if (one.since is None or one.since <= today) and (one.until is None or today < one.until)
    }
