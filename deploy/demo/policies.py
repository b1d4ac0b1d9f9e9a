"""The policies of a demo county, adopted by its administrator and by one committee, through the ordinary services."""

from __future__ import annotations

from datetime import date

from deploy.demo.plan import Adopted, County
from deploy.demo.staff import Staff
from tenants.policies.allowance import allow
from tenants.policies.changes import Adopt, Choice
from tenants.policies.service import apply


async def adopt_policies(county: County, staff: Staff, today: date) -> None:
    """Adopt all of them; where a committee adopts more, the department has allowed it before."""
    admin = staff.holding("department-admin", staff.tree.root).actor(county)
    await allow(admin, frozenset({"committee"}))
    for one in county.adopted:
        if one.at:
            unit = staff.tree.committee(one.at)
            actor = staff.holding("committee-secretary", unit).actor(county)
        else:
            unit, actor = staff.tree.root, admin
        await apply(actor, unit.id, _change(one), today)


def _change(one: Adopted) -> Adopt:
    choice = Choice(without=frozenset(one.without), also=frozenset(one.also), fill=one.fill, basis=one.basis)
    return Adopt(plugin=one.plugin, since=one.since, choice=choice)
