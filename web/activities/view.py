"""The page of one activity."""

from __future__ import annotations

from uuid import UUID

from core.activities.amend import changes
from core.activities.files import kept
from core.activities.model import STATES, Activity
from core.activities.queries import activities, activity, attended
from core.activities.service import own_unit
from core.casework.lists.held import held_at
from core.casework.said import short
from core.errors import Forbidden
from core.files.kinds import TAKEN
from dangwu import Titles
from tenants.policies.regimes import regime_of_path
from web.activities.words import differences
from web.kit.forms import Form
from web.kit.here import Here
from web.kit.page import Page, page
from web.kit.paging import Pager, key_day
from web.kit.procedures import step_title
from web.kit.units import way_down


async def page_of_activities(here: Here, after: str | None) -> Pager[Activity]:
    """A page of those that he sees, the latest first."""
    return Pager.of(await activities(here.actor, after=key_day(after)), lambda one: (one.day, one.id), after)


async def activity_page(here: Here, activity_id: UUID, form: Form) -> Page:
    """One with its roll, its files and what was changed; what was recorded at it leads to the cases."""
    found = await activity(here.actor, activity_id)
    regime = await regime_of_path(found.path)
    known = Titles.of(regime)
    return page(
        "activities/show.html",
        status=form.status,
        form=form,
        one=found,
        units=await way_down(found.path),
        roll=await attended(activity_id),
        states=STATES,
        known=known,
        may=await _records(here, found),
        files=await kept(activity_id),
        taken=TAKEN,
        changes=[(one, differences(one.was, one.now, known)) for one in await changes(activity_id)],
        acts=[
            (line, step_title(line.step), short(regime, line.evidence))
            for line in await held_at(here.actor, activity_id)
        ],
    )


async def _records(here: Here, found: Activity) -> bool:
    """Whether he records what this unit does."""
    try:
        await own_unit(here.actor, found.unit_id)
    except Forbidden:
        return False
    return True
