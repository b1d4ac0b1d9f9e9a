"""The policies in force at a unit, as its page lists them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from core.organisation.model import UnitView
from tenants import activations, plugins
from web.here import Here


class PolicyLine(msgspec.Struct, frozen=True):
    """A policy with where it was adopted and since when; the national one has neither."""

    plugin: str
    title: str
    unit_id: UUID | None = None
    unit_name: str = ""
    since: date | None = None
    until: date | None = None
    open_blanks: int = 0


async def policies_in_force(here: Here, unit: UnitView) -> list[PolicyLine]:
    """The national policy and every activation on the path down to the unit; [] for who may not see policies."""
    if not here.actor.may("policy.view", unit.path):
        return []
    installed = plugins.installed()
    blanks = [name.partition(".")[0] for name in (await here.regime_for(unit.id)).open_blanks]
    lines = [PolicyLine(installed.national.id, installed.national.title)]
    for item in await activations.in_force(here.actor, unit.id):
        if item.runs_on(here.today):
            known = installed.policies.get(item.plugin)
            title = known.title if known else f"{item.plugin}（未安装）"
            lines.append(
                PolicyLine(
                    item.plugin,
                    title,
                    item.unit_id,
                    item.unit_name,
                    item.since,
                    item.until,
                    blanks.count(item.plugin),
                )
            )
    return lines
