"""常用名单: a filter kept under a name, and forgotten again. The lists themselves show them."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, post
from litestar.params import FromPath
from litestar.response import Redirect

from tenants.saved import forget_list, save_list
from web.kit.forms import Form
from web.kit.here import FromHere
from web.kit.page import see_other
from web.kit.requests import Request


class SavedPages(Controller):
    """/saved: his own alone, so no right is asked for; the lists ask who may see what stands in them."""

    path = "/saved"

    @post("/")
    async def keep(self, here: FromHere, request: Request) -> Redirect:
        """Keep the filter of the list that he looks at."""
        form = await Form.of(request)
        made = await save_list(here.actor, form.value("list"), form.value("name"), form.value("query"))
        return see_other(f"{made.list}{made.query}", here.say(f"已保存为“{made.name}”，在名单上方随时打开。"))

    @post("/{saved_id:uuid}/forget")
    async def forget(self, here: FromHere, saved_id: FromPath[UUID]) -> Redirect:
        """Forget one; he goes on looking at what it asks for."""
        return see_other(await forget_list(here.actor, saved_id), here.say("已删去这组条件。"))
