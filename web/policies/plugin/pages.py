"""One plugin: its page as a document with switches, the preview of a change, and the change itself."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from tenants.policies import service
from tenants.policies.check import refuse_floor
from tenants.policies.preview import stored
from web.kit.forms import Form, attempt
from web.kit.here import FromHere
from web.kit.page import Page, see_other
from web.kit.query import Text, unit_asked
from web.kit.requests import Request
from web.policies.plugin.change import sentence_of
from web.policies.plugin.form import first_form, hidden_fields, read_change
from web.policies.plugin.preview import preview_page
from web.policies.plugin.reading import posted_text, read_text
from web.policies.plugin.shown import plugin_page, shown_activation
from web.policies.unit import chosen_unit, posted_unit


class PolicyPluginPages(Controller):
    """/policies/{plugin}: GET shows, /preview asks what it would do, POST does it, /edit goes back to the form."""

    path = "/policies/{plugin:str}"

    @get("/")
    async def show(
        self,
        here: FromHere,
        plugin: FromPath[str],
        unit: Text = "",
        activation: Text = "",
        text: FromQuery[str] = "",
    ) -> Page:
        """The document, with the unit's present setting; `activation` names one of several, `text` a newer text on offer."""
        chosen = await chosen_unit(here, unit_asked(unit))
        edited = await shown_activation(here, plugin, chosen, unit_asked(activation))
        shown = await read_text(here, plugin, chosen, edited, text)
        return await plugin_page(here, shown, chosen, first_form(shown, edited, here.today))

    @post("/preview")
    async def preview(self, here: FromHere, request: Request, plugin: FromPath[str]) -> Page | Redirect:
        """What the change would do; over many cases a task works it out. Nothing is saved."""
        form = await Form.of(request)
        chosen = await posted_unit(here, form)
        shown = await posted_text(here, plugin, chosen, form)
        async with attempt(form):
            refuse_floor(plugin)
            change = read_change(shown, form)
            asked = await stored.ask(here.actor, chosen.id, change, here.today, hidden_fields(form))
            if asked.id is not None:
                return see_other(f"/policies/{plugin}/preview/{asked.id}")
            return await preview_page(here, plugin, asked)
        return await plugin_page(here, shown, chosen, form)

    @get("/preview/{preview_id:uuid}")
    async def previewed(self, here: FromHere, plugin: FromPath[str], preview_id: FromPath[UUID]) -> Page:
        """A preview over many cases, as far as it has come."""
        return await preview_page(here, plugin, await stored.asked(here.actor, preview_id))

    @post("/edit", status_code=200)
    async def edit(self, here: FromHere, request: Request, plugin: FromPath[str]) -> Page:
        """Back from the preview: the form as it was filled in."""
        form = await Form.of(request)
        chosen = await posted_unit(here, form)
        return await plugin_page(here, await posted_text(here, plugin, chosen, form), chosen, form)

    @post("/")
    async def save(self, here: FromHere, request: Request, plugin: FromPath[str]) -> Page | Redirect:
        """Do what was previewed; refused with what has changed, if something has since."""
        form = await Form.of(request)
        chosen = await posted_unit(here, form)
        shown = await posted_text(here, plugin, chosen, form)
        async with attempt(form):
            refuse_floor(plugin)
            change = read_change(shown, form)
            await service.apply(here.actor, chosen.id, change, here.today, seen=form.value("seen"))
            here.say(sentence_of(change, shown, chosen.name) + "有关在办事项正在重新核算。")
            return see_other(f"/policies?unit={chosen.id}")
        return await plugin_page(here, shown, chosen, form)
