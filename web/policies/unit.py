"""The unit that a policy page is about, and what every such page shows around it."""

from __future__ import annotations

from typing import TypedDict
from uuid import UUID

from core.actor import Capability
from core.errors import Forbidden
from core.organisation.access import access_unit
from core.organisation.model import UnitView
from core.organisation.queries import unit_at
from tenants.policies.service import may_decide
from web.kit.forms import Form
from web.kit.here import Here
from web.kit.units import Options, Place, Sought, unit_options, way_down

CAPABILITY: Capability = "policy.view"


class Around(TypedDict):
    """What the templates need for the crumb, the unit picker and the buttons."""

    unit: UnitView
    units: tuple[Place, ...]
    options: Options
    picked: Form
    may_decide: bool
    may_allow: bool


async def chosen_unit(here: Here, unit_id: UUID | None) -> UnitView:
    """The unit asked for, else the highest one whose policies he may see. Raises NotFound, Forbidden."""
    if unit_id is not None:
        return await access_unit(here.actor, unit_id, CAPABILITY)
    scopes = sorted(here.actor.scopes(CAPABILITY), key=len)
    found = await unit_at(scopes[0]) if scopes else None
    if found is None:
        raise Forbidden("您没有查看政策的权限。如工作需要，请由组织部管理员授权。")
    return found


async def posted_unit(here: Here, form: Form) -> UnitView:
    """The unit that a form is about. Raises Invalid where it names none, NotFound, Forbidden."""
    unit_id = form.uuid("unit", "党组织")
    form.check("没有说明是哪个党组织，没有办理。请从政策一览重新进入。")
    return await chosen_unit(here, unit_id)


async def around(here: Here, unit: UnitView) -> Around:
    """All of it for a unit."""
    return Around(
        unit=unit,
        units=await way_down(unit.path),
        options=await unit_options(
            here.actor, CAPABILITY, recent=here.recent_units, sought=Sought(picked=str(unit.id))
        ),
        picked=Form.blank(unit=unit.id),
        may_decide=await may_decide(here.actor, unit.path),
        may_allow=is_department(here),
    )


def is_department(here: Here) -> bool:
    """Whether he decides for the department (and so what the levels below may add)."""
    return any(
        held.level == "department" and "policy.activate" in held.capabilities for held in here.actor.holdings
    )
