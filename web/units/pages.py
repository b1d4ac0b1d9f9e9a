"""组织: the tree, and what one unit is: people, cases, policies, who can see it, what was done to it."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get
from litestar.params import FromPath, FromQuery

from core.errors import NotFound
from core.organisation.access import access_unit
from core.organisation.branches import said_of_covers, said_of_temporary
from core.organisation.history import history
from core.organisation.model import TEMPORARY, UnitView
from core.organisation.papers import papers
from core.organisation.queries import children, search, tree
from core.organisation.terms import said_of, terms
from core.register.guests import guests
from core.register.queries import PeopleFilter, count_people
from tenants.accounts.access import who_can_see
from web.kit.here import FromHere, Here
from web.kit.page import Page, page
from web.kit.units import MOST_SHOWN, nest, way_down
from web.units.policies import policies_in_force


class UnitPages(Controller):
    """/units and /units/{id}; what can be done to a unit is in forms.py."""

    path = "/units"

    @get("/")
    async def index(self, here: FromHere, q: FromQuery[str] = "", dissolved: FromQuery[bool] = False) -> Page:
        """The tree that this person sees, or the units found."""
        found = await search(here.actor, q, limit=50) if q.strip() else None
        nodes = await tree(here.actor, dissolved=dissolved)
        return page(
            "units/index.html",
            roots=nest(nodes),
            units=len(nodes),
            found=found,
            q=q,
            dissolved=dissolved,
            later=len(nodes) > MOST_SHOWN,
        )

    @get("/{unit_id:uuid}")
    async def show(self, here: FromHere, unit_id: FromPath[UUID]) -> Page:
        """One unit."""
        unit = await access_unit(here.actor, unit_id)
        here.went_to(unit.id)
        people = here.actor.may("person.view", unit.path)
        [node, *_] = await tree(here.actor, unit_id, dissolved=True)
        return page(
            "units/show.html",
            unit=unit,
            node=node,
            units=await way_down(unit.path),
            below=await children(here.actor, unit_id),
            counts=await count_people(here.actor, PeopleFilter(unit_id=unit_id)) if people else {},
            policies=await policies_in_force(here, unit),
            readers=await who_can_see(here.actor, unit_id, here.today),
            changes=await history(here.actor, unit_id),
            successor=await _successor(here, unit),
            length=said_of(unit.kind, unit.flags),
            term=next(iter(await terms(here.actor, unit_id)), None),
            files=len(await papers(unit_id)),
            guests=await guests(here.actor, unit_id) if unit.kind == TEMPORARY else None,
            rule=said_of_temporary(),
            covers=said_of_covers(len(unit.covers)),
        )


async def _successor(here: Here, unit: UnitView) -> UnitView | None:
    """The unit that it was merged into, if he sees that one: it may belong to another committee."""
    try:
        return await access_unit(here.actor, unit.successor_id) if unit.successor_id else None
    except NotFound:
        return None
