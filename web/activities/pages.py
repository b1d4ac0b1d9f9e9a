"""会议活动: the latest, and one of them."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, Response, get
from litestar.params import FromPath

from core.activities.queries import activity
from core.casework.lists.held import held_at
from tenants.papers import printed_steps
from web.activities.view import activity_page, page_of_activities
from web.kit.download import download
from web.kit.forms import Form
from web.kit.here import FromHere
from web.kit.page import Page, page
from web.kit.paging import After
from web.kit.workbook import export_turn


class ActivityPages(Controller):
    """/activities."""

    path = "/activities"

    @get("/")
    async def index(self, here: FromHere, after: After = None) -> Page:
        """Those that he sees, the latest first."""
        return page("activities/index.html", pager=await page_of_activities(here, after))

    @get("/{activity_id:uuid}")
    async def show(self, here: FromHere, activity_id: FromPath[UUID]) -> Page:
        """One of them."""
        return await activity_page(here, activity_id, Form.blank())

    @get("/{activity_id:uuid}/papers")
    async def papers(self, here: FromHere, activity_id: FromPath[UUID]) -> Response[bytes]:
        """The papers of everybody who was decided on at it, in a zip."""
        found = await activity(here.actor, activity_id)
        steps = [(one.case_id, one.step) for one in await held_at(here.actor, activity_id) if not one.struck]
        named = f"{found.title}{found.day}"
        async with export_turn(here):
            made = await printed_steps(here.actor, steps, f"{named}文书", named, here.today)
        return download(made.content, f"{made.name}.{made.ending}")
