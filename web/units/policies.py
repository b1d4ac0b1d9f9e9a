"""The policies in force at a unit, as its page lists them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from core.organisation.model import UnitView
from tenants.policies import plugins, service
from tenants.policies.regimes import regime_of_unit
from tenants.policies.shelf import is_readable, title_of
from web.kit.here import Here


class PolicyLine(msgspec.Struct, frozen=True):
    """A policy with where it was adopted and since when; the national one has neither."""

    plugin: str
    title: str
    unit_id: UUID | None = None
    unit_name: str = ""
    path: str = ""
    since: date | None = None
    until: date | None = None
    open_blanks: int = 0

    @property
    def installed(self) -> bool:
        """Whether it has a page."""
        return is_readable(self.plugin)


async def policies_in_force(here: Here, unit: UnitView) -> list[PolicyLine]:
    """The policies of the floor and every activation on the path down to the unit; [] for who may not see policies."""
    if not here.actor.may("policy.view", unit.path):
        return []
    installed = plugins.installed()
    blanks = await _open_blanks(unit)
    lines = [PolicyLine(one.id, one.title) for one in installed.floor.policies]
    for item in await service.in_force(here.actor, unit.id):
        if item.runs_on(here.today):
            lines.append(
                PolicyLine(
                    item.plugin,
                    title_of(item),
                    item.unit_id,
                    item.unit_name,
                    item.path,
                    item.since,
                    item.until,
                    blanks.count(item.plugin),
                )
            )
    return lines


async def _open_blanks(unit: UnitView) -> list[str]:
    """The plugin of each blank that is open."""
    try:
        regime = await regime_of_unit(unit.id)
    except plugins.Unjudged:
        # The unit's page goes on; whatever is to be judged there says why it is not.
        return []
    return [name.partition(".")[0] for name in regime.open_blanks]
