"""统一身份认证: the county's providers, and which account is whom there."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from tenants.accounts.oidc.links import link, links_of, unlink
from tenants.accounts.oidc.providers import CALLBACK, add, providers, switch
from tenants.accounts.security import whole_county
from tenants.accounts.service import account
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.requests import Request

LINKED = "已关联。本人第一次用统一身份认证登录时，须填写本平台的密码确认，确认以后才生效。"


class ProviderPages(Controller):
    """/accounts/providers."""

    path = "/accounts/providers"

    @get("/")
    async def index(self, here: FromHere) -> Page:
        """Those of the county, and the form for another."""
        whole_county(here.actor)
        return await _page(Form.blank())

    @post("/")
    async def add(self, here: FromHere, request: Request) -> Page | Redirect:
        """Another."""
        whole_county(here.actor)
        form = await Form.of(request)
        async with attempt(form):
            names = ("name", "issuer", "client_id", "home")
            values = {name: form.value(name).strip() for name in names}
            await add(here.actor, secret=form.value("secret"), **values)
            return see_other("/accounts/providers", here.say(f"已登记“{values['name']}”。"))
        return await _page(form)

    @post("/{provider_id:uuid}/active")
    async def switch(self, here: FromHere, request: Request, provider_id: FromPath[UUID]) -> Redirect:
        """Off, or on again."""
        active = (await Form.of(request)).flag("active")
        await switch(here.actor, provider_id, active)
        return see_other(
            "/accounts/providers", here.say("已重新启用。" if active else "已停用，不能再用它登录。")
        )


class LinkPages(Controller):
    """/accounts/{id}/links."""

    path = "/accounts/{account_id:uuid}/links"

    @get("/")
    async def index(self, here: FromHere, account_id: FromPath[UUID]) -> Page:
        """Whom the account is at the county's providers."""
        return await _links(here, account_id, Form.blank())

    @post("/")
    async def link(self, here: FromHere, request: Request, account_id: FromPath[UUID]) -> Page | Redirect:
        """Enter it; its owner confirms it with his password."""
        form = await Form.of(request)
        async with attempt(form):
            provider_id, subject = (
                form.uuid("provider", "统一身份认证"),
                form.text("subject", "标识", longest=255),
            )
            form.check()
            assert provider_id is not None
            await link(here.actor, account_id, provider_id, subject, here.today)
            return see_other(f"/accounts/{account_id}/links", here.say(LINKED))
        return await _links(here, account_id, form)

    @post("/{link_id:uuid}/end")
    async def unlink(self, here: FromHere, account_id: FromPath[UUID], link_id: FromPath[UUID]) -> Redirect:
        """End it."""
        await unlink(here.actor, account_id, link_id, here.today)
        return see_other(f"/accounts/{account_id}/links", here.say("关联已解除。"))


async def _page(form: Form) -> Page:
    return page(
        "accounts/providers.html",
        form=form,
        status=form.status,
        providers=await providers(active=False),
        callback=CALLBACK,
    )


async def _links(here: Here, account_id: UUID, form: Form) -> Page:
    found = await account(here.actor, account_id, here.today)
    options = [(str(one.id), one.name) for one in await providers()]
    return page(
        "accounts/links.html", form=form, status=form.status, account=found, links=await links_of(account_id),
        options=options, may_edit=here.may("account.edit") and account_id != here.actor.id,
    )  # fmt: skip
