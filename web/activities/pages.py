"""会议活动: the latest, and one of them."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get
from litestar.params import FromPath

from core.activities.queries import activities
from web.activities.view import activity_page
from web.kit.forms import Form
from web.kit.here import FromHere
from web.kit.page import Page, page


class ActivityPages(Controller):
    """/activities."""

    path = "/activities"

    @get("/")
    async def index(self, here: FromHere) -> Page:
        """The latest that he sees."""
        here.require("activity.view")
        return page("activities/index.html", held=await activities(here.actor))

    @get("/{activity_id:uuid}")
    async def show(self, here: FromHere, activity_id: FromPath[UUID]) -> Page:
        """One of them."""
        return await activity_page(here, activity_id, Form.blank())
