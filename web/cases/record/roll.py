"""应到会: who is entitled at a meeting of the case's branch on a day, by name; who is not, and by which clause."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get
from litestar.params import FromPath

from core.casework.access import access_case
from core.register.rights.roll import roll_of
from web.kit.here import FromHere
from web.kit.page import Page, page
from web.kit.query import Text, day_asked
from web.kit.units import way_down


class RollPages(Controller):
    """/cases/{id}/roll."""

    path = "/cases/{case_id:uuid}/roll"

    @get("/")
    async def show(self, here: FromHere, case_id: FromPath[UUID], day: Text = "") -> Page:
        """The reckoning for a day, today where none is given (Invalid for what is no day); limits only for who may see them."""
        case = await access_case(here.actor, case_id)
        # Whoever takes somebody in sees the case, and not who else is at the branch that he leaves.
        here.actor.require("case.record", case.path)
        roll = await roll_of(case.path, day_asked(day) or here.today)
        left = [
            (one.known.name, [lack.sentence for lack in one.lacks if not lack.limited or sees])
            for one in (roll.left if roll else ())
            for sees in (here.actor.may("sanction.view", one.known.path),)
        ]
        return page("cases/roll.html", case=case, roll=roll, left=left, units=await way_down(case.path))
